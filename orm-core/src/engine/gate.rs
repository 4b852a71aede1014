use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use super::queue::{Queue, Room};
use crate::error::{Error, ErrorKind, Result, shortened};

/// Who has to take turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// Nobody: there is one connection, and waiting for it is turn enough.
    Nobody,
    /// Writers, one after the other; readers see a snapshot of the file and never wait.
    Writers,
    /// Writers alone, readers together: a shared in-memory database has no snapshots.
    ReadersAndWriters,
}

/// Turns inside the process, in order of arrival, so that SQLite's own lock is only ever waited for on account of other
/// processes.
#[derive(Debug)]
pub(crate) struct Gate {
    rule: Rule,
    queue: Queue<Holders>,
}

/// Who is inside: one writer, or readers, or nobody.
#[derive(Debug, Default)]
struct Holders {
    writer: Option<Writer>,
    readers: Vec<Reader>,
    last_reader: u64,
}

#[derive(Debug)]
struct Writer {
    thread: ThreadMark,
    sql: Option<Arc<str>>,
}

#[derive(Debug)]
struct Reader {
    id: u64,
    thread: ThreadMark,
}

/// A turn that a thread has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Held {
    Writing,
    Reading,
}

/// The right to write, given back on drop.
#[derive(Debug)]
#[must_use]
pub(crate) struct WriteTurn(Option<Arc<Gate>>);

/// The right to read, given back on drop.
#[derive(Debug)]
#[must_use]
pub(crate) struct ReadTurn(Option<(Arc<Gate>, u64)>);

impl Gate {
    pub(super) fn new(rule: Rule) -> Arc<Self> {
        Arc::new(Self { rule, queue: Queue::new(Holders::default()) })
    }

    /// Whether writers take turns here.
    #[inline]
    pub(crate) fn writers_wait(&self) -> bool {
        match self.rule {
            Rule::Nobody => false,
            Rule::Writers | Rule::ReadersAndWriters => true,
        }
    }

    /// Whether readers wait for writers here.
    #[inline]
    pub(crate) fn readers_wait(&self) -> bool {
        match self.rule {
            Rule::Nobody | Rule::Writers => false,
            Rule::ReadersAndWriters => true,
        }
    }

    /// The writer's turn, when everybody who came earlier has had theirs. Only for a session that has neither a write
    /// turn nor a read turn.
    pub(crate) fn write(self: &Arc<Self>, deadline: Instant) -> Result<WriteTurn> {
        if !self.writers_wait() {
            return Ok(WriteTurn(None));
        }
        let thread = ThreadMark::current();
        let mut locked = self.queue.lock();
        locked.state().refuse_deadlock(thread)?;
        match locked.wait(deadline, |holders| holders.admit_writer(thread)) {
            Ok(()) => Ok(WriteTurn(Some(Arc::clone(self)))),
            Err(mut locked) => Err(locked.state().busy("write")),
        }
    }

    /// The turn that this thread has.
    pub(crate) fn held_by_this_thread(&self) -> Option<Held> {
        let thread = ThreadMark::current();
        let mut locked = self.queue.lock();
        let holders = locked.state();
        if holders.writes(thread) {
            Some(Held::Writing)
        } else if holders.reads(thread) {
            Some(Held::Reading)
        } else {
            None
        }
    }

    /// A reader's turn: free of charge wherever readers have snapshots.
    pub(crate) fn read(self: &Arc<Self>, deadline: Instant) -> Result<ReadTurn> {
        if !self.readers_wait() {
            return Ok(ReadTurn(None));
        }
        let thread = ThreadMark::current();
        let mut locked = self.queue.lock();
        if locked.state().reads(thread) {
            // behind a waiting writer it would wait for itself: that writer waits for this thread's first read
            let id = locked.state().add_reader(thread);
            return Ok(ReadTurn(Some((Arc::clone(self), id))));
        }
        locked.state().refuse_deadlock(thread)?;
        match locked.wait(deadline, |holders| holders.admit_reader(thread)) {
            Ok(id) => Ok(ReadTurn(Some((Arc::clone(self), id)))),
            Err(mut locked) => Err(locked.state().busy("read")),
        }
    }
}

impl WriteTurn {
    /// Records the statement that is about to run with this turn, and the thread that runs it.
    pub(crate) fn says(&self, sql: Arc<str>) {
        let Some(gate) = &self.0 else { return };
        let thread = ThreadMark::current();
        let mut locked = gate.queue.lock();
        let previous = locked.state().writer.replace(Writer { thread, sql: Some(sql) });
        drop(locked);
        drop(previous);
    }
}

impl Drop for WriteTurn {
    fn drop(&mut self) {
        if let Some(gate) = &self.0 {
            drop(gate.queue.change(|holders| holders.writer.take()));
        }
    }
}

impl Drop for ReadTurn {
    fn drop(&mut self) {
        if let Some((gate, id)) = &self.0 {
            gate.queue.change(|holders| holders.readers.retain(|reader| reader.id != *id));
        }
    }
}

impl Room for Holders {
    fn has_room(&self) -> bool {
        self.writer.is_none()
    }
}

impl Holders {
    fn admit_writer(&mut self, thread: ThreadMark) -> Option<()> {
        if self.writer.is_some() || !self.readers.is_empty() {
            return None;
        }
        self.writer = Some(Writer { thread, sql: None });
        Some(())
    }

    fn admit_reader(&mut self, thread: ThreadMark) -> Option<u64> {
        if self.writer.is_some() {
            return None;
        }
        Some(self.add_reader(thread))
    }

    fn add_reader(&mut self, thread: ThreadMark) -> u64 {
        self.last_reader += 1;
        self.readers.push(Reader { id: self.last_reader, thread });
        self.last_reader
    }

    fn writes(&self, thread: ThreadMark) -> bool {
        self.writer.as_ref().is_some_and(|writer| writer.thread == thread)
    }

    fn reads(&self, thread: ThreadMark) -> bool {
        self.readers.iter().any(|reader| reader.thread == thread)
    }

    fn refuse_deadlock(&self, thread: ThreadMark) -> Result<()> {
        if self.writes(thread) {
            return Err(Error::new(
                ErrorKind::WouldDeadlock,
                "this thread holds the writer's turn through another session and would wait for itself; use that \
                 session, or end its transaction first",
            ));
        }
        if self.reads(thread) {
            return Err(Error::new(
                ErrorKind::WouldDeadlock,
                "this thread reads the shared in-memory database through another session and would wait for itself; \
                 end that iterator or snapshot first",
            ));
        }
        Ok(())
    }

    #[cold]
    fn busy(&self, wanted: &str) -> Error {
        let holder = match &self.writer {
            Some(Writer { sql: Some(sql), .. }) => format!("a session that runs `{}`", shortened(sql)),
            Some(Writer { sql: None, .. }) => "a session that has sent no statement yet".to_owned(),
            None => format!("{} open iterators or snapshots, or those who came earlier", self.readers.len()),
        };
        Error::new(
            ErrorKind::Busy,
            format!(
                "the turn to {wanted} did not come before the deadline: it is held by {holder}; keep transactions \
                 short, or raise `busy_timeout`"
            ),
        )
    }
}

/// Which thread it is: unlike a `ThreadId` read without touching a reference count, and unlike an address never used
/// twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ThreadMark(u64);

impl ThreadMark {
    fn current() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        thread_local! {
            static MARK: ThreadMark = ThreadMark(NEXT.fetch_add(1, Ordering::Relaxed));
        }
        MARK.with(|mark| *mark)
    }
}

#[cfg(test)]
mod tests;
