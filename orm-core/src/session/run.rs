//! How a statement runs: what must hold before it, whose turn it is, and what to look at after it.

use std::ops::ControlFlow;
use std::time::Instant;

use super::Session;
use super::transaction::Mode;
use crate::driver::{Bind, Cursor, SqliteRow, Statement};
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
    /// The right to read.
    Read(#[expect(dead_code, reason = "it is held, and nothing is asked of it")] ReadTurn),
}

/// A statement that may run now.
pub(crate) struct Ready<'s> {
    session: &'s Session,
    // reset before the turn is given back
    statement: Statement<'s>,
    _turn: Turn,
}

impl Session {
    /// Makes sure that a statement may run, and waits for its turn.
    #[inline]
    pub(crate) fn ready<'s>(&'s self, prepare: impl FnOnce() -> Result<Statement<'s>>) -> Result<Ready<'s>> {
        self.ensure_transaction_lives()?;
        // a shared in-memory database keeps even its schema from others while somebody writes, so that preparing is
        // reading already
        let deadline = self.reads_take_turns().then(|| self.deadline());
        let turn = match deadline {
            Some(deadline) => Turn::Read(self.engine.gate().read(deadline)?),
            None => {
                // what an earlier call left that waited in vain
                self.connection.busy_until(None);
                Turn::None
            }
        };
        let statement = prepare()?;
        if statement.is_read_only() {
            return Ok(Ready { session: self, statement, _turn: turn });
        }
        drop(turn);
        let turn = self.turn_to_write(&statement, deadline)?;
        Ok(Ready { session: self, statement, _turn: turn })
    }

    /// A kept statement of a model, ready to run.
    #[inline]
    pub(crate) fn ready_kept(
        &self,
        slot: usize,
        kind: usize,
        sql: impl FnOnce() -> Result<String>,
    ) -> Result<Ready<'_>> {
        self.ready(|| self.connection.kept(slot, kind, sql))
    }

    /// A statement by its text, ready to run.
    pub(crate) fn ready_text(&self, sql: &str) -> Result<Ready<'_>> {
        self.ready(|| self.connection.statement(sql))
    }

    #[inline]
    fn reads_take_turns(&self) -> bool {
        self.engine.gate().readers_wait() && self.transaction.mode() == Mode::Autocommit
    }

    fn turn_to_write(&self, statement: &Statement<'_>, deadline: Option<Instant>) -> Result<Turn> {
        match self.transaction.mode() {
            Mode::Write => {
                self.transaction.says(statement.sql());
                Ok(Turn::None)
            }
            Mode::Snapshot => Err(refused_in_snapshot(statement.sql())),
            Mode::Autocommit => {
                self.turn_in_autocommit(statement, deadline).map_err(|error| error.with_sql(statement.sql()))
            }
        }
    }

    fn turn_in_autocommit(&self, statement: &Statement<'_>, deadline: Option<Instant>) -> Result<Turn> {
        self.ensure_no_iterator()?;
        if !self.engine.gate().writers_wait() {
            return Ok(Turn::None);
        }
        let turn = self.engine.gate().write(deadline.unwrap_or_else(|| self.deadline()))?;
        turn.says(statement.sql().clone());
        Ok(Turn::Write(turn))
    }

    /// Until when this call waits, for everything it waits for.
    pub(super) fn deadline(&self) -> Instant {
        let deadline = self.engine.deadline();
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
        Ok(self.session.connection.changes())
    }

    /// Gives each row to `each` until it breaks.
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
            Ok(()) => {
                let rows =
                    if self.statement.is_read_only() { rows } else { self.session.connection.changes() };
                self.session.log(&watch, &self.statement, params, rows);
            }
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
    pub(crate) fn cursor_with(self, values: Vec<Value>) -> Result<RunningCursor<'s>> {
        let Self { session, statement, _turn } = self;
        session.connection.busy_until(None);
        session.log(&session.stopwatch(), &statement, &values[..], 0);
        Ok(RunningCursor { session, cursor: statement.into_cursor(values)?, _turn })
    }

    /// Whether it cannot change the database.
    pub(crate) fn is_read_only(&self) -> bool {
        self.statement.is_read_only()
    }

    /// The statement, for its columns.
    pub(crate) fn statement(&self) -> &Statement<'s> {
        &self.statement
    }
}

/// An iterator over rows, with the turn it needs.
pub(crate) struct RunningCursor<'s> {
    session: &'s Session,
    cursor: Cursor<'s>,
    _turn: Turn,
}

impl<'s> RunningCursor<'s> {
    /// The next row.
    #[inline]
    pub(crate) fn next(&mut self) -> Result<Option<SqliteRow<'_>>> {
        self.session.ensure_transaction_lives()?;
        self.cursor.next()
    }

    /// The statement, for its columns.
    pub(crate) fn statement(&self) -> &Statement<'s> {
        self.cursor.statement()
    }

    /// The session it runs in.
    pub(crate) fn session(&self) -> &'s Session {
        self.session
    }
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
