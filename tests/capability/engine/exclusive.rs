//! A file that one engine has for itself.

use std::time::Duration;

use orm_core::{Engine, EngineBuilder, Error, ErrorKind};
use tempfile::tempdir;

use super::{names, outsider};

fn exclusive() -> EngineBuilder {
    Engine::builder().exclusive(true).busy_timeout(Duration::ZERO)
}

#[test]
fn everybody_else_is_locked_out_until_the_engine_is_closed() {
    for builder in [exclusive(), exclusive().rollback_journal()] {
        let dir = tempdir().unwrap();
        let path = dir.path().join("app.db");
        let engine = builder.clone().open(&path).unwrap();
        let count = || {
            outsider(&path).query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get::<_, i64>(0))
        };
        assert!(count().unwrap_err().to_string().contains("locked"));
        assert!(Engine::builder().busy_timeout(Duration::ZERO).open(&path).unwrap_err().is_busy());
        assert!(builder.open(&path).unwrap_err().is_busy());
        engine.session().unwrap().raw("CREATE TABLE t(x)", ()).execute().unwrap();
        assert!(count().unwrap_err().to_string().contains("locked"));
        engine.close().unwrap();
        assert_eq!(count().unwrap(), 1);
    }
}

#[test]
fn the_write_ahead_log_has_no_shared_memory() {
    let dir = tempdir().unwrap();
    let engine = exclusive().open(dir.path().join("app.db")).unwrap();
    let session = engine.session().unwrap();
    session.raw("CREATE TABLE t(x)", ()).execute().unwrap();
    assert_eq!(session.raw("PRAGMA journal_mode", ()).one::<String>().unwrap(), "wal");
    assert_eq!(names(dir.path()), ["app.db", "app.db-wal"]);
    drop(session);
    engine.close().unwrap();
    assert_eq!(names(dir.path()), ["app.db"]);
}

#[test]
fn a_session_does_everything_and_a_second_one_waits_for_it() {
    let dir = tempdir().unwrap();
    let engine = exclusive().open(dir.path().join("app.db")).unwrap();
    let session = engine.session().unwrap();
    session.execute_batch("CREATE TABLE t(x INTEGER); INSERT INTO t VALUES (1)").unwrap();
    let failed = session.transaction(|tx| {
        tx.raw("INSERT INTO t VALUES (2)", ()).execute()?;
        Err::<(), _>(Error::other("never mind"))
    });
    assert_eq!(failed.unwrap_err().to_string(), "never mind");
    assert!(engine.session().unwrap_err().is_busy());
    drop(session);
    assert_eq!(engine.read(|snapshot| snapshot.raw("SELECT x FROM t", ()).all::<i64>()).unwrap(), [1]);
    engine.backup(dir.path().join("copy.db")).unwrap();
    assert_eq!(super::integer(&dir.path().join("copy.db"), "SELECT x FROM t"), 1);
}

#[test]
fn a_connection_that_is_replaced_is_exclusive_again() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("app.db");
    let engine = exclusive().open(&path).unwrap();
    // such a connection is closed when it is given back
    engine.session().unwrap().raw("PRAGMA case_sensitive_like = ON", ()).execute().unwrap();
    let session = engine.session().unwrap();
    assert_eq!(session.raw("SELECT 'a' LIKE 'A'", ()).one::<i64>().unwrap(), 1);
    assert!(Engine::builder().busy_timeout(Duration::ZERO).open(&path).unwrap_err().is_busy());
}

#[test]
fn what_cannot_be_had_together_is_refused() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("app.db");
    let refused = |builder: EngineBuilder| {
        let error = builder.open(&path).unwrap_err();
        (error.kind(), error.to_string())
    };
    assert_eq!(
        refused(exclusive().max_connections(2)),
        (
            ErrorKind::Open,
            "`exclusive` locks the file for one connection, so `max_connections` cannot be more than 1; leave one of them \
             out"
                .to_owned()
        )
    );
    assert_eq!(
        refused(exclusive().read_only(true)),
        (
            ErrorKind::Open,
            "`exclusive` takes the writer's lock, which `read_only` does not have; leave one of them out"
                .to_owned()
        )
    );
    assert!(names(dir.path()).is_empty());
    exclusive().max_connections(1).open(&path).unwrap();
}

#[test]
fn in_memory_it_is_a_single_connection() {
    let engine = exclusive().open_in_memory().unwrap();
    let session = engine.session().unwrap();
    session.raw("CREATE TABLE t(x)", ()).execute().unwrap();
    assert!(engine.session().unwrap_err().is_busy());
}
