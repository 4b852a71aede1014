//! How a statement runs: what must hold before it, whose turn it is, and what to look at after it.

use std::ops::ControlFlow;
use std::time::Instant;

use super::Session;
use super::log::Stopwatch;
use super::state::Mode;
use crate::driver::{Bind, Connection, Cursor, SqliteRow, Statement};
use crate::engine::{ReadTurn, WriteTurn};
use crate::error::{Error, ErrorKind, Result};
use crate::value::Value;

/// What a statement outside a transaction holds while it runs.
#[derive(Debug)]
pub(super) enum Turn {
    /// Nothing: there is a transaction, or nobody to share with.
    None,
    /// The right to write.
    Write(WriteTurn),
    /// The right to read, and until when it would have been waited for.
    Read { turn: ReadTurn, deadline: Instant },
}

impl Turn {
    /// Gives it back. Gives until when the call goes on to wait.
    fn end(self) -> Option<Instant> {
        match self {
            Self::None | Self::Write(_) => None,
            Self::Read { turn, deadline } => {
                drop(turn);
                Some(deadline)
            }
        }
    }
}

/// A statement that may run now.
pub(crate) struct Ready<'s> {
    session: &'s Session,
    // reset before the turn is given back
    statement: Statement<'s>,
    _turn: Turn,
}

impl Session {
    /// Prepares a statement, makes sure that it may run, and waits for its turn.
    #[inline]
    pub(crate) fn ready<'s>(
        &'s self,
        prepare: impl FnOnce(&'s Connection) -> Result<Statement<'s>>,
    ) -> Result<Ready<'s>> {
        let (ready, ()) = self.ready_with(|connection| Ok((prepare(connection)?, ())))?;
        Ok(ready)
    }

    /// The same, where to prepare gives more than the statement.
    #[inline]
    pub(super) fn ready_with<'s, T>(
        &'s self,
        prepare: impl FnOnce(&'s Connection) -> Result<(Statement<'s>, T)>,
    ) -> Result<(Ready<'s>, T)> {
        self.ensure_transaction_lives()?;
        // a call that failed may have left its own
        self.connection.busy_until(None);
        // to prepare is to read the schema
        let turn = self.turn_to_read()?;
        let (statement, more) = prepare(&self.connection)?;
        let turn = if statement.is_read_only() { turn } else { self.turn_to_write(&statement, turn)? };
        Ok((Ready { session: self, statement, _turn: turn }, more))
    }

    /// A kept statement of a model, ready to run.
    #[inline]
    pub(crate) fn ready_kept(
        &self,
        slot: usize,
        kind: usize,
        sql: impl FnOnce() -> Result<String>,
    ) -> Result<Ready<'_>> {
        self.ready(|connection| connection.kept(slot, kind, sql))
    }

    /// A statement by its text, ready to run.
    pub(crate) fn ready_text(&self, sql: &str) -> Result<Ready<'_>> {
        self.ready(|connection| connection.statement(sql))
    }

    #[inline]
    fn turn_to_read(&self) -> Result<Turn> {
        if self.transaction.mode() != Mode::Autocommit || !self.engine.gate().readers_wait() {
            return Ok(Turn::None);
        }
        let deadline = self.deadline();
        self.engine.gate().read(deadline).map(|turn| Turn::Read { turn, deadline })
    }

    #[inline]
    fn turn_to_write(&self, statement: &Statement<'_>, prepared_in: Turn) -> Result<Turn> {
        match self.transaction.mode() {
            Mode::Autocommit if !self.engine.gate().writers_wait() && self.connection.open_cursors() == 0 => {
                Ok(prepared_in)
            }
            Mode::Write => {
                self.transaction.says(statement.sql());
                Ok(Turn::None)
            }
            Mode::Snapshot => Err(refused_in_snapshot(statement.sql())),
            Mode::Autocommit => self
                .turn_in_autocommit(statement, prepared_in)
                .map_err(|error| error.with_sql(statement.sql())),
        }
    }

    fn turn_in_autocommit(&self, statement: &Statement<'_>, prepared_in: Turn) -> Result<Turn> {
        self.ensure_no_iterator()?;
        let deadline = prepared_in.end();
        let turn = self.engine.gate().write(self.wait_until(deadline))?;
        turn.says(statement.sql().clone());
        Ok(Turn::Write(turn))
    }

    /// Until when this call waits, for everything it waits for.
    pub(super) fn deadline(&self) -> Instant {
        self.wait_until(None)
    }

    /// The same, in a call that has been waiting before.
    pub(super) fn wait_until(&self, deadline: Option<Instant>) -> Instant {
        let deadline = deadline.unwrap_or_else(|| self.engine.deadline());
        self.connection.busy_until(Some(deadline));
        deadline
    }

    /// Refuses a write while an iterator of this session stands on a row: it holds an old snapshot, so that the write
    /// would fail at once whenever another connection had written meanwhile.
    pub(super) fn ensure_no_iterator(&self) -> Result<()> {
        if self.connection.open_cursors() == 0 { Ok(()) } else { Err(iterator_in_the_way()) }
    }
}

impl<'s> Ready<'s> {
    /// Runs to the end; gives how many rows changed.
    #[inline]
    pub(crate) fn execute<P: Bind + ?Sized>(&mut self, params: &P) -> Result<u64> {
        self.for_each(params, |_| Ok(ControlFlow::Continue(())))?;
        Ok(self.statement.changes())
    }

    /// Gives each row to `each` until it breaks; a statement that writes runs to its end even then.
    #[inline]
    pub(crate) fn for_each<P, F>(&mut self, params: &P, mut each: F) -> Result<()>
    where
        P: Bind + ?Sized,
        F: FnMut(&SqliteRow<'_>) -> Result<ControlFlow<()>>,
    {
        let watch = self.session.stopwatch();
        let mut rows = 0;
        let outcome = self.statement.for_each(params, |row| {
            rows += 1;
            each(row)
        });
        self.session.after_statement();
        match &outcome {
            Ok(()) if watch.runs() => {
                let rows = if self.statement.is_read_only() { rows } else { self.statement.changes() };
                self.session.log(&watch, &self.statement, params, rows);
            }
            Ok(()) => {}
            Err(error) => self.session.log_failure(error),
        }
        outcome
    }

    /// Turns it into an iterator that owns its parameters.
    pub(crate) fn into_cursor<P: Bind + ?Sized>(self, params: &P) -> Result<RunningCursor<'s>> {
        let values = self.statement.collect(params)?;
        self.cursor_with(values)
    }

    /// The same with values that are owned already.
    ///
    /// # Errors
    ///
    /// `InvalidQuery` for a statement that writes: when it is dropped half-way, nobody could be told that it failed.
    pub(crate) fn cursor_with(self, values: Vec<Value>) -> Result<RunningCursor<'s>> {
        let Self { session, statement, _turn } = self;
        session.connection.busy_until(None);
        if !statement.is_read_only() {
            return Err(iterated_write(statement.sql()));
        }
        let watch = session.stopwatch();
        let cursor = statement.into_cursor(values)?;
        Ok(RunningCursor { session, cursor, watch, rows: 0, _turn })
    }

    /// Whether it inserts, updates or deletes rows.
    pub(crate) fn writes_rows(&self) -> bool {
        self.statement.writes_rows()
    }

    /// The statement, for its columns.
    pub(crate) fn statement(&self) -> &Statement<'s> {
        &self.statement
    }
}

/// An iterator over rows, with the turn it needs. It is logged when it is dropped: how long SQLite took for all rows that
/// were asked for.
pub(crate) struct RunningCursor<'s> {
    session: &'s Session,
    cursor: Cursor<'s>,
    watch: Stopwatch,
    rows: u64,
    _turn: Turn,
}

impl<'s> RunningCursor<'s> {
    /// The next row.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "a loop over rows reads them without a result in memory between")]
    pub(crate) fn next(&mut self) -> Result<Option<SqliteRow<'_>>> {
        self.session.ensure_transaction_lives()?;
        self.watch.go_on();
        let row = self.cursor.next();
        self.watch.pause();
        match &row {
            Ok(Some(_)) => self.rows += 1,
            Ok(None) => {}
            Err(error) => failed(self.session, error),
        }
        row
    }

    /// The session it runs in.
    pub(crate) fn session(&self) -> &'s Session {
        self.session
    }
}

impl Drop for RunningCursor<'_> {
    fn drop(&mut self) {
        self.session.log(&self.watch, self.cursor.statement(), self.cursor.params(), self.rows);
    }
}

#[cold]
fn failed(session: &Session, error: &Error) {
    // a full disk ends the transaction of a statement that only reads, too
    session.after_statement();
    session.log_failure(error);
}

#[cold]
fn iterated_write(sql: &str) -> Error {
    Error::new(
        ErrorKind::InvalidQuery,
        "a statement that writes cannot be iterated over: use `all`, `first`, `one` or `execute`",
    )
    .with_sql(sql)
}

#[cold]
pub(super) fn refused_in_snapshot(sql: &str) -> Error {
    Error::new(ErrorKind::ReadOnly, "a read snapshot refuses writes: use a session or a transaction")
        .with_sql(sql)
}

#[cold]
fn iterator_in_the_way() -> Error {
    Error::new(
        ErrorKind::StatementInProgress,
        "an iterator of this session is still alive: write inside a transaction that surrounds both, collect the rows, \
         or use `chunks`",
    )
}
