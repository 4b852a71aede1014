use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::os::raw::c_int;
use std::ptr::{self, NonNull};
use std::rc::Rc;
use std::sync::Arc;

use rusqlite::ffi;

use super::bind::{Bind, Binder};
use super::connection::Connection;
use super::cursor::Cursor;
use super::failure;
use super::keyword::{Leading, leading, pragma_only_asks};
use super::names::ColumnNames;
use super::row::SqliteRow;
use crate::error::{Error, ErrorKind, Result};
use crate::value::Value;

/// All statements of a connection that are not finalised, so that those whose guard was leaked can be found at the end,
/// each with whether it runs: see [`Prepared::running`].
pub(super) type Live = RefCell<BTreeMap<NonNull<ffi::sqlite3_stmt>, Rc<Cell<bool>>>>;

/// What a statement does to the database.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// It only reads.
    None,
    /// It inserts, updates or deletes rows, and SQLite counts them.
    Rows,
    /// It defines, sets or controls something; SQLite's count is that of an earlier statement.
    Other,
}

/// Whether a statement stays with its connection.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// For many executions: worth SQLite's longer-lived memory.
    Persistent,
    /// For this one.
    Once,
    /// For this one, out of a text that [`Batch`](super::batch::Batch) has checked and ended with NUL, so that SQLite need
    /// not copy all of the rest for each statement.
    FromBatch,
}

/// A prepared statement, finalised when the last reference goes.
pub(super) struct Prepared {
    stmt: NonNull<ffi::sqlite3_stmt>,
    db: *mut ffi::sqlite3,
    sql: Arc<str>,
    parameters: c_int,
    effect: Effect,
    in_use: Cell<bool>,
    /// Set while SQLite runs it, or somebody looks at the row it stands on: code of the application may be on the stack
    /// then (a function in the SQL, a field that is read), and whatever that does, nobody may reset the statement.
    running: Rc<Cell<bool>>,
    /// See [`Statement::fact`]; with the number of times that the statement had been prepared anew.
    fact: Cell<Option<(c_int, bool)>>,
    /// Likewise, the columns' names.
    names: RefCell<Option<(c_int, Rc<ColumnNames>)>>,
    live: Rc<Live>,
}

impl Prepared {
    /// Prepares the first statement of `sql`; gives what stands behind it too.
    ///
    /// # Safety
    ///
    /// `db` is a live connection that this thread uses alone, and it closes after all statements in `live` are finalised.
    pub(super) unsafe fn new<'q>(
        db: *mut ffi::sqlite3,
        sql: &'q str,
        keep: Keep,
        live: &Rc<Live>,
    ) -> Result<(Self, &'q str)> {
        if keep != Keep::FromBatch {
            refuse_nul(sql)?;
        }
        let length = c_int::try_from(sql.len())
            .map_err(|_| Error::new(ErrorKind::Limit, "the SQL is longer than SQLite's limit"))?;
        let flags = if keep == Keep::Persistent { ffi::SQLITE_PREPARE_PERSISTENT } else { 0 };
        let mut stmt = ptr::null_mut();
        let mut tail = ptr::null();
        // SAFETY: the connection is live; text and length belong together; both results are written before use.
        let code =
            unsafe { ffi::sqlite3_prepare_v3(db, sql.as_ptr().cast(), length, flags, &mut stmt, &mut tail) };
        if code != ffi::SQLITE_OK {
            // SAFETY: as above; this is the connection's last call.
            return Err(unsafe { failure::of_connection(db, code, Some(sql.trim_end_matches('\0'))) });
        }
        let Some(stmt) = NonNull::new(stmt) else { return Err(no_statement(sql)) };
        let running = Rc::default();
        live.borrow_mut().insert(stmt, Rc::clone(&running));
        let consumed = (tail as usize).saturating_sub(sql.as_ptr() as usize);
        let (text, rest) = sql.split_at_checked(consumed).unwrap_or((sql, ""));
        let text = if keep == Keep::FromBatch { text.trim() } else { text };
        // SAFETY: the statement was just prepared; this only reads it.
        let parameters = unsafe { ffi::sqlite3_bind_parameter_count(stmt.as_ptr()) };
        // SAFETY: as above.
        let effect = unsafe { effect(stmt, text) };
        let (sql, live) = (text.into(), Rc::clone(live));
        let (in_use, fact, names) = (Cell::new(false), Cell::new(None), RefCell::new(None));
        Ok((Self { stmt, db, sql, parameters, effect, in_use, running, fact, names, live }, rest))
    }

    pub(super) fn stmt(&self) -> NonNull<ffi::sqlite3_stmt> {
        self.stmt
    }

    pub(super) fn is_in_use(&self) -> bool {
        self.in_use.get()
    }

    /// The columns' names, read once for each time that SQLite prepares the statement.
    pub(super) fn column_names(&self) -> Result<Rc<ColumnNames>> {
        let reprepared = self.reprepared();
        if let Some((prepared, names)) = &*self.names.borrow()
            && *prepared == reprepared
        {
            return Ok(Rc::clone(names));
        }
        // SAFETY: the statement is live.
        let names = Rc::new(unsafe { ColumnNames::read(self.stmt)? });
        self.names.replace(Some((reprepared, Rc::clone(&names))));
        Ok(names)
    }

    /// How often SQLite has prepared it anew, because the schema had changed.
    fn reprepared(&self) -> c_int {
        // SAFETY: the statement is live; the counter is read and not reset.
        unsafe { ffi::sqlite3_stmt_status(self.stmt.as_ptr(), ffi::SQLITE_STMTSTATUS_REPREPARE, 0) }
    }

    fn reset(&self) {
        // SAFETY: the statement is live. The code repeats the error of the last step, which was reported.
        unsafe { ffi::sqlite3_reset(self.stmt.as_ptr()) };
        self.running.set(false);
    }

    #[cold]
    fn failure(&self, code: c_int) -> Error {
        // SAFETY: the connection outlives its statements, and the failed call was its last.
        unsafe { failure::of_connection(self.db, code, Some(&self.sql)) }
    }
}

impl Drop for Prepared {
    fn drop(&mut self) {
        self.live.borrow_mut().remove(&self.stmt);
        // SAFETY: live until here, and no reference is left.
        unsafe { ffi::sqlite3_finalize(self.stmt.as_ptr()) };
    }
}

/// SQLite would take a NUL for the end, and leave out a condition that stands behind it.
pub(super) fn refuse_nul(sql: &str) -> Result<()> {
    if sql.contains('\0') {
        return Err(Error::new(ErrorKind::Sql, "SQL cannot contain NUL: SQLite would ignore what follows"));
    }
    Ok(())
}

#[cold]
fn no_statement(sql: &str) -> Error {
    Error::new(ErrorKind::MultipleStatements, "there is no statement in the SQL")
        .with_sql(sql.trim_end_matches('\0'))
}

/// What a statement does, by SQLite's word and by its own: SQLite calls `PRAGMA optimize`, `ATTACH`, `BEGIN` and an empty
/// `REINDEX` read-only.
///
/// # Safety
///
/// `stmt` is live.
unsafe fn effect(stmt: NonNull<ffi::sqlite3_stmt>, sql: &str) -> Effect {
    // SAFETY: live, by the caller's word.
    let (explains, reads) = unsafe {
        (ffi::sqlite3_stmt_isexplain(stmt.as_ptr()) != 0, ffi::sqlite3_stmt_readonly(stmt.as_ptr()) != 0)
    };
    if explains {
        return Effect::None;
    }
    match leading(sql) {
        Leading::Other if reads => Effect::None,
        Leading::Other => Effect::Rows,
        Leading::Pragma if reads && pragma_only_asks(sql) => Effect::None,
        Leading::Pragma
        | Leading::Transaction(_)
        | Leading::Attach
        | Leading::CreateTemporary
        | Leading::Vacuum
        | Leading::Definition => Effect::Other,
    }
}

/// A statement on loan. Whoever binds it resets it at the end.
pub(crate) struct Statement<'c> {
    prepared: Rc<Prepared>,
    connection: &'c Connection,
}

impl<'c> Statement<'c> {
    /// Takes a statement that nobody uses.
    pub(super) fn new(prepared: Rc<Prepared>, connection: &'c Connection) -> Self {
        debug_assert!(!prepared.in_use.get(), "a statement in use is never handed out");
        prepared.in_use.set(true);
        connection.statement_lent();
        Self { prepared, connection }
    }

    /// Whether it cannot change the database.
    pub(crate) fn is_read_only(&self) -> bool {
        self.prepared.effect == Effect::None
    }

    /// Whether it inserts, updates or deletes rows.
    pub(crate) fn writes_rows(&self) -> bool {
        self.prepared.effect == Effect::Rows
    }

    /// The SQL it was prepared from.
    pub(crate) fn sql(&self) -> &Arc<str> {
        &self.prepared.sql
    }

    /// What the caller found out about the schema and gave to [`keep_fact`](Self::keep_fact). Forgotten when SQLite
    /// prepares the statement anew, which it does where the schema has changed when the statement runs. So it holds of
    /// the schema that the statement last ran in, and for as long as a transaction keeps that from changing.
    pub(crate) fn fact(&self) -> Option<bool> {
        self.prepared
            .fact
            .get()
            .and_then(|(prepared, fact)| (prepared == self.prepared.reprepared()).then_some(fact))
    }

    /// Keeps a fact about the schema that the statement last ran in.
    pub(crate) fn keep_fact(&self, fact: bool) {
        self.prepared.fact.set(Some((self.prepared.reprepared(), fact)));
    }

    /// What is kept of it.
    pub(super) fn prepared(&self) -> Rc<Prepared> {
        Rc::clone(&self.prepared)
    }

    pub(super) fn handle(&self) -> NonNull<ffi::sqlite3_stmt> {
        self.prepared.stmt
    }

    /// The connection it belongs to.
    pub(super) fn connection(&self) -> &'c Connection {
        self.connection
    }

    /// The columns' names. Right only after the first step: before it they may be those of an older schema.
    pub(crate) fn column_names(&self) -> Result<Rc<ColumnNames>> {
        self.prepared.column_names()
    }

    /// Binds, runs to the end, resets. Rows are passed over. Gives how many rows changed.
    #[inline]
    pub(crate) fn execute<P: Bind + ?Sized>(&mut self, params: &P) -> Result<u64> {
        self.for_each(params, |_| Ok(ControlFlow::Continue(())))?;
        Ok(self.changes())
    }

    /// How many rows it inserted, updated or deleted, right after it ran.
    #[inline]
    pub(crate) fn changes(&self) -> u64 {
        match self.prepared.effect {
            Effect::Rows => self.connection.changes(),
            Effect::None | Effect::Other => 0,
        }
    }

    /// Binds, gives each row to `each` until it breaks, resets. A statement that writes runs to its end even then: SQLite
    /// gives the rows of RETURNING before it has looked at the foreign keys.
    #[inline]
    pub(crate) fn for_each<P, F>(&mut self, params: &P, mut each: F) -> Result<()>
    where
        P: Bind + ?Sized,
        F: FnMut(&SqliteRow<'_>) -> Result<ControlFlow<()>>,
    {
        let _reset = ResetAtEnd(&self.prepared);
        self.bind(params)?;
        self.prepared.running.set(true);
        while self.step()? {
            // SAFETY: the statement stands on a row. `each` can neither step nor reset it: it is in use, so that nobody
            // else gets it, this function has `&mut self`, and the end of a transaction passes over what is running. The
            // row goes before the next step.
            let row = unsafe { SqliteRow::new(&self.prepared, None) };
            if each(&row)?.is_break() {
                return if self.is_read_only() { Ok(()) } else { self.finish() };
            }
        }
        Ok(())
    }

    fn finish(&self) -> Result<()> {
        while self.step()? {}
        Ok(())
    }

    /// Turns it into an iterator that owns its parameters.
    pub(crate) fn into_cursor(self, params: Vec<Value>) -> Result<Cursor<'c>> {
        Cursor::new(self, params)
    }

    /// The parameters as owned values, in the order of their numbers.
    pub(crate) fn collect<P: Bind + ?Sized>(&self, params: &P) -> Result<Vec<Value>> {
        let mut binder = Binder::collecting(self.prepared.stmt, self.prepared.parameters);
        let bound = params.bind(&mut binder);
        match bound.and_then(|()| binder.finish()) {
            Ok(()) => Ok(binder.into_collected()),
            Err(error) => Err(error.with_sql(&self.prepared.sql)),
        }
    }

    #[inline]
    fn bind<P: Bind + ?Sized>(&self, params: &P) -> Result<()> {
        // SAFETY: nobody else uses the statement, and it is reset: it was when it was taken, and whoever binds resets it
        // at the end. `for_each` does so before the borrow of `params` ends, also when a step fails or a closure panics;
        // a cursor owns the values. A reset statement keeps the pointers, but is stepped again only after this function
        // has bound every parameter anew, which `finish` makes sure of.
        let mut binder = unsafe { Binder::new(self.prepared.stmt, self.prepared.parameters) };
        let bound = params.bind(&mut binder);
        bound.and_then(|()| binder.finish()).map_err(|error| error.with_sql(&self.prepared.sql))
    }

    /// Binds values that the caller keeps alive until the statement is reset.
    ///
    /// # Safety
    ///
    /// The values' heap memory outlives this guard, even when the guard is leaked.
    pub(super) unsafe fn bind_owned(&self, params: &[Value]) -> Result<()> {
        self.bind(params)
    }

    /// Takes the statement back to its start; it may be bound and stepped again.
    pub(super) fn reset(&self) {
        self.prepared.reset();
    }

    /// One step: whether it stands on a row now.
    #[inline]
    fn step(&self) -> Result<bool> {
        // SAFETY: the statement is live and bound.
        match unsafe { ffi::sqlite3_step(self.prepared.stmt.as_ptr()) } {
            ffi::SQLITE_ROW => Ok(true),
            ffi::SQLITE_DONE => Ok(false),
            code => Err(self.prepared.failure(code)),
        }
    }

    /// One step of a cursor: the row it stands on now, which nobody resets while it is looked at.
    ///
    /// # Safety
    ///
    /// The statement is not stepped during `'s`.
    #[inline]
    pub(super) unsafe fn next_row<'s>(&'s self) -> Result<Option<SqliteRow<'s>>> {
        let running = &*self.prepared.running;
        running.set(true);
        match self.step() {
            Ok(true) => {
                // SAFETY: the step gave a row. The caller does not step it; it is reset by its own guard, which `'s`
                // borrows, or at the end of a transaction, which passes over what is running, and that ends with the row.
                let row = unsafe { SqliteRow::new(&self.prepared, Some(running)) };
                Ok(Some(row))
            }
            outcome => {
                running.set(false);
                outcome.map(|_| None)
            }
        }
    }
}

impl Drop for Statement<'_> {
    fn drop(&mut self) {
        self.prepared.in_use.set(false);
        self.connection.statement_returned();
    }
}

/// Resets a statement when the borrow of its parameters ends.
struct ResetAtEnd<'a>(&'a Prepared);

impl Drop for ResetAtEnd<'_> {
    fn drop(&mut self) {
        self.0.reset();
    }
}
