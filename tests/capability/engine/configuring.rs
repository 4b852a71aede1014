use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use orm_core::rusqlite::config::DbConfig;
use orm_core::rusqlite::functions::FunctionFlags;
use orm_core::rusqlite::{self, Connection};
use orm_core::{Engine, EngineBuilder, ErrorKind};
use tempfile::tempdir;

const PRAGMAS: [&str; 9] = [
    "journal_mode",
    "synchronous",
    "foreign_keys",
    "journal_size_limit",
    "cache_size",
    "mmap_size",
    "cell_size_check",
    "trusted_schema",
    "recursive_triggers",
];

fn pragmas(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    PRAGMAS
        .iter()
        .map(|name| {
            let value: rusqlite::types::Value =
                connection.pragma_query_value(None, name, |row| row.get(0))?;
            Ok(match value {
                rusqlite::types::Value::Text(text) => format!("{name}={text}"),
                other => {
                    format!("{name}={}", if let rusqlite::types::Value::Integer(n) = other { n } else { -1 })
                }
            })
        })
        .collect()
}

/// What each of an engine's first `connections` connections is set to.
fn found<T: Send + 'static>(
    builder: EngineBuilder,
    path: &Path,
    connections: usize,
    look: impl Fn(&Connection) -> rusqlite::Result<T> + Send + Sync + 'static,
) -> Vec<T> {
    let found = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&found);
    let engine = builder
        .on_connect(move |connection| {
            seen.lock().unwrap().push(look(connection)?);
            Ok(())
        })
        .open(path)
        .unwrap();
    let sessions: Vec<_> = (0..connections).map(|_| engine.session().unwrap()).collect();
    drop(sessions);
    std::mem::take(&mut *found.lock().unwrap())
}

#[test]
fn every_connection_has_the_defaults() {
    let dir = tempdir().unwrap();
    let expected = [
        "journal_mode=wal",
        "synchronous=1",
        "foreign_keys=1",
        "journal_size_limit=67108864",
        "cache_size=-16000",
        "mmap_size=0",
        "cell_size_check=1",
        "trusted_schema=0",
        "recursive_triggers=0",
    ];
    assert_eq!(
        found(Engine::builder(), &dir.path().join("app.db"), 3, pragmas),
        [expected, expected, expected]
    );
}

#[test]
fn every_connection_has_the_safe_switches() {
    let dir = tempdir().unwrap();
    let switches = found(Engine::builder(), &dir.path().join("app.db"), 2, |connection| {
        [
            DbConfig::SQLITE_DBCONFIG_DEFENSIVE,
            DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA,
            DbConfig::SQLITE_DBCONFIG_DQS_DDL,
            DbConfig::SQLITE_DBCONFIG_DQS_DML,
            DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_CREATE,
            DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_WRITE,
        ]
        .into_iter()
        .map(|switch| connection.db_config(switch))
        .collect::<rusqlite::Result<Vec<bool>>>()
    });
    let expected = [true, false, false, false, false, false];
    assert_eq!(switches, [expected, expected]);
}

#[test]
fn commits_are_on_the_disk_where_that_is_asked_for_and_where_the_journal_needs_it() {
    let dir = tempdir().unwrap();
    let first_two = |builder, name| {
        let mut all = found(builder, &dir.path().join(name), 1, pragmas).remove(0);
        all.truncate(2);
        all
    };
    assert_eq!(
        [
            first_two(Engine::builder().durable(true), "a.db"),
            first_two(Engine::builder().rollback_journal(), "b.db"),
            first_two(Engine::builder().rollback_journal(), "a.db"),
        ],
        [
            ["journal_mode=wal", "synchronous=2"],
            ["journal_mode=delete", "synchronous=2"],
            ["journal_mode=wal", "synchronous=1"],
        ]
    );
}

#[test]
fn every_connection_has_the_page_cache_that_is_asked_for() {
    let dir = tempdir().unwrap();
    let sizes = [
        (64_000_000, "cache_size=-62500"),
        (1, "cache_size=-1"),
        (0, "cache_size=-1"),
        (u64::MAX, "cache_size=-2147483647"),
    ];
    for (bytes, expected) in sizes {
        let builder = Engine::builder().page_cache(bytes);
        let all = found(builder, &dir.path().join("app.db"), 2, pragmas);
        assert_eq!([&*all[0][4], &*all[1][4]], [expected; 2]);
    }
}

#[test]
fn statements_run_with_a_cache_of_any_size() {
    for size in [0, 1, 1000] {
        let session = Engine::builder().statement_cache(size).open_in_memory().unwrap().session().unwrap();
        session.execute_batch("CREATE TABLE t(x INTEGER)").unwrap();
        for number in 0..3 {
            session.raw("INSERT INTO t VALUES (?1)", (number,)).execute().unwrap();
        }
        let mut rows = session.raw("SELECT x FROM t", ()).iter::<i64>().unwrap();
        rows.next();
        assert_eq!(session.raw("SELECT x FROM t", ()).all::<i64>().unwrap(), [0, 1, 2]);
    }
}

#[test]
fn read_only_leaves_the_journal_mode_as_it_is() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("app.db");
    super::outsider(&path).execute_batch("CREATE TABLE t(x)").unwrap();
    let found = found(Engine::builder().read_only(true), &path, 1, pragmas);
    assert_eq!(found[0][0], "journal_mode=delete");
}

#[test]
fn a_double_quoted_name_is_never_a_string() {
    let session = Engine::open_in_memory().unwrap().session().unwrap();
    session.execute_batch("CREATE TABLE t(x)").unwrap();
    let error = session.raw("DELETE FROM t WHERE \"nope\" = 'nope'", ()).execute().unwrap_err();
    assert!(error.to_string().starts_with("no such column: \"nope\""), "{error}");
}

#[test]
fn attaching_creates_no_file() {
    let dir = tempdir().unwrap();
    let session = Engine::open(dir.path().join("app.db")).unwrap().session().unwrap();
    let other = dir.path().join("other.db");
    assert!(session.execute_batch(&format!("ATTACH '{}' AS other", other.display())).is_err());
    assert!(!other.exists());
}

#[test]
fn a_function_of_the_application_works_on_every_connection_and_inside_the_schema() {
    let dir = tempdir().unwrap();
    let flags = FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    let engine = Engine::builder()
        .on_connect(move |connection| {
            connection.create_scalar_function("twice", 1, flags, |call| Ok(2 * call.get::<i64>(0)?))
        })
        .open(dir.path().join("app.db"))
        .unwrap();
    let (first, second) = (engine.session().unwrap(), engine.session().unwrap());
    first.execute_batch("CREATE TABLE t(x CHECK (twice(x) < 10))").unwrap();
    assert_eq!(second.raw("INSERT INTO t VALUES (4)", ()).execute().unwrap(), 1);
    let error = second.raw("INSERT INTO t VALUES (5)", ()).execute().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Constraint);
}

#[test]
fn an_error_of_on_connect_fails_the_open_with_its_cause() {
    let error = Engine::builder()
        .on_connect(|connection| connection.execute_batch("SELECT nope"))
        .open_in_memory()
        .unwrap_err();
    let cause = std::error::Error::source(&error).map(ToString::to_string);
    assert_eq!(error.kind(), ErrorKind::Open);
    assert_eq!(error.to_string(), "`on_connect` refused the connection");
    assert!(cause.is_some_and(|cause| cause.starts_with("no such column: nope")));
}

#[test]
fn a_transaction_that_on_connect_leaves_open_is_an_error() {
    let error = Engine::builder()
        .on_connect(|connection| connection.execute_batch("BEGIN"))
        .open_in_memory()
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (ErrorKind::Open, "`on_connect` left a transaction open; commit it or roll it back there")
    );
}

#[test]
fn a_busy_timeout_set_by_on_connect_does_not_replace_the_deadline_of_the_engine() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("app.db");
    let engine = Engine::builder()
        .busy_timeout(Duration::ZERO)
        .on_connect(|connection| connection.busy_timeout(Duration::from_secs(600)))
        .open(&path)
        .unwrap();
    let session = engine.session().unwrap();
    session.execute_batch("CREATE TABLE t(x)").unwrap();
    let other = super::outsider(&path);
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = session.raw("INSERT INTO t VALUES (1)", ()).execute().unwrap_err();
    assert!(error.is_busy(), "{error}");
}

#[test]
fn an_unlimited_busy_timeout_overflows_nothing() {
    let engine = Engine::builder().busy_timeout(Duration::MAX).open_in_memory().unwrap();
    engine.session().unwrap().execute_batch("CREATE TABLE t(x)").unwrap();
    engine.close().unwrap();
}
