use std::cell::RefCell;
use std::rc::Rc;

use rusqlite::ffi;

use super::batch::Batch;
use super::keyword::skip_blank;
use super::recent::Recent;
use super::statement::{Keep, Live, Prepared};
use crate::error::{Error, ErrorKind, Result};
use crate::sql::Arrangement;

/// Which of a slot's statements. The layers above give the numbers a meaning.
pub(crate) type Kind = usize;

/// How many kinds of statements a slot has.
pub(crate) const KINDS: usize = 16;

/// The slot of the session's own statements (BEGIN, COMMIT …); models have the others.
pub(crate) const OWN_STATEMENTS: usize = 0;

/// Longer SQL is not kept: it is built for one occasion, such as a list of thousands of keys.
const TEXT_MAX_BYTES: usize = 16 * 1024;

/// The prepared statements of one connection.
///
/// Dropped before the connection closes. It finalises every statement of the library, also those that a leaked guard
/// still counts.
pub(super) struct Statements {
    db: *mut ffi::sqlite3,
    kept: RefCell<Vec<[Option<Rc<Prepared>>; KINDS]>>,
    by_text: RefCell<Recent<Rc<str>, Rc<Prepared>>>,
    by_structure: RefCell<Recent<Rc<[u64]>, Structured>>,
    live: Rc<Live>,
}

/// A statement that is found by its structure.
struct Structured {
    prepared: Rc<Prepared>,
    arrangement: Arrangement,
}

impl Statements {
    /// # Safety
    ///
    /// `db` is live, used by one thread at a time, and closes after this is dropped.
    pub(super) unsafe fn new(db: *mut ffi::sqlite3) -> Self {
        Self {
            db,
            kept: RefCell::default(),
            by_text: RefCell::default(),
            by_structure: RefCell::default(),
            live: Rc::default(),
        }
    }

    /// Keeps so many statements by their text, and by their structure.
    pub(super) fn set_capacity(&self, statements: usize) {
        self.by_text.borrow_mut().set_capacity(statements);
        self.by_structure.borrow_mut().set_capacity(statements);
    }

    /// The statement of that number, prepared at its first use; a second instance where the first is in use.
    #[inline]
    pub(super) fn kept(
        &self,
        slot: usize,
        kind: Kind,
        sql: impl FnOnce() -> Result<String>,
    ) -> Result<Rc<Prepared>> {
        if let Some(Some(prepared)) = self.kept.borrow().get(slot).map(|kinds| &kinds[kind])
            && !prepared.is_in_use()
        {
            return Ok(Rc::clone(prepared));
        }
        self.prepare_kept(slot, kind, &sql()?)
    }

    #[cold]
    fn prepare_kept(&self, slot: usize, kind: Kind, sql: &str) -> Result<Rc<Prepared>> {
        let prepared = self.prepare(sql, Keep::Persistent)?;
        let mut kept = self.kept.borrow_mut();
        if kept.len() <= slot {
            kept.resize_with(slot + 1, Default::default);
        }
        kept[slot][kind].get_or_insert_with(|| Rc::clone(&prepared));
        Ok(prepared)
    }

    /// The statement of that text, from the cache where it is there and nobody uses it.
    pub(super) fn by_text(&self, sql: &str) -> Result<Rc<Prepared>> {
        if let Some(prepared) = self.by_text.borrow_mut().get(sql)
            && !prepared.is_in_use()
        {
            return Ok(Rc::clone(prepared));
        }
        if sql.len() > TEXT_MAX_BYTES {
            return self.prepare(sql, Keep::Once);
        }
        let prepared = self.prepare(sql, Keep::Persistent)?;
        let forgotten = self.by_text.borrow_mut().add(sql.into(), Rc::clone(&prepared));
        // last, because SQLite may call the application while it finalises
        drop(forgotten);
        Ok(prepared)
    }

    /// The statement of that structure, where it is known and nobody uses it, and which values its parameters take.
    #[inline]
    pub(super) fn by_structure(&self, structure: &[u64]) -> Option<(Rc<Prepared>, Arrangement)> {
        let mut by_structure = self.by_structure.borrow_mut();
        let Structured { prepared, arrangement } = by_structure.get(structure)?;
        (!prepared.is_in_use()).then(|| (Rc::clone(prepared), arrangement.clone()))
    }

    /// Keeps a statement by its structure too.
    pub(super) fn remember(&self, structure: &[u64], prepared: Rc<Prepared>, arrangement: Arrangement) {
        let structured = Structured { prepared, arrangement };
        let forgotten = self.by_structure.borrow_mut().add(structure.into(), structured);
        drop(forgotten);
    }

    /// A statement for one execution.
    pub(super) fn once(&self, sql: &str) -> Result<Rc<Prepared>> {
        self.prepare(sql, Keep::Once)
    }

    /// The next statement of a batch, for one execution.
    pub(super) fn next_of(&self, batch: &mut Batch) -> Result<Rc<Prepared>> {
        // SAFETY: by the contract of `new`, and `drop` below finalises all of `live` before the connection closes.
        let (prepared, rest) =
            unsafe { Prepared::new(self.db, batch.with_nul(), Keep::FromBatch, &self.live) }?;
        let left = rest.len();
        batch.leave(left);
        Ok(Rc::new(prepared))
    }

    fn prepare(&self, sql: &str, keep: Keep) -> Result<Rc<Prepared>> {
        // SAFETY: as above.
        let (prepared, rest) = unsafe { Prepared::new(self.db, sql, keep, &self.live) }?;
        if skip_blank(rest).is_empty() { Ok(Rc::new(prepared)) } else { Err(several_statements(sql)) }
    }

    /// Resets statements, also those of leaked guards, and forgets the kept ones that are in use: a leaked guard never
    /// gives its statement back.
    ///
    /// # Safety
    ///
    /// `Which::All` only where no statement runs and nobody looks at a row.
    pub(super) unsafe fn reset(&self, which: Which) {
        let mut forgotten = Vec::new();
        for kept in self.kept.borrow_mut().iter_mut().flatten() {
            forgotten.extend(kept.take_if(|prepared| prepared.is_in_use()));
        }
        forgotten.extend(self.by_text.borrow_mut().take_if(|prepared| prepared.is_in_use()));
        let structured = self.by_structure.borrow_mut().take_if(|it| it.prepared.is_in_use());
        forgotten.extend(structured.into_iter().map(|it| it.prepared));
        drop(forgotten);
        for (stmt, running) in self.live.borrow().iter() {
            if which == Which::All || !running.get() {
                // SAFETY: what is in `live` is not finalised, and nobody looks at its row.
                unsafe { ffi::sqlite3_reset(stmt.as_ptr()) };
                running.set(false);
            }
        }
    }
}

/// Which statements to reset.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// All there are.
    All,
    /// All but those that run: theirs is the stack on which this is called.
    NotRunning,
}

#[cold]
fn several_statements(sql: &str) -> Error {
    Error::new(ErrorKind::MultipleStatements, "several statements in one string: `execute_batch` runs them")
        .with_sql(sql)
}

impl Drop for Statements {
    fn drop(&mut self) {
        self.kept.borrow_mut().clear();
        drop(self.by_text.take());
        drop(self.by_structure.take());
        let left = std::mem::take(&mut *self.live.borrow_mut());
        for stmt in left.into_keys() {
            // SAFETY: guards borrow the connection, so what is left belongs to leaked ones, which nobody will drop.
            unsafe { ffi::sqlite3_finalize(stmt.as_ptr()) };
        }
    }
}
