use std::cell::RefCell;
use std::ffi::CStr;
use std::os::raw::{c_char, c_int, c_void};
use std::ptr;

use rusqlite::ffi;

use super::connection::Connection;
use crate::error::Result;

/// What a statement reads or writes, as SQLite names it while it compiles it
/// (<https://sqlite.org/c3ref/set_authorizer.html>).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TableAccess {
    pub(crate) table: String,
    /// Empty where it is about the table: it is inserted into, deleted from, or no column is read.
    pub(crate) column: String,
    /// The innermost view or trigger that does it; `None` where the statement itself does.
    pub(crate) by: Option<String>,
}

impl Connection {
    /// What the statement would read and write, itself and through views and triggers. It is compiled and does not run.
    ///
    /// A connection has one authorizer, and an application's own would be lost: only for connections of the library's
    /// own.
    pub(crate) fn accesses(&self, sql: &str) -> Result<Vec<TableAccess>> {
        let found: RefCell<Vec<TableAccess>> = RefCell::default();
        let authorizer = Authorizer::set(self, &found);
        let compiled = self.statement_once(sql).map(drop);
        drop(authorizer);
        compiled?;
        Ok(found.into_inner())
    }
}

/// While SQLite says what it compiles.
struct Authorizer<'a>(&'a Connection);

impl<'a> Authorizer<'a> {
    fn set(connection: &'a Connection, found: &'a RefCell<Vec<TableAccess>>) -> Self {
        let argument = ptr::from_ref(found).cast_mut().cast();
        // SAFETY: the connection is live. `found` outlives the authorizer, which is removed in `drop`: this value is never
        // leaked, being a local of the only function that makes one. SQLite calls back on the thread that compiles.
        unsafe { ffi::sqlite3_set_authorizer(connection.handle(), Some(note), argument) };
        Self(connection)
    }
}

impl Drop for Authorizer<'_> {
    fn drop(&mut self) {
        // SAFETY: the connection is live, being borrowed.
        unsafe { ffi::sqlite3_set_authorizer(self.0.handle(), None, ptr::null_mut()) };
    }
}

/// For `sqlite3_set_authorizer`, with the list as its argument. Allows everything.
///
/// # Safety
///
/// `found` points to a live list that no other thread uses; the texts are NULL or end in NUL.
unsafe extern "C" fn note(
    found: *mut c_void,
    action: c_int,
    first: *const c_char,
    second: *const c_char,
    _database: *const c_char,
    by: *const c_char,
) -> c_int {
    // SAFETY: by the caller's word.
    let (table, second, by) = unsafe { (text(first), text(second), text(by)) };
    let column = match action {
        ffi::SQLITE_READ | ffi::SQLITE_UPDATE => second.unwrap_or_default(),
        ffi::SQLITE_INSERT | ffi::SQLITE_DELETE => String::new(),
        _ => return ffi::SQLITE_OK,
    };
    if let Some(table) = table {
        // SAFETY: by the caller's word.
        let found = unsafe { &*found.cast::<RefCell<Vec<TableAccess>>>() };
        found.borrow_mut().push(TableAccess { table, column, by });
    }
    ffi::SQLITE_OK
}

/// # Safety
///
/// `text` is NULL or ends in NUL.
unsafe fn text(text: *const c_char) -> Option<String> {
    if text.is_null() {
        return None;
    }
    // SAFETY: by the caller's word.
    Some(unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned())
}
