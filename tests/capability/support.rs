//! What several modules need: databases, the SQL that a call sends, short forms of what the tests compare.

use std::cell::RefCell;
use std::fmt::Debug;
use std::path::Path;
use std::sync::Once;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use orm_core::{Engine, EngineBuilder, Error, ErrorKind, Model, Session, rusqlite};
use tempfile::TempDir;
use tracing::field::{Field, Visit};
use tracing::span;
use tracing::{Event, Metadata, Subscriber};

/// A file of its own, gone with the value.
pub(crate) struct Place {
    dir: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self) -> std::path::PathBuf {
        self.dir.path().join("app.db")
    }

    pub(crate) fn folder(&self) -> &Path {
        self.dir.path()
    }

    /// A connection that knows nothing of the library, as another program would have it. It never waits.
    pub(crate) fn outsider(&self) -> rusqlite::Connection {
        let connection = rusqlite::Connection::open(self.path()).unwrap();
        connection.busy_timeout(Duration::ZERO).unwrap();
        connection
    }

    /// What another program reads: the first column as integers.
    pub(crate) fn integers(&self, sql: &str) -> Vec<i64> {
        let connection = self.outsider();
        let mut statement = connection.prepare(sql).unwrap();
        statement.query_map((), |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }
}

/// An engine on a file with a table `t(x INTEGER)` that holds 1, 2, 3.
pub(crate) fn file() -> (Place, Engine) {
    file_with(Engine::builder())
}

/// The same with other settings.
pub(crate) fn file_with(builder: EngineBuilder) -> (Place, Engine) {
    let place = Place::new();
    let engine = builder.open(place.path()).unwrap();
    with_numbers(&engine);
    (place, engine)
}

/// One engine of each kind, with that table.
pub(crate) fn engines() -> (Place, [Engine; 3]) {
    let (place, on_file) = file();
    let shared = Engine::open_in_memory().unwrap();
    let private = Engine::builder().max_connections(1).open_in_memory().unwrap();
    with_numbers(&shared);
    with_numbers(&private);
    (place, [on_file, shared, private])
}

fn with_numbers(engine: &Engine) {
    let session = engine.session().unwrap();
    session.execute_batch("CREATE TABLE t(x INTEGER); INSERT INTO t VALUES (1), (2), (3)").unwrap();
}

/// What `t` holds, sorted.
pub(crate) fn numbers(session: &Session) -> Vec<i64> {
    session.raw("SELECT x FROM t ORDER BY x", ()).all().unwrap()
}

/// Adds a number to `t`.
pub(crate) fn add(session: &Session, number: i64) -> orm_core::Result<u64> {
    session.raw("INSERT INTO t VALUES (?1)", (number,)).execute()
}

/// A session on a database in memory that nobody else sees.
pub(crate) fn session() -> Session {
    listen();
    Engine::builder().max_connections(1).open_in_memory().unwrap().session().unwrap()
}

/// The same with that model's table.
pub(crate) fn session_with<M: Model>() -> Session {
    let session = session();
    session.create_table::<M>().unwrap();
    session
}

/// An engine whose clock stands still at that second.
pub(crate) fn engine_at(second: u64) -> Engine {
    let now = at(second);
    Engine::builder().max_connections(1).clock(move || now).open_in_memory().unwrap()
}

/// That many seconds after 1970.
pub(crate) fn at(second: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(second)
}

/// What the call sends, statement by statement.
pub(crate) fn sent<T: Debug>(work: impl FnOnce() -> orm_core::Result<T>) -> Vec<String> {
    let (outcome, statements) = recorded(work);
    outcome.unwrap();
    statements
}

/// What the call gives, and what it sent.
pub(crate) fn recorded<T>(work: impl FnOnce() -> T) -> (T, Vec<String>) {
    listen();
    RECORD.set(Some(Vec::new()));
    let outcome = work();
    (outcome, RECORD.take().unwrap_or_default())
}

thread_local! {
    /// What this thread sent since somebody wants to know.
    static RECORD: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

/// One subscriber for all threads and for ever: with one for each test, `tracing` would now and then overlook the
/// events of a thread that meets the call site while another thread adds or removes its subscriber.
pub(crate) fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| tracing::subscriber::set_global_default(Recorder).unwrap());
    tracing::callsite::rebuild_interest_cache();
}

/// The error's kind and message without the SQL behind it.
#[track_caller]
pub(crate) fn refused<T: Debug>(outcome: orm_core::Result<T>) -> (ErrorKind, String) {
    let error = outcome.unwrap_err();
    (error.kind(), without_sql(&error))
}

/// The message without the SQL behind it.
pub(crate) fn without_sql(error: &Error) -> String {
    let message = error.to_string();
    message.split_once(" (in `").map_or(message.clone(), |(message, _)| message.to_owned())
}

struct Recorder;

impl Subscriber for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "orm_core::sql"
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Sql);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

struct Sql;

impl Visit for Sql {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "sql" {
            RECORD.with_borrow_mut(|record| record.iter_mut().for_each(|it| it.push(value.to_owned())));
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}
