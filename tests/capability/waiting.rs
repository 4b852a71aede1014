//! Waiting for a turn: who waits, until when, and what is said to those who wait in vain.

use std::sync::Mutex;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use orm_core::rusqlite::functions::FunctionFlags;
use orm_core::{Engine, ErrorKind, rusqlite};

use crate::support::{add, engines, file, file_with, numbers};

fn impatient() -> orm_core::EngineBuilder {
    Engine::builder().busy_timeout(Duration::ZERO)
}

#[test]
fn another_program_that_writes_makes_an_error_that_says_what_to_do() {
    let (place, engine) = file_with(impatient());
    let session = engine.session().unwrap();
    let other = place.outsider();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let errors = [
        add(&session, 4).unwrap_err(),
        session.begin().unwrap_err(),
        session.execute_batch("DELETE FROM t").unwrap_err(),
        engine.transaction(|tx| add(tx, 4)).unwrap_err(),
    ];
    for error in errors {
        assert!(error.is_busy());
        assert!(
            error.to_string().starts_with(
                "database is locked: a connection outside this engine held the lock until the busy timeout passed; keep \
                 its transactions short, or raise `busy_timeout`"
            ),
            "{error}"
        );
    }
    assert_eq!(numbers(&session), [1, 2, 3]);
    other.execute_batch("COMMIT").unwrap();
    add(&session, 4).unwrap();
}

#[test]
fn a_batch_that_reads_before_it_writes_is_told_to_begin_at_once() {
    let (place, engine) = file_with(impatient().on_connect(|connection| {
        let other = Mutex::new(rusqlite::Connection::open(connection.path().unwrap())?);
        connection.create_scalar_function("meanwhile", 0, FunctionFlags::empty(), move |_| {
            other.lock().unwrap().execute("INSERT INTO t VALUES (100)", ()).map(|_| 1)
        })
    }));
    let session = engine.session().unwrap();
    let error = session
        .execute_batch("BEGIN; SELECT * FROM t; SELECT meanwhile(); INSERT INTO t VALUES (4); COMMIT")
        .unwrap_err();
    assert_eq!((error.is_busy(), error.sqlite_code()), (true, Some(517)));
    assert!(error.to_string().contains("begin it with BEGIN IMMEDIATE, and try again"), "{error}");
    assert_eq!(place.integers("SELECT x FROM t"), [1, 2, 3, 100]);
    assert!(!session.in_transaction());
}

#[test]
fn a_call_that_waited_in_vain_does_not_shorten_the_wait_of_the_next_one() {
    let (place, engine) =
        file_with(Engine::builder().busy_timeout(Duration::from_secs(2)).rollback_journal());
    let session = engine.session().unwrap();
    let holder = engine.session().unwrap();
    let error = thread::scope(|scope| {
        let transaction = holder.begin().unwrap();
        let waiter = scope.spawn(move || (add(&session, 4).unwrap_err(), session));
        let (error, session) = waiter.join().unwrap();
        drop(transaction);
        // its deadline has passed; a reader that has to wait for another program's commit waits anew
        let other = place.outsider();
        other.execute_batch("BEGIN EXCLUSIVE").unwrap();
        let (begun, begin) = channel();
        let reader = scope.spawn(move || {
            begun.send(()).unwrap();
            numbers(&session)
        });
        begin.recv().unwrap();
        thread::sleep(Duration::from_millis(20));
        other.execute_batch("COMMIT").unwrap();
        assert_eq!(reader.join().unwrap(), [1, 2, 3]);
        error
    });
    assert!(error.is_busy());
}

#[test]
fn in_memory_a_reader_waits_for_a_writer_also_where_it_has_to_learn_the_schema() {
    let engine = Engine::open_in_memory().unwrap();
    let writer = engine.session().unwrap();
    let reader = engine.session().unwrap();
    let transaction = writer.begin().unwrap();
    transaction.execute_batch("CREATE TABLE t(x INTEGER); INSERT INTO t VALUES (7)").unwrap();
    thread::scope(|scope| {
        let (begun, begin) = channel();
        let waiting = scope.spawn(move || {
            begun.send(()).unwrap();
            let read = numbers(&reader);
            (read, add(&reader, 8).unwrap())
        });
        begin.recv().unwrap();
        thread::sleep(Duration::from_millis(20));
        transaction.commit().unwrap();
        assert_eq!(waiting.join().unwrap(), (vec![7], 1));
    });
}

#[test]
fn in_memory_a_writer_waits_for_iterators_and_snapshots_of_other_threads() {
    let engine = Engine::open_in_memory().unwrap();
    let session = engine.session().unwrap();
    session.execute_batch("CREATE TABLE t(x INTEGER); INSERT INTO t VALUES (1), (2)").unwrap();
    let mut rows = session.raw("SELECT x FROM t", ()).iter::<i64>().unwrap();
    rows.next();
    thread::scope(|scope| {
        let (begun, begin) = channel();
        let engine = &engine;
        let writer = scope.spawn(move || {
            begun.send(()).unwrap();
            engine.transaction(|tx| add(tx, 3))
        });
        begin.recv().unwrap();
        thread::sleep(Duration::from_millis(20));
        assert_eq!(rows.by_ref().map(Result::unwrap).collect::<Vec<_>>(), [2]);
        assert_eq!(writer.join().unwrap().unwrap(), 1);
    });
    assert_eq!(numbers(&session), [1, 2, 3]);
}

#[test]
fn a_thread_that_would_wait_for_its_own_iterator_in_memory_is_told_so() {
    let engine = Engine::open_in_memory().unwrap();
    let (reader, writer) = (engine.session().unwrap(), engine.session().unwrap());
    reader.execute_batch("CREATE TABLE t(x INTEGER); INSERT INTO t VALUES (1), (2)").unwrap();
    let mut rows = reader.raw("SELECT x FROM t", ()).iter::<i64>().unwrap();
    rows.next();
    assert_eq!(add(&writer, 3).unwrap_err().kind(), ErrorKind::WouldDeadlock);
    assert_eq!(writer.begin().unwrap_err().kind(), ErrorKind::WouldDeadlock);
    assert_eq!(numbers(&writer), [1, 2]);
    drop(rows);
    add(&writer, 3).unwrap();
}

#[test]
fn a_thread_with_a_transaction_reads_a_file_through_another_session() {
    let (_place, engine) = file();
    engine
        .transaction(|tx| {
            add(tx, 4)?;
            assert_eq!(numbers(&engine.session()?), [1, 2, 3]);
            assert_eq!(add(&engine.session()?, 5).unwrap_err().kind(), ErrorKind::WouldDeadlock);
            Ok(())
        })
        .unwrap();
}

#[test]
fn who_holds_the_turn_and_waits_for_a_connection_gets_an_error_in_the_end() {
    let (_place, engine) = file_with(impatient().max_connections(1));
    let error = engine.transaction(|_| engine.session()?.begin().map(drop)).unwrap_err();
    assert!(error.is_busy());
    assert!(error.to_string().starts_with("no connection was free before the deadline"), "{error}");
}

#[test]
fn a_call_that_is_refused_gives_its_turn_back() {
    for engine in engines().1 {
        let session = engine.session().unwrap();
        session.raw("INSERT INTO t VALUES (?1)", ()).execute().unwrap_err();
        session.raw("INSERT INTO nowhere VALUES (1)", ()).execute().unwrap_err();
        session.execute_batch("nonsense").unwrap_err();
        session.raw("DELETE FROM t RETURNING x", ()).iter::<i64>().unwrap_err();
        session.raw("SELECT ?1", ()).iter::<i64>().unwrap_err();
        drop(session);
        thread::scope(|scope| {
            scope.spawn(|| engine.transaction(|tx| add(tx, 4)).unwrap());
        });
        assert_eq!(numbers(&engine.session().unwrap()), [1, 2, 3, 4]);
    }
}

#[test]
fn eight_threads_write_in_every_way_and_none_is_busy() {
    let (place, engine) = file();
    thread::scope(|scope| {
        for thread in 0..8 {
            let engine = &engine;
            scope.spawn(move || {
                let session = engine.session().unwrap();
                for round in 0..30 {
                    match (thread + round) % 4 {
                        0 => drop(add(&session, 0).unwrap()),
                        1 => drop(session.transaction(|tx| add(tx, 0)).unwrap()),
                        2 => session.execute_batch("BEGIN; INSERT INTO t VALUES (0); COMMIT").unwrap(),
                        _ => assert_eq!(
                            session.raw("INSERT INTO t VALUES (0) RETURNING x", ()).one::<i64>().unwrap(),
                            0
                        ),
                    }
                    session.read(|snapshot| snapshot.raw("SELECT count(*) FROM t", ()).one::<i64>()).unwrap();
                }
            });
        }
    });
    assert_eq!(place.integers("SELECT count(*) FROM t WHERE x = 0"), [240]);
}
