use std::path::PathBuf;
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use super::obstacle::{self, FileIdentity};
use super::options::Options;
use crate::driver::{Access, Config, Connection, Location};
use crate::error::{Error, ErrorKind, Result};

/// What every connection gets. No mapped memory: an I/O error there is a signal that kills the process.
const PRAGMAS: &str = "PRAGMA foreign_keys = ON; PRAGMA journal_size_limit = 67108864; PRAGMA mmap_size = 0; \
                       PRAGMA cell_size_check = ON;";

/// Switches that SQLite leaves the unsafe way round for the sake of old programs.
const SWITCHES: [(Config, bool); 6] = [
    (Config::Defensive, true),
    (Config::TrustedSchema, false),
    (Config::DoubleQuotedDdl, false),
    (Config::DoubleQuotedDml, false),
    (Config::AttachCreate, false),
    (Config::AttachWrite, false),
];

/// Where an engine's connections come from, and what each is set to.
pub(super) struct Source {
    place: Place,
    options: Options,
    /// Which file the first connection opened: a path can come to mean another one.
    identity: OnceLock<FileIdentity>,
}

/// Where the database is.
#[derive(Debug)]
pub(super) enum Place {
    /// An absolute path, so that a change of the working directory changes nothing.
    File(PathBuf),
    PrivateMemory,
    SharedMemory(String),
}

impl Source {
    pub(super) fn new(place: Place, options: Options) -> Self {
        Self { place, options, identity: OnceLock::new() }
    }

    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    pub(super) fn options(&self) -> &Options {
        &self.options
    }

    pub(super) fn dies_with_its_connection(&self) -> bool {
        matches!(self.place, Place::PrivateMemory)
    }

    /// The connection that decides whether the engine opens: it finds every obstacle, and switches to WAL.
    pub(super) fn open_first(&self, deadline: Instant) -> Result<Connection> {
        let connection = self.connect(deadline).map_err(|error| self.explain(error))?;
        if let Place::File(path) = &self.place {
            self.identity.get_or_init(|| FileIdentity::of(path));
        }
        self.refuse_write_protection(&connection)?;
        self.refuse_utf16(&connection)?;
        self.use_wal(&connection, deadline)?;
        self.hold_lock(&connection)?;
        self.finish(connection)
    }

    /// One more connection to the same database.
    pub(super) fn open_another(&self, deadline: Instant) -> Result<Connection> {
        let connection = self.connect(deadline).map_err(|error| self.explain(error))?;
        self.hold_lock(&connection)?;
        self.finish(connection)
    }

    fn is_exclusive(&self) -> bool {
        self.options.exclusive && matches!(self.place, Place::File(_))
    }

    /// Before the file is read for the first time, so that its write-ahead log never has shared memory: with it, there
    /// would be an instant in which others have the file, too.
    fn lock_exclusively(&self, connection: &Connection) -> Result<()> {
        if !self.is_exclusive() {
            return Ok(());
        }
        match connection.query_text("PRAGMA main.locking_mode = EXCLUSIVE")?.as_deref() {
            Some("exclusive") => Ok(()),
            mode => Err(self.not_set("locking_mode", mode)),
        }
    }

    /// A rollback journal takes the lock no sooner than at the first write. From here on it is kept.
    fn hold_lock(&self, connection: &Connection) -> Result<()> {
        if self.is_exclusive() { connection.execute_batch("BEGIN EXCLUSIVE; COMMIT") } else { Ok(()) }
    }

    fn set_page_cache(&self, connection: &Connection) -> Result<()> {
        let size = format!("-{}", self.options.page_cache);
        connection.execute_batch(&format!("PRAGMA cache_size = {size}"))?;
        let found = connection.query_text("PRAGMA cache_size")?;
        match found.as_deref() {
            Some(found) if found == size => Ok(()),
            found => Err(self.not_set("cache_size", found)),
        }
    }

    #[cold]
    fn not_set(&self, pragma: &str, found: Option<&str>) -> Error {
        let found = found.unwrap_or("nothing");
        Error::new(ErrorKind::Open, format!("`{pragma}` of {} cannot be set: it stays `{found}`", self.place))
    }

    /// Opens and reads: SQLite looks at the file no sooner than at the first read.
    fn connect(&self, deadline: Instant) -> Result<Connection> {
        let location = match &self.place {
            Place::File(path) => Location::File(path),
            Place::PrivateMemory => Location::PrivateMemory,
            Place::SharedMemory(name) => Location::SharedMemory(name),
        };
        let connection = Connection::open(&location, self.access())?;
        connection.keep_statements(self.options.statement_cache);
        connection.busy_timeout(self.options.busy_timeout);
        connection.busy_until(Some(deadline));
        for (switch, on) in SWITCHES {
            connection.set_config(switch, on)?;
        }
        self.lock_exclusively(&connection)?;
        connection.query_text("SELECT count(*) FROM sqlite_schema")?;
        Ok(connection)
    }

    fn finish(&self, connection: Connection) -> Result<Connection> {
        self.configure(&connection)?;
        self.run_on_connect(&connection)?;
        connection.busy_until(None);
        tracing::debug!(place = %self.place, "opened a connection");
        Ok(connection)
    }

    /// Sets what the library relies on, and reads back the one that SQLite may refuse in silence.
    pub(super) fn configure(&self, connection: &Connection) -> Result<()> {
        for (switch, on) in SWITCHES {
            connection.set_config(switch, on)?;
        }
        connection.execute_batch(PRAGMAS)?;
        self.set_page_cache(connection)?;
        connection.execute_batch(self.synchronous(connection)?)?;
        if connection.query_text("PRAGMA foreign_keys")?.as_deref() != Some("1") {
            return Err(Error::new(
                ErrorKind::Open,
                "foreign keys cannot be switched on: the linked SQLite was compiled without them",
            ));
        }
        Ok(())
    }

    /// Without a write-ahead log, NORMAL leaves a small chance that a power loss corrupts the file.
    fn synchronous(&self, connection: &Connection) -> Result<&'static str> {
        let wal = connection.query_text("PRAGMA journal_mode")?.as_deref() == Some("wal");
        Ok(if wal && !self.options.durable {
            "PRAGMA synchronous = NORMAL"
        } else {
            "PRAGMA synchronous = FULL"
        })
    }

    fn run_on_connect(&self, connection: &Connection) -> Result<()> {
        self.options.connected(connection.rusqlite())?;
        if !connection.is_autocommit() {
            return Err(Error::new(
                ErrorKind::Open,
                "`on_connect` left a transaction open; commit it or roll it back there",
            ));
        }
        // a busy timeout set there would have replaced the one that all waits share
        connection.install_busy_handler();
        Ok(())
    }

    /// The journal mode is a property of the file, so one connection sets it for all.
    fn use_wal(&self, connection: &Connection, deadline: Instant) -> Result<()> {
        if !matches!(self.place, Place::File(_)) || self.options.read_only || self.options.rollback_journal {
            return Ok(());
        }
        if connection.query_text("PRAGMA journal_mode")?.as_deref() == Some("wal") {
            return Ok(());
        }
        self.require_wal(switch_to_wal(connection, deadline)?.as_deref())
    }

    /// SQLite answers with the mode that the file has then, and reports no error where that is another one.
    fn require_wal(&self, mode: Option<&str>) -> Result<()> {
        if mode == Some("wal") {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Open,
            format!(
                "{} keeps journal mode `{}` where `wal` was asked for, perhaps because its file system has no shared \
                 memory; accept it with `.rollback_journal()`",
                self.place,
                mode.unwrap_or("unknown")
            ),
        ))
    }

    fn access(&self) -> Access {
        if self.options.read_only { Access::ReadOnly } else { Access::ReadWrite }
    }

    /// The order of UTF-16 text by its bytes is not that of its characters, which `starts_with` and `ends_with` rely on.
    fn refuse_utf16(&self, connection: &Connection) -> Result<()> {
        match connection.query_text("PRAGMA encoding")?.as_deref() {
            Some("UTF-8") | None => Ok(()),
            Some(encoding) => Err(Error::new(
                ErrorKind::Open,
                format!(
                    "{} stores its text as {encoding}: dump it and load it into a UTF-8 database",
                    self.place
                ),
            )),
        }
    }

    /// SQLite opens a write-protected file for reading where writing was asked for, and says so at the first write.
    fn refuse_write_protection(&self, connection: &Connection) -> Result<()> {
        if !self.options.read_only && connection.rusqlite().is_readonly("main")? {
            return Err(Error::new(
                ErrorKind::Open,
                format!(
                    "{} cannot be written to; change its permissions, or open it with `.read_only(true)`",
                    self.place
                ),
            ));
        }
        Ok(())
    }

    /// Where the file was replaced or deleted, what open connections commit would be gone with the old one, and new
    /// connections would write to the new one.
    pub(super) fn refuse_another_file(&self) -> Result<()> {
        let (Place::File(path), Some(identity)) = (&self.place, self.identity.get()) else { return Ok(()) };
        if *identity == FileIdentity::of(path) {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Io,
            format!(
                "{} was replaced, moved or deleted while this engine had it open; open it again",
                self.place
            ),
        ))
    }

    fn explain(&self, error: Error) -> Error {
        match &self.place {
            Place::File(path) => obstacle::explain(path, self.options.read_only, error),
            Place::PrivateMemory | Place::SharedMemory(_) => error,
        }
    }
}

/// SQLite does not call the busy handler here, so the retries are ours.
fn switch_to_wal(connection: &Connection, deadline: Instant) -> Result<Option<String>> {
    loop {
        match connection.query_text("PRAGMA journal_mode = WAL") {
            Err(error)
                if matches!(error.kind(), ErrorKind::Busy | ErrorKind::StatementInProgress)
                    && Instant::now() < deadline =>
            {
                thread::sleep(Duration::from_millis(2));
            }
            result => return result,
        }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(path) => write!(f, "`{}`", path.display()),
            Self::PrivateMemory | Self::SharedMemory(_) => f.write_str("the in-memory database"),
        }
    }
}

#[cfg(test)]
mod tests;
