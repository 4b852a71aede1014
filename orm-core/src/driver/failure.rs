//! SQLite's result codes as errors of this library. See <https://sqlite.org/rescode.html>.

use std::ffi::CStr;
use std::os::raw::c_int;

use rusqlite::ffi;

use super::malformed_json::{MALFORMED, name_column};
use crate::error::{Constraint, ConstraintKind, Error, ErrorKind};

/// The error that the connection reports for `code`.
///
/// # Safety
///
/// `db` is a live connection that this thread uses alone, and `code` is what its last call returned.
#[cold]
pub(super) unsafe fn of_connection(db: *mut ffi::sqlite3, code: c_int, sql: Option<&str>) -> Error {
    // SAFETY: the caller vouches for the connection; the message is copied before the next call could free it.
    let (extended, message) = unsafe {
        let message = CStr::from_ptr(ffi::sqlite3_errmsg(db)).to_string_lossy().into_owned();
        (ffi::sqlite3_extended_errcode(db), message)
    };
    let code = if extended & 0xff == code & 0xff { extended } else { code };
    let error = from_code(code, &message);
    match sql {
        Some(sql) if message == MALFORMED => name_column(error, sql).with_sql(sql),
        Some(sql) => error.with_sql(sql),
        None => error,
    }
}

/// An error of rusqlite, from what it is used for: opening, configuring, backing up, closing.
#[cold]
pub(super) fn of_rusqlite(error: &rusqlite::Error) -> Error {
    match error {
        rusqlite::Error::SqliteFailure(failure, message) => {
            let fallback = failure.to_string();
            from_code(failure.extended_code, message.as_deref().unwrap_or(&fallback))
        }
        other => Error::new(ErrorKind::Sql, other.to_string()),
    }
}

/// The error for an extended result code and SQLite's message.
pub(super) fn from_code(code: c_int, message: &str) -> Error {
    let error = Error::new(kind(code), said(code, message)).with_code(code);
    match constraint(code, message) {
        Some(constraint) => error.with_constraint(constraint),
        None => error,
    }
}

fn kind(code: c_int) -> ErrorKind {
    match code & 0xff {
        ffi::SQLITE_BUSY => ErrorKind::Busy,
        ffi::SQLITE_LOCKED => ErrorKind::StatementInProgress,
        ffi::SQLITE_CONSTRAINT | ffi::SQLITE_MISMATCH => ErrorKind::Constraint,
        ffi::SQLITE_READONLY => ErrorKind::ReadOnly,
        ffi::SQLITE_FULL => ErrorKind::DiskFull,
        ffi::SQLITE_IOERR => ErrorKind::Io,
        ffi::SQLITE_CORRUPT => ErrorKind::Corrupt,
        ffi::SQLITE_NOTADB => ErrorKind::NotADatabase,
        ffi::SQLITE_CANTOPEN => ErrorKind::Open,
        ffi::SQLITE_INTERRUPT => ErrorKind::Interrupted,
        ffi::SQLITE_NOMEM | ffi::SQLITE_TOOBIG => ErrorKind::Limit,
        ffi::SQLITE_MISUSE => ErrorKind::Internal,
        _ => ErrorKind::Sql,
    }
}

/// SQLite's message, with what to do where it does not say.
fn said(code: c_int, message: &str) -> String {
    match code {
        ffi::SQLITE_BUSY_SNAPSHOT => format!(
            "{message}: this transaction read before it wrote, and another connection wrote meanwhile; begin it with \
             BEGIN IMMEDIATE, and try again"
        ),
        code if code & 0xff == ffi::SQLITE_BUSY => format!(
            "{message}: a connection outside this engine held the lock until the busy timeout passed; keep its \
             transactions short, or raise `busy_timeout`"
        ),
        _ => message.to_owned(),
    }
}

fn constraint(code: c_int, message: &str) -> Option<Constraint> {
    let kind = match code {
        ffi::SQLITE_CONSTRAINT_UNIQUE => ConstraintKind::Unique,
        ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => ConstraintKind::PrimaryKey,
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => ConstraintKind::ForeignKey,
        // RESTRICT is a trigger that SQLite writes itself, with a RAISE of these words
        ffi::SQLITE_CONSTRAINT_TRIGGER if message == "FOREIGN KEY constraint failed" => {
            ConstraintKind::ForeignKey
        }
        ffi::SQLITE_CONSTRAINT_NOTNULL => ConstraintKind::NotNull,
        ffi::SQLITE_CONSTRAINT_CHECK => ConstraintKind::Check,
        ffi::SQLITE_CONSTRAINT_DATATYPE | ffi::SQLITE_MISMATCH => ConstraintKind::DataType,
        ffi::SQLITE_CONSTRAINT_TRIGGER => ConstraintKind::Trigger,
        other if other & 0xff == ffi::SQLITE_CONSTRAINT => ConstraintKind::Other,
        _ => return None,
    };
    let mut constraint = Constraint { kind, table: None, columns: Vec::new(), name: None };
    let subject = message.split_once(" constraint failed: ").map(|(_, subject)| subject);
    match kind {
        ConstraintKind::Unique | ConstraintKind::PrimaryKey | ConstraintKind::NotNull => {
            describe_columns(&mut constraint, subject.unwrap_or_default());
        }
        ConstraintKind::Check => constraint.name = subject.map(str::to_owned),
        ConstraintKind::DataType => {
            let column = message.rsplit_once(" column ").map(|(_, column)| column);
            describe_columns(&mut constraint, column.unwrap_or_default());
        }
        ConstraintKind::ForeignKey | ConstraintKind::Trigger | ConstraintKind::Other => {}
    }
    Some(constraint)
}

/// `users.name, users.age`, or `index 'ux_users_expr'`.
fn describe_columns(constraint: &mut Constraint, subject: &str) {
    if let Some(index) = subject.strip_prefix("index '") {
        constraint.name = Some(index.trim_end_matches('\'').to_owned());
        return;
    }
    let Some((table, columns)) = subject.split_once('.') else { return };
    // a comma alone may belong to a name
    let next = format!(", {table}.");
    constraint.columns = columns.split(&next).map(str::to_owned).collect();
    constraint.table = Some(table.to_owned());
}
