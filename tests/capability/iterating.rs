//! Iterators over rows: what may happen beside them, and what becomes of one that is dropped, leaked or outlived.

use std::mem;

use orm_core::{Engine, ErrorKind};

use crate::support::{add, engines, file, numbers};

const ALL: &str = "SELECT x FROM t ORDER BY x";

#[test]
fn an_iterator_gives_row_after_row_and_then_nothing_for_ever() {
    for engine in engines().1 {
        let session = engine.session().unwrap();
        let mut rows = session.raw("SELECT x FROM t WHERE x <> ?1 ORDER BY x", (2,)).iter::<i64>().unwrap();
        let seen: Vec<_> = (0..4).map(|_| rows.next().transpose().unwrap()).collect();
        assert_eq!(seen, [Some(1), Some(3), None, None]);
    }
}

#[test]
fn the_parameters_of_an_iterator_are_its_own() {
    let session = Engine::open_in_memory().unwrap().session().unwrap();
    let mut rows = {
        let text = "x".repeat(1000);
        session.raw("SELECT ?1 FROM json_each('[1,2]')", (text,)).iter::<String>().unwrap()
    };
    let noise: Vec<String> = (0..100).map(|_| "y".repeat(1000)).collect();
    assert_eq!(rows.next().unwrap().unwrap(), "x".repeat(1000));
    drop(noise);
    assert_eq!(rows.next().unwrap().unwrap(), "x".repeat(1000));
}

#[test]
fn outside_a_transaction_every_write_is_refused_while_an_iterator_is_alive() {
    for engine in engines().1 {
        let session = engine.session().unwrap();
        let mut rows = session.raw(ALL, ()).iter::<i64>().unwrap();
        for _ in 0..2 {
            let kinds = [
                add(&session, 4).unwrap_err().kind(),
                session.begin().unwrap_err().kind(),
                session.execute_batch("DELETE FROM t").unwrap_err().kind(),
                session.raw("CREATE TABLE u(x)", ()).execute().unwrap_err().kind(),
                session.raw("INSERT INTO t VALUES (4) RETURNING x", ()).all::<i64>().unwrap_err().kind(),
            ];
            assert_eq!(kinds, [ErrorKind::StatementInProgress; 5]);
            rows.next();
        }
        assert_eq!(
            add(&session, 4).unwrap_err().to_string(),
            "an iterator of this session is still alive: write inside a transaction that surrounds both, collect the \
             rows, or use `chunks` (in `INSERT INTO t VALUES (?1)`)"
        );
        assert_eq!(numbers(&session), [1, 2, 3]);
        assert_eq!(rows.next().unwrap().unwrap(), 3);
        assert!(rows.next().is_none());
        add(&session, 4).unwrap();
        assert_eq!(numbers(&session), [1, 2, 3, 4]);
    }
}

#[test]
fn an_iterator_that_is_dropped_half_way_is_in_nobodys_way() {
    for engine in engines().1 {
        let session = engine.session().unwrap();
        let mut rows = session.raw(ALL, ()).iter::<i64>().unwrap();
        rows.next();
        drop(rows);
        add(&session, 4).unwrap();
        assert_eq!(numbers(&session), [1, 2, 3, 4]);
    }
}

#[test]
fn inside_a_transaction_rows_are_written_while_others_are_read() {
    for engine in engines().1 {
        engine
            .transaction(|tx| {
                for number in tx.raw("SELECT x FROM t WHERE x < 10 ORDER BY x", ()).iter::<i64>()? {
                    add(tx, number? * 10)?;
                }
                Ok(())
            })
            .unwrap();
        assert_eq!(numbers(&engine.session().unwrap()), [1, 2, 3, 10, 20, 30]);
    }
}

#[test]
fn two_iterators_over_the_same_statement_do_not_share_their_place() {
    let (_place, engine) = file();
    let session = engine.session().unwrap();
    let raw = session.raw(ALL, ());
    let mut pairs = Vec::new();
    for outer in raw.iter::<i64>().unwrap() {
        for inner in raw.iter::<i64>().unwrap() {
            pairs.push((*outer.as_ref().unwrap(), inner.unwrap()));
        }
    }
    assert_eq!(pairs, [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3), (3, 1), (3, 2), (3, 3)]);
}

#[test]
fn an_iterator_that_was_started_in_a_transaction_ends_with_it() {
    for engine in engines().1 {
        let session = engine.session().unwrap();
        for commit in [true, false] {
            let transaction = session.begin().unwrap();
            let mut rows = session.raw(ALL, ()).iter::<i64>().unwrap();
            assert_eq!(rows.next().unwrap().unwrap(), 1);
            if commit {
                transaction.commit().unwrap();
            } else {
                transaction.rollback().unwrap();
            }
            let error = rows.next().unwrap().unwrap_err();
            assert_eq!(
                (error.kind(), error.to_string().as_str()),
                (
                    ErrorKind::StatementInProgress,
                    "the transaction in which this iterator was started is over: collect the rows, or iterate inside \
                     the transaction"
                )
            );
            assert!(rows.next().is_none());
            assert_eq!(session.raw("UPDATE t SET x = x", ()).execute().unwrap(), 3);
        }
    }
}

#[test]
fn an_iterator_survives_a_savepoint_that_is_rolled_back_around_it() {
    let (_place, engine) = file();
    let session = engine.session().unwrap();
    let outer = session.begin().unwrap();
    let mut rows = session.raw(ALL, ()).iter::<i64>().unwrap();
    assert_eq!(rows.next().unwrap().unwrap(), 1);
    let inner = session.begin().unwrap();
    add(&session, 0).unwrap();
    inner.rollback().unwrap();
    assert_eq!(rows.map(Result::unwrap).collect::<Vec<_>>(), [2, 3]);
    outer.commit().unwrap();
    assert_eq!(numbers(&session), [1, 2, 3]);
}

#[test]
fn a_leaked_iterator_blocks_its_session_and_nobody_else() {
    for engine in engines().1 {
        let session = engine.session().unwrap();
        let mut rows = session.raw("SELECT x FROM t WHERE x > ?1", (0,)).iter::<i64>().unwrap();
        assert_eq!(rows.next().unwrap().unwrap(), 1);
        mem::forget(rows);
        assert_eq!(add(&session, 4).unwrap_err().kind(), ErrorKind::StatementInProgress);
        assert_eq!(session.raw("SELECT x FROM t WHERE x > ?1", (2,)).all::<i64>().unwrap(), [3]);
    }
}

#[test]
fn what_a_leaked_iterator_held_is_free_when_its_session_is_given_back() {
    let (place, engine) = file();
    let session = engine.session().unwrap();
    let mut rows = session.raw(ALL, ()).iter::<i64>().unwrap();
    rows.next();
    mem::forget(rows);
    drop(session);
    let session = engine.session().unwrap();
    add(&session, 4).unwrap();
    assert_eq!(numbers(&session), [1, 2, 3, 4]);
    drop(session);
    engine.close().unwrap();
    let files: Vec<_> =
        std::fs::read_dir(place.folder()).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(files, ["app.db"]);
}

#[test]
fn an_iterator_that_is_leaked_in_a_transaction_ends_with_it() {
    let (place, engine) = file();
    let session = engine.session().unwrap();
    for number in 4..7 {
        let transaction = session.begin().unwrap();
        let mut rows = session.raw(ALL, ()).iter::<i64>().unwrap();
        rows.next();
        mem::forget(rows);
        add(&session, number).unwrap();
        transaction.commit().unwrap();
        place.outsider().execute_batch("UPDATE t SET x = x").unwrap();
        session.raw("UPDATE t SET x = x", ()).execute().unwrap();
    }
    assert_eq!(numbers(&session), [1, 2, 3, 4, 5, 6]);
    drop(session);
    engine.close().unwrap();
}

#[test]
fn a_statement_that_writes_cannot_be_iterated_over() {
    let (_place, engine) = file();
    let session = engine.session().unwrap();
    let error = session.raw("DELETE FROM t RETURNING x", ()).iter::<i64>().unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (
            ErrorKind::InvalidQuery,
            "a statement that writes cannot be iterated over: use `all`, `first`, `one` or `execute` (in `DELETE FROM t \
             RETURNING x`)"
        )
    );
    assert_eq!(numbers(&session), [1, 2, 3]);
}

#[test]
fn an_error_in_a_row_ends_the_iterator() {
    let (_place, engine) = file();
    let session = engine.session().unwrap();
    let mut rows = session.raw("VALUES (1), ('two'), (3)", ()).iter::<i64>().unwrap();
    assert_eq!(rows.next().unwrap().unwrap(), 1);
    assert_eq!(rows.next().unwrap().unwrap_err().kind(), ErrorKind::Conversion);
    assert!(rows.next().is_none());
    add(&session, 4).unwrap();
}
