use std::mem::ManuallyDrop;

use super::row::SqliteRow;
use super::statement::Statement;
use crate::error::{Error, ErrorKind, Result};
use crate::value::Value;

/// A statement that is stepped on demand. It owns its parameters, so that leaking it leaks them too.
///
/// While it lives, its connection counts it: a write outside a transaction is refused then.
pub(crate) struct Cursor<'c> {
    statement: Statement<'c>,
    // dropped after the statement is reset, see `drop`
    params: ManuallyDrop<Vec<Value>>,
    epoch: u64,
    at_end: bool,
}

impl<'c> Cursor<'c> {
    pub(super) fn new(statement: Statement<'c>, params: Vec<Value>) -> Result<Self> {
        let connection = statement.connection();
        let cursor =
            Self { statement, params: ManuallyDrop::new(params), epoch: connection.epoch(), at_end: false };
        connection.cursor_opened();
        // SAFETY: the cursor owns the values and frees them only after it has reset the statement; a leaked cursor never
        // frees them. Moving the cursor does not move the heap memory that was bound.
        unsafe { cursor.statement.bind_owned(&cursor.params)? };
        Ok(cursor)
    }

    /// The next row.
    ///
    /// # Errors
    ///
    /// `StatementInProgress` where the transaction that it was started in is over.
    #[inline]
    pub(crate) fn next(&mut self) -> Result<Option<SqliteRow<'_>>> {
        if self.at_end {
            return Ok(None);
        }
        if self.epoch != self.statement.connection().epoch() {
            self.end();
            return Err(outlived());
        }
        // SAFETY: the row borrows the cursor mutably, so that nobody steps it meanwhile.
        let row = unsafe { self.statement.next_row() };
        if !matches!(row, Ok(Some(_))) {
            self.at_end = true;
        }
        row
    }

    fn end(&mut self) {
        self.at_end = true;
        self.statement.reset();
    }

    /// Its parameters.
    pub(crate) fn params(&self) -> &[Value] {
        &self.params
    }

    /// The statement, for its names and its SQL.
    pub(crate) fn statement(&self) -> &Statement<'c> {
        &self.statement
    }
}

impl Drop for Cursor<'_> {
    fn drop(&mut self) {
        self.statement.connection().cursor_closed(self.epoch);
        self.statement.reset();
        // SAFETY: dropped once, here, and the statement no longer reads them.
        unsafe { ManuallyDrop::drop(&mut self.params) };
    }
}

#[cold]
fn outlived() -> Error {
    Error::new(
        ErrorKind::StatementInProgress,
        "the transaction in which this iterator was started is over: collect the rows, or iterate inside the transaction",
    )
}
