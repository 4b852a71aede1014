//! How far a migration is, for whoever watches it, and the way to stop it.

use std::cell::RefCell;
use std::fmt;
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::Arc;

use super::migration::Migration;
use super::plan::is_copy;
use crate::driver::{Connection, Watch};
use crate::error::{Error, ErrorKind, Result};

/// How far a migration is. Its [`Display`](fmt::Display) is a line for a person.
///
/// ```
/// use orm_core::migrate::Progress;
///
/// let progress = Progress::Step { table: "users".into(), step: 2, steps: 3, rows: 1000, total_rows: 4000 };
/// assert_eq!(progress.to_string(), "step 2 of 3: `users`, 1000 of 4000 rows");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Progress {
    /// The rows that are there are asked whether anything stands in the way. Nothing is changed yet.
    Planning,
    /// A [versioned step](Migration::sql_step) runs.
    Versioned {
        /// Its version.
        version: i64,
        /// Its name.
        name: String,
    },
    /// A step of the plan runs.
    Step {
        /// The table that it is about.
        table: String,
        /// Which step it is: 1 for the first.
        step: usize,
        /// How many steps the plan has.
        steps: usize,
        /// How many rows have been copied; all of them while indexes are made anew.
        rows: u64,
        /// How many rows are to be copied; 0 where none are.
        total_rows: u64,
    },
    /// What has to be as before is compared: rows are counted, foreign keys checked. COMMIT follows.
    Comparing,
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Planning => f.write_str("planning"),
            Self::Versioned { version, name } => write!(f, "versioned step {version} `{name}`"),
            Self::Step { table, step, steps, total_rows: 0, .. } => {
                write!(f, "step {step} of {steps}: `{table}`")
            }
            Self::Step { table, step, steps, rows, total_rows } => {
                write!(f, "step {step} of {steps}: `{table}`, {rows} of {total_rows} rows")
            }
            Self::Comparing => f.write_str("comparing"),
        }
    }
}

type Observe = dyn Fn(&Progress) -> ControlFlow<()> + Send + Sync;

/// Whom a migration tells how far it is.
#[derive(Clone)]
pub(super) struct Observer(Arc<Observe>);

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observer")
    }
}

impl Migration {
    /// Tells the closure how far the migration is, and stops it where that answers `Break`: whatever the migration did is
    /// rolled back then, and the error is [`ErrorKind::Cancelled`]. A panic in it rolls back too, and goes on.
    ///
    /// It is asked before each step and, within one, after every 20,000 of SQLite's instructions, which is many times in a
    /// second, on the thread that migrates: also by [`plan`](Migration::plan), which may read every row. Not within the
    /// sorting of one index, and not from COMMIT on, so that what it stopped is never half done. It must not write to this
    /// database: the migration holds the writer's turn. Versioned steps that were committed before stay.
    ///
    /// SQLite has one such callback for each connection (<https://sqlite.org/c3ref/progress_handler.html>), so one that
    /// `on_connect` set is not called meanwhile; the connection is closed afterwards, and its successor has it again.
    ///
    /// ```
    /// use std::ops::ControlFlow;
    /// use std::sync::atomic::{AtomicBool, Ordering};
    ///
    /// use orm_core::schema::TableDef;
    /// use orm_core::{Engine, ErrorKind, LogicalType};
    ///
    /// static STOP: AtomicBool = AtomicBool::new(false);
    ///
    /// let engine = Engine::open_in_memory()?;
    /// let users = TableDef::builder("users").column("name", LogicalType::Text, |c| c).build();
    /// let migration = engine.migration(&[&users]).on_progress(|progress| {
    ///     println!("{progress}");
    ///     if STOP.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    /// });
    /// let plan = migration.plan()?;
    /// STOP.store(true, Ordering::Relaxed);
    /// assert_eq!(plan.apply().unwrap_err().kind(), ErrorKind::Cancelled);
    /// STOP.store(false, Ordering::Relaxed);
    /// plan.apply()?;
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    pub fn on_progress(
        mut self,
        observer: impl Fn(&Progress) -> ControlFlow<()> + Send + Sync + 'static,
    ) -> Self {
        self.observer = Some(Observer(Arc::new(observer)));
        self
    }
}

/// Runs a migration's statements and tells the observer, if there is one, how far they are.
pub(super) struct Reporter<'c> {
    connection: &'c Connection,
    watch: Option<Watch<'c>>,
    progress: Rc<RefCell<Progress>>,
}

impl<'c> Reporter<'c> {
    /// To be dropped before what rolls back: nobody may stop that.
    pub(super) fn start(connection: &'c Connection, observer: Option<&Observer>) -> Self {
        let progress = Rc::new(RefCell::new(Progress::Planning));
        let watch = observer.cloned().map(|Observer(observer)| {
            let progress = Rc::clone(&progress);
            Watch::start(
                connection,
                Box::new(move |read| {
                    progress.borrow_mut().advance(read);
                    observer(&progress.borrow())
                }),
            )
        });
        Self { connection, watch, progress }
    }

    /// Goes on to the next part.
    pub(super) fn reach(&self, progress: Progress) -> Result<()> {
        self.progress.replace(progress);
        self.ask()
    }

    /// Asks whether to go on.
    pub(super) fn ask(&self) -> Result<()> {
        match &self.watch {
            Some(watch) if watch.ask().is_break() => Err(self.cancelled()),
            Some(_) | None => Ok(()),
        }
    }

    /// Runs one statement.
    pub(super) fn execute(&self, sql: &str) -> Result<()> {
        match &self.watch {
            Some(watch) if is_copy(sql) => {
                watch.counting(sql)?;
                self.progress.borrow_mut().advance(u64::MAX);
                Ok(())
            }
            Some(_) | None => self.connection.execute_batch(sql),
        }
    }

    /// Ends it. What was stopped is cancelled, and a panic goes on.
    pub(super) fn outcome<T>(mut self, result: Result<T>) -> Result<T> {
        let Some(watch) = self.watch.take() else { return result };
        let stopped = watch.is_stopped();
        watch.end();
        match result {
            Err(error) if stopped && error.kind() != ErrorKind::Cancelled => {
                Err(self.cancelled().with_source(error))
            }
            other => other,
        }
    }

    fn cancelled(&self) -> Error {
        let message = format!(
            "cancelled while it was at: {}; what it had done was rolled back",
            self.progress.borrow()
        );
        Error::new(ErrorKind::Cancelled, message)
    }
}

impl Progress {
    /// A statement may read other tables too, and a counter may overflow: it never goes back, and not beyond the end.
    fn advance(&mut self, read: u64) {
        if let Self::Step { rows, total_rows, .. } = self {
            *rows = read.min(*total_rows).max(*rows);
        }
    }
}
