use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// State behind a lock that threads wait for in order of arrival, each until its own deadline.
///
/// Only the front of the line tries; whoever changes the state, or leaves the front, rings for the one behind. That is
/// all it takes for no wake-up to be lost, and a thread that comes while others wait cannot overtake them.
#[derive(Debug)]
pub(super) struct Queue<S> {
    inner: Mutex<Inner<S>>,
}

#[derive(Debug)]
struct Inner<S> {
    state: S,
    line: VecDeque<Place>,
    last_ticket: u64,
}

/// One waiting thread. Tickets grow, so the line is sorted by them.
#[derive(Debug)]
struct Place {
    ticket: u64,
    bell: Arc<Condvar>,
}

/// Whether it is worth waking the front of the line.
pub(super) trait Room {
    fn has_room(&self) -> bool;
}

/// The state, while this thread has the lock.
#[derive(Debug)]
pub(super) struct Locked<'q, S>(MutexGuard<'q, Inner<S>>);

impl<S: Room> Queue<S> {
    pub(super) fn new(state: S) -> Self {
        Self { inner: Mutex::new(Inner { state, line: VecDeque::new(), last_ticket: 0 }) }
    }

    pub(super) fn lock(&self) -> Locked<'_, S> {
        // nothing inside can panic half way through a change, so a poisoned lock still guards a whole state
        Locked(self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the state and wakes the front of the line if there may be room now.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut S) -> T) -> T {
        let (result, bell) = {
            let mut locked = self.lock();
            let result = change(locked.state());
            (result, locked.0.bell())
        };
        // after the lock is released, so that the woken thread does not run into it
        if let Some(bell) = bell {
            bell.notify_one();
        }
        result
    }

    #[cfg(test)]
    pub(super) fn waiting(&self) -> usize {
        self.lock().0.line.len()
    }
}

impl<'q, S: Room> Locked<'q, S> {
    pub(super) fn state(&mut self) -> &mut S {
        &mut self.0.state
    }

    /// What `attempt` gives once it is this thread's turn to try and it succeeds; the lock back where the deadline passes
    /// first.
    pub(super) fn wait<T>(
        mut self,
        deadline: Instant,
        mut attempt: impl FnMut(&mut S) -> Option<T>,
    ) -> Result<T, Self> {
        if self.0.line.is_empty()
            && let Some(taken) = attempt(&mut self.0.state)
        {
            return Ok(taken);
        }
        let (ticket, bell) = self.0.join();
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                self.0.leave(ticket);
                return Err(self);
            }
            self.0 = bell.wait_timeout(self.0, left).unwrap_or_else(PoisonError::into_inner).0;
            if self.0.is_front(ticket)
                && let Some(taken) = attempt(&mut self.0.state)
            {
                self.0.leave(ticket);
                return Ok(taken);
            }
        }
    }
}

impl<S: Room> Inner<S> {
    fn join(&mut self) -> (u64, Arc<Condvar>) {
        self.last_ticket += 1;
        let bell = Arc::new(Condvar::new());
        self.line.push_back(Place { ticket: self.last_ticket, bell: Arc::clone(&bell) });
        (self.last_ticket, bell)
    }

    fn is_front(&self, ticket: u64) -> bool {
        self.line.front().is_some_and(|place| place.ticket == ticket)
    }

    /// Gives up a place; whoever is at the front then may have missed a ring that was meant for the one who left.
    fn leave(&mut self, ticket: u64) {
        if let Ok(at) = self.line.binary_search_by_key(&ticket, |place| place.ticket) {
            self.line.remove(at);
        }
        if let Some(bell) = self.bell() {
            bell.notify_one();
        }
    }

    fn bell(&self) -> Option<Arc<Condvar>> {
        let front = self.line.front()?;
        self.state.has_room().then(|| Arc::clone(&front.bell))
    }
}
