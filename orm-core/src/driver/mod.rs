//! A live connection and its prepared statements.
//!
//! The only folder that names rusqlite and the only one with `unsafe`. rusqlite opens, configures and closes the
//! connection; statements are our own, on its handle, because they are kept by number, bind without a copy and are read
//! without a dispatch for each column.
//!
//! What keeps it sound, and who keeps it:
//!
//! - A connection is used by one thread at a time: it is opened with `SQLITE_OPEN_NOMUTEX`, is `Send` and not `Sync`.
//! - Every statement is finalised before its connection closes: [`statements::Statements`] knows all of them, also those whose guard
//!   was leaked, and is dropped before the connection.
//! - A parameter bound without a copy is read by a step only while it is borrowed: [`Statement`] binds every parameter
//!   before the first step, and resets before the borrow ends; a [`Cursor`] owns what it binds.
//! - A statement in use is never handed out again: whoever asks gets a second instance.
//! - A statement that runs, or on whose row somebody looks, is not reset by anybody else, whatever the application does
//!   from a function in the SQL or from a field that is read: the end of a transaction passes it over.

#![allow(unsafe_code, reason = "the one place for it: SQLite's C interface")]

mod access;
mod batch;
mod bind;
mod busy;
mod connection;
mod cursor;
mod failure;
mod keyword;
mod malformed_json;
mod names;
mod recent;
mod row;
mod statement;
mod statements;
mod watch;

pub use rusqlite;

pub(crate) use self::access::TableAccess;
pub(crate) use self::batch::Batch;
pub(crate) use self::bind::Bind;
pub use self::bind::{Binder, Unbound};
pub(crate) use self::connection::{Access, Config, Connection, Location};
pub(crate) use self::cursor::Cursor;
pub(crate) use self::keyword::{Leading, TransactionWord, leading, pragma_only_asks};
pub(crate) use self::names::ColumnNames;
pub(crate) use self::row::SqliteRow;
pub(crate) use self::statement::Statement;
pub(crate) use self::statements::OWN_STATEMENTS;
pub(crate) use self::watch::Watch;

/// The linked SQLite, as `3_051_003` says 3.51.3.
pub(crate) fn sqlite_version_number() -> i32 {
    // SAFETY: takes nothing and returns a constant.
    unsafe { rusqlite::ffi::sqlite3_libversion_number() }
}

#[cfg(test)]
mod tests;
