use std::cell::Cell;
use std::os::raw::c_int;
use std::ptr::NonNull;
use std::slice;
use std::str;

use rusqlite::ffi;

use super::statement::column_names;
use crate::error::{ConversionError, Result};
use crate::value::{Row, Sealed, ValueRef};

/// The row that a statement stands on.
pub(crate) struct SqliteRow<'s> {
    stmt: NonNull<ffi::sqlite3_stmt>,
    /// Cleared when nobody looks at the row any more.
    running: Option<&'s Cell<bool>>,
}

impl<'s> SqliteRow<'s> {
    /// # Safety
    ///
    /// `stmt` stands on a row, on a connection without mutexes that this thread uses alone, and is neither stepped nor
    /// reset before the row is dropped.
    #[inline]
    pub(super) unsafe fn new(stmt: NonNull<ffi::sqlite3_stmt>, running: Option<&'s Cell<bool>>) -> Self {
        Self { stmt, running }
    }

    /// How many columns the row has.
    pub(crate) fn column_count(&self) -> usize {
        // SAFETY: the statement is live and stands on a row.
        let count = unsafe { ffi::sqlite3_data_count(self.stmt.as_ptr()) };
        usize::try_from(count).unwrap_or(0)
    }

    /// The columns' names, of this very row.
    pub(crate) fn column_names(&self) -> Result<Vec<String>> {
        // SAFETY: the statement is live.
        unsafe { column_names(self.stmt) }
    }
}

impl Drop for SqliteRow<'_> {
    #[inline]
    fn drop(&mut self) {
        if let Some(running) = self.running {
            running.set(false);
        }
    }
}

impl Sealed for SqliteRow<'_> {}

impl Row for SqliteRow<'_> {
    #[inline]
    fn value(&self, column: usize) -> Result<ValueRef<'_>, ConversionError> {
        // SAFETY: the statement stands on a row. SQLite checks the column and answers NULL for one that is not there.
        // The value may be read without `sqlite3_value_dup` because the connection has no mutexes and one user
        // (https://sqlite.org/c3ref/value.html). Text and blobs live until the next step or reset, which waits for the row to be dropped,
        // and a value is asked for in its own type only, so nothing converts it in place. The bytes are asked for after
        // the text, which may convert UTF-16. ASCII is UTF-8.
        unsafe {
            let value = ffi::sqlite3_column_value(self.stmt.as_ptr(), column as c_int);
            match ffi::sqlite3_value_type(value) {
                ffi::SQLITE_INTEGER => Ok(ValueRef::Integer(ffi::sqlite3_value_int64(value))),
                ffi::SQLITE_FLOAT => Ok(ValueRef::Real(ffi::sqlite3_value_double(value))),
                ffi::SQLITE_TEXT => {
                    let text = ffi::sqlite3_value_text(value);
                    let bytes = bytes(text.cast(), ffi::sqlite3_value_bytes(value))?;
                    if is_ascii(bytes) {
                        return Ok(ValueRef::Text(str::from_utf8_unchecked(bytes)));
                    }
                    str::from_utf8(bytes).map(ValueRef::Text).map_err(|_| not_utf8())
                }
                ffi::SQLITE_BLOB => {
                    let blob = ffi::sqlite3_value_blob(value);
                    let length = ffi::sqlite3_value_bytes(value);
                    if length == 0 {
                        Ok(ValueRef::Blob(&[]))
                    } else {
                        bytes(blob.cast(), length).map(ValueRef::Blob)
                    }
                }
                _ => Ok(ValueRef::Null),
            }
        }
    }
}

/// # Safety
///
/// `start` is null or points to `length` bytes that live for `'a`.
#[inline]
unsafe fn bytes<'a>(start: *const u8, length: c_int) -> Result<&'a [u8], ConversionError> {
    if start.is_null() {
        return Err(out_of_memory());
    }
    // SAFETY: not null, and the caller vouches for the length, which SQLite never makes negative.
    Ok(unsafe { slice::from_raw_parts(start, length as usize) })
}

/// For short text a good deal faster than the general check, which most text does not need.
#[inline]
fn is_ascii(bytes: &[u8]) -> bool {
    const HIGH_BITS: u64 = 0x8080_8080_8080_8080;
    let word = |from: usize| {
        bytes.get(from..from + 8).map_or(0, |it| u64::from_ne_bytes(it.try_into().unwrap_or_default()))
    };
    let mut seen = 0;
    if bytes.len() < 8 {
        bytes.iter().for_each(|&byte| seen |= u64::from(byte));
        return seen & 0x80 == 0;
    }
    // the last word overlaps the one before it
    (0..bytes.len() / 8).for_each(|at| seen |= word(at * 8));
    (seen | word(bytes.len() - 8)) & HIGH_BITS == 0
}

#[cold]
fn not_utf8() -> ConversionError {
    ConversionError::new("UTF-8 text", "text that is not UTF-8")
}

#[cold]
fn out_of_memory() -> ConversionError {
    ConversionError::new("a value", "no memory to read it")
}
