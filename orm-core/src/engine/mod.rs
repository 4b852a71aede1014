//! Opens and configures a database, hands out its connections and the writer's turn, backs it up and closes it.

mod backup;
mod closing;
mod gate;
mod obstacle;
mod opening;
mod options;
mod pool;
mod queue;
mod version;

use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Instant, SystemTime};

pub(crate) use self::gate::{Gate, Held, ReadTurn, WriteTurn};
pub use self::options::EngineBuilder;
pub(crate) use self::options::Options;
pub(crate) use self::pool::Pooled;

use self::gate::Rule;
use self::opening::{Place, Source};
use self::pool::Pool;
use crate::driver::Connection;
use crate::error::Result;

/// An open database: hands out sessions, migrates, backs up, closes.
///
/// Cheap to clone, and all clones are the same engine; `Send` and `Sync`. It keeps up to
/// [`max_connections`](EngineBuilder::max_connections) connections, and lets writers take turns in order of arrival, so
/// that SQLite's "database is locked" is not seen as long as the turns are short.
///
/// Every connection has foreign keys on, waits for locks until one deadline, runs the write-ahead log with
/// `synchronous=NORMAL` and a `journal_size_limit` of 64 MB, has a page cache of 16 MB and no memory-mapped I/O, checks
/// pages as it reads them (`cell_size_check`), does not trust the schema, takes no double-quoted strings and attaches
/// databases for reading only. See [`EngineBuilder`] for what can be set.
///
/// The check of pages is paid where a page is read from the file, not where it is in the cache: some 44 instructions for
/// each row on the page. That is 4 % of a scan of short rows from a file, 2 % of one of wide rows, nothing of a lookup in a
/// page that is there, and some 4,000 instructions of a lookup that reads a page of 90 rows. For that a damaged page is an
/// error before anything is read from it, and cannot spread
/// (<https://sqlite.org/pragma.html#pragma_cell_size_check>).
///
/// ```
/// use orm_core::{Engine, ErrorKind};
///
/// let engine = Engine::open_in_memory()?;
/// let other = engine.clone();
/// engine.close()?;
/// assert_eq!(other.close().unwrap_err().kind(), ErrorKind::Closed);
/// # Ok::<(), orm_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Engine {
    core: Arc<Core>,
}

struct Core {
    pool: Arc<Pool>,
    gate: Arc<Gate>,
    /// What keeps a shared in-memory database alive while no session is.
    keeper: Mutex<Option<Connection>>,
}

impl Engine {
    /// Opens the file with the defaults, creates it where there is none, and tests the connection.
    ///
    /// # Errors
    ///
    /// As in [`EngineBuilder::open`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        Self::builder().open(path)
    }

    /// Opens a database that lives in memory until the engine and its sessions are gone; all sessions see the same one.
    ///
    /// # Errors
    ///
    /// As in [`EngineBuilder::open_in_memory`].
    pub fn open_in_memory() -> Result<Self> {
        Self::builder().open_in_memory()
    }

    /// Other settings than the defaults.
    pub fn builder() -> EngineBuilder {
        EngineBuilder::default()
    }

    fn start(source: Source) -> Result<Self> {
        let deadline = Instant::now() + source.options().busy_timeout;
        let first = source.open_first(deadline)?;
        let (rule, keeper) = match source.place() {
            // one connection, and nobody else has the file
            Place::File(_) if source.options().exclusive => (Rule::Nobody, None),
            Place::File(_) => (Rule::Writers, None),
            Place::PrivateMemory => (Rule::Nobody, None),
            Place::SharedMemory(_) => (Rule::ReadersAndWriters, Some(source.open_another(deadline)?)),
        };
        tracing::debug!(place = %source.place(), "opened the engine");
        let max = source.options().max_connections();
        let pool = Pool::new(source, first, max);
        Ok(Self { core: Arc::new(Core { pool, gate: Gate::new(rule), keeper: Mutex::new(keeper) }) })
    }

    /// When a call that starts now gives up waiting, whatever for.
    pub(crate) fn deadline(&self) -> Instant {
        Instant::now() + self.options().busy_timeout
    }

    /// A connection that nobody else uses until it is dropped.
    pub(crate) fn check_out(&self, deadline: Instant) -> Result<Pooled> {
        self.core.pool.check_out(deadline)
    }

    /// Where the writer's turn is asked for: after the connection, never before.
    pub(crate) fn gate(&self) -> &Arc<Gate> {
        &self.core.gate
    }

    /// After the schema was changed through `keep`: every other connection is closed, now or at its check-in.
    pub(crate) fn mark_stale(&self, keep: &Pooled) {
        self.core.pool.mark_stale(keep);
    }

    /// What columns like `created_at` take for now.
    pub(crate) fn now(&self) -> SystemTime {
        self.options().clock.as_ref().map_or_else(SystemTime::now, |clock| clock())
    }

    /// What it was asked to be.
    pub(crate) fn options(&self) -> &Options {
        self.core.pool.source().options()
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("place", &format_args!("{}", self.core.pool.source().place()))
            .field("closed", &self.core.pool.is_closed())
            .finish_non_exhaustive()
    }
}
