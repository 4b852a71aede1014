use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use orm_core::{Engine, ErrorKind, Session};
use tempfile::tempdir;

/// How many rows `t` has.
fn rows(session: &Session) -> u64 {
    session.raw("UPDATE t SET x = x", ()).execute().unwrap()
}

fn with_table(engine: &Engine) {
    engine.session().unwrap().execute_batch("CREATE TABLE t(x)").unwrap();
}

#[test]
fn an_engine_can_be_shared_and_a_session_can_be_sent() {
    fn shared<T: Send + Sync + Clone>() {}
    fn sent<T: Send>() {}
    shared::<Engine>();
    sent::<Session>();
}

#[test]
fn all_sessions_of_an_engine_in_memory_see_the_same_database_and_no_other_engine_does() {
    for connections in [1, 8] {
        let engine = Engine::builder().max_connections(connections).open_in_memory().unwrap();
        with_table(&engine);
        engine.session().unwrap().execute_batch("INSERT INTO t VALUES (1)").unwrap();
        assert_eq!(rows(&engine.session().unwrap()), 1);
        let other = Engine::builder().max_connections(connections).open_in_memory().unwrap();
        let error = other.session().unwrap().raw("UPDATE t SET x = x", ()).execute().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Sql);
    }
}

#[test]
fn too_many_sessions_are_busy_and_the_error_says_what_to_do() {
    let engine = Engine::builder().busy_timeout(Duration::ZERO).max_connections(2).open_in_memory().unwrap();
    let sessions = (engine.session().unwrap(), engine.session().unwrap());
    let error = engine.session().unwrap_err();
    assert!(error.is_busy());
    assert_eq!(
        error.to_string(),
        "no connection was free before the deadline: all 2 are in use, each until its session is dropped; drop sessions \
         earlier, or raise `max_connections`"
    );
    drop(sessions);
    assert!(engine.session().is_ok());
}

#[test]
fn a_forgotten_transaction_is_rolled_back_when_its_session_ends() {
    for engine in engines().1 {
        with_table(&engine);
        let session = engine.session().unwrap();
        let transaction = session.begin().unwrap();
        transaction.execute_batch("INSERT INTO t VALUES (1)").unwrap();
        std::mem::forget(transaction);
        drop(session);
        let next = engine.session().unwrap();
        assert_eq!(rows(&next), 0);
        next.transaction(|tx| tx.execute_batch("INSERT INTO t VALUES (1)")).unwrap();
    }
}

#[test]
fn a_panic_in_a_session_leaves_the_engine_in_order() {
    for engine in engines().1 {
        with_table(&engine);
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            let session = engine.session().unwrap();
            let transaction = session.begin().unwrap();
            transaction.execute_batch("INSERT INTO t VALUES (1)").unwrap();
            panic!("on purpose");
        }));
        assert!(panicked.is_err());
        assert_eq!(rows(&engine.session().unwrap()), 0);
    }
}

#[test]
fn what_raw_sql_did_to_a_connection_is_not_seen_by_the_next_session() {
    for engine in engines().1 {
        with_table(&engine);
        let session = engine.session().unwrap();
        session.execute_batch("PRAGMA foreign_keys = OFF; CREATE TEMP TABLE t(x)").unwrap();
        drop(session);
        let next = engine.session().unwrap();
        next.execute_batch("CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE c(p REFERENCES p)").unwrap();
        let error = next.raw("INSERT INTO c VALUES (1)", ()).execute().unwrap_err();
        assert!(error.is_foreign_key_violation());
    }
}

/// One engine of each kind.
fn engines() -> (tempfile::TempDir, [Engine; 3]) {
    let dir = tempdir().unwrap();
    let engines = [
        Engine::open(dir.path().join("app.db")).unwrap(),
        Engine::open_in_memory().unwrap(),
        Engine::builder().max_connections(1).open_in_memory().unwrap(),
    ];
    (dir, engines)
}
