//! Where a migration cannot run, the database and its connections are as before.

use std::time::Duration;

use orm_core::schema::{ColumnBuilder, TableDef};
use orm_core::{Engine, EngineBuilder, ErrorKind, LogicalType};

use crate::inspect::{dump, open};
use crate::{USERS, users};

fn grown() -> TableDef {
    users()
        .column("nick", LogicalType::Text, ColumnBuilder::nullable)
        .column("age", LogicalType::Text, ColumnBuilder::nullable)
        .build()
}

/// Whether a migration of a file fails so, and leaves the file alone.
fn refused(
    setup: &str,
    builder: EngineBuilder,
    during: impl FnOnce(&Engine, &std::path::Path) -> ErrorKind,
) -> ErrorKind {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("app.db");
    let observer = open(&path);
    observer.execute_batch(&format!("PRAGMA journal_mode = WAL; {setup}")).unwrap();
    let before = dump(&observer);
    let engine = builder.open(&path).unwrap();
    let kind = during(&engine, &path);
    assert_eq!(dump(&observer), before);
    kind
}

#[test]
fn inside_a_transaction_of_this_thread() {
    let kind = refused(USERS, Engine::builder(), |engine, _| {
        let session = engine.session().unwrap();
        let _open = session.begin().unwrap();
        engine.migrate(&[&grown()]).unwrap_err().kind()
    });
    assert_eq!(kind, ErrorKind::InTransaction);
}

#[test]
fn while_another_process_writes_for_longer_than_the_busy_timeout() {
    let builder = Engine::builder().busy_timeout(Duration::from_millis(50));
    let kind = refused(USERS, builder, |engine, path| {
        let other = open(path);
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        engine.migrate(&[&grown()]).unwrap_err().kind()
    });
    assert_eq!(kind, ErrorKind::Busy);
}

#[test]
fn on_a_read_only_engine_which_still_plans() {
    let kind = refused(USERS, Engine::builder().read_only(true), |engine, _| {
        let plan = engine.migration(&[&grown()]).plan().unwrap();
        assert_eq!(plan.steps().len(), 1);
        plan.apply().unwrap_err().kind()
    });
    assert_eq!(kind, ErrorKind::ReadOnly);
}

#[test]
fn on_a_full_disk_in_the_middle_of_the_copy() {
    let setup = "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, nick TEXT UNIQUE); \
                 WITH RECURSIVE n (v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n WHERE v < 20000) \
                 INSERT INTO users SELECT v, 'name ' || v, v FROM n;";
    let builder = Engine::builder().on_connect(|connection| {
        let pages: i64 = connection.query_row("PRAGMA page_count", (), |row| row.get(0))?;
        connection.execute_batch(&format!("PRAGMA max_page_count = {}", pages.max(1) + 20))
    });
    let kind = refused(setup, builder, |engine, _| {
        let migration = engine.migration(&[&users().build()]).allow_drop_column("users", "nick");
        let kind = migration.plan().unwrap().apply().unwrap_err().kind();
        let session = engine.session().unwrap();
        assert_eq!(session.raw("PRAGMA foreign_keys", ()).one::<i64>().unwrap(), 1);
        kind
    });
    assert_eq!(kind, ErrorKind::DiskFull);
}

#[test]
fn one_error_names_every_obstacle() {
    let engine = Engine::open_in_memory().unwrap();
    engine.session().unwrap().execute_batch(USERS).unwrap();
    let table = TableDef::builder("users").column("age", LogicalType::Text, |c| c).strict(false).build();
    let message = engine.migrate(&[&table]).unwrap_err().to_string();
    for part in ["`users.name`", "`users.nick`", "`users.id`", "`users.age`"] {
        assert!(message.contains(part), "{part} is missing in: {message}");
    }
}
