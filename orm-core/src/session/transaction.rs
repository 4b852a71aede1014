use std::ops::Deref;
use std::time::Instant;

use super::Session;
use super::run::Turn;
use super::state::{AfterCommit, Ended, Mode};
use crate::dialect::{Dialect, Sqlite};
use crate::driver::OWN_STATEMENTS;
use crate::engine::{Engine, WriteTurn};
use crate::error::{Error, ErrorKind, Result};

/// Numbers of the session's own kept statements.
pub(super) mod kind {
    pub(crate) const BEGIN_WRITE: usize = 0;
    pub(crate) const BEGIN_READ: usize = 1;
    pub(crate) const TAKE_SNAPSHOT: usize = 2;
    pub(crate) const COMMIT: usize = 3;
    pub(crate) const ROLLBACK: usize = 4;
}

/// A transaction, or a savepoint inside one: derefs to [`Session`], rolls back on drop.
///
/// Guards end innermost first. Ending an outer one while an inner one is alive rolls everything back and is an error.
///
/// ```
/// use orm_core::Engine;
///
/// let session = Engine::open_in_memory()?.session()?;
/// session.execute_batch("CREATE TABLE notes (text TEXT) STRICT")?;
///
/// let outer = session.begin()?;
/// outer.raw("INSERT INTO notes VALUES ('kept')", ()).execute()?;
/// let inner = outer.begin()?;
/// inner.raw("INSERT INTO notes VALUES ('dropped')", ()).execute()?;
/// inner.rollback()?;
/// outer.commit()?;
///
/// assert_eq!(session.raw("SELECT text FROM notes", ()).all::<String>()?, ["kept"]);
/// # Ok::<(), orm_core::Error>(())
/// ```
#[must_use = "a transaction that is dropped is rolled back"]
#[derive(Debug)]
pub struct Transaction<'s> {
    session: &'s Session,
    level: u32,
}

impl Engine {
    /// Runs the closure in a write transaction of a session of its own: `Ok` commits, `Err` and a panic roll back.
    ///
    /// ```
    /// use orm_core::Engine;
    ///
    /// let engine = Engine::open_in_memory()?;
    /// engine.session()?.execute_batch("CREATE TABLE notes (text TEXT) STRICT")?;
    /// let rows = engine.transaction(|tx| tx.raw("INSERT INTO notes VALUES ('a'), ('b')", ()).execute())?;
    /// assert_eq!(rows, 2);
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The closure's, and those of BEGIN and COMMIT: [`is_busy`](Error::is_busy) where the turn did not come in time.
    pub fn transaction<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        self.try_transaction(work)
    }

    /// [`transaction`](Engine::transaction) for closures with an error type of their own.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn try_transaction<T, E: From<Error>>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let deadline = self.deadline();
        let session = self.session_until(deadline)?;
        let transaction = session.begin_until(Some(deadline))?;
        transaction.finish(work)
    }
}

impl Session {
    /// Runs the closure in a write transaction, or in a savepoint where one is open: `Ok` commits, `Err` and a panic
    /// roll back, and the panic goes on.
    ///
    /// The transaction begins with `BEGIN IMMEDIATE` (<https://sqlite.org/lang_transaction.html>), so it never fails
    /// half-way because somebody else writes. A struct that was inserted inside a transaction that is rolled back keeps
    /// the key it was given; [`create`](Session::create) inside the closure avoids that.
    ///
    /// # Errors
    ///
    /// The closure's, and those of BEGIN and COMMIT.
    pub fn transaction<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        self.try_transaction(work)
    }

    /// [`transaction`](Session::transaction) for closures with an error type of their own.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn try_transaction<T, E: From<Error>>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.begin()?.finish(work)
    }

    /// Begins a write transaction, or a savepoint where one is open. It waits for the writer's turn until the busy
    /// timeout.
    ///
    /// # Errors
    ///
    /// [`is_busy`](Error::is_busy) where the turn did not come in time; `WouldDeadlock` where this thread holds it in
    /// another session; `StatementInProgress` where an iterator of this session is alive; `ReadOnly` in a snapshot.
    pub fn begin(&self) -> Result<Transaction<'_>> {
        self.begin_until(None)
    }

    fn begin_until(&self, deadline: Option<Instant>) -> Result<Transaction<'_>> {
        self.ensure_transaction_lives()?;
        match self.transaction.mode() {
            Mode::Autocommit => self.begin_outermost(deadline)?,
            Mode::Write => self.begin_savepoint()?,
            Mode::Snapshot => return Err(super::run::refused_in_snapshot("BEGIN")),
        }
        Ok(Transaction { session: self, level: self.transaction.guards() })
    }

    fn begin_outermost(&self, deadline: Option<Instant>) -> Result<()> {
        self.ensure_no_iterator()?;
        let turn = self.turn_to_begin(deadline)?;
        let begun = self.own(kind::BEGIN_WRITE, || Sqlite.begin_write().to_owned());
        self.connection.busy_until(None);
        begun?;
        self.transaction.enter(Mode::Write, turn);
        Ok(())
    }

    fn turn_to_begin(&self, deadline: Option<Instant>) -> Result<Turn> {
        if !self.engine.gate().writers_wait() {
            return Ok(Turn::None);
        }
        let turn: WriteTurn = self.engine.gate().write(self.wait_until(deadline))?;
        turn.says("BEGIN IMMEDIATE".into());
        Ok(Turn::Write(turn))
    }

    fn begin_savepoint(&self) -> Result<()> {
        let level = self.transaction.guards() + 1;
        self.run_control(&savepoint("SAVEPOINT", level))?;
        self.transaction.guards.set(level);
        Ok(())
    }

    /// Runs one of the session's own kept statements.
    pub(super) fn own(&self, kind: usize, sql: impl FnOnce() -> String) -> Result<()> {
        let mut statement = self.connection.kept(OWN_STATEMENTS, kind, || Ok(sql()))?;
        let watch = self.stopwatch();
        statement.execute(&())?;
        self.log(&watch, &statement, &(), 0);
        Ok(())
    }

    fn run_control(&self, sql: &str) -> Result<()> {
        let mut statement = self.connection.statement(sql)?;
        let watch = self.stopwatch();
        statement.execute(&())?;
        self.log(&watch, &statement, &(), 0);
        Ok(())
    }

    /// Refuses a statement where the transaction is over but its guard is alive: it would be committed by itself.
    #[inline]
    pub(crate) fn ensure_transaction_lives(&self) -> Result<()> {
        self.transaction.error_if_ended()
    }

    /// Looks whether SQLite ended the transaction.
    #[inline]
    pub(super) fn after_statement(&self) {
        self.connection.busy_until(None);
        if self.transaction.guards() > 0 && self.connection.is_autocommit() {
            self.transaction.ended.set(Some(Ended::BySqlite));
        }
    }

    /// Whether a transaction or a snapshot is open.
    #[must_use]
    pub fn in_transaction(&self) -> bool {
        self.transaction.mode() != Mode::Autocommit
    }

    /// Calls the closure when the outermost transaction has committed and the writer's turn is over; at once where there
    /// is no transaction. It is dropped where the transaction, or the savepoint it was given in, is rolled back.
    ///
    /// ```
    /// use orm_core::Engine;
    /// use std::sync::mpsc::channel;
    ///
    /// let (sent, mails) = channel();
    /// Engine::open_in_memory()?.transaction(|tx| {
    ///     tx.after_commit(move || sent.send("welcome").unwrap());
    ///     Ok(())
    /// })?;
    /// assert_eq!(mails.recv(), Ok("welcome"));
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    pub fn after_commit(&self, callback: impl FnOnce() + Send + 'static) {
        match self.transaction.begun.get() {
            Mode::Autocommit | Mode::Snapshot => callback(),
            Mode::Write => self
                .transaction
                .after_commit
                .borrow_mut()
                .push(AfterCommit { level: self.transaction.guards(), callback: Box::new(callback) }),
        }
    }

    /// Ends all iterators that are alive, so that none outlives the transaction it was started in.
    pub(super) fn end_iterators(&self) {
        if self.connection.open_cursors() > 0 {
            self.connection.end_cursors();
        }
    }

    /// After the outermost guard is gone.
    pub(super) fn leave_transaction(&self) {
        self.forget_callbacks_from(0);
        self.transaction.leave();
        self.notice_stuck_transaction();
    }

    /// A transaction that could not be rolled back takes with it whatever the session writes from now on, so that is
    /// refused, and the connection is not given to anybody else.
    pub(super) fn notice_stuck_transaction(&self) {
        if !self.connection.is_autocommit() {
            self.connection.taint();
            self.transaction.ended.set(Some(Ended::Stuck));
        }
    }

    fn roll_back_savepoint(&self, level: u32) -> Result<()> {
        self.run_control(&savepoint("ROLLBACK TO", level))?;
        self.run_control(&savepoint("RELEASE", level))
    }

    fn forget_callbacks_from(&self, level: u32) {
        let mut callbacks = self.transaction.after_commit.borrow_mut();
        if callbacks.is_empty() {
            return;
        }
        let kept = callbacks.iter().position(|it| it.level >= level).unwrap_or(callbacks.len());
        let dropped = callbacks.split_off(kept);
        drop(callbacks);
        drop(dropped);
    }
}

impl Transaction<'_> {
    fn finish<T, E: From<Error>>(self, work: impl FnOnce(&Self) -> Result<T, E>) -> Result<T, E> {
        let value = work(&self)?;
        self.commit()?;
        Ok(value)
    }

    /// Commits. A savepoint's changes become part of the transaction around it.
    ///
    /// # Errors
    ///
    /// What COMMIT says, such as a deferred foreign key that is violated; everything is rolled back then.
    /// `TransactionEnded` where SQLite had ended the transaction before, `TransactionOrder` where an inner guard is alive.
    pub fn commit(self) -> Result<()> {
        let outcome = self.try_commit();
        let callbacks = self.close(outcome.is_ok());
        std::mem::forget(self);
        outcome?;
        for it in callbacks {
            (it.callback)();
        }
        Ok(())
    }

    /// Rolls back. Dropping the guard does the same, but cannot say what failed.
    ///
    /// # Errors
    ///
    /// What ROLLBACK says; `TransactionOrder` where an inner guard is alive.
    pub fn rollback(self) -> Result<()> {
        let outcome = self.try_rollback();
        if outcome.is_err() {
            self.roll_back_quietly();
        }
        self.close(false);
        std::mem::forget(self);
        outcome
    }

    fn try_commit(&self) -> Result<()> {
        let session = self.session;
        session.ensure_transaction_lives()?;
        self.ensure_innermost()?;
        if self.level > 1 {
            return session.run_control(&savepoint("RELEASE", self.level)).inspect_err(|_| {
                if session.roll_back_savepoint(self.level).is_err() {
                    self.roll_back_quietly();
                }
            });
        }
        session.end_iterators();
        let committed = session.own(kind::COMMIT, || "COMMIT".to_owned());
        if committed.is_err() {
            // a failed COMMIT leaves the transaction open
            self.roll_back_quietly();
        }
        committed
    }

    /// Rolls everything back where another error is already on its way to the caller. The guards around this one learn of
    /// it from their next statement, which would be committed by itself otherwise.
    fn roll_back_quietly(&self) {
        let state = &self.session.transaction;
        if state.guards() > 1 && state.ended.get().is_none() {
            state.ended.set(Some(Ended::BySqlite));
        }
        if let Err(error) = roll_back_everything(self.session) {
            tracing::warn!(target: "orm_core::session", %error, "a transaction could not be rolled back");
        }
    }

    fn try_rollback(&self) -> Result<()> {
        let session = self.session;
        if session.transaction.ended.get().is_some() {
            return Ok(());
        }
        self.ensure_innermost()?;
        if self.level == 1 {
            session.end_iterators();
            return roll_back_everything(session);
        }
        session.roll_back_savepoint(self.level)
    }

    /// Ending an outer transaction while an inner one is alive would let the inner one's statements be committed one by
    /// one, so everything is rolled back and refused instead.
    fn ensure_innermost(&self) -> Result<()> {
        let session = self.session;
        if self.level == session.transaction.guards() {
            return Ok(());
        }
        session.end_iterators();
        self.roll_back_quietly();
        session.transaction.ended.set(Some(Ended::OutOfOrder));
        Err(Error::new(
            ErrorKind::TransactionOrder,
            "a transaction was ended while one inside it was open, so everything was rolled back: end the inner one first",
        ))
    }

    /// Counts the guard off; gives the callbacks that are due.
    fn close(&self, committed: bool) -> Vec<AfterCommit> {
        let state = &self.session.transaction;
        let left = state.guards().saturating_sub(1);
        if !committed {
            let everything = state.ended.get().is_some() || self.session.connection.is_autocommit();
            self.session.forget_callbacks_from(if everything { 0 } else { self.level });
        }
        if left > 0 {
            state.leave_guards(left);
            return Vec::new();
        }
        let due = state.after_commit.take();
        self.session.leave_transaction();
        due
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.try_rollback() {
            tracing::warn!(target: "orm_core::session", %error, "a transaction was not rolled back in order");
            self.roll_back_quietly();
        }
        self.close(false);
    }
}

impl Deref for Transaction<'_> {
    type Target = Session;

    fn deref(&self) -> &Session {
        self.session
    }
}

pub(super) fn roll_back_everything(session: &Session) -> Result<()> {
    if session.connection.is_autocommit() {
        return Ok(());
    }
    session.own(kind::ROLLBACK, || "ROLLBACK".to_owned())
}

fn savepoint(verb: &str, level: u32) -> String {
    format!("{verb} _orm_{level}")
}
