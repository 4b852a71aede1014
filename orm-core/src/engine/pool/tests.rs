use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::{Pool, Pooled};
use crate::driver::{Connection, rusqlite};
use crate::engine::opening::{Place, Source};
use crate::engine::options::Options;
use crate::error::ErrorKind;

fn never() -> Instant {
    Instant::now() + Duration::from_secs(600)
}

fn at_once() -> Instant {
    Instant::now()
}

/// A pool over a database in memory that all its connections share.
fn pool(max: usize, options: Options) -> (Arc<Pool>, Connection) {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let name = format!("pool-test-{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let source = Source::new(Place::SharedMemory(name), options);
    let keeper = source.open_first(never()).unwrap();
    let first = source.open_another(never()).unwrap();
    (Pool::new(source, first, max), keeper)
}

fn open(pool: &Pool) -> usize {
    pool.queue.lock().state().open
}

/// Marks a connection, so that it is known again.
fn mark(connection: &Connection) {
    connection.execute_batch("CREATE TEMP TABLE mark(x)").unwrap();
}

fn is_marked(connection: &Connection) -> bool {
    connection.query_text("SELECT name FROM temp.sqlite_schema").unwrap().is_some()
}

#[test]
fn a_connection_can_move_to_another_thread_with_its_session() {
    fn sent<T: Send>() {}
    sent::<Pooled>();
}

#[test]
fn connections_are_opened_when_needed_and_used_again() {
    let (pool, _keeper) = pool(3, Options::default());
    let first = pool.check_out(at_once()).unwrap();
    mark(&first);
    assert_eq!(open(&pool), 1);
    let second = pool.check_out(at_once()).unwrap();
    assert_eq!((open(&pool), is_marked(&second)), (2, false));
    drop(first);
    let again = pool.check_out(at_once()).unwrap();
    assert_eq!((open(&pool), is_marked(&again)), (2, true));
}

#[test]
fn a_passed_deadline_is_busy_and_says_how_many_are_out_and_what_to_do() {
    let (pool, _keeper) = pool(2, Options::default());
    let _both = (pool.check_out(at_once()).unwrap(), pool.check_out(at_once()).unwrap());
    let error = pool.check_out(at_once()).unwrap_err();
    assert!(error.is_busy());
    assert_eq!(
        error.to_string(),
        "no connection was free before the deadline: all 2 are in use, each until its session is dropped; drop sessions \
         earlier, or raise `max_connections`"
    );
}

#[test]
fn waiters_get_connections_in_order_of_arrival() {
    let (pool, _keeper) = pool(1, Options::default());
    let order = Mutex::new(Vec::new());
    let held = pool.check_out(at_once()).unwrap();
    thread::scope(|scope| {
        for number in 0..4 {
            let (pool, order) = (&pool, &order);
            scope.spawn(move || {
                let _connection = pool.check_out(never()).unwrap();
                order.lock().unwrap().push(number);
            });
            while pool.queue.waiting() != number + 1 {
                thread::yield_now();
            }
        }
        drop(held);
    });
    assert_eq!(order.into_inner().unwrap(), [0, 1, 2, 3]);
}

#[test]
fn an_open_transaction_is_rolled_back_at_check_in_and_the_connection_is_kept() {
    let (pool, _keeper) = pool(1, Options::default());
    let connection = pool.check_out(at_once()).unwrap();
    mark(&connection);
    connection.execute_batch("BEGIN IMMEDIATE; CREATE TABLE t(x)").unwrap();
    drop(connection);
    let next = pool.check_out(at_once()).unwrap();
    assert_eq!(next.query_text("SELECT count(*) FROM sqlite_schema").unwrap().as_deref(), Some("0"));
    assert!(next.is_autocommit() && is_marked(&next));
}

#[test]
fn a_tainted_connection_is_closed_at_check_in() {
    let (pool, _keeper) = pool(1, Options::default());
    let connection = pool.check_out(at_once()).unwrap();
    mark(&connection);
    connection.taint();
    drop(connection);
    assert_eq!(open(&pool), 0);
    assert!(!is_marked(&pool.check_out(at_once()).unwrap()));
}

#[test]
fn after_a_change_of_the_schema_only_the_connection_that_made_it_is_kept() {
    let (pool, _keeper) = pool(3, Options::default());
    let [changer, busy, idle] = [(); 3].map(|()| pool.check_out(at_once()).unwrap());
    for connection in [&changer, &busy, &idle] {
        mark(connection);
    }
    drop(idle);
    pool.mark_stale(&changer);
    assert_eq!(open(&pool), 2);
    drop(busy);
    assert_eq!(open(&pool), 1);
    drop(changer);
    assert!(is_marked(&pool.check_out(at_once()).unwrap()));
}

#[test]
fn a_connection_opened_after_the_change_is_not_stale() {
    let (pool, _keeper) = pool(2, Options::default());
    let changer = pool.check_out(at_once()).unwrap();
    pool.mark_stale(&changer);
    drop(pool.check_out(at_once()).unwrap());
    assert_eq!(open(&pool), 2);
}

#[test]
fn a_private_database_is_kept_with_its_data_and_its_settings_are_restored() {
    let source = Source::new(Place::PrivateMemory, Options::default());
    let first = source.open_first(never()).unwrap();
    let pool = Pool::new(source, first, 1);
    let connection = pool.check_out(at_once()).unwrap();
    connection.execute_batch("CREATE TABLE t(x); PRAGMA foreign_keys = OFF").unwrap();
    connection.taint();
    pool.mark_stale(&connection);
    drop(connection);
    let connection = pool.check_out(at_once()).unwrap();
    let tables = connection.query_text("SELECT count(*) FROM sqlite_schema").unwrap();
    let foreign_keys = connection.query_text("PRAGMA foreign_keys").unwrap();
    assert_eq!((tables.as_deref(), foreign_keys.as_deref()), (Some("1"), Some("1")));
}

#[test]
fn a_panic_inside_a_transaction_rolls_back_and_closes_the_connection() {
    let (pool, _keeper) = pool(1, Options::default());
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let connection = pool.check_out(at_once()).unwrap();
        connection.execute_batch("BEGIN IMMEDIATE; CREATE TABLE t(x)").unwrap();
        panic!("on purpose");
    }));
    assert!(panicked.is_err());
    assert_eq!(open(&pool), 0);
    let next = pool.check_out(at_once()).unwrap();
    assert_eq!(next.query_text("SELECT count(*) FROM sqlite_schema").unwrap().as_deref(), Some("0"));
}

#[test]
fn a_connection_that_cannot_be_opened_gives_its_place_back() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let refuse_third = move |_: &rusqlite::Connection| match counted.fetch_add(1, Ordering::SeqCst) {
        2 => Err(rusqlite::Error::InvalidQuery),
        3 => panic!("on purpose"),
        _ => Ok(()),
    };
    let options = Options { on_connect: Some(Arc::new(refuse_third)), ..Options::default() };
    let (pool, _keeper) = pool(2, options);
    let _held = pool.check_out(at_once()).unwrap();
    let error = pool.check_out(at_once()).unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (ErrorKind::Open, "`on_connect` refused the connection")
    );
    assert!(catch_unwind(AssertUnwindSafe(|| pool.check_out(at_once()))).is_err());
    assert_eq!(open(&pool), 1);
    assert!(pool.check_out(at_once()).is_ok());
}

#[test]
fn closing_is_refused_while_connections_are_out_and_final_otherwise() {
    let (pool, _keeper) = pool(2, Options::default());
    let held = pool.check_out(at_once()).unwrap();
    let error = pool.close().err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Closed);
    assert_eq!(
        error.to_string(),
        "the engine cannot be closed while 1 of its sessions are alive; drop them first"
    );
    drop(held);
    assert_eq!(pool.close().unwrap().len(), 1);
    assert_eq!(pool.check_out(never()).unwrap_err().kind(), ErrorKind::Closed);
    assert_eq!(pool.close().err().unwrap().kind(), ErrorKind::Closed);
}

#[test]
fn under_a_hail_of_requests_no_connection_is_lost_or_handed_out_twice() {
    let (pool, _keeper) = pool(3, Options::default());
    let out = AtomicUsize::new(0);
    thread::scope(|scope| {
        for thread in 0..8_usize {
            let (pool, out) = (&pool, &out);
            scope.spawn(move || {
                for round in 0..200_usize {
                    let mix = thread * 7 + round * 13;
                    let deadline =
                        if mix % 5 == 0 { Instant::now() + Duration::from_micros(50) } else { never() };
                    let Ok(connection) = pool.check_out(deadline) else { continue };
                    assert!(out.fetch_add(1, Ordering::SeqCst) < 3, "more connections than allowed");
                    if mix % 7 == 0 {
                        connection.taint();
                    }
                    out.fetch_sub(1, Ordering::SeqCst);
                }
            });
        }
    });
    assert_eq!(pool.queue.waiting(), 0);
    let idle = pool.queue.lock().state().idle.len();
    assert_eq!(open(&pool), idle);
}
