//! When SQLite ends a transaction by itself: what follows is refused, never committed on its own.

use std::sync::{Arc, Mutex};

use orm_core::rusqlite::InterruptHandle;
use orm_core::rusqlite::functions::FunctionFlags;
use orm_core::{Engine, EngineBuilder, ErrorKind, Model, Session};

use crate::support::{Place, add, file_with, numbers};

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "t")]
struct Number {
    #[orm(primary_key)]
    x: i64,
}

/// SQL can say `interrupt()`.
fn interruptible() -> EngineBuilder {
    Engine::builder().on_connect(|connection| {
        let handle: Arc<Mutex<InterruptHandle>> = Arc::new(Mutex::new(connection.get_interrupt_handle()));
        connection.create_scalar_function("interrupt", 0, FunctionFlags::empty(), move |_| {
            handle.lock().unwrap().interrupt();
            Ok(0)
        })
    })
}

/// What can be done with a session whose transaction SQLite has ended, and with the next transaction.
fn refuses_everything_until_the_guard_is_gone(session: &Session, ending: &str, kind: ErrorKind) {
    let transaction = session.begin().unwrap();
    add(&transaction, 4).unwrap();
    assert_eq!(session.raw(ending, ()).execute().unwrap_err().kind(), kind, "{ending}");
    let mut number = Number { x: 5 };
    let kinds = [
        session.insert(&mut number).unwrap_err().kind(),
        add(session, 5).unwrap_err().kind(),
        session.raw("SELECT x FROM t", ()).all::<i64>().unwrap_err().kind(),
        session.raw("SELECT x FROM t", ()).iter::<i64>().unwrap_err().kind(),
        session.execute_batch("INSERT INTO t VALUES (5)").unwrap_err().kind(),
        session.begin().unwrap_err().kind(),
        session.read(|_| Ok(())).unwrap_err().kind(),
        session.get::<Number>(1).unwrap_err().kind(),
    ];
    assert_eq!(kinds, [ErrorKind::TransactionEnded; 8], "{ending}");
    let error = transaction.commit().unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (
            ErrorKind::TransactionEnded,
            "SQLite rolled the transaction back after an earlier error: drop its guard and begin again"
        )
    );
    assert_eq!(numbers(session), [1, 2, 3], "{ending}");
    session.transaction(|tx| add(tx, 6)).unwrap();
    session.execute_batch("DELETE FROM t WHERE x = 6").unwrap();
}

#[test]
fn insert_or_rollback_and_raise_rollback_end_the_transaction_for_all_guards() {
    let (_place, engine) = file_with(Engine::builder());
    let session = engine.session().unwrap();
    session
        .execute_batch(
            "CREATE UNIQUE INDEX t_x ON t(x);
             CREATE TRIGGER t_no BEFORE INSERT ON t WHEN new.x = 13 BEGIN SELECT RAISE(ROLLBACK, 'unlucky'); END",
        )
        .unwrap();
    refuses_everything_until_the_guard_is_gone(
        &session,
        "INSERT OR ROLLBACK INTO t VALUES (1)",
        ErrorKind::Constraint,
    );
    refuses_everything_until_the_guard_is_gone(&session, "INSERT INTO t VALUES (13)", ErrorKind::Constraint);
}

#[test]
fn an_interrupted_write_ends_the_transaction_and_an_interrupted_read_does_not() {
    let (_place, engine) = file_with(interruptible());
    let session = engine.session().unwrap();
    refuses_everything_until_the_guard_is_gone(
        &session,
        "UPDATE t SET x = x + interrupt()",
        ErrorKind::Interrupted,
    );
    session
        .transaction(|tx| {
            add(tx, 4)?;
            let error = tx.raw("SELECT x + interrupt() FROM t", ()).all::<i64>().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Interrupted);
            add(tx, 5)
        })
        .unwrap();
    assert_eq!(numbers(&session), [1, 2, 3, 4, 5]);
}

#[test]
fn a_savepoint_does_not_outlive_the_transaction_that_sqlite_ended() {
    let (_place, engine) = file_with(interruptible());
    let session = engine.session().unwrap();
    let result = session.transaction(|tx| {
        add(tx, 4)?;
        let inner = tx.transaction(|inner| {
            add(inner, 5)?;
            inner.raw("UPDATE t SET x = x + interrupt()", ()).execute()
        });
        assert_eq!(inner.unwrap_err().kind(), ErrorKind::Interrupted);
        assert_eq!(add(tx, 6).unwrap_err().kind(), ErrorKind::TransactionEnded);
        Ok(())
    });
    assert_eq!(result.unwrap_err().kind(), ErrorKind::TransactionEnded);
    assert_eq!(numbers(&session), [1, 2, 3]);
}

#[test]
fn a_batch_stops_where_the_transaction_ends() {
    let (_place, engine) = file_with(interruptible());
    let session = engine.session().unwrap();
    let failed = session.transaction(|tx| {
        add(tx, 4)?;
        tx.execute_batch("UPDATE t SET x = x + interrupt(); INSERT INTO t VALUES (5)")
    });
    assert_eq!(failed.unwrap_err().kind(), ErrorKind::Interrupted);
    let error =
        session.execute_batch("BEGIN; UPDATE t SET x = x + interrupt(); INSERT INTO t VALUES (5); COMMIT");
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Interrupted);
    assert_eq!(numbers(&session), [1, 2, 3]);
}

#[test]
fn a_full_disk_loses_the_transaction_and_nothing_that_was_committed() {
    let (place, engine) = file_with(
        Engine::builder().on_connect(|connection| connection.execute_batch("PRAGMA max_page_count = 20")),
    );
    let session = engine.session().unwrap();
    session.execute_batch("CREATE TABLE blobs(id INTEGER PRIMARY KEY, bytes BLOB)").unwrap();
    let fill =
        |session: &Session| session.raw("INSERT INTO blobs(bytes) VALUES (zeroblob(10000))", ()).execute();
    let mut stored = 0;
    let error = loop {
        match session.transaction(|tx| fill(tx)) {
            Ok(_) => stored += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), ErrorKind::DiskFull);
    let failed = session.transaction(|tx| {
        add(tx, 4)?;
        fill(tx).unwrap_err();
        let after = add(tx, 5);
        // SQLite decides how much it rolls back: the statement alone, or everything, and then nothing may follow
        if let Err(error) = &after {
            assert_eq!(error.kind(), ErrorKind::TransactionEnded);
        }
        after
    });
    let expected = if failed.is_ok() { vec![1, 2, 3, 4, 5] } else { vec![1, 2, 3] };
    assert_eq!(place.integers("SELECT x FROM t ORDER BY x"), expected);
    assert_eq!(place.integers("SELECT count(*) FROM blobs"), [stored]);
    session.execute_batch("DELETE FROM blobs").unwrap();
    session.transaction(|tx| fill(tx)).unwrap();
}

#[test]
fn a_damaged_page_is_an_error_and_the_session_goes_on() {
    let place = Place::new();
    let other = place.outsider();
    other
        .execute_batch("CREATE TABLE t(x INTEGER); INSERT INTO t VALUES (1), (2), (3); CREATE TABLE u(x)")
        .unwrap();
    let root: u64 = other
        .query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'u'", (), |row| row.get::<_, i64>(0))
        .unwrap()
        .try_into()
        .unwrap();
    drop(other);
    let mut bytes = std::fs::read(place.path()).unwrap();
    let start = (root as usize - 1) * 4096;
    bytes[start..start + 100].fill(0xff);
    std::fs::write(place.path(), bytes).unwrap();
    let session = Engine::open(place.path()).unwrap().session().unwrap();
    assert_eq!(session.raw("SELECT * FROM u", ()).all::<i64>().unwrap_err().kind(), ErrorKind::Corrupt);
    assert_eq!(session.raw("INSERT INTO u VALUES (1)", ()).execute().unwrap_err().kind(), ErrorKind::Corrupt);
    assert_eq!(numbers(&session), [1, 2, 3]);
    add(&session, 4).unwrap();
}

#[test]
fn what_was_committed_outlives_a_process_that_is_killed() {
    let (place, engine) = file_with(Engine::builder());
    engine.transaction(|tx| add(tx, 4)).unwrap();
    let session = engine.session().unwrap();
    let transaction = session.begin().unwrap();
    add(&transaction, 5).unwrap();
    // a copy of the files at this moment is what a killed process leaves behind
    let crashed = Place::new();
    for name in ["app.db", "app.db-wal"] {
        std::fs::copy(place.folder().join(name), crashed.folder().join(name)).unwrap();
    }
    let found = numbers(&Engine::open(crashed.path()).unwrap().session().unwrap());
    assert_eq!(found, [1, 2, 3, 4]);
    transaction.commit().unwrap();
}
