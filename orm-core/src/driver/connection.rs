use std::cell::Cell;
use std::ops::ControlFlow;
use std::path::Path;
use std::ptr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use rusqlite::OpenFlags;
use rusqlite::config::DbConfig;
use rusqlite::ffi;

use super::batch::Batch;
use super::busy::BusyHandler;
use super::failure;
use super::keyword::skip_blank;
use super::statement::Statement;
use super::statements::{Kind, Statements, Which};
use crate::error::{Error, Result};
use crate::sql::Arrangement;
use crate::value::{Row, Value, ValueRef};

/// Where a database is.
pub(crate) enum Location<'a> {
    /// A file. The path is never read as a URI.
    File(&'a Path),
    /// A database of this connection alone.
    PrivateMemory,
    /// A database in memory that connections of this process share under a name.
    SharedMemory(&'a str),
}

/// What a connection may do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Read an existing database.
    ReadOnly,
    /// Read, write and create.
    ReadWrite,
}

/// Switches of one connection, see <https://sqlite.org/c3ref/c_dbconfig_defensive.html>.
#[derive(Clone, Copy)]
pub(crate) enum Config {
    /// No way to corrupt the file by SQL.
    Defensive,
    /// Whether the schema may use functions that were not declared innocuous.
    TrustedSchema,
    /// Whether `"x"` may be a string in CREATE statements.
    DoubleQuotedDdl,
    /// Whether `"x"` may be a string in queries.
    DoubleQuotedDml,
    /// Whether ATTACH may create a file.
    AttachCreate,
    /// Whether ATTACH may open a file for writing.
    AttachWrite,
}

impl Config {
    fn of_rusqlite(self) -> DbConfig {
        match self {
            Self::Defensive => DbConfig::SQLITE_DBCONFIG_DEFENSIVE,
            Self::TrustedSchema => DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA,
            Self::DoubleQuotedDdl => DbConfig::SQLITE_DBCONFIG_DQS_DDL,
            Self::DoubleQuotedDml => DbConfig::SQLITE_DBCONFIG_DQS_DML,
            Self::AttachCreate => DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_CREATE,
            Self::AttachWrite => DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_WRITE,
        }
    }
}

/// A live connection.
pub(crate) struct Connection {
    // Fields are dropped in this order: the statements before the connection, the handler that SQLite calls after it.
    statements: Statements,
    rusqlite: rusqlite::Connection,
    busy: Rc<BusyHandler>,
    db: *mut ffi::sqlite3,
    tainted: Cell<bool>,
    epoch: Cell<u64>,
    cursors: Cell<u32>,
    /// How many statements are on loan, leaked ones among them.
    loans: Cell<u32>,
}

// SAFETY: the `Rc`s and the raw handle never leave the connection except in guards, which borrow it and are not `Send`; so
// all of them move to the other thread together. SQLite allows a connection without mutexes to be used by one thread at a time.
unsafe impl Send for Connection {}

impl Connection {
    /// Opens a connection without mutexes, with our own busy handler. Nothing is read from the file yet.
    pub(crate) fn open(location: &Location<'_>, access: Access) -> Result<Self> {
        let mode = match access {
            Access::ReadOnly => OpenFlags::SQLITE_OPEN_READ_ONLY,
            Access::ReadWrite => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        };
        let flags = mode | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_EXRESCODE;
        let opened = match location {
            Location::File(path) => rusqlite::Connection::open_with_flags(path, flags),
            Location::PrivateMemory => rusqlite::Connection::open_in_memory_with_flags(flags),
            Location::SharedMemory(name) => rusqlite::Connection::open_with_flags(
                format!("file:/{name}?vfs=memdb"),
                flags | OpenFlags::SQLITE_OPEN_URI,
            ),
        };
        let rusqlite = opened.map_err(|error| failure::of_rusqlite(&error))?;
        // SAFETY: the handle is used only while `rusqlite` lives, which this struct owns beside it.
        let db = unsafe { rusqlite.handle() };
        // SAFETY: `statements` stands before `rusqlite` in the struct, so it is dropped first.
        let statements = unsafe { Statements::new(db) };
        let connection = Self {
            statements,
            rusqlite,
            busy: BusyHandler::new(),
            db,
            tainted: Cell::new(false),
            epoch: Cell::new(0),
            cursors: Cell::new(0),
            loans: Cell::new(0),
        };
        connection.install_busy_handler();
        Ok(connection)
    }

    /// Makes SQLite wait by our deadline, also where an application's callback set a busy timeout of its own.
    pub(crate) fn install_busy_handler(&self) {
        let handler = Rc::as_ptr(&self.busy).cast_mut().cast();
        // SAFETY: the handler has a place of its own on the heap, is dropped after the connection, and is only ever read
        // through shared references. The call fails only for an invalid connection.
        unsafe { ffi::sqlite3_busy_handler(self.db, Some(BusyHandler::wait), handler) };
    }

    /// How many statements are kept that have no number.
    pub(crate) fn keep_statements(&self, statements: usize) {
        self.statements.set_capacity(statements);
    }

    /// How long SQLite's lock is waited for, counted from the first wait.
    pub(crate) fn busy_timeout(&self, timeout: Duration) {
        self.busy.set_timeout(timeout);
    }

    /// Until when SQLite's lock is waited for, in place of the timeout; `None` ends that.
    #[inline]
    pub(crate) fn busy_until(&self, deadline: Option<Instant>) {
        self.busy.set_deadline(deadline);
    }

    /// The statement kept under that number, prepared at its first use.
    #[inline]
    pub(crate) fn kept(
        &self,
        slot: usize,
        kind: Kind,
        sql: impl FnOnce() -> Result<String>,
    ) -> Result<Statement<'_>> {
        self.statements.kept(slot, kind, sql).map(|prepared| Statement::new(prepared, self))
    }

    /// The statement of that text, kept in a bounded cache.
    pub(crate) fn statement(&self, sql: &str) -> Result<Statement<'_>> {
        self.statements.by_text(sql).map(|prepared| Statement::new(prepared, self))
    }

    /// The statement of that structure, where it is known, and which values its parameters take.
    #[inline]
    pub(crate) fn structured(&self, structure: &[u64]) -> Option<(Statement<'_>, Arrangement)> {
        let (prepared, arrangement) = self.statements.by_structure(structure)?;
        Some((Statement::new(prepared, self), arrangement))
    }

    /// Keeps a statement by its structure too.
    pub(crate) fn remember(&self, structure: &[u64], statement: &Statement<'_>, arrangement: Arrangement) {
        self.statements.remember(structure, statement.prepared(), arrangement);
    }

    /// A statement that is not kept: definitions, PRAGMAs.
    pub(crate) fn statement_once(&self, sql: &str) -> Result<Statement<'_>> {
        self.statements.once(sql).map(|prepared| Statement::new(prepared, self))
    }

    /// The next statement of a batch, not kept.
    pub(crate) fn next_statement(&self, batch: &mut Batch) -> Result<Statement<'_>> {
        self.statements.next_of(batch).map(|prepared| Statement::new(prepared, self))
    }

    /// Runs statements one after the other; nothing is kept.
    pub(crate) fn execute_batch(&self, sql: &str) -> Result<()> {
        if skip_blank(sql).is_empty() {
            return Ok(());
        }
        self.rusqlite.execute_batch(sql).map_err(|error| failure::of_rusqlite(&error).with_sql(sql))
    }

    /// Runs one statement that is not kept.
    pub(crate) fn execute(&self, sql: &str, params: &[Value]) -> Result<u64> {
        self.statement_once(sql)?.execute(params)
    }

    /// All rows of a statement that is not kept, untyped.
    pub(crate) fn query(&self, sql: &str, params: &[Value]) -> Result<Vec<Vec<Value>>> {
        let mut rows = Vec::new();
        self.statement_once(sql)?.for_each(params, |row| {
            let values: Result<Vec<Value>, _> =
                (0..row.column_count()).map(|column| row.value(column).map(ValueRef::to_owned)).collect();
            rows.push(values?);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(rows)
    }

    /// The first column of the first row as text, such as a PRAGMA's answer.
    pub(crate) fn query_text(&self, sql: &str) -> Result<Option<String>> {
        let first = self.query(sql, &[])?.into_iter().next().and_then(|row| row.into_iter().next());
        Ok(match first {
            Some(Value::Text(text)) => Some(text),
            Some(Value::Integer(integer)) => Some(integer.to_string()),
            Some(Value::Real(real)) => Some(real.to_string()),
            Some(Value::Null | Value::Blob(_)) | None => None,
        })
    }

    /// Sets a switch.
    pub(crate) fn set_config(&self, option: Config, on: bool) -> Result<()> {
        let set = self.rusqlite.set_db_config(option.of_rusqlite(), on);
        set.map(|_| ()).map_err(|error| failure::of_rusqlite(&error))
    }

    /// Whether a switch is on.
    pub(crate) fn config(&self, option: Config) -> Result<bool> {
        self.rusqlite.db_config(option.of_rusqlite()).map_err(|error| failure::of_rusqlite(&error))
    }

    /// Whether no transaction is open.
    #[inline]
    pub(crate) fn is_autocommit(&self) -> bool {
        // SAFETY: the connection is live.
        unsafe { ffi::sqlite3_get_autocommit(self.db) != 0 }
    }

    /// How many rows the last completed write changed.
    #[inline]
    pub(crate) fn changes(&self) -> u64 {
        // SAFETY: the connection is live.
        unsafe { ffi::sqlite3_changes64(self.db) }.unsigned_abs()
    }

    /// The key of the last inserted row.
    #[inline]
    pub(crate) fn last_insert_rowid(&self) -> i64 {
        // SAFETY: the connection is live.
        unsafe { ffi::sqlite3_last_insert_rowid(self.db) }
    }

    /// Sets what [`last_insert_rowid`](Self::last_insert_rowid) gives until a row is inserted.
    #[inline]
    pub(crate) fn set_last_insert_rowid(&self, key: i64) {
        // SAFETY: the connection is live.
        unsafe { ffi::sqlite3_set_last_insert_rowid(self.db, key) }
    }

    /// Takes every statement back to its start, so that none holds a read transaction, and ends all cursors. It is the
    /// last thing that is done with a connection before somebody else gets it.
    pub(crate) fn reset_statements(&mut self) {
        self.end_epoch();
        // whoever borrows a statement resets it before it gives it back
        if self.loans.replace(0) > 0 {
            // SAFETY: whoever runs a statement or looks at its row borrows the connection, and `&mut` says that nobody
            // does.
            unsafe { self.statements.reset(Which::All) };
        }
    }

    /// Ends all cursors where a transaction ends, and takes their statements back to their start.
    pub(crate) fn end_cursors(&self) {
        self.end_epoch();
        // SAFETY: what runs is passed over.
        unsafe { self.statements.reset(Which::NotRunning) };
    }

    fn end_epoch(&self) {
        self.epoch.set(self.epoch.get() + 1);
        self.cursors.set(0);
    }

    /// Rolls back where a transaction is open.
    pub(crate) fn rollback_if_open(&self) -> Result<()> {
        if self.is_autocommit() { Ok(()) } else { self.execute("ROLLBACK", &[]).map(|_| ()) }
    }

    /// How many cursors stand on a row.
    #[inline]
    pub(crate) fn open_cursors(&self) -> u32 {
        self.cursors.get()
    }

    pub(super) fn statement_lent(&self) {
        self.loans.set(self.loans.get() + 1);
    }

    pub(super) fn statement_returned(&self) {
        self.loans.set(self.loans.get().saturating_sub(1));
    }

    pub(super) fn epoch(&self) -> u64 {
        self.epoch.get()
    }

    pub(super) fn cursor_opened(&self) {
        self.cursors.set(self.cursors.get() + 1);
    }

    /// A cursor of an earlier epoch was counted off when that ended.
    pub(super) fn cursor_closed(&self, epoch: u64) {
        if epoch == self.epoch.get() {
            self.cursors.set(self.cursors.get().saturating_sub(1));
        }
    }

    /// Remembers that raw SQL changed the connection's settings, so that nobody else gets it.
    pub(crate) fn taint(&self) {
        self.tainted.set(true);
    }

    /// Whether raw SQL changed the connection's settings.
    pub(crate) fn is_tainted(&self) -> bool {
        self.tainted.get()
    }

    pub(super) fn handle(&self) -> *mut ffi::sqlite3 {
        self.db
    }

    /// The driver's connection, for callbacks and backup.
    pub(crate) fn rusqlite(&self) -> &rusqlite::Connection {
        &self.rusqlite
    }

    /// Finalises all statements and closes, saying what failed.
    pub(crate) fn close(self) -> Result<()> {
        let Self { statements, rusqlite, busy, db, .. } = self;
        drop(statements);
        let closed = rusqlite.close().map_err(|(still_open, error)| {
            // SAFETY: SQLite refused to close it, so it is live.
            let left = unsafe { ffi::sqlite3_next_stmt(db, ptr::null_mut()) };
            debug_assert!(left.is_null(), "a statement that is left keeps the connection open for ever");
            drop(still_open);
            failure::of_rusqlite(&error)
        });
        drop(busy);
        closed
    }
}

/// An error of rusqlite, where the layers above call it for callbacks or backup.
impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        failure::of_rusqlite(&error).with_source(error)
    }
}
