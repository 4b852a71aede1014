//! Write transactions: what commits, what rolls back, and in which order guards end.

use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};

use orm_core::{Engine, Error, ErrorKind};

use crate::support::{add, engines, file, numbers};

const TWO_LEVELS: &str = "CREATE TABLE p(id INTEGER PRIMARY KEY);
    CREATE TABLE c(p INTEGER NOT NULL REFERENCES p DEFERRABLE INITIALLY DEFERRED)";

#[test]
fn ok_commits_and_an_error_rolls_back() {
    for engine in engines().1 {
        let kept = engine.transaction(|tx| add(tx, 4)).unwrap();
        let failed: orm_core::Result<()> = engine.transaction(|tx| {
            add(tx, 5)?;
            Err(Error::other("no"))
        });
        assert_eq!((kept, failed.unwrap_err().to_string()), (1, "no".to_owned()));
        assert_eq!(numbers(&engine.session().unwrap()), [1, 2, 3, 4]);
    }
}

#[test]
fn a_panic_rolls_back_and_goes_on() {
    for engine in engines().1 {
        let session = engine.session().unwrap();
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            session.transaction(|tx| {
                add(tx, 4)?;
                tx.transaction(|inner| -> orm_core::Result<()> {
                    add(inner, 5)?;
                    panic!("on purpose")
                })
            })
        }));
        assert_eq!(panicked.unwrap_err().downcast_ref::<&str>(), Some(&"on purpose"));
        assert!(!session.in_transaction());
        add(&session, 6).unwrap();
        assert_eq!(numbers(&session), [1, 2, 3, 6]);
    }
}

#[test]
fn a_guard_commits_when_asked_and_rolls_back_when_dropped() {
    for engine in engines().1 {
        let session = engine.session().unwrap();
        let first = session.begin().unwrap();
        add(&first, 4).unwrap();
        assert!(session.in_transaction());
        first.commit().unwrap();
        let second = session.begin().unwrap();
        add(&second, 5).unwrap();
        drop(second);
        let third = session.begin().unwrap();
        add(&third, 6).unwrap();
        third.rollback().unwrap();
        assert!(!session.in_transaction());
        assert_eq!(numbers(&session), [1, 2, 3, 4]);
    }
}

#[test]
fn closures_may_have_errors_of_their_own() {
    #[derive(Debug, PartialEq)]
    enum Mine {
        Database,
        Refused,
    }
    impl From<Error> for Mine {
        fn from(_: Error) -> Self {
            Self::Database
        }
    }
    let (_place, engine) = file();
    let session = engine.session().unwrap();
    let refused = session.try_transaction(|tx| {
        add(tx, 4)?;
        Err::<(), _>(Mine::Refused)
    });
    let failed = engine.try_transaction(|tx| {
        add(tx, 5)?;
        tx.raw("nonsense", ()).execute()?;
        Ok::<_, Mine>(())
    });
    let read = engine.try_read(|snapshot| Ok::<_, Mine>(numbers(snapshot)));
    assert_eq!((refused, failed, read), (Err(Mine::Refused), Err(Mine::Database), Ok(vec![1, 2, 3])));
}

#[test]
fn others_see_nothing_before_the_commit() {
    let (place, engine) = file();
    engine
        .transaction(|tx| {
            add(tx, 4)?;
            assert_eq!(place.integers("SELECT count(*) FROM t"), [3]);
            assert_eq!(numbers(&engine.session()?), [1, 2, 3]);
            Ok(())
        })
        .unwrap();
    assert_eq!(place.integers("SELECT count(*) FROM t"), [4]);
}

#[test]
fn a_transaction_takes_the_right_to_write_when_it_begins() {
    let (place, engine) = file();
    engine
        .transaction(|_| {
            let busy = place.outsider().execute_batch("INSERT INTO t VALUES (9)").unwrap_err();
            assert_eq!(busy.sqlite_error_code(), Some(rusqlite::ErrorCode::DatabaseBusy));
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_commit_that_violates_a_deferred_foreign_key_leaves_no_transaction_open() {
    for engine in engines().1 {
        let session = engine.session().unwrap();
        session.execute_batch(TWO_LEVELS).unwrap();
        for _ in 0..2 {
            let transaction = session.begin().unwrap();
            transaction.execute_batch("INSERT INTO c VALUES (1)").unwrap();
            add(&transaction, 4).unwrap();
            assert!(transaction.commit().unwrap_err().is_foreign_key_violation());
            assert!(!session.in_transaction());
        }
        add(&session, 5).unwrap();
        drop(session);
        assert_eq!(numbers(&engine.session().unwrap()), [1, 2, 3, 5]);
    }
}

#[test]
fn an_outer_guard_that_is_committed_first_rolls_everything_back() {
    for engine in engines().1 {
        let session = engine.session().unwrap();
        let outer = session.begin().unwrap();
        add(&session, 4).unwrap();
        let inner = session.begin().unwrap();
        add(&session, 5).unwrap();
        let error = outer.commit().unwrap_err();
        assert_eq!(
            (error.kind(), error.to_string().as_str()),
            (
                ErrorKind::TransactionOrder,
                "a transaction was ended while one inside it was open, so everything was rolled back: end the inner one \
                 first"
            )
        );
        let kinds = [
            add(&inner, 6).unwrap_err().kind(),
            session.raw("SELECT 1", ()).one::<i64>().unwrap_err().kind(),
            session.execute_batch("DELETE FROM t").unwrap_err().kind(),
            session.begin().unwrap_err().kind(),
            session.read(|_| Ok(())).unwrap_err().kind(),
            inner.commit().unwrap_err().kind(),
        ];
        assert_eq!(kinds, [ErrorKind::TransactionEnded; 6]);
        add(&session, 7).unwrap();
        assert_eq!(numbers(&session), [1, 2, 3, 7]);
    }
}

#[test]
fn every_wrong_order_of_two_guards_ends_in_nothing_written_and_a_usable_session() {
    #[derive(Clone, Copy, Debug)]
    enum How {
        Commit,
        RollBack,
        Drop,
    }
    use How::*;
    let end = |guard: orm_core::Transaction<'_>, how| match how {
        Commit => guard.commit().map_err(|error| error.kind()),
        RollBack => guard.rollback().map_err(|error| error.kind()),
        Drop => {
            drop(guard);
            Ok(())
        }
    };
    let (_place, engine) = file();
    let session = engine.session().unwrap();
    for (outer_ends, outer_says) in [
        (Commit, Err(ErrorKind::TransactionOrder)),
        (RollBack, Err(ErrorKind::TransactionOrder)),
        (Drop, Ok(())),
    ] {
        for (inner_ends, inner_says) in
            [(Commit, Err(ErrorKind::TransactionEnded)), (RollBack, Ok(())), (Drop, Ok(()))]
        {
            let outer = session.begin().unwrap();
            add(&session, 4).unwrap();
            let inner = session.begin().unwrap();
            add(&session, 5).unwrap();
            assert_eq!(end(outer, outer_ends), outer_says, "{outer_ends:?} before {inner_ends:?}");
            assert_eq!(add(&session, 6).unwrap_err().kind(), ErrorKind::TransactionEnded);
            assert_eq!(end(inner, inner_ends), inner_says, "{outer_ends:?} before {inner_ends:?}");
            session.transaction(|tx| add(tx, 7)).unwrap();
            assert_eq!(numbers(&session), [1, 2, 3, 7], "{outer_ends:?} before {inner_ends:?}");
            session.execute_batch("DELETE FROM t WHERE x = 7").unwrap();
        }
    }
}

#[test]
fn the_middle_one_of_three_guards_ended_first_ends_all_three() {
    let (_place, engine) = file();
    let session = engine.session().unwrap();
    let outer = session.begin().unwrap();
    let middle = session.begin().unwrap();
    let inner = session.begin().unwrap();
    add(&session, 4).unwrap();
    assert_eq!(middle.commit().unwrap_err().kind(), ErrorKind::TransactionOrder);
    inner.rollback().unwrap();
    assert_eq!(add(&outer, 5).unwrap_err().kind(), ErrorKind::TransactionEnded);
    assert_eq!(outer.commit().unwrap_err().kind(), ErrorKind::TransactionEnded);
    assert_eq!(numbers(&session), [1, 2, 3]);
}

#[test]
fn a_forgotten_inner_guard_keeps_the_outer_one_from_committing() {
    let (_place, engine) = file();
    let error = engine.transaction(|tx| {
        mem::forget(tx.begin()?);
        add(tx, 4)
    });
    assert_eq!(error.unwrap_err().kind(), ErrorKind::TransactionOrder);
    assert_eq!(numbers(&engine.session().unwrap()), [1, 2, 3]);
}

#[test]
fn a_session_ends_a_forgotten_transaction_before_it_gives_the_turn_away() {
    for engine in engines().1 {
        let session = engine.session().unwrap();
        mem::forget(session.begin().unwrap());
        add(&session, 4).unwrap();
        let mut rows = session.raw("SELECT x FROM t", ()).iter::<i64>().unwrap();
        rows.next();
        mem::forget(rows);
        drop(session);
        let next = engine.session().unwrap();
        add(&next, 5).unwrap();
        assert_eq!(numbers(&next), [1, 2, 3, 5]);
    }
}

#[test]
fn a_statement_that_fails_undoes_itself_and_the_transaction_goes_on() {
    for engine in engines().1 {
        let session = engine.session().unwrap();
        session.execute_batch("CREATE UNIQUE INDEX t_x ON t(x)").unwrap();
        session
            .transaction(|tx| {
                add(tx, 4)?;
                let error = tx.raw("INSERT INTO t VALUES (5), (6), (1)", ()).execute().unwrap_err();
                assert!(error.is_unique_violation());
                add(tx, 7)
            })
            .unwrap();
        assert_eq!(numbers(&session), [1, 2, 3, 4, 7]);
    }
}

#[test]
fn threads_that_read_and_then_write_in_a_transaction_lose_no_update_and_are_never_busy() {
    let (place, engine) = file();
    engine.session().unwrap().execute_batch("UPDATE t SET x = 0").unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..50 {
                    engine
                        .transaction(|tx| {
                            let found: i64 = tx.raw("SELECT max(x) FROM t", ()).one()?;
                            tx.raw("UPDATE t SET x = ?1", (found + 1,)).execute()
                        })
                        .unwrap();
                }
            });
        }
    });
    assert_eq!(place.integers("SELECT x FROM t"), [400, 400, 400]);
}

#[test]
fn a_transaction_in_memory_is_like_one_in_a_file() {
    let engine = Engine::open_in_memory().unwrap();
    engine.session().unwrap().execute_batch("CREATE TABLE t(x INTEGER)").unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..50 {
                    let sum = |session: &orm_core::Session| {
                        session.raw("SELECT coalesce(sum(x), 0) FROM t", ()).one::<i64>()
                    };
                    engine
                        .transaction(|tx| {
                            add(tx, 1)?;
                            add(tx, -1)
                        })
                        .unwrap();
                    assert_eq!(engine.read(|snapshot| sum(snapshot)).unwrap(), 0);
                    assert_eq!(sum(&engine.session().unwrap()).unwrap(), 0);
                }
            });
        }
    });
}
