//! Reading one consistent state.

use orm_core::{Engine, ErrorKind};

use crate::support::{add, engines, file, numbers};

#[test]
fn a_snapshot_does_not_see_what_others_commit_meanwhile() {
    let (place, engine) = file();
    let seen = engine
        .read(|snapshot| {
            // from the first moment on, before anything was read
            place.outsider().execute_batch("INSERT INTO t VALUES (4)").unwrap();
            let first = numbers(snapshot);
            engine.transaction(|tx| add(tx, 5))?;
            Ok([first, numbers(snapshot)])
        })
        .unwrap();
    assert_eq!(seen, [[1, 2, 3], [1, 2, 3]]);
    assert_eq!(numbers(&engine.session().unwrap()), [1, 2, 3, 4, 5]);
}

#[test]
fn a_snapshot_refuses_everything_that_is_not_reading() {
    let (place, engine) = file();
    let other = place.folder().join("other.db");
    rusqlite::Connection::open(&other).unwrap().execute_batch("CREATE TABLE o(x)").unwrap();
    let session = engine.session().unwrap();
    let attach = format!("ATTACH '{}' AS other", other.display());
    let writes = [
        "INSERT INTO t VALUES (4)",
        "WITH four AS (SELECT 4) INSERT INTO t SELECT * FROM four",
        "UPDATE t SET x = 0 WHERE 0",
        "DELETE FROM t RETURNING x",
        "REPLACE INTO t VALUES (4)",
        "CREATE TABLE u(x)",
        "CREATE TEMP TABLE u(x)",
        "CREATE TABLE temp.u(x)",
        "DROP TABLE t",
        "REINDEX",
        "ANALYZE",
        "VACUUM",
        "PRAGMA user_version = 1",
        "PRAGMA user_version(1)",
        "PRAGMA foreign_keys = OFF",
        "PRAGMA foreign_keys(0)",
        "EXPLAIN PRAGMA foreign_keys = OFF",
        "PRAGMA query_only = 0",
        "PRAGMA optimize",
        "PRAGMA wal_checkpoint",
        &attach,
    ];
    session
        .read(|snapshot| {
            for sql in writes {
                let raw = snapshot.raw(sql, ()).execute().unwrap_err();
                let batch = snapshot.execute_batch(sql).unwrap_err();
                assert_eq!([raw.kind(), batch.kind()], [ErrorKind::ReadOnly; 2], "{sql}");
            }
            assert_eq!(snapshot.execute_batch("SAVEPOINT a").unwrap_err().kind(), ErrorKind::ReadOnly);
            assert_eq!(snapshot.begin().unwrap_err().kind(), ErrorKind::ReadOnly);
            assert_eq!(add(&session, 4).unwrap_err().kind(), ErrorKind::ReadOnly);
            assert_eq!(
                add(snapshot, 4).unwrap_err().to_string(),
                "a read snapshot refuses writes: use a session or a transaction (in `INSERT INTO t VALUES (?1)`)"
            );
            assert_eq!(snapshot.raw("PRAGMA foreign_keys", ()).one::<i64>()?, 1);
            Ok(())
        })
        .unwrap();
    assert_eq!(place.integers("SELECT x FROM t UNION ALL SELECT * FROM pragma_user_version"), [1, 2, 3, 0]);
    assert_eq!(session.raw("PRAGMA foreign_keys", ()).one::<i64>().unwrap(), 1);
    add(&session, 4).unwrap();
}

#[test]
fn a_snapshot_explains_writes_and_tells_settings() {
    let (_place, engine) = file();
    engine
        .read(|snapshot| {
            let plan = snapshot
                .raw("EXPLAIN QUERY PLAN DELETE FROM t WHERE x = 1", ())
                .one_as::<serde_json::Value>()?;
            assert_eq!(plan["detail"], "SCAN t");
            snapshot.raw("EXPLAIN INSERT INTO t VALUES (4)", ()).execute()?;
            assert_eq!(snapshot.raw("PRAGMA user_version", ()).one::<i64>()?, 0);
            let columns = snapshot.raw("PRAGMA main.table_info(t)", ()).all_as::<serde_json::Value>()?;
            assert_eq!(columns[0]["name"], "x");
            snapshot.execute_batch("SELECT * FROM t; PRAGMA quick_check; SELECT 1")
        })
        .unwrap();
}

#[test]
fn a_snapshot_inside_a_transaction_sees_its_writes_and_adds_none() {
    for engine in engines().1 {
        engine
            .transaction(|tx| {
                add(tx, 4)?;
                tx.read(|snapshot| {
                    assert_eq!(numbers(snapshot), [1, 2, 3, 4]);
                    assert_eq!(add(tx, 5).unwrap_err().kind(), ErrorKind::ReadOnly);
                    snapshot.read(|inner| {
                        assert_eq!(numbers(inner), [1, 2, 3, 4]);
                        Ok(())
                    })
                })?;
                add(tx, 6)
            })
            .unwrap();
        assert_eq!(numbers(&engine.session().unwrap()), [1, 2, 3, 4, 6]);
    }
}

#[test]
fn a_transaction_cannot_end_before_the_snapshot_inside_it() {
    for engine in engines().1 {
        let session = engine.session().unwrap();
        let transaction = session.begin().unwrap();
        add(&transaction, 4).unwrap();
        let kinds = session
            .read(|_| {
                let error = transaction.commit().unwrap_err();
                Ok([error.kind(), add(&session, 5).unwrap_err().kind()])
            })
            .unwrap();
        assert_eq!(kinds, [ErrorKind::TransactionOrder, ErrorKind::TransactionEnded]);
        assert!(!session.in_transaction());
        session.transaction(|tx| add(tx, 6)).unwrap();
        assert_eq!(numbers(&session), [1, 2, 3, 6]);
    }
}

#[test]
fn a_snapshot_ends_with_its_closure_whatever_that_returns() {
    for engine in engines().1 {
        let session = engine.session().unwrap();
        let failed: orm_core::Result<()> = session.read(|_| Err(orm_core::Error::other("no")));
        assert_eq!(failed.unwrap_err().to_string(), "no");
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            session.read(|_| -> orm_core::Result<()> { panic!("on purpose") })
        }));
        assert!(panicked.is_err() && !session.in_transaction());
        add(&session, 4).unwrap();
        assert_eq!(numbers(&session), [1, 2, 3, 4]);
    }
}

#[test]
fn an_iterator_that_was_started_in_a_snapshot_ends_with_it() {
    for engine in engines().1 {
        let session = engine.session().unwrap();
        let mut rows = session
            .read(|_| {
                let mut rows = session.raw("SELECT x FROM t", ()).iter::<i64>()?;
                assert_eq!(rows.next().transpose()?, Some(1));
                Ok(rows)
            })
            .unwrap();
        assert_eq!(rows.next().unwrap().unwrap_err().kind(), ErrorKind::StatementInProgress);
        add(&session, 4).unwrap();
    }
}

#[test]
fn a_snapshot_inside_a_loop_over_rows_is_consistent_and_lets_the_loop_go_on() {
    for engine in engines().1 {
        let session = engine.session().unwrap();
        let mut rows = session.raw("SELECT x FROM t ORDER BY x", ()).iter::<i64>().unwrap();
        assert_eq!(rows.next().unwrap().unwrap(), 1);
        let sums = session.read(|snapshot| {
            let sum = || snapshot.raw("SELECT sum(x) FROM t", ()).one::<i64>();
            Ok([sum()?, sum()?])
        });
        assert_eq!(sums.unwrap(), [6, 6]);
        assert_eq!(rows.map(Result::unwrap).collect::<Vec<_>>(), [2, 3]);
        add(&session, 4).unwrap();
    }
}

#[test]
fn a_snapshot_stays_one_though_the_iterator_around_it_ends() {
    let (place, engine) = file();
    let session = engine.session().unwrap();
    let rows = session.raw("SELECT x FROM t", ()).iter::<i64>().unwrap();
    let seen = session.read(|snapshot| {
        let before = numbers(snapshot);
        drop(rows);
        place.outsider().execute_batch("DELETE FROM t").unwrap();
        Ok([before, numbers(snapshot)])
    });
    assert_eq!(seen.unwrap(), [[1, 2, 3], [1, 2, 3]]);
    assert_eq!(numbers(&session), [0; 0]);
}

#[test]
fn a_kept_statement_is_as_good_in_a_snapshot_as_outside() {
    let engine = Engine::open_in_memory().unwrap();
    let session = engine.session().unwrap();
    session.execute_batch("CREATE TABLE t(x INTEGER)").unwrap();
    for number in 0..3 {
        add(&session, number).unwrap();
        assert!(session.read(|snapshot| Ok(add(snapshot, 9).is_err())).unwrap());
    }
    assert_eq!(numbers(&session), [0, 1, 2]);
}
