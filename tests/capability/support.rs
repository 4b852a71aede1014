//! What several modules need.

use std::path::Path;

use orm_core::{Engine, EngineBuilder, Session, rusqlite};
use tempfile::TempDir;

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
        connection.busy_timeout(std::time::Duration::ZERO).unwrap();
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
