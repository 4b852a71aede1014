use std::ops::Deref;

use super::Session;
use super::run::Turn;
use super::transaction::{Mode, kind, roll_back_everything};
use crate::engine::Engine;
use crate::error::{Error, Result};

/// One consistent view of the database: derefs to [`Session`], refuses writes.
#[derive(Debug)]
pub struct Snapshot<'s> {
    session: &'s Session,
    before: Mode,
    begun: bool,
}

impl Engine {
    /// Runs the closure on one consistent snapshot, in a session of its own: what others commit meanwhile is not seen.
    /// Writes are refused.
    ///
    /// ```
    /// use orm_core::{Engine, ErrorKind};
    ///
    /// let engine = Engine::open_in_memory()?;
    /// engine.session()?.execute_batch("CREATE TABLE notes (text TEXT) STRICT")?;
    /// let count = engine.read(|snapshot| snapshot.raw("SELECT count(*) FROM notes", ()).one::<u64>())?;
    /// assert_eq!(count, 0);
    /// let refused = engine.read(|snapshot| snapshot.raw("DELETE FROM notes", ()).execute()).unwrap_err();
    /// assert_eq!(refused.kind(), ErrorKind::ReadOnly);
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The closure's, and those of beginning a read transaction.
    pub fn read<T>(&self, work: impl FnOnce(&Snapshot<'_>) -> Result<T>) -> Result<T> {
        self.session()?.read(work)
    }

    /// [`read`](Engine::read) for closures with an error type of their own.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn try_read<T, E: From<Error>>(
        &self,
        work: impl FnOnce(&Snapshot<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.session()?.try_read(work)
    }
}

impl Session {
    /// Runs the closure on one consistent snapshot. Inside a transaction it sees what that has written, and writes are
    /// refused until the closure returns.
    ///
    /// # Errors
    ///
    /// The closure's, and those of beginning a read transaction.
    pub fn read<T>(&self, work: impl FnOnce(&Snapshot<'_>) -> Result<T>) -> Result<T> {
        self.try_read(work)
    }

    /// [`read`](Session::read) for closures with an error type of their own.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn try_read<T, E: From<Error>>(
        &self,
        work: impl FnOnce(&Snapshot<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let snapshot = self.take_snapshot()?;
        work(&snapshot)
    }

    fn take_snapshot(&self) -> Result<Snapshot<'_>> {
        self.ensure_transaction_lives()?;
        let before = self.transaction.mode();
        // an iterator that is alive holds a snapshot already, and must not end with this one
        let begun = before == Mode::Autocommit && self.connection.open_cursors() == 0;
        if begun {
            self.begin_snapshot()?;
        }
        self.transaction.set_mode(Mode::Snapshot);
        Ok(Snapshot { session: self, before, begun })
    }

    fn begin_snapshot(&self) -> Result<()> {
        let turn = if self.engine.gate().readers_wait() {
            Turn::Read(self.engine.gate().read(self.deadline())?)
        } else {
            Turn::None
        };
        self.own(kind::BEGIN_READ, || "BEGIN".to_owned())?;
        self.transaction.enter(Mode::Snapshot, turn);
        // BEGIN alone takes no snapshot, the first read does
        let taken = self.own(kind::TAKE_SNAPSHOT, || "SELECT 1 FROM sqlite_schema LIMIT 1".to_owned());
        self.connection.busy_until(None);
        taken.inspect_err(|_| self.end_snapshot())
    }

    fn end_snapshot(&self) {
        self.end_iterators();
        if let Err(error) = roll_back_everything(self) {
            tracing::warn!(target: "orm_core::session", %error, "a read transaction could not be ended");
            self.connection.taint();
        }
        self.transaction.leave();
    }
}

impl Drop for Snapshot<'_> {
    fn drop(&mut self) {
        if self.begun {
            self.session.end_snapshot();
        } else {
            self.session.transaction.set_mode(self.before);
        }
    }
}

impl Deref for Snapshot<'_> {
    type Target = Session;

    fn deref(&self) -> &Session {
        self.session
    }
}
