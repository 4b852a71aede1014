use std::cell::Cell;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::opening::Source;
use super::queue::{Queue, Room};
use crate::driver::Connection;
use crate::error::{Error, ErrorKind, Result};

/// The connections of one engine, opened when they are first needed and handed out in order of arrival.
pub(super) struct Pool {
    source: Source,
    queue: Queue<Connections>,
}

struct Connections {
    /// The last one given back is the first one out: its pages and statements are warm.
    idle: Vec<Idle>,
    /// Idle, handed out, and being opened.
    open: usize,
    max: usize,
    /// Counted up when the schema changed behind the connections' backs.
    generation: u64,
    closed: bool,
    /// The deadline up to which nobody need look whether the path still means the file.
    looked_until: Option<Instant>,
}

/// How often it is looked whether the path still means the file: a look costs about as much as a statement.
const LOOK_EVERY: Duration = Duration::from_secs(1);

struct Idle {
    connection: Connection,
    generation: u64,
}

/// A place in the pool: with a connection, or with the right to open one.
struct Taken {
    connection: Option<Connection>,
    generation: u64,
    /// Whether it is time to look at the file.
    look: bool,
}

/// A connection that goes back to its pool on drop: reset, rolled back, or closed where nobody else may have it.
pub(crate) struct Pooled {
    /// `None` only while it is being opened.
    connection: Option<Connection>,
    generation: Cell<u64>,
    pool: Arc<Pool>,
}

impl Pool {
    pub(super) fn new(source: Source, first: Connection, max: usize) -> Arc<Self> {
        let idle = vec![Idle { connection: first, generation: 0 }];
        let connections =
            Connections { idle, open: 1, max, generation: 0, closed: false, looked_until: None };
        Arc::new(Self { source, queue: Queue::new(connections) })
    }

    pub(super) fn source(&self) -> &Source {
        &self.source
    }

    /// A connection that nobody else uses until it is dropped.
    pub(super) fn check_out(self: &Arc<Self>, deadline: Instant) -> Result<Pooled> {
        let taken = match self.queue.lock().wait(deadline, |connections| connections.take(deadline)) {
            Ok(taken) => taken?,
            Err(mut locked) => return Err(locked.state().busy()),
        };
        let Taken { connection, generation, look } = taken;
        // from here on, dropping it gives the place back
        let mut pooled = Pooled { connection, generation: Cell::new(generation), pool: Arc::clone(self) };
        if look {
            self.source.refuse_another_file()?;
        }
        if pooled.connection.is_none() {
            pooled.connection = Some(self.source.open_another(deadline)?);
        }
        Ok(pooled)
    }

    /// Closes every connection at its check-in, the idle ones now, and spares `keep`.
    pub(super) fn mark_stale(&self, keep: &Pooled) {
        let idle = self.queue.change(|connections| {
            connections.generation += 1;
            keep.generation.set(connections.generation);
            std::mem::take(&mut connections.idle)
        });
        for idle in idle {
            self.close_one(idle.connection);
        }
    }

    /// Closes the pool and hands over its connections, all of them, so that the last one can tidy up.
    pub(super) fn close(&self) -> Result<Vec<Connection>> {
        self.queue.change(|connections| {
            connections.refuse_closed()?;
            let out = connections.open - connections.idle.len();
            if out > 0 {
                return Err(Error::new(
                    ErrorKind::Closed,
                    format!(
                        "the engine cannot be closed while {out} of its sessions are alive; drop them first"
                    ),
                ));
            }
            connections.closed = true;
            connections.open = 0;
            Ok(std::mem::take(&mut connections.idle).into_iter().map(|idle| idle.connection).collect())
        })
    }

    pub(super) fn is_closed(&self) -> bool {
        self.queue.lock().state().closed
    }

    fn check_in(&self, mut connection: Connection, generation: u64) {
        let reusable = self.make_reusable(&mut connection);
        let discarded = self.queue.change(|connections| {
            if reusable && (generation == connections.generation || self.source.dies_with_its_connection()) {
                connections.idle.push(Idle { connection, generation });
                return None;
            }
            Some(connection)
        });
        if let Some(connection) = discarded {
            self.close_one(connection);
        }
    }

    /// Whether the next session may have the connection, once nothing of this one is left on it.
    fn make_reusable(&self, connection: &mut Connection) -> bool {
        connection.reset_statements();
        connection.busy_until(None);
        let interrupted = !connection.is_autocommit();
        if let Err(error) = connection.rollback_if_open() {
            tracing::warn!(%error, "a transaction that a session left open could not be rolled back");
        }
        let sound =
            connection.is_autocommit() && !connection.is_tainted() && !(interrupted && thread::panicking());
        sound || self.keep_anyway(connection)
    }

    /// A private in-memory database would be gone with its connection, so its settings are put right instead.
    fn keep_anyway(&self, connection: &Connection) -> bool {
        if !self.source.dies_with_its_connection() {
            return false;
        }
        if let Err(error) = self.source.configure(connection) {
            tracing::warn!(%error, "the settings of an in-memory database could not be restored");
        }
        true
    }

    fn close_one(&self, connection: Connection) {
        if let Err(error) = connection.close() {
            tracing::warn!(%error, "a connection could not be closed cleanly");
        }
        self.give_place_back();
    }

    fn give_place_back(&self) {
        self.queue.change(|connections| connections.open -= 1);
    }
}

impl Room for Connections {
    fn has_room(&self) -> bool {
        self.closed || !self.idle.is_empty() || self.open < self.max
    }
}

impl Connections {
    fn take(&mut self, deadline: Instant) -> Option<Result<Taken>> {
        if let Err(closed) = self.refuse_closed() {
            return Some(Err(closed));
        }
        let (connection, generation) = match self.idle.pop() {
            Some(idle) => (Some(idle.connection), idle.generation),
            None if self.open < self.max => {
                self.open += 1;
                (None, self.generation)
            }
            None => return None,
        };
        let look = self.is_time_to_look(deadline) || connection.is_none();
        Some(Ok(Taken { connection, generation, look }))
    }

    /// Compares deadlines, which all lie equally far ahead, to save the look at the clock.
    fn is_time_to_look(&mut self, deadline: Instant) -> bool {
        if self.looked_until.is_some_and(|until| deadline < until) {
            return false;
        }
        self.looked_until = deadline.checked_add(LOOK_EVERY);
        true
    }

    fn refuse_closed(&self) -> Result<()> {
        if self.closed {
            return Err(Error::new(ErrorKind::Closed, "the engine is closed; open it again to go on"));
        }
        Ok(())
    }

    #[cold]
    fn busy(&self) -> Error {
        Error::new(
            ErrorKind::Busy,
            format!(
                "no connection was free before the deadline: all {} are in use, each until its session is dropped; \
                 drop sessions earlier, or raise `max_connections`",
                self.max
            ),
        )
    }
}

impl Deref for Pooled {
    type Target = Connection;

    #[inline]
    fn deref(&self) -> &Connection {
        match &self.connection {
            Some(connection) => connection,
            None => unreachable!("a connection is missing only inside `check_out`, which does not use it"),
        }
    }
}

impl Drop for Pooled {
    fn drop(&mut self) {
        match self.connection.take() {
            Some(connection) => self.pool.check_in(connection, self.generation.get()),
            None => self.pool.give_place_back(),
        }
    }
}

impl fmt::Debug for Pooled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pooled").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
