//! Databases in memory.

use std::thread;

use orm_core::Engine;

use crate::support::{add, numbers};

#[test]
fn a_database_in_memory_outlives_its_sessions() {
    for connections in [1, 2, 8] {
        let engine = Engine::builder().max_connections(connections).open_in_memory().unwrap();
        engine.session().unwrap().execute_batch("CREATE TABLE t(x INTEGER)").unwrap();
        for number in 0..5 {
            add(&engine.session().unwrap(), number).unwrap();
            // a connection that may not be used again takes nothing with it
            engine.session().unwrap().raw("PRAGMA cache_size = 10", ()).execute().unwrap();
        }
        assert_eq!(numbers(&engine.session().unwrap()), [0, 1, 2, 3, 4]);
    }
}

#[test]
fn in_memory_readers_read_together_and_writers_write_alone() {
    let engine = Engine::open_in_memory().unwrap();
    engine.session().unwrap().execute_batch("CREATE TABLE t(x INTEGER); INSERT INTO t VALUES (0)").unwrap();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..50 {
                    engine.transaction(|tx| tx.raw("UPDATE t SET x = x + 1", ()).execute()).unwrap();
                }
            });
            scope.spawn(|| {
                let session = engine.session().unwrap();
                for _ in 0..50 {
                    for number in session.raw("SELECT x FROM t", ()).iter::<i64>().unwrap() {
                        number.unwrap();
                    }
                    let pair = session.read(|snapshot| Ok([numbers(snapshot), numbers(snapshot)])).unwrap();
                    assert_eq!(pair[0], pair[1]);
                }
            });
        }
    });
    assert_eq!(numbers(&engine.session().unwrap()), [200]);
}

#[test]
fn one_thread_may_read_through_several_sessions_at_once() {
    let engine = Engine::open_in_memory().unwrap();
    let (one, two) = (engine.session().unwrap(), engine.session().unwrap());
    one.execute_batch("CREATE TABLE t(x INTEGER); INSERT INTO t VALUES (1), (2)").unwrap();
    let outer = one.raw("SELECT x FROM t ORDER BY x", ()).iter::<i64>().unwrap();
    let pairs: Vec<_> = outer.map(|number| (number.unwrap(), numbers(&two))).collect();
    assert_eq!(pairs, [(1, vec![1, 2]), (2, vec![1, 2])]);
}
