use std::cell::Cell;
use std::os::raw::c_int;
use std::ptr::NonNull;
use std::rc::Rc;
use std::slice;
use std::str;

use rusqlite::ffi;

use super::names::ColumnNames;
use super::statement::Prepared;
use crate::error::{ConversionError, Result};
use crate::value::{Row, Sealed, ValueRef};

/// The row that a statement stands on.
pub(crate) struct SqliteRow<'s> {
    stmt: NonNull<ffi::sqlite3_stmt>,
    prepared: &'s Prepared,
    /// Cleared when nobody looks at the row any more.
    running: Option<&'s Cell<bool>>,
}

impl<'s> SqliteRow<'s> {
    /// # Safety
    ///
    /// The statement stands on a row, on a connection without mutexes that this thread uses alone, and is neither stepped nor
    /// reset before the row is dropped.
    #[inline]
    pub(super) unsafe fn new(prepared: &'s Prepared, running: Option<&'s Cell<bool>>) -> Self {
        Self { stmt: prepared.stmt(), prepared, running }
    }

    /// How many columns the row has.
    pub(crate) fn column_count(&self) -> usize {
        // SAFETY: the statement is live and stands on a row.
        let count = unsafe { ffi::sqlite3_data_count(self.stmt.as_ptr()) };
        usize::try_from(count).unwrap_or(0)
    }

    /// The columns' names, of this very row.
    pub(crate) fn column_names(&self) -> Result<Rc<ColumnNames>> {
        self.prepared.column_names()
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
    #[inline(always)]
    #[allow(
        clippy::inline_always,
        reason = "what is left of it depends on the field; what is longer is called"
    )]
    fn value(&self, column: usize) -> Result<ValueRef<'_>, ConversionError> {
        // SAFETY: the statement stands on a row. SQLite checks the column and answers NULL for one that is not there.
        // The value may be read without `sqlite3_value_dup` because the connection has no mutexes and one user
        // (https://sqlite.org/c3ref/value.html). Text and blobs live until the next step or reset, which waits for the row
        // to be dropped, and a value is asked for in its own type only, so nothing converts it in place.
        unsafe {
            let value = ffi::sqlite3_column_value(self.stmt.as_ptr(), column as c_int);
            match ffi::sqlite3_value_type(value) {
                ffi::SQLITE_INTEGER => Ok(ValueRef::Integer(ffi::sqlite3_value_int64(value))),
                ffi::SQLITE_FLOAT => Ok(ValueRef::Real(ffi::sqlite3_value_double(value))),
                ffi::SQLITE_TEXT => text(value).map(ValueRef::Text),
                ffi::SQLITE_BLOB => blob(value).map(ValueRef::Blob),
                _ => Ok(ValueRef::Null),
            }
        }
    }
}

/// # Safety
///
/// `value` is text that lives for `'a`.
#[inline(never)]
unsafe fn text<'a>(value: *mut ffi::sqlite3_value) -> Result<&'a str, ConversionError> {
    // SAFETY: by the caller's word. The bytes are asked for after the text, which may convert UTF-16. ASCII is UTF-8.
    unsafe {
        let text = ffi::sqlite3_value_text(value);
        let bytes = bytes(text.cast(), ffi::sqlite3_value_bytes(value))?;
        if is_ascii(bytes) {
            return Ok(str::from_utf8_unchecked(bytes));
        }
        str::from_utf8(bytes).map_err(|_| not_utf8())
    }
}

/// # Safety
///
/// `value` is a blob that lives for `'a`.
#[inline(never)]
unsafe fn blob<'a>(value: *mut ffi::sqlite3_value) -> Result<&'a [u8], ConversionError> {
    // SAFETY: by the caller's word.
    unsafe {
        let blob = ffi::sqlite3_value_blob(value);
        match ffi::sqlite3_value_bytes(value) {
            0 => Ok(&[]),
            length => bytes(blob.cast(), length),
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
    let Some(last) = bytes.last_chunk() else {
        return bytes.iter().fold(0, |seen, byte| seen | byte) & 0x80 == 0;
    };
    // the last word overlaps the one before it
    let words = bytes.as_chunks::<8>().0.iter();
    let seen = words.fold(u64::from_ne_bytes(*last), |seen, word| seen | u64::from_ne_bytes(*word));
    seen & HIGH_BITS == 0
}

#[cold]
fn not_utf8() -> ConversionError {
    ConversionError::new("UTF-8 text", "text that is not UTF-8")
}

#[cold]
fn out_of_memory() -> ConversionError {
    ConversionError::new("a value", "no memory to read it")
}
