//! Several statements in one string.

use orm_core::{Engine, ErrorKind};

use crate::support::{add, engines, file, numbers};

#[test]
fn outside_a_transaction_what_ran_before_an_error_stays() {
    for engine in engines().1 {
        let session = engine.session().unwrap();
        let error = session
            .execute_batch(
                "INSERT INTO t VALUES (4); INSERT INTO t VALUES (5); nonsense; INSERT INTO t VALUES (6)",
            )
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Sql);
        assert_eq!(numbers(&session), [1, 2, 3, 4, 5]);
    }
}

#[test]
fn inside_a_transaction_a_batch_is_all_or_nothing() {
    for engine in engines().1 {
        engine
            .transaction(|tx| {
                tx.execute_batch("INSERT INTO t VALUES (4); nonsense").unwrap_err();
                tx.execute_batch("INSERT INTO t VALUES (5); INSERT INTO t VALUES (6);")
            })
            .unwrap();
        assert_eq!(numbers(&engine.session().unwrap()), [1, 2, 3, 5, 6]);
    }
}

#[test]
fn balanced_transactions_and_savepoints_are_allowed() {
    for engine in engines().1 {
        let session = engine.session().unwrap();
        session
            .execute_batch(
                "BEGIN; INSERT INTO t VALUES (4); SAVEPOINT a; INSERT INTO t VALUES (5); ROLLBACK TO a; RELEASE a; COMMIT;
                 BEGIN IMMEDIATE; INSERT INTO t VALUES (6); END;
                 BEGIN; INSERT INTO t VALUES (7); ROLLBACK;
                 SAVEPOINT \"b\"; INSERT INTO t VALUES (8); RELEASE b",
            )
            .unwrap();
        session
            .transaction(|tx| {
                tx.execute_batch(
                    "SAVEPOINT a; INSERT INTO t VALUES (9); SAVEPOINT b; INSERT INTO t VALUES (10); ROLLBACK TO b;
                     RELEASE SAVEPOINT a",
                )
            })
            .unwrap();
        assert_eq!(numbers(&session), [1, 2, 3, 4, 6, 8, 9]);
    }
}

#[test]
fn what_a_batch_leaves_open_is_rolled_back_and_an_error() {
    for engine in engines().1 {
        let session = engine.session().unwrap();
        for sql in [
            "BEGIN; INSERT INTO t VALUES (4)",
            "INSERT INTO t VALUES (0); SAVEPOINT a; INSERT INTO t VALUES (4); SAVEPOINT b; RELEASE b",
            "COMMIT; BEGIN",
        ] {
            session.execute_batch(sql).unwrap_err();
            assert!(!session.in_transaction());
            session.execute_batch("DELETE FROM t WHERE x = 0").unwrap();
            assert_eq!(numbers(&session), [1, 2, 3], "{sql}");
        }
        let error = session.execute_batch("BEGIN; INSERT INTO t VALUES (4)").unwrap_err();
        assert_eq!(
            (error.kind(), error.to_string().as_str()),
            (
                ErrorKind::TransactionControl,
                "the batch left a transaction or savepoint open, so it was rolled back: end what it begins (in `BEGIN; \
                 INSERT INTO t VALUES (4)`)"
            )
        );
        let failed = session.execute_batch("BEGIN; INSERT INTO t VALUES (4); nonsense; COMMIT").unwrap_err();
        assert_eq!(failed.kind(), ErrorKind::Sql);
        assert_eq!(numbers(&session), [1, 2, 3]);
    }
}

#[test]
fn inside_a_transaction_a_batch_ends_nothing_but_its_own_savepoints() {
    for engine in engines().1 {
        engine
            .transaction(|tx| {
                add(tx, 4)?;
                for sql in [
                    "BEGIN",
                    "INSERT INTO t VALUES (9); COMMIT",
                    "INSERT INTO t VALUES (9); END; BEGIN",
                    "ROLLBACK",
                    "/* x */ ;\u{feff} ROLLBACK",
                    "ROLLBACK TO _orm_2",
                    "RELEASE _orm_2",
                    "SAVEPOINT a; INSERT INTO t VALUES (9); RELEASE b",
                    "SAVEPOINT a; INSERT INTO t VALUES (9)",
                ] {
                    let error = tx.execute_batch(sql).unwrap_err();
                    assert_eq!(error.kind(), ErrorKind::TransactionControl, "{sql}");
                    assert!(tx.in_transaction());
                }
                add(tx, 5)
            })
            .unwrap();
        assert_eq!(numbers(&engine.session().unwrap()), [1, 2, 3, 4, 5]);
    }
}

#[test]
fn a_batch_of_nothing_does_nothing() {
    let session = Engine::open_in_memory().unwrap().session().unwrap();
    for sql in ["", " ;; ", "-- nothing", "/* nothing"] {
        session.execute_batch(sql).unwrap();
        session.transaction(|tx| tx.execute_batch(sql)).unwrap();
    }
}

#[test]
fn a_semicolon_inside_a_trigger_or_a_text_is_no_end() {
    let (_place, engine) = file();
    let session = engine.session().unwrap();
    session
        .execute_batch(
            "CREATE TABLE log(text);
             CREATE TRIGGER t_log AFTER INSERT ON t BEGIN
                 INSERT INTO log VALUES ('a;b'); INSERT INTO log VALUES (new.x);
             END;
             INSERT INTO t VALUES (4); -- it; is
             INSERT INTO log VALUES ('end;')",
        )
        .unwrap();
    let log = session.raw("SELECT CAST(text AS TEXT) FROM log", ()).all::<String>().unwrap();
    assert_eq!(log, ["a;b", "4", "end;"]);
}

#[test]
fn rows_of_a_batch_are_passed_over() {
    let (_place, engine) = file();
    let session = engine.session().unwrap();
    session.execute_batch("SELECT * FROM t; INSERT INTO t VALUES (4) RETURNING x; SELECT 1").unwrap();
    assert_eq!(numbers(&session), [1, 2, 3, 4]);
}

#[test]
fn a_batch_may_be_long() {
    let session = Engine::open_in_memory().unwrap().session().unwrap();
    let inserts: String = (0..50_000).map(|number| format!("INSERT INTO t VALUES ({number});\n")).collect();
    session.execute_batch(&format!("CREATE TABLE t(x INTEGER); BEGIN; {inserts} COMMIT")).unwrap();
    assert_eq!(session.raw("SELECT count(*) FROM t", ()).one::<i64>().unwrap(), 50_000);
}
