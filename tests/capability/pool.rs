//! Sessions and the connections they borrow.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use orm_core::{Engine, ErrorKind};

use crate::support::{add, engines, file, file_with, numbers};

#[test]
fn a_session_may_move_to_another_thread_and_back_with_its_kept_statements() {
    for engine in engines().1 {
        let mut session = engine.session().unwrap();
        for round in 4..8 {
            session = thread::spawn(move || {
                session.transaction(|tx| add(tx, round)).unwrap();
                assert_eq!(numbers(&session).last(), Some(&round));
                session
            })
            .join()
            .unwrap();
            add(&session, round * 10).unwrap();
            session.execute_batch(&format!("DELETE FROM t WHERE x = {}", round * 10)).unwrap();
        }
        assert_eq!(numbers(&session), [1, 2, 3, 4, 5, 6, 7]);
    }
}

#[test]
fn a_session_with_a_leaked_iterator_may_move_and_be_dropped_elsewhere() {
    let (_place, engine) = file();
    let session = engine.session().unwrap();
    let mut rows = session.raw("SELECT x FROM t WHERE x > ?1", (0,)).iter::<i64>().unwrap();
    rows.next();
    std::mem::forget(rows);
    thread::spawn(move || drop(session)).join().unwrap();
    add(&engine.session().unwrap(), 4).unwrap();
    engine.close().unwrap();
}

#[test]
fn two_sessions_of_one_thread_take_turns() {
    let (_place, engine) = file();
    let (one, two) = (engine.session().unwrap(), engine.session().unwrap());
    add(&one, 4).unwrap();
    add(&two, 5).unwrap();
    one.transaction(|tx| add(tx, 6)).unwrap();
    assert_eq!((numbers(&one), numbers(&two)), (vec![1, 2, 3, 4, 5, 6], vec![1, 2, 3, 4, 5, 6]));
}

#[test]
fn a_connection_that_is_given_back_clean_is_used_again() {
    let opened = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&opened);
    let (_place, engine) = file_with(Engine::builder().on_connect(move |_| {
        seen.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }));
    for _ in 0..5 {
        let session = engine.session().unwrap();
        add(&session, 4).unwrap();
        session.read(|snapshot| Ok(numbers(snapshot))).unwrap();
        std::mem::forget(session.raw("SELECT x FROM t", ()).iter::<i64>().unwrap());
    }
    assert_eq!(opened.load(Ordering::Relaxed), 1);
    for taint in ["PRAGMA cache_size = 10", "CREATE TEMP TABLE a(x)", "CREATE VIEW temp.b AS SELECT 1"] {
        let before = opened.load(Ordering::Relaxed);
        engine.session().unwrap().raw(taint, ()).execute().unwrap();
        drop(engine.session().unwrap());
        assert_eq!(opened.load(Ordering::Relaxed), before + 1, "{taint}");
    }
}

#[test]
fn a_panic_in_a_transaction_costs_the_connection_and_nothing_else() {
    let opened = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&opened);
    let (_place, engine) = file_with(Engine::builder().on_connect(move |_| {
        seen.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }));
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let session = engine.session().unwrap();
        std::mem::forget(session.begin().unwrap());
        add(&session, 4).unwrap();
        panic!("on purpose");
    }));
    assert!(panicked.is_err());
    assert_eq!(numbers(&engine.session().unwrap()), [1, 2, 3]);
    assert_eq!(opened.load(Ordering::Relaxed), 2);
}

#[test]
fn an_error_of_the_connect_hook_is_an_error_of_the_session_and_gives_its_place_back() {
    let calls = AtomicUsize::new(0);
    let (_place, engine) = file_with(Engine::builder().max_connections(2).on_connect(move |connection| {
        if calls.fetch_add(1, Ordering::Relaxed) % 2 == 1 {
            connection.execute_batch("nonsense")?;
        }
        Ok(())
    }));
    let first = engine.session().unwrap();
    assert_eq!(engine.session().unwrap_err().kind(), ErrorKind::Open);
    let second = engine.session().unwrap();
    assert_eq!((numbers(&first), numbers(&second)), (vec![1, 2, 3], vec![1, 2, 3]));
}
