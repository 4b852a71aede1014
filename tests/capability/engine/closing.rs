use std::time::Duration;

use orm_core::{Engine, ErrorKind};
use tempfile::tempdir;

use super::{integer, names, outsider};

#[test]
fn closing_leaves_one_file_with_everything_in_it() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("app.db");
    let engine = Engine::open(&path).unwrap();
    let (first, second) = (engine.session().unwrap(), engine.session().unwrap());
    first.execute_batch("CREATE TABLE t(x); INSERT INTO t VALUES (1)").unwrap();
    second.execute_batch("INSERT INTO t VALUES (2)").unwrap();
    drop((first, second));
    engine.close().unwrap();
    assert_eq!(names(dir.path()), ["app.db"]);
    assert_eq!(integer(&path, "SELECT count(*) FROM t"), 2);
}

#[test]
fn closing_is_refused_while_sessions_are_alive_and_the_engine_goes_on() {
    let engine = Engine::open_in_memory().unwrap();
    let sessions = (engine.session().unwrap(), engine.session().unwrap());
    let error = engine.clone().close().unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (ErrorKind::Closed, "the engine cannot be closed while 2 of its sessions are alive; drop them first")
    );
    sessions.0.execute_batch("CREATE TABLE t(x)").unwrap();
    let third = engine.session().unwrap();
    third.execute_batch("INSERT INTO t VALUES (1)").unwrap();
    drop((sessions, third));
    engine.close().unwrap();
}

#[test]
fn a_closed_engine_says_so_through_every_clone() {
    let dir = tempdir().unwrap();
    let engine = Engine::open(dir.path().join("app.db")).unwrap();
    let clone = engine.clone();
    engine.close().unwrap();
    let kinds = [
        clone.session().unwrap_err().kind(),
        clone.backup(dir.path().join("copy.db")).unwrap_err().kind(),
        clone.close().unwrap_err().kind(),
    ];
    assert_eq!(kinds, [ErrorKind::Closed; 3]);
}

#[test]
fn a_reader_in_another_process_keeps_the_write_ahead_log_and_closing_says_so() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("app.db");
    let engine = Engine::builder().busy_timeout(Duration::ZERO).open(&path).unwrap();
    let session = engine.session().unwrap();
    session.execute_batch("CREATE TABLE t(x); INSERT INTO t VALUES (1)").unwrap();
    let reader = outsider(&path);
    reader.execute_batch("BEGIN; SELECT * FROM t").unwrap();
    // a connection whose settings were changed is not kept, so that closing has to open one
    session.execute_batch("INSERT INTO t VALUES (2); PRAGMA cache_size = 10").unwrap();
    drop(session);
    let error = engine.close().unwrap_err();
    assert!(error.is_busy(), "{error}");
    assert_eq!(
        error.to_string(),
        "the engine is closed, but another process uses the database, so its write-ahead log stays beside the file; \
         nothing is lost, and whoever closes last removes it"
    );
    drop(reader);
    assert_eq!(integer(&path, "SELECT count(*) FROM t"), 2);
    assert_eq!(names(dir.path()), ["app.db"]);
}

#[test]
fn closing_refreshes_the_statistics_of_the_planner() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("app.db");
    let engine = Engine::open(&path).unwrap();
    let session = engine.session().unwrap();
    session
        .execute_batch(
            "CREATE TABLE t(x); CREATE INDEX t_x ON t(x); ANALYZE; \
             INSERT INTO t SELECT value FROM json_each('[' || substr(replace(hex(zeroblob(500)), '00', ',1'), 2) || ']')",
        )
        .unwrap();
    session.raw("UPDATE t SET x = 2 WHERE x = 1", ()).execute().unwrap();
    drop(session);
    engine.close().unwrap();
    assert_eq!(integer(&path, "SELECT count(*) FROM sqlite_stat1 WHERE idx = 't_x'"), 1);
}

#[test]
fn dropping_the_last_clone_closes_as_well() {
    let dir = tempdir().unwrap();
    let engine = Engine::open(dir.path().join("app.db")).unwrap();
    let session = engine.session().unwrap();
    drop(engine);
    session.execute_batch("CREATE TABLE t(x)").unwrap();
    drop(session);
    assert_eq!(names(dir.path()), ["app.db"]);
}

#[test]
fn debug_shows_the_place_and_the_state() {
    let engine = Engine::open_in_memory().unwrap();
    let clone = engine.clone();
    engine.close().unwrap();
    assert_eq!(format!("{clone:?}"), "Engine { place: the in-memory database, closed: true, .. }");
}
