use std::fs;
use std::path::Path;
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use orm_core::{Engine, EngineBuilder, ErrorKind};
use tempfile::tempdir;

use super::{integer, names, outsider};

fn refused(builder: EngineBuilder, path: &Path) -> (ErrorKind, String) {
    let error = builder.open(path).unwrap_err();
    (error.kind(), error.to_string())
}

#[test]
fn a_missing_folder_is_named() {
    let dir = tempdir().unwrap();
    let folder = dir.path().join("missing");
    assert_eq!(
        refused(Engine::builder(), &folder.join("app.db")),
        (
            ErrorKind::Open,
            format!(
                "`{0}/app.db` cannot be opened: the folder `{0}` does not exist; create it first",
                folder.display()
            )
        )
    );
}

#[test]
fn a_folder_is_no_database() {
    let dir = tempdir().unwrap();
    assert_eq!(
        refused(Engine::builder(), dir.path()),
        (
            ErrorKind::Open,
            format!("`{}` cannot be opened: it is a folder; name a file in it", dir.path().display())
        )
    );
}

#[test]
fn another_sort_of_file_is_no_database_and_is_left_as_it_is() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("notes.txt");
    let text = "Dear diary, ".repeat(100);
    fs::write(&path, &text).unwrap();
    for builder in
        [Engine::builder(), Engine::builder().read_only(true), Engine::builder().rollback_journal()]
    {
        assert_eq!(
            refused(builder, &path),
            (
                ErrorKind::NotADatabase,
                format!(
                    "`{}` cannot be opened: it is not an SQLite database, or it is encrypted",
                    path.display()
                )
            )
        );
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    assert_eq!(names(dir.path()), ["notes.txt"]);
}

#[test]
fn a_database_of_utf16_text_is_refused() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("app.db");
    outsider(&path).execute_batch("PRAGMA encoding = 'UTF-16le'; CREATE TABLE notes (text TEXT)").unwrap();
    assert_eq!(
        refused(Engine::builder(), &path),
        (
            ErrorKind::Open,
            format!(
                "`{}` stores its text as UTF-16le: dump it and load it into a UTF-8 database",
                path.display()
            )
        )
    );
}

#[test]
fn an_empty_file_is_an_empty_database() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("app.db");
    fs::write(&path, "").unwrap();
    Engine::open(&path).unwrap().session().unwrap().execute_batch("CREATE TABLE t(x)").unwrap();
    assert_eq!(integer(&path, "SELECT count(*) FROM sqlite_schema"), 1);
}

#[test]
fn a_path_that_means_something_else_to_sqlite_is_refused() {
    let refused = |path: &str| refused(Engine::builder(), Path::new(path));
    assert_eq!(
        [refused(""), refused(":memory:"), refused("a\0b")],
        [
            (ErrorKind::Open, "the path of the database is empty".to_owned()),
            (
                ErrorKind::Open,
                "`:memory:` is no path here; use `open_in_memory`, or `./:memory:` for a file of that name"
                    .to_owned()
            ),
            (ErrorKind::Open, "the path of the database contains a NUL byte".to_owned()),
        ]
    );
}

#[test]
fn a_path_is_never_read_as_a_uri() {
    let dir = tempdir().unwrap();
    for name in ["file:app.db?mode=ro", "app.db?vfs=memdb", ":memory:", "50% of it.db"] {
        let engine = Engine::open(dir.path().join(name)).unwrap();
        engine.session().unwrap().execute_batch("CREATE TABLE t(x)").unwrap();
        engine.close().unwrap();
    }
    assert_eq!(names(dir.path()), ["50% of it.db", ":memory:", "app.db?vfs=memdb", "file:app.db?mode=ro"]);
}

#[test]
fn no_connections_at_all_are_refused() {
    let error = Engine::builder().max_connections(0).open_in_memory().unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (ErrorKind::Open, "`max_connections` is 0; an engine needs at least one")
    );
}

#[test]
fn read_only_creates_nothing() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("app.db");
    assert_eq!(
        refused(Engine::builder().read_only(true), &path),
        (
            ErrorKind::Open,
            format!(
                "`{}` cannot be opened: it does not exist, and a read-only engine creates nothing",
                path.display()
            )
        )
    );
    assert!(names(dir.path()).is_empty());
    assert_eq!(Engine::builder().read_only(true).open_in_memory().unwrap_err().kind(), ErrorKind::Open);
}

#[test]
fn read_only_refuses_writes_and_changes_no_byte_of_the_file() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("app.db");
    outsider(&path).execute_batch("CREATE TABLE t(x); INSERT INTO t VALUES (1)").unwrap();
    let before = fs::read(&path).unwrap();
    let engine = Engine::builder().read_only(true).open(&path).unwrap();
    let session = engine.session().unwrap();
    let error = session.raw("INSERT INTO t VALUES (2)", ()).execute().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ReadOnly);
    drop(session);
    engine.close().unwrap();
    assert_eq!(names(dir.path()), ["app.db"]);
    assert!(fs::read(&path).unwrap() == before, "the file was changed");
}

#[test]
fn a_crashed_database_is_read_with_its_write_ahead_log() {
    let dir = tempdir().unwrap();
    let (path, crashed) = (dir.path().join("app.db"), dir.path().join("crashed.db"));
    let writer = outsider(&path);
    writer
        .execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE t(x); INSERT INTO t VALUES (1), (2)")
        .unwrap();
    fs::copy(&path, &crashed).unwrap();
    fs::copy(dir.path().join("app.db-wal"), dir.path().join("crashed.db-wal")).unwrap();
    let engine = Engine::builder().read_only(true).open(&crashed).unwrap();
    engine.backup(dir.path().join("copy.db")).unwrap();
    assert_eq!(integer(&dir.path().join("copy.db"), "SELECT count(*) FROM t"), 2);
}

#[test]
fn many_engines_open_one_fresh_file_at_the_same_moment() {
    let dir = tempdir().unwrap();
    for round in 0..20 {
        let path = dir.path().join(format!("{round}.db"));
        let start = Barrier::new(8);
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    start.wait();
                    Engine::open(&path).unwrap();
                });
            }
        });
        let mode: String = outsider(&path).query_row("PRAGMA journal_mode", (), |row| row.get(0)).unwrap();
        assert_eq!(mode, "wal");
    }
}

#[test]
fn a_file_that_another_program_locks_is_busy_when_the_deadline_passes() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("app.db");
    let other = outsider(&path);
    other.execute_batch("CREATE TABLE t(x); BEGIN EXCLUSIVE").unwrap();
    let error = Engine::builder().busy_timeout(Duration::ZERO).open(&path).unwrap_err();
    assert!(error.is_busy(), "{error}");
    other.execute_batch("COMMIT").unwrap();
    assert!(Engine::builder().busy_timeout(Duration::ZERO).open(&path).is_ok());
}

#[test]
fn a_file_that_cannot_use_a_write_ahead_log_is_refused_unless_that_is_accepted() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("app.db");
    let reader = outsider(&path);
    reader.execute_batch("CREATE TABLE t(x); BEGIN; SELECT * FROM t").unwrap();
    let error = Engine::builder().busy_timeout(Duration::from_millis(10)).open(&path).unwrap_err();
    assert!(error.is_busy(), "{error}");
    assert!(Engine::builder().rollback_journal().open(&path).is_ok());
}

#[cfg(unix)]
#[test]
fn a_file_that_was_replaced_while_open_is_noticed_instead_of_split_in_two() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("app.db");
    let engine = Engine::open(&path).unwrap();
    let first = engine.session().unwrap();
    fs::rename(&path, dir.path().join("old.db")).unwrap();
    let error = engine.session().unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string()),
        (
            ErrorKind::Io,
            format!(
                "`{}` was replaced, moved or deleted while this engine had it open; open it again",
                path.display()
            )
        )
    );
    assert!(!path.exists(), "a second file was created");
    drop(first);
}
