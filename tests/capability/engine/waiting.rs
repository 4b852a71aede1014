use std::path::Path;
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use orm_core::{Engine, ErrorKind};
use tempfile::tempdir;

use super::{integer, outsider};

fn impatient(path: &Path) -> Engine {
    let engine = Engine::builder().busy_timeout(Duration::ZERO).open(path).unwrap();
    engine.session().unwrap().execute_batch("CREATE TABLE t(x); INSERT INTO t VALUES (0)").unwrap();
    engine
}

#[test]
fn a_thread_that_writes_through_two_sessions_gets_an_error_instead_of_waiting_for_itself() {
    let dir = tempdir().unwrap();
    for engine in [Engine::open(dir.path().join("app.db")).unwrap(), Engine::open_in_memory().unwrap()] {
        let (one, two) = (engine.session().unwrap(), engine.session().unwrap());
        one.execute_batch("CREATE TABLE t(x)").unwrap();
        let kinds = one
            .transaction(|_| {
                Ok([
                    two.raw("INSERT INTO t VALUES (1)", ()).execute().unwrap_err().kind(),
                    two.begin().unwrap_err().kind(),
                    two.execute_batch("INSERT INTO t VALUES (1)").unwrap_err().kind(),
                ])
            })
            .unwrap();
        assert_eq!(kinds, [ErrorKind::WouldDeadlock; 3]);
        two.raw("INSERT INTO t VALUES (1)", ()).execute().unwrap();
    }
}

#[test]
fn who_waits_in_vain_learns_which_statement_holds_the_turn() {
    let dir = tempdir().unwrap();
    let engine = impatient(&dir.path().join("app.db"));
    let holder = engine.session().unwrap();
    let transaction = holder.begin().unwrap();
    transaction.raw("UPDATE t SET x = 1", ()).execute().unwrap();
    let error = thread::scope(|scope| {
        let waiter = scope.spawn(|| engine.session()?.raw("UPDATE t SET x = 2", ()).execute());
        waiter.join().unwrap().unwrap_err()
    });
    assert!(error.is_busy());
    assert_eq!(
        error.to_string(),
        "the turn to write did not come before the deadline: it is held by a session that runs `UPDATE t SET x = 1`; \
         keep transactions short, or raise `busy_timeout` (in `UPDATE t SET x = 2`)"
    );
}

#[test]
fn another_process_that_writes_is_waited_for_until_the_deadline() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("app.db");
    let engine = impatient(&path);
    let other = outsider(&path);
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = engine.session().unwrap().raw("UPDATE t SET x = 1", ()).execute().unwrap_err();
    assert_eq!((error.is_busy(), error.sqlite_code()), (true, Some(5)));

    let patient = Engine::open(&path).unwrap();
    let begun = Barrier::new(2);
    thread::scope(|scope| {
        let waiter = scope.spawn(|| {
            let session = patient.session().unwrap();
            begun.wait();
            session.raw("UPDATE t SET x = x + 1", ()).execute()
        });
        begun.wait();
        other.execute_batch("UPDATE t SET x = 10; COMMIT").unwrap();
        assert_eq!(waiter.join().unwrap().unwrap(), 1);
    });
    assert_eq!(integer(&path, "SELECT x FROM t"), 11);
}

#[test]
fn no_write_of_many_threads_is_lost_or_refused() {
    let dir = tempdir().unwrap();
    for (name, engine) in [
        ("file.db", Engine::open(dir.path().join("app.db")).unwrap()),
        ("shared.db", Engine::open_in_memory().unwrap()),
        ("single.db", Engine::builder().max_connections(1).open_in_memory().unwrap()),
    ] {
        engine.session().unwrap().execute_batch("CREATE TABLE t(x); INSERT INTO t VALUES (0)").unwrap();
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for round in 0..50 {
                        let session = engine.session().unwrap();
                        if round % 2 == 0 {
                            session.raw("UPDATE t SET x = x + 1", ()).execute().unwrap();
                        } else {
                            session.transaction(|tx| tx.raw("UPDATE t SET x = x + 1", ()).execute()).unwrap();
                        }
                        session.read(|snapshot| snapshot.execute_batch("SELECT * FROM t")).unwrap();
                    }
                });
            }
        });
        engine.backup(dir.path().join(name)).unwrap();
        assert_eq!(integer(&dir.path().join(name), "SELECT x FROM t"), 400);
    }
}
