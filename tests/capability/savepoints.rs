//! Transactions inside transactions.

use std::cell::RefCell;

use orm_core::rusqlite::functions::FunctionFlags;
use orm_core::{Engine, Error, ErrorKind, Session, Transaction, rusqlite};

use crate::support::{add, engines, file, numbers};

#[test]
fn an_inner_transaction_that_fails_undoes_its_part_alone() {
    for engine in engines().1 {
        engine
            .transaction(|tx| {
                add(tx, 4)?;
                let failed: orm_core::Result<()> = tx.transaction(|inner| {
                    add(inner, 5)?;
                    Err(Error::other("no"))
                });
                assert_eq!(failed.unwrap_err().kind(), ErrorKind::Other);
                tx.transaction(|inner| add(inner, 6))?;
                add(tx, 7)
            })
            .unwrap();
        assert_eq!(numbers(&engine.session().unwrap()), [1, 2, 3, 4, 6, 7]);
    }
}

#[test]
fn what_an_inner_transaction_committed_is_rolled_back_with_the_outer_one() {
    for engine in engines().1 {
        let session = engine.session().unwrap();
        let outer = session.begin().unwrap();
        outer.transaction(|inner| add(inner, 4)).unwrap();
        assert_eq!(numbers(&session), [1, 2, 3, 4]);
        outer.rollback().unwrap();
        assert_eq!(numbers(&session), [1, 2, 3]);
    }
}

#[test]
fn savepoints_go_to_any_depth() {
    /// Inserts its depth on each of 200 levels; the given one fails, and the one above it takes no notice.
    fn descend(session: &Session, depth: i64, failing: i64) -> orm_core::Result<()> {
        session.transaction(|tx| {
            add(tx, depth)?;
            let below = if depth < 200 { descend(tx, depth + 1, failing) } else { Ok(()) };
            if depth + 1 != failing {
                below?;
            }
            if depth == failing { Err(Error::other("no")) } else { Ok(()) }
        })
    }
    let (place, engine) = file();
    let session = engine.session().unwrap();
    session.execute_batch("DELETE FROM t").unwrap();
    descend(&session, 1, 150).unwrap();
    assert_eq!(place.integers("SELECT x FROM t ORDER BY x"), (1..150).collect::<Vec<_>>());
}

#[test]
fn guards_of_savepoints_end_in_either_way() {
    for engine in engines().1 {
        let session = engine.session().unwrap();
        let outer = session.begin().unwrap();
        let kept = outer.begin().unwrap();
        add(&kept, 4).unwrap();
        kept.commit().unwrap();
        let dropped = outer.begin().unwrap();
        add(&dropped, 5).unwrap();
        drop(dropped);
        let undone = outer.begin().unwrap();
        add(&undone, 6).unwrap();
        undone.rollback().unwrap();
        outer.commit().unwrap();
        assert_eq!(numbers(&session), [1, 2, 3, 4]);
    }
}

thread_local! {
    static INNER: RefCell<Option<Transaction<'static>>> = const { RefCell::new(None) };
}

#[test]
fn a_savepoint_that_cannot_be_ended_takes_the_whole_transaction_with_it() {
    let engine = Engine::builder()
        .on_connect(|connection| {
            connection.create_scalar_function("end_inner", 0, FunctionFlags::empty(), |_| {
                match INNER.take().map(Transaction::commit) {
                    Some(Err(error)) => Err(rusqlite::Error::UserFunctionError(error.to_string().into())),
                    Some(Ok(())) | None => Ok(0),
                }
            })
        })
        .open_in_memory()
        .unwrap();
    let session: &'static Session = Box::leak(Box::new(engine.session().unwrap()));
    session.execute_batch("CREATE TABLE t(x INTEGER)").unwrap();
    let outer = session.begin().unwrap();
    add(session, 1).unwrap();
    INNER.set(Some(session.begin().unwrap()));
    add(session, 2).unwrap();
    let error = session.raw("INSERT INTO t VALUES (3), (4 + end_inner())", ()).execute().unwrap_err();
    assert!(error.to_string().contains("cannot release savepoint"), "{error}");
    assert_eq!(add(session, 5).unwrap_err().kind(), ErrorKind::TransactionEnded);
    assert_eq!(outer.commit().unwrap_err().kind(), ErrorKind::TransactionEnded);
    add(session, 6).unwrap();
    assert_eq!(numbers(session), [6]);
}
