use std::any::Any;
use std::cell::{Cell, RefCell};
use std::ops::ControlFlow;
use std::os::raw::{c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::ptr::{self, NonNull};
use std::rc::Rc;

use rusqlite::ffi;

use super::connection::Connection;
use crate::error::Result;

/// After how many of SQLite's instructions somebody is asked whether to go on: a millisecond or two.
const INSTRUCTIONS: c_int = 20_000;

/// Asks, again and again while statements of the connection run, whether to go on. A statement that is told to stop fails
/// with `SQLITE_INTERRUPT`, and so does every longer one after it. Dropped, nobody asks any more.
///
/// A connection has one such handler (<https://sqlite.org/c3ref/progress_handler.html>): an application's own is lost, so
/// that a connection that was watched is not given to anybody else.
pub(crate) struct Watch<'c> {
    connection: &'c Connection,
    asked: Rc<Asked>,
}

/// What SQLite's callback works with.
struct Asked {
    /// Gets how many rows the counted statement has read.
    ask: Box<dyn Fn(u64) -> ControlFlow<()>>,
    stopped: Cell<bool>,
    panic: RefCell<Option<Box<dyn Any + Send>>>,
    counted: Cell<Option<NonNull<ffi::sqlite3_stmt>>>,
}

impl<'c> Watch<'c> {
    /// `ask` gets how many rows the statement of [`counting`](Watch::counting) has read; 0 where none runs.
    pub(crate) fn start(connection: &'c Connection, ask: Box<dyn Fn(u64) -> ControlFlow<()>>) -> Self {
        let asked = Rc::new(Asked {
            ask,
            stopped: Cell::new(false),
            panic: RefCell::default(),
            counted: Cell::default(),
        });
        connection.taint();
        let argument = Rc::as_ptr(&asked).cast_mut().cast();
        // SAFETY: the connection is live. The argument has a place of its own on the heap that lives until the handler is
        // removed in `drop`, or for ever where this is leaked, and it borrows nothing; it is only read through shared
        // references, on the thread that uses the connection.
        unsafe { ffi::sqlite3_progress_handler(connection.handle(), INSTRUCTIONS, Some(due), argument) };
        Self { connection, asked }
    }

    /// Asks now.
    pub(crate) fn ask(&self) -> ControlFlow<()> {
        self.asked.ask()
    }

    /// Runs a statement and counts the rows that it reads from the table that it goes through from end to end.
    pub(crate) fn counting(&self, sql: &str) -> Result<()> {
        let mut statement = self.connection.statement_once(sql)?;
        let _counted = Counted::begin(&self.asked, statement.handle());
        statement.execute(&[][..]).map(|_| ())
    }

    /// Whether somebody said stop, or panicked.
    pub(crate) fn is_stopped(&self) -> bool {
        self.asked.stopped.get()
    }

    /// Ends it. A panic of whoever was asked goes on here: it could not pass through SQLite.
    pub(crate) fn end(self) {
        let asked = Rc::clone(&self.asked);
        drop(self);
        if let Some(panic) = asked.panic.take() {
            resume_unwind(panic);
        }
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        // SAFETY: the connection is live, being borrowed.
        unsafe { ffi::sqlite3_progress_handler(self.connection.handle(), 0, None, ptr::null_mut()) };
    }
}

impl Asked {
    fn ask(&self) -> ControlFlow<()> {
        if self.stopped.get() {
            return ControlFlow::Break(());
        }
        let rows = self.rows();
        let answer = catch_unwind(AssertUnwindSafe(|| (self.ask)(rows))).unwrap_or_else(|panic| {
            self.panic.replace(Some(panic));
            ControlFlow::Break(())
        });
        self.stopped.set(answer.is_break());
        answer
    }

    fn rows(&self) -> u64 {
        let Some(stmt) = self.counted.get() else { return 0 };
        // SAFETY: the statement is live: `Counted` ends before it does. The counter is read and not reset.
        let rows =
            unsafe { ffi::sqlite3_stmt_status(stmt.as_ptr(), ffi::SQLITE_STMTSTATUS_FULLSCAN_STEP, 0) };
        u64::try_from(rows).unwrap_or(0)
    }
}

/// While a statement is counted.
struct Counted<'a>(&'a Asked);

impl<'a> Counted<'a> {
    fn begin(asked: &'a Asked, stmt: NonNull<ffi::sqlite3_stmt>) -> Self {
        asked.counted.set(Some(stmt));
        Self(asked)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.counted.set(None);
    }
}

/// For `sqlite3_progress_handler`, with `Asked` as its argument: anything but 0 stops the statement.
///
/// # Safety
///
/// `asked` points to a live `Asked` that no other thread uses.
unsafe extern "C" fn due(asked: *mut c_void) -> c_int {
    // SAFETY: by the caller's word; see `Watch::start`.
    let asked = unsafe { &*asked.cast::<Asked>() };
    c_int::from(asked.ask().is_break())
}
