use std::ops::Deref;
use std::time::Instant;

use super::Session;
use super::run::Turn;
use super::state::Mode;
use super::transaction::{kind, roll_back_everything};
use crate::dialect::{Dialect, Sqlite};
use crate::engine::Engine;
use crate::error::{Error, Result};

/// One consistent view of the database: derefs to [`Session`], refuses writes.
#[derive(Debug)]
pub struct Snapshot<'s> {
    session: &'s Session,
    before: Mode,
    end: End,
}

/// How a snapshot ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Its transaction, and the iterators that were started in it, end with it.
    Everything,
    /// Its transaction ends; the iterators that were alive before it go on.
    Transaction,
    /// It is part of a transaction that goes on.
    Nothing,
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
        self.try_read(work)
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
        let deadline = self.deadline();
        let session = self.session_until(deadline)?;
        let snapshot = session.take_snapshot(Some(deadline))?;
        work(&snapshot)
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
        let snapshot = self.take_snapshot(None)?;
        work(&snapshot)
    }

    fn take_snapshot(&self, deadline: Option<Instant>) -> Result<Snapshot<'_>> {
        self.ensure_transaction_lives()?;
        let before = self.transaction.mode();
        let end = match before {
            Mode::Autocommit if self.connection.open_cursors() == 0 => End::Everything,
            Mode::Autocommit => End::Transaction,
            Mode::Write | Mode::Snapshot => End::Nothing,
        };
        match end {
            End::Everything | End::Transaction => self.begin_snapshot(deadline)?,
            End::Nothing => self.transaction.enter_snapshot_inside(),
        }
        Ok(Snapshot { session: self, before, end })
    }

    fn begin_snapshot(&self, deadline: Option<Instant>) -> Result<()> {
        let turn = if self.engine.gate().readers_wait() {
            let deadline = self.wait_until(deadline);
            Turn::Read { turn: self.engine.gate().read(deadline)?, deadline }
        } else {
            self.connection.busy_until(deadline);
            Turn::None
        };
        self.own(kind::BEGIN_READ, || Sqlite.begin_read().to_owned())?;
        self.transaction.enter(Mode::Snapshot, turn);
        // BEGIN alone takes no snapshot, the first read does
        let taken = self.own(kind::TAKE_SNAPSHOT, || "SELECT 1 FROM sqlite_schema LIMIT 1".to_owned());
        self.connection.busy_until(None);
        taken.inspect_err(|_| self.end_snapshot(End::Transaction))
    }

    fn end_snapshot(&self, end: End) {
        let ended = if end == End::Everything {
            self.end_iterators();
            roll_back_everything(self)
        } else {
            // ROLLBACK would end the iterators that were alive before
            self.commit_if_open()
        };
        if let Err(error) = ended {
            tracing::warn!(target: "orm_core::session", %error, "a read transaction could not be ended");
        }
        self.leave_transaction();
    }

    fn commit_if_open(&self) -> Result<()> {
        if self.connection.is_autocommit() {
            return Ok(());
        }
        self.own(kind::COMMIT, || "COMMIT".to_owned())
    }
}

impl Drop for Snapshot<'_> {
    fn drop(&mut self) {
        let state = &self.session.transaction;
        if self.end != End::Nothing {
            self.session.end_snapshot(self.end);
        } else if !state.leave_snapshot_inside(self.before) {
            // the transaction around it was ended inside the closure, which rolled it back
            self.session.leave_transaction();
        }
    }
}

impl Deref for Snapshot<'_> {
    type Target = Session;

    fn deref(&self) -> &Session {
        self.session
    }
}
