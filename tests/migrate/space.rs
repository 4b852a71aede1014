//! What a rebuild needs on the disk, and what happens where that is not there.

use std::path::Path;

use orm_core::migrate::Strategy;
use orm_core::rusqlite::Connection;
use orm_core::schema::{ColumnBuilder, TableDef};
use orm_core::{Engine, EngineBuilder, ErrorKind, LogicalType};

use crate::INTEGER;
use crate::inspect::{dump, open, rows};

/// A megabyte and a half, with its index.
fn fill(path: &Path) {
    open(path)
        .execute_batch(
            "CREATE TABLE old (id INTEGER PRIMARY KEY, a TEXT); CREATE INDEX by_a ON old (a); \
             WITH RECURSIVE n (v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n WHERE v < 10000) \
             INSERT INTO old SELECT v, printf('%060d', v) FROM n; \
             CREATE TABLE another (x); INSERT INTO another SELECT a FROM old",
        )
        .unwrap();
}

/// A rebuild, of a table that gets another name too.
fn target() -> TableDef {
    TableDef::builder("t")
        .column("id", INTEGER, ColumnBuilder::primary_key)
        .column("a", LogicalType::Text, |c| c)
        .renamed_from("old")
        .strict(false)
        .build()
}

fn migrate(engine: &Engine) -> Result<(), orm_core::Error> {
    engine.migration(&[&target()]).plan()?.apply()
}

/// The sizes of old and new stand for themselves: everything, when the pages of the table alone are counted.
fn pages(connection: &Connection, names: &str) -> u64 {
    let sql = format!("SELECT sum(pgsize) FROM dbstat WHERE name IN ({names})");
    rows(connection, &sql).unwrap()[0][0].as_u64().unwrap()
}

#[test]
fn a_plan_says_how_many_bytes_a_rebuild_copies_and_nothing_for_other_steps() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("app.db");
    fill(&path);
    let engine = Engine::open(&path).unwrap();
    let target = target();
    let new = TableDef::builder("new").column("a", LogicalType::Text, |c| c).build();
    let plan = engine.migration(&[&target, &new]).plan().unwrap();
    let bytes: Vec<_> = plan.steps().iter().map(|step| (step.strategy, step.bytes)).collect();
    let both = pages(&open(&path), "'old', 'by_a'");
    assert_eq!(bytes, [(Strategy::InPlace, None), (Strategy::Rebuild, Some(both)), (Strategy::Create, None)]);
    let line = format!("t  rebuild (10000 rows, {} MB, write lock)\n", both / 1_000_000);
    assert!(plan.to_string().contains(&line), "{plan}");
}

#[test]
fn where_the_database_may_not_grow_enough_nothing_changes_and_the_engine_works_on() {
    for builder in [Engine::builder(), Engine::builder().rollback_journal()] {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("app.db");
        fill(&path);
        let few_pages = |connection: &Connection| {
            let pages: i64 = connection.query_row("PRAGMA page_count", (), |row| row.get(0))?;
            connection.execute_batch(&format!("PRAGMA max_page_count = {}", pages.max(1) + 20))
        };
        let engine = builder.max_connections(1).on_connect(few_pages).open(&path).unwrap();
        let before = dump(&open(&path));
        assert_eq!(migrate(&engine).unwrap_err().kind(), ErrorKind::DiskFull);
        assert!(dump(&open(&path)) == before, "every row is there");
        let session = engine.session().unwrap();
        assert_eq!(session.raw("PRAGMA foreign_keys", ()).one::<i64>().unwrap(), 1);
        session.raw("INSERT INTO old (a) VALUES ('one more')", ()).execute().unwrap();
    }
}

/// With a folder on a file system of 8 MB that is named by `ORM_SMALL_DISK`, such as
/// `mount -t tmpfs -o size=8m tmpfs /mnt/small`.
#[test]
fn on_a_disk_that_is_too_small_nothing_changes_and_the_engine_works_on() {
    let Some(disk) = std::env::var_os("ORM_SMALL_DISK") else { return };
    for (name, builder) in
        [("wal", EngineBuilder::default()), ("delete", EngineBuilder::default().rollback_journal())]
    {
        let folder = tempfile::tempdir_in(&disk).unwrap();
        let path = folder.path().join(name);
        fill(&path);
        let engine = builder.open(&path).unwrap();
        let before = dump(&open(&path));
        // all but 400 kB of what is left
        let ballast = folder.path().join("ballast");
        let mut size = 16_000_000;
        while std::fs::write(&ballast, vec![1; size]).is_err() {
            size -= 100_000;
        }
        std::fs::write(&ballast, vec![1; size - 400_000]).unwrap();
        assert_eq!(migrate(&engine).unwrap_err().kind(), ErrorKind::DiskFull, "{name}");
        assert!(dump(&open(&path)) == before, "every row is there");
        std::fs::remove_file(&ballast).unwrap();
        migrate(&engine).unwrap();
        assert_eq!(rows(&open(&path), "SELECT count(*) FROM t").unwrap().to_string(), "[[10000]]");
    }
}
