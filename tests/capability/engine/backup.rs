use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use orm_core::rusqlite::functions::FunctionFlags;
use orm_core::{Engine, ErrorKind};
use tempfile::tempdir;

use super::{integer, names, outsider};

#[test]
fn a_backup_holds_what_was_committed_and_leaves_nothing_else_behind() {
    let dir = tempdir().unwrap();
    let engine = Engine::open(dir.path().join("app.db")).unwrap();
    let session = engine.session().unwrap();
    session.execute_batch("CREATE TABLE t(x); INSERT INTO t VALUES (1), (2)").unwrap();
    let transaction = session.begin().unwrap();
    transaction.execute_batch("INSERT INTO t VALUES (3)").unwrap();
    engine.backup(dir.path().join("copy.db")).unwrap();
    transaction.commit().unwrap();
    drop(session);
    engine.close().unwrap();
    assert_eq!(integer(&dir.path().join("copy.db"), "SELECT count(*) FROM t"), 2);
    assert_eq!(names(dir.path()), ["app.db", "copy.db"]);
}

#[test]
fn a_backup_is_one_moment_of_a_database_that_others_write_to() {
    let dir = tempdir().unwrap();
    for (name, engine) in [
        ("file", Engine::open(dir.path().join("app.db")).unwrap()),
        ("memory", Engine::open_in_memory().unwrap()),
    ] {
        engine.session().unwrap().execute_batch("CREATE TABLE a(x); CREATE TABLE b(x)").unwrap();
        let stop = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    engine
                        .transaction(|tx| {
                            tx.execute_batch("INSERT INTO a VALUES (1)")?;
                            tx.execute_batch("INSERT INTO b VALUES (1)")
                        })
                        .unwrap();
                }
            });
            for number in 0..20 {
                let copy = dir.path().join(format!("{name}-{number}.db"));
                engine.backup(&copy).unwrap();
                assert_eq!(integer(&copy, "SELECT (SELECT count(*) FROM a) - (SELECT count(*) FROM b)"), 0);
            }
            stop.store(true, Ordering::Relaxed);
        });
    }
}

#[test]
fn a_private_database_in_memory_is_saved_too() {
    let dir = tempdir().unwrap();
    let engine = Engine::builder().max_connections(1).open_in_memory().unwrap();
    engine.session().unwrap().execute_batch("CREATE TABLE t(x); INSERT INTO t VALUES (1)").unwrap();
    engine.backup(dir.path().join("copy.db")).unwrap();
    assert_eq!(integer(&dir.path().join("copy.db"), "SELECT count(*) FROM t"), 1);
}

#[test]
fn nothing_is_overwritten_and_no_stale_journal_is_taken_over() {
    let dir = tempdir().unwrap();
    let engine = Engine::open(dir.path().join("app.db")).unwrap();
    for occupied in ["copy.db", "copy.db-wal", "copy.db-journal", "copy.db-shm"] {
        let occupied = dir.path().join(occupied);
        fs::write(&occupied, "precious").unwrap();
        let error = engine.backup(dir.path().join("copy.db")).unwrap_err();
        assert_eq!(
            (error.kind(), error.to_string()),
            (
                ErrorKind::Io,
                format!(
                    "`{}` exists, and a backup overwrites nothing; choose another name",
                    occupied.display()
                )
            )
        );
        assert_eq!(fs::read_to_string(&occupied).unwrap(), "precious");
        fs::remove_file(&occupied).unwrap();
    }
    assert_eq!(engine.backup(dir.path().join("app.db")).unwrap_err().kind(), ErrorKind::Io);
    assert_eq!(engine.backup(dir.path()).unwrap_err().kind(), ErrorKind::Io);
}

#[test]
fn a_missing_folder_is_an_error_before_anything_is_copied() {
    let dir = tempdir().unwrap();
    let target = dir.path().join("missing").join("copy.db");
    let error = Engine::open_in_memory().unwrap().backup(&target).unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string()),
        (ErrorKind::Io, format!("the backup `{}` cannot be written", target.display()))
    );
    assert!(names(dir.path()).is_empty());
}

#[test]
fn a_damaged_database_gives_no_backup_and_says_so() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("app.db");
    let other = outsider(&path);
    other.execute_batch("CREATE TABLE t(x); INSERT INTO t VALUES (zeroblob(100000))").unwrap();
    other.execute_batch("CREATE TABLE u(x); INSERT INTO u VALUES ('a'), ('b')").unwrap();
    let root: i64 =
        other.query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'u'", (), |row| row.get(0)).unwrap();
    drop(other);
    let mut bytes = fs::read(&path).unwrap();
    let page = usize::try_from(root - 1).unwrap() * 4096;
    bytes[page..page + 16].fill(0xff);
    fs::write(&path, bytes).unwrap();
    let engine = Engine::open(&path).unwrap();
    let error = engine.backup(dir.path().join("copy.db")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupt, "{error}");
    drop(engine);
    assert_eq!(names(dir.path()), ["app.db"]);
}

#[test]
fn a_row_that_violates_a_check_of_the_applications_own_function_is_no_obstacle() {
    let dir = tempdir().unwrap();
    let flags = FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    let engine = Engine::builder()
        .on_connect(move |connection| {
            connection.create_scalar_function("valid", 1, flags, |call| Ok(call.get::<i64>(0)? > 0))?;
            connection.execute_batch("PRAGMA ignore_check_constraints = ON")
        })
        .open(dir.path().join("app.db"))
        .unwrap();
    engine
        .session()
        .unwrap()
        .execute_batch(
            "CREATE TABLE t(x INTEGER CHECK (valid(x)), y INTEGER AS (valid(x)) NOT NULL); \
             CREATE INDEX t_y ON t(valid(x)); INSERT INTO t VALUES (-1)",
        )
        .unwrap();
    engine.backup(dir.path().join("copy.db")).unwrap();
    assert_eq!(integer(&dir.path().join("copy.db"), "SELECT x FROM t"), -1);
}
