//! A child process that migrates, stands still at a named point, and is killed there.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use orm_core::rusqlite::functions::FunctionFlags;
use orm_core::rusqlite::{self, Connection};
use orm_core::schema::{ColumnBuilder, TableDef};
use orm_core::{Engine, LogicalType};

use crate::inspect::{dump, open, rows};
use crate::process::{kill_at, orders, spawn, stand_still};
use crate::{INTEGER, users};

const ROWS: i64 = 20_000;

/// `a` is copied through the function, so that the child can stand still after any row.
fn target() -> [TableDef; 2] {
    let table = TableDef::builder("t")
        .column("id", INTEGER, ColumnBuilder::primary_key)
        .column("a", LogicalType::Text, |c| c.declared_type("INTEGER").using("fault('copy', a)"))
        .index(Vec::<String>::new(), |index| index.name("by_fault").expression("fault('index', a)"))
        .strict(false)
        .build();
    [table, users().build()]
}

/// `fault(point, value)` gives the value. In the child it never returns where the point is the one to die at.
fn with_fault(connection: &Connection, orders: Option<&(String, PathBuf)>) -> rusqlite::Result<()> {
    let (orders, calls) = (orders.cloned(), Arc::new(AtomicU64::new(0)));
    let flags = FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("fault", 2, flags, move |call| {
        let (point, value): (String, rusqlite::types::Value) = (call.get(0)?, call.get(1)?);
        if let Some((wanted, marker)) = &orders
            && *wanted == point
            && calls.fetch_add(1, Ordering::Relaxed) == if point == "history" { 0 } else { ROWS as u64 / 2 }
        {
            stand_still(marker);
        }
        Ok(value)
    })?;
    // the last write before COMMIT
    let has_history = "SELECT count(*) FROM sqlite_schema WHERE name = '_orm_migrations'";
    if connection.query_row(has_history, (), |row| row.get::<_, i64>(0))? > 0 {
        connection.execute_batch(
            "CREATE TEMP TRIGGER g AFTER INSERT ON main._orm_migrations BEGIN SELECT fault('history', 1); END",
        )?;
    }
    connection.execute_batch("PRAGMA cache_size = 10")
}

fn engine(path: &Path, journal: &str, orders: Option<(String, PathBuf)>) -> Engine {
    let builder = Engine::builder().max_connections(1);
    let builder = if journal == "delete" { builder.rollback_journal() } else { builder };
    builder
        .on_connect(move |connection: &Connection| with_fault(connection, orders.as_ref()))
        .open(path)
        .unwrap()
}

fn migrate(engine: &Engine) {
    let [table, users] = target();
    let migration = engine.migration(&[&table, &users]).allow_drop_column("users", "nick");
    migration.plan().unwrap().apply().unwrap();
}

/// Only does something in the child.
#[test]
fn child() {
    let Some(orders) = orders() else { return };
    let [point, path, journal]: [&str; 3] = orders.split('|').collect::<Vec<_>>().try_into().unwrap();
    migrate(&engine(
        Path::new(path),
        journal,
        Some((point.to_owned(), PathBuf::from(format!("{path}.marker")))),
    ));
}

fn prepare(path: &Path, journal: &str) {
    let connection = open(path);
    connection
        .execute_batch(&format!(
            "PRAGMA journal_mode = {journal}; CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); \
             WITH RECURSIVE n (v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n WHERE v < {ROWS}) \
             INSERT INTO t SELECT v, v FROM n; {}",
            crate::USERS
        ))
        .unwrap();
    let baseline = TableDef::builder("z").column("a", LogicalType::Text, ColumnBuilder::nullable).build();
    let engine = Engine::builder();
    let engine = if journal == "delete" { engine.rollback_journal() } else { engine };
    engine.open(path).unwrap().migrate(&[&baseline]).unwrap();
}

fn killed_at(point: &str, journal: &str) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("app.db");
    prepare(&path, journal);
    let before = dump(&open(&path));
    let marker = directory.path().join("app.db.marker");
    kill_at(spawn("crash::child", &format!("{point}|{}|{journal}", path.display())), &marker);
    let survivor = engine(&path, journal, None);
    let now = open(&path);
    with_fault(&now, None).unwrap();
    assert_eq!(rows(&now, "PRAGMA integrity_check").unwrap().to_string(), r#"[["ok"]]"#);
    assert_eq!(dump(&now), before, "killed at `{point}` in {journal} mode");
    migrate(&survivor);
    let sums = "SELECT count(*), sum(a), sum(typeof(a) = 'integer') FROM t";
    assert_eq!(rows(&now, sums).unwrap().to_string(), format!("[[{ROWS},{},{ROWS}]]", ROWS * (ROWS + 1) / 2));
    assert_eq!(rows(&now, "SELECT * FROM users").unwrap().to_string(), r#"[[1,"Ann"],[2,"Bob"]]"#);
}

#[test]
fn killed_in_the_middle_of_the_copy_the_database_is_as_before() {
    killed_at("copy", "wal");
    killed_at("copy", "delete");
}

#[test]
fn killed_in_the_middle_of_an_index_the_database_is_as_before() {
    killed_at("index", "wal");
}

#[test]
fn killed_right_before_commit_the_database_is_as_before() {
    killed_at("history", "wal");
    killed_at("history", "delete");
}
