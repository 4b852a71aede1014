//! Many rows: 20,000 usually, as many as `ORM_BIG_ROWS` says for figures, which are printed then.
//!
//! ```sh
//! ORM_BIG_ROWS=10000000 cargo test --release -p orm-tests --test migrate big:: -- --nocapture --test-threads 1
//! ```

use std::path::{Path, PathBuf};
use std::time::Instant;

use orm_core::migrate::{Migration, Plan, Strategy};
use orm_core::schema::{ColumnBuilder, DefaultDef, TableBuilder, TableDef};
use orm_core::{Engine, LogicalType};

use crate::INTEGER;
use crate::inspect::{open, rows};

struct Big {
    _directory: tempfile::TempDir,
    path: PathBuf,
    engine: Engine,
    rows: u64,
    shown: bool,
}

/// `t (id, a, b, c)`, about 50 bytes each.
fn big() -> Big {
    let asked = std::env::var("ORM_BIG_ROWS").ok().map(|rows| rows.parse().unwrap());
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("app.db");
    let rows = asked.unwrap_or(20_000);
    open(&path)
        .execute_batch(&format!(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; \
             CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT, c TEXT); \
             WITH RECURSIVE n (v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n WHERE v < {rows}) \
             INSERT INTO t SELECT v, 'name ' || v, v % 1000, 'a little more text' FROM n;"
        ))
        .unwrap();
    let engine = Engine::open(&path).unwrap();
    Big { _directory: directory, path, engine, rows, shown: asked.is_some() }
}

fn table() -> TableBuilder {
    TableDef::builder("t").column("id", INTEGER, ColumnBuilder::primary_key).strict(false)
}

fn text(table: TableBuilder, name: &'static str) -> TableBuilder {
    table.column(name, LogicalType::Text, ColumnBuilder::nullable)
}

fn with_b(table: TableBuilder) -> TableBuilder {
    table.column("b", INTEGER, ColumnBuilder::nullable)
}

impl Big {
    fn pages(&self) -> u64 {
        rows(&open(&self.path), "PRAGMA page_count").unwrap()[0][0].as_u64().unwrap()
    }

    /// Applies it and shows what it cost.
    #[allow(clippy::print_stdout, reason = "figures for whoever asked for them")]
    fn migrate(&self, what: &str, migration: Migration) -> Plan {
        let (started, busy, before) = (Instant::now(), processor_seconds(), size(&self.path));
        let plan = migration.plan().unwrap();
        let planned = processor_seconds() - busy;
        plan.apply().unwrap();
        if self.shown {
            let log = size(&self.path.with_extension("db-wal"));
            println!(
                "{what}: {} rows, plan {planned:.2} s, all {:.2} s of a processor, {:.2?} by the clock, file {before} -> {} MB, \
                 log {log} MB, peak memory {}",
                self.rows,
                processor_seconds() - busy,
                started.elapsed(),
                size(&self.path),
                peak_memory()
            );
        }
        plan
    }

    fn strategies(plan: &Plan) -> Vec<(Strategy, u64)> {
        plan.steps().iter().map(|step| (step.strategy, step.rows)).collect()
    }

    fn all_are_there(&self) {
        let n = self.rows;
        let found = "SELECT count(*), sum(id), count(DISTINCT a) FROM t";
        let expected = format!("[[{n},{},{n}]]", n * (n + 1) / 2);
        assert_eq!(rows(&open(&self.path), found).unwrap().to_string(), expected);
    }
}

fn size(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |found| found.len() / 1_000_000)
}

/// What the process had so far, where the system tells: other programs do not count.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks = stat.split(' ').skip(13).take(2).filter_map(|ticks| ticks.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

/// Of the whole process, where the system tells.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "unknown".to_owned(), |peak| peak.trim().to_owned())
}

#[test]
fn a_column_with_a_default_costs_no_page_however_many_rows_there_are() {
    let big = big();
    let before = big.pages();
    let default = |c: ColumnBuilder| c.default(DefaultDef::Text("".into()));
    let wider = text(with_b(text(table(), "a")), "c").column("n", LogicalType::Text, default).build();
    let plan = big.migrate("add a column", big.engine.migration(&[&wider]));
    assert_eq!(Big::strategies(&plan), [(Strategy::InPlace, 0)]);
    let history = "SELECT count(*) FROM dbstat WHERE name = '_orm_migrations'";
    let history = rows(&open(&big.path), history).unwrap()[0][0].as_u64().unwrap();
    assert_eq!(big.pages(), before + history);
    big.all_are_there();
}

#[test]
fn a_rebuild_with_an_index_copies_every_row() {
    let big = big();
    open(&big.path).execute_batch("CREATE INDEX by_b ON t (b)").unwrap();
    let strict = table().strict(true).column("a", LogicalType::Text, |c| c);
    let wanted = text(with_b(strict), "c").index(["b"], |index| index.name("by_b")).build();
    let plan = big.migrate("rebuild, one index", big.engine.migration(&[&wanted]));
    assert_eq!(Big::strategies(&plan), [(Strategy::Rebuild, big.rows)]);
    big.all_are_there();
}

#[test]
fn a_plain_column_is_dropped_in_place() {
    let big = big();
    let narrower = with_b(text(table(), "a")).build();
    let migration = big.engine.migration(&[&narrower]).allow_drop_column("t", "c");
    assert_eq!(Big::strategies(&big.migrate("drop a column", migration)), [(Strategy::InPlace, 0)]);
    big.all_are_there();
}

#[test]
fn a_foreign_key_and_a_unique_index_are_asked_of_every_row() {
    let big = big();
    open(&big.path)
        .execute_batch("CREATE TABLE p (id INTEGER PRIMARY KEY); INSERT INTO p SELECT DISTINCT b FROM t")
        .unwrap();
    let parent =
        TableDef::builder("p").column("id", INTEGER, ColumnBuilder::primary_key).strict(false).build();
    let unique = table().column("a", LogicalType::Text, |c| c.nullable().unique());
    let wanted = with_b(text(unique, "c")).foreign_key(["b"], "p", ["id"], |key| key).build();
    let plan = big.migrate("add a foreign key and UNIQUE", big.engine.migration(&[&wanted, &parent]));
    assert_eq!(Big::strategies(&plan), [(Strategy::Rebuild, big.rows)]);
    big.all_are_there();
}
