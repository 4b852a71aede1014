//! What runs when a transaction has committed.

use std::sync::{Arc, Mutex};

use orm_core::{Engine, Error, Session};

use crate::support::{add, engines, file, numbers};

#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Vec<&'static str>>>);

impl Notes {
    fn later(&self, session: &Session, note: &'static str) {
        let notes = Arc::clone(&self.0);
        session.after_commit(move || notes.lock().unwrap().push(note));
    }

    fn taken(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

#[test]
fn callbacks_run_in_order_once_the_outermost_transaction_has_committed() {
    for engine in engines().1 {
        let notes = Notes::default();
        engine
            .transaction(|tx| {
                notes.later(tx, "first");
                tx.transaction(|inner| {
                    notes.later(inner, "second");
                    inner.transaction(|innermost| {
                        notes.later(innermost, "third");
                        Ok(())
                    })
                })?;
                notes.later(tx, "fourth");
                assert!(notes.taken().is_empty());
                Ok(())
            })
            .unwrap();
        assert_eq!(notes.taken(), ["first", "second", "third", "fourth"]);
    }
}

#[test]
fn callbacks_of_what_is_rolled_back_are_dropped() {
    for engine in engines().1 {
        let notes = Notes::default();
        let session = engine.session().unwrap();
        session
            .transaction(|tx| {
                notes.later(tx, "kept");
                let failed: orm_core::Result<()> = tx.transaction(|inner| {
                    notes.later(inner, "dropped");
                    inner.transaction(|innermost| {
                        notes.later(innermost, "dropped with the one around it");
                        Ok(())
                    })?;
                    Err(Error::other("no"))
                });
                failed.unwrap_err();
                notes.later(tx, "kept too");
                Ok(())
            })
            .unwrap();
        assert_eq!(notes.taken(), ["kept", "kept too"]);
        let transaction = session.begin().unwrap();
        notes.later(&transaction, "rolled back");
        transaction.rollback().unwrap();
        let transaction = session.begin().unwrap();
        notes.later(&transaction, "dropped");
        drop(transaction);
        session.transaction(|tx| add(tx, 4)).unwrap();
        assert!(notes.taken().is_empty());
        assert_eq!(Arc::strong_count(&notes.0), 1);
    }
}

#[test]
fn a_commit_that_fails_calls_nobody() {
    let (_place, engine) = file();
    let notes = Notes::default();
    let session = engine.session().unwrap();
    session
        .execute_batch(
            "CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE c(p REFERENCES p DEFERRABLE INITIALLY DEFERRED)",
        )
        .unwrap();
    let failed = session.transaction(|tx| {
        notes.later(tx, "no");
        tx.execute_batch("INSERT INTO c VALUES (1)")
    });
    assert!(failed.unwrap_err().is_foreign_key_violation());
    let outer = session.begin().unwrap();
    let inner = session.begin().unwrap();
    notes.later(&session, "no");
    outer.commit().unwrap_err();
    notes.later(&session, "no");
    drop(inner);
    session.transaction(|tx| add(tx, 4)).unwrap();
    assert!(notes.taken().is_empty());
}

#[test]
fn a_callback_may_write_through_another_session_since_the_turn_is_over() {
    for engine in [Engine::open_in_memory().unwrap(), file().1] {
        let session = engine.session().unwrap();
        session.execute_batch("CREATE TABLE IF NOT EXISTS t(x INTEGER); DELETE FROM t").unwrap();
        let other = engine.clone();
        session
            .transaction(|tx| {
                tx.after_commit(move || {
                    other.transaction(|tx| add(tx, 2)).unwrap();
                });
                add(tx, 1)
            })
            .unwrap();
        assert_eq!(numbers(&session), [1, 2]);
    }
}

#[test]
fn without_a_transaction_a_callback_runs_at_once() {
    let (_place, engine) = file();
    let notes = Notes::default();
    let session = engine.session().unwrap();
    notes.later(&session, "now");
    assert_eq!(notes.taken(), ["now"]);
    session
        .read(|snapshot| {
            notes.later(snapshot, "in a snapshot");
            Ok(())
        })
        .unwrap();
    assert_eq!(notes.taken(), ["in a snapshot"]);
}

#[test]
fn a_callback_that_was_given_inside_a_snapshot_inside_a_transaction_waits_for_the_commit() {
    let (_place, engine) = file();
    let notes = Notes::default();
    let session = engine.session().unwrap();
    session
        .transaction(|tx| {
            tx.read(|snapshot| {
                notes.later(snapshot, "after the commit");
                Ok(())
            })?;
            assert!(notes.taken().is_empty());
            let inner = tx.begin()?;
            inner.rollback()
        })
        .unwrap();
    assert_eq!(notes.taken(), ["after the commit"]);
}

#[test]
fn a_callback_that_panics_takes_no_committed_row_back() {
    let (place, engine) = file();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        engine.transaction(|tx| {
            tx.after_commit(|| panic!("on purpose"));
            add(tx, 4)
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(place.integers("SELECT count(*) FROM t"), [4]);
    engine.transaction(|tx| add(tx, 5)).unwrap();
}
