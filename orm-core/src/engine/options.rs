use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use super::opening::{Place, Source};
use super::{Engine, version};
use crate::driver::rusqlite;
use crate::error::{Error, ErrorKind, Result};

/// The longest wait: `Duration::MAX` added to an instant would overflow.
const FOR_EVER: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// The largest page cache, in units of 1024 bytes.
const MOST_CACHE: u32 = i32::MAX.unsigned_abs();

type OnConnect = dyn Fn(&rusqlite::Connection) -> rusqlite::Result<()> + Send + Sync;
type Clock = dyn Fn() -> SystemTime + Send + Sync;

/// What an engine was asked to be.
#[derive(Clone)]
pub(crate) struct Options {
    /// How long one call may wait in all. Short enough to be added to any instant.
    pub(crate) busy_timeout: Duration,
    /// From which duration on a statement is logged as slow.
    pub(crate) slow_query: Option<Duration>,
    /// Whether the log shows parameters.
    pub(crate) log_parameters: bool,
    /// Whether writes are refused altogether.
    pub(crate) read_only: bool,
    /// `None` until it is said: eight, or one where the file is this engine's alone.
    pub(super) max_connections: Option<usize>,
    /// Whether the file is locked for as long as the engine has it open.
    pub(super) exclusive: bool,
    /// Of each connection, in units of 1024 bytes, as SQLite counts.
    pub(super) page_cache: u32,
    /// How many statements each connection keeps by their text.
    pub(super) statement_cache: usize,
    pub(super) durable: bool,
    pub(super) rollback_journal: bool,
    pub(super) clock: Option<Arc<Clock>>,
    pub(super) on_connect: Option<Arc<OnConnect>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            busy_timeout: Duration::from_secs(5),
            max_connections: None,
            exclusive: false,
            page_cache: 16_000,
            statement_cache: 128,
            slow_query: None,
            read_only: false,
            durable: false,
            rollback_journal: false,
            log_parameters: false,
            clock: None,
            on_connect: None,
        }
    }
}

impl Options {
    /// What cannot be had together.
    fn refuse_contradictions(&self) -> Result<()> {
        let refuse = |why: &str| Err(Error::new(ErrorKind::Open, why));
        let connections = self.max_connections();
        if connections == 0 {
            return refuse("`max_connections` is 0; an engine needs at least one");
        }
        if self.exclusive && connections > 1 {
            return refuse(
                "`exclusive` locks the file for one connection, so `max_connections` cannot be more than 1; leave one of them out",
            );
        }
        if self.exclusive && self.read_only {
            return refuse(
                "`exclusive` takes the writer's lock, which `read_only` does not have; leave one of them out",
            );
        }
        Ok(())
    }

    pub(super) fn max_connections(&self) -> usize {
        self.max_connections.unwrap_or(if self.exclusive { 1 } else { 8 })
    }

    /// Runs what the application wants to run for every connection.
    pub(crate) fn connected(&self, connection: &rusqlite::Connection) -> Result<()> {
        let Some(on_connect) = &self.on_connect else { return Ok(()) };
        on_connect(connection).map_err(|error| {
            Error::new(ErrorKind::Open, "`on_connect` refused the connection").with_source(error)
        })
    }
}

/// Opens an [`Engine`] with other settings than the defaults. From [`Engine::builder`].
///
/// ```
/// use std::time::Duration;
/// use orm_core::{Engine, rusqlite::functions::FunctionFlags};
///
/// let engine = Engine::builder()
///     .busy_timeout(Duration::from_secs(10))
///     .max_connections(4)
///     .on_connect(|connection| {
///         let flags = FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
///         connection.create_scalar_function("twice", 1, flags, |call| Ok(2 * call.get::<i64>(0)?))
///     })
///     .open_in_memory()?;
/// assert_eq!(engine.close().is_ok(), true);
/// # Ok::<(), orm_core::Error>(())
/// ```
#[derive(Clone, Default)]
#[must_use = "nothing is opened before `open` or `open_in_memory`"]
pub struct EngineBuilder {
    options: Options,
}

impl EngineBuilder {
    /// How long one call may wait in all: for a connection, for the writer's turn and for SQLite's lock. Then the call
    /// fails with an error that [is busy](Error::is_busy). Five seconds unless said otherwise; zero never waits.
    pub fn busy_timeout(mut self, timeout: Duration) -> Self {
        self.options.busy_timeout = timeout.min(FOR_EVER);
        self
    }

    /// How many sessions can be alive at once; each has a connection to itself, opened when it is first needed. Eight
    /// unless said otherwise.
    ///
    /// An in-memory database with a single connection is a little faster, since nothing has to be shared.
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.options.max_connections = Some(connections);
        self
    }

    /// Locks the file for as long as the engine has it open (`locking_mode=EXCLUSIVE`): for an application that is the only
    /// user of its file, and one session at a time is enough for.
    ///
    /// The lock is taken once and not for each statement, and the write-ahead log needs no shared memory. A read by key
    /// from a file takes about half the time, an update by key a third; reads inside one transaction or snapshot gain
    /// nothing. What it costs: every other program, a second engine and the `sqlite3` shell included, is told
    /// that the database is locked, and there is one connection only, so that a second session waits until the first is
    /// dropped.
    ///
    /// `max_connections` above 1 is refused with it, and so is `read_only`. In memory it means a single connection, which
    /// nobody else could see in any case. See <https://sqlite.org/pragma.html#pragma_locking_mode> and
    /// <https://sqlite.org/wal.html#use_of_wal_without_shared_memory>.
    ///
    /// ```
    /// # let dir = std::env::temp_dir().join(format!("orm-doc-exclusive-{}", std::process::id()));
    /// # std::fs::create_dir_all(&dir).unwrap();
    /// use std::time::Duration;
    ///
    /// use orm_core::Engine;
    ///
    /// let engine = Engine::builder().exclusive(true).open(dir.join("app.db"))?;
    /// let other = Engine::builder().busy_timeout(Duration::ZERO).open(dir.join("app.db"));
    /// assert!(other.unwrap_err().is_busy());
    /// engine.close()?;
    /// # std::fs::remove_dir_all(&dir).unwrap();
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    pub fn exclusive(mut self, exclusive: bool) -> Self {
        self.options.exclusive = exclusive;
        self
    }

    /// How many bytes of pages each connection keeps in memory at most, rounded up to 1024. 16,384,000 unless said
    /// otherwise.
    ///
    /// The memory is taken as pages are read, and for each connection again: eight with 64 MB may come to 512 MB. A larger
    /// cache helps where the same pages are read again and the operating system's own cache, which is asked otherwise, is
    /// too far: in large transactions and random reads of more data than fits. A scan gains nothing. See
    /// <https://sqlite.org/pragma.html#pragma_cache_size>.
    pub fn page_cache(mut self, bytes: u64) -> Self {
        // SQLite counts in an `int`, and 0 would be pages
        let size = u32::try_from(bytes.div_ceil(1024)).unwrap_or(MOST_CACHE);
        self.options.page_cache = size.clamp(1, MOST_CACHE);
        self
    }

    /// How many statements each connection keeps prepared by their text, raw SQL as well as queries; those that were not
    /// used for the longest time make room. 128 unless said otherwise, 0 keeps none.
    ///
    /// To prepare a statement takes some 5 to 50 times as long as to find it, and a prepared one takes a few kilobytes of
    /// memory. What `get`, `insert`, `update`, `delete` and whole tables need is kept in any case and not counted.
    pub fn statement_cache(mut self, statements: usize) -> Self {
        self.options.statement_cache = statements;
        self
    }

    /// Logs a warning for every statement that takes at least this long. Off unless said.
    pub fn slow_query(mut self, threshold: Duration) -> Self {
        self.options.slow_query = Some(threshold);
        self
    }

    /// Opens an existing file for reading alone: nothing is created, and no setting of the file is changed.
    ///
    /// A file that has a write-ahead log needs a folder that can be written to even for reading
    /// (<https://sqlite.org/wal.html#read_only_databases>).
    pub fn read_only(mut self, read_only: bool) -> Self {
        self.options.read_only = read_only;
        self
    }

    /// Whether a commit is on the disk before it returns (`synchronous=FULL`). Without it, a loss of power may undo the
    /// last commits, but never tears one (`synchronous=NORMAL`). See <https://sqlite.org/pragma.html#pragma_synchronous>.
    pub fn durable(mut self, durable: bool) -> Self {
        self.options.durable = durable;
        self
    }

    /// Takes the journal mode as the file has it (a new file: `delete`) instead of asking for `wal`: for file systems
    /// without shared memory, such as network drives, and for files that other programs need in this mode.
    ///
    /// Writers then keep readers out while they commit, and commits are always [durable](Self::durable): without a
    /// write-ahead log, less could corrupt the file when power is lost.
    pub fn rollback_journal(mut self) -> Self {
        self.options.rollback_journal = true;
        self
    }

    /// Whether the log shows the values of parameters. They can hold what nobody should read, so they are left out unless
    /// asked for.
    pub fn log_parameters(mut self, log: bool) -> Self {
        self.options.log_parameters = log;
        self
    }

    /// What `created_at`, `updated_at` and `deleted_at` columns take for now: a fixed clock makes tests repeatable. The
    /// system's clock unless said otherwise.
    pub fn clock(mut self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.options.clock = Some(Arc::new(clock));
        self
    }

    /// Runs for every connection after it was opened and configured: for functions, collations, extensions.
    ///
    /// What the schema itself uses (in a CHECK, a generated column, an index, a trigger) has to be registered with
    /// `SQLITE_INNOCUOUS`, because schemas are not trusted (<https://sqlite.org/pragma.html#pragma_trusted_schema>). An
    /// error, or a transaction left open, closes the connection and fails the call that needed it.
    pub fn on_connect(
        mut self,
        on_connect: impl Fn(&rusqlite::Connection) -> rusqlite::Result<()> + Send + Sync + 'static,
    ) -> Self {
        self.options.on_connect = Some(Arc::new(on_connect));
        self
    }

    /// Opens the file, creates it where there is none, and tests the connection.
    ///
    /// The path is a path and nothing else: `file:app.db?mode=ro` is a file of that name. `:memory:` is refused in favour
    /// of [`open_in_memory`](Self::open_in_memory). A relative path is made absolute here, so a later change of the
    /// working directory does no harm.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Open`] where the folder is missing, the path is a folder, permissions lack, the file is write-protected
    /// (and `read_only` was not asked for), cannot be switched to a write-ahead log, or stores its text as UTF-16;
    /// [`ErrorKind::NotADatabase`] for another sort of file; [`ErrorKind::UnsupportedSqlite`] where the linked library is
    /// older than the fix for the write-ahead log's reset (<https://sqlite.org/wal.html#walresetbug>).
    pub fn open(self, path: impl AsRef<Path>) -> Result<Engine> {
        let path = checked_path(path.as_ref())?;
        self.open_place(Place::File(path))
    }

    /// Opens a database that lives in memory until the engine and its sessions are gone. All sessions see the same one,
    /// and take turns: readers together, writers alone.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Open`] with `read_only`, since it would be empty for ever; [`ErrorKind::UnsupportedSqlite`] as in
    /// [`open`](Self::open).
    pub fn open_in_memory(self) -> Result<Engine> {
        if self.options.read_only {
            return Err(Error::new(
                ErrorKind::Open,
                "an in-memory database cannot be read-only: nothing could ever be in it",
            ));
        }
        let place = if self.options.max_connections() == 1 {
            Place::PrivateMemory
        } else {
            Place::SharedMemory(unique_name())
        };
        self.open_place(place)
    }

    fn open_place(self, place: Place) -> Result<Engine> {
        version::check_linked()?;
        self.options.refuse_contradictions()?;
        Engine::start(Source::new(place, self.options))
    }
}

impl fmt::Debug for EngineBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Options {
            busy_timeout,
            exclusive,
            page_cache,
            statement_cache,
            slow_query,
            read_only,
            durable,
            rollback_journal,
            ..
        } = &self.options;
        f.debug_struct("EngineBuilder")
            .field("busy_timeout", busy_timeout)
            .field("max_connections", &self.options.max_connections())
            .field("exclusive", exclusive)
            .field("page_cache", &(u64::from(*page_cache) * 1024))
            .field("statement_cache", statement_cache)
            .field("slow_query", slow_query)
            .field("read_only", read_only)
            .field("durable", durable)
            .field("rollback_journal", rollback_journal)
            .field("log_parameters", &self.options.log_parameters)
            .field("clock", &self.options.clock.is_some())
            .field("on_connect", &self.options.on_connect.is_some())
            .finish()
    }
}

fn checked_path(path: &Path) -> Result<PathBuf> {
    let refuse = |why: &str| Err(Error::new(ErrorKind::Open, why));
    let bytes = path.as_os_str().as_encoded_bytes();
    if bytes.is_empty() {
        return refuse("the path of the database is empty");
    }
    if bytes == b":memory:" {
        return refuse(
            "`:memory:` is no path here; use `open_in_memory`, or `./:memory:` for a file of that name",
        );
    }
    if bytes.contains(&0) {
        return refuse("the path of the database contains a NUL byte");
    }
    std::path::absolute(path).map_err(|error| {
        Error::new(ErrorKind::Open, "the path of the database cannot be made absolute").with_source(error)
    })
}

/// A name that no other engine of this process has, not even one of another version of this library.
fn unique_name() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("orm-{:x}-{}", &raw const NEXT as usize, NEXT.fetch_add(1, Ordering::Relaxed))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{checked_path, unique_name};

    #[test]
    fn a_relative_path_is_made_absolute_so_that_sqlite_cannot_take_it_for_a_uri() {
        let here = std::env::current_dir().unwrap();
        for name in ["app.db", "file:app.db?mode=ro", "./:memory:"] {
            assert_eq!(checked_path(Path::new(name)).unwrap(), here.join(name.trim_start_matches("./")));
        }
    }

    #[test]
    fn two_databases_in_memory_never_have_the_same_name() {
        assert_ne!(unique_name(), unique_name());
    }
}
