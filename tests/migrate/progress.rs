//! Whoever watches a migration sees how far it is, and can stop it.

use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex};

use orm_core::migrate::{Migration, Progress};
use orm_core::rusqlite::Connection;
use orm_core::schema::{CheckDef, ColumnBuilder, TableDef};
use orm_core::{Engine, ErrorKind, LogicalType};

use crate::INTEGER;
use crate::inspect::{dump, open, rows};

const ROWS: u64 = 60_000;

fn fill(connection: &Connection) {
    connection
        .execute_batch(&format!(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); CREATE INDEX by_a ON t (a); \
             WITH RECURSIVE n (v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n WHERE v < {ROWS}) \
             INSERT INTO t SELECT v, 'n' || v FROM n; \
             CREATE TABLE u (id INTEGER PRIMARY KEY)"
        ))
        .unwrap();
}

fn file() -> (tempfile::TempDir, std::path::PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("app.db");
    fill(&open(&path));
    (directory, path)
}

/// A rebuild of `t`, and a column for `u`.
fn target() -> [TableDef; 2] {
    let t = TableDef::builder("t")
        .column("id", INTEGER, ColumnBuilder::primary_key)
        .column("a", LogicalType::Text, |c| c)
        .strict(false)
        .build();
    let u = TableDef::builder("u")
        .column("id", INTEGER, ColumnBuilder::primary_key)
        .column("b", LogicalType::Text, ColumnBuilder::nullable)
        .strict(false)
        .build();
    [t, u]
}

fn migration(engine: &Engine) -> Migration {
    let [t, u] = target();
    engine.migration(&[&t, &u])
}

/// The step of `t`, when so many rows are copied.
fn copied(rows: u64) -> Progress {
    Progress::Step { table: "t".into(), step: 1, steps: 2, rows, total_rows: ROWS }
}

/// Stops at the first progress that the closure says yes to.
fn stop_where(
    yes: impl Fn(&Progress) -> bool + Send + Sync + 'static,
) -> impl Fn(&Progress) -> ControlFlow<()> + Send + Sync + 'static {
    move |progress| if yes(progress) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

fn is_mid_copy(progress: &Progress) -> bool {
    matches!(progress, Progress::Step { rows, .. } if (1..ROWS).contains(rows))
}

#[test]
fn every_step_is_told_and_the_rows_of_a_copy_are_counted() {
    let (_directory, path) = file();
    let told = Arc::new(Mutex::new(Vec::new()));
    let listener = Arc::clone(&told);
    let engine = Engine::open(&path).unwrap();
    let plan = migration(&engine).on_progress(move |progress| {
        listener.lock().unwrap().push(progress.clone());
        ControlFlow::Continue(())
    });
    let plan = plan.plan().unwrap();
    told.lock().unwrap().clear();
    plan.apply().unwrap();
    let told = told.lock().unwrap();
    let mut parts = told.clone();
    parts.dedup_by_key(|progress| std::mem::discriminant(progress));
    assert_eq!(parts.first(), Some(&Progress::Planning));
    assert_eq!(parts.last(), Some(&Progress::Comparing));
    let of_t: Vec<u64> = told
        .iter()
        .filter_map(|progress| match progress {
            Progress::Step { table, rows, total_rows: ROWS, .. } if table == "t" => Some(*rows),
            _ => None,
        })
        .collect();
    assert!(of_t.is_sorted() && of_t.len() > 10, "{of_t:?}");
    assert_eq!((of_t.first(), of_t.last()), (Some(&0), Some(&ROWS)));
    assert!(told.contains(&copied(ROWS)), "while the index is made, all rows are copied");
    let of_u = Progress::Step { table: "u".into(), step: 2, steps: 2, rows: 0, total_rows: 0 };
    assert_eq!(told.iter().filter(|progress| **progress == of_u).count(), 1);
    assert_eq!(of_u.to_string(), "step 2 of 2: `u`");
    assert_eq!(
        rows(&open(&path), "SELECT count(*), sum(id) FROM t").unwrap().to_string(),
        "[[60000,1800030000]]"
    );
}

fn stopped_at(path: &Path, place: fn(&Progress) -> bool) -> String {
    // the journal mode is in the file
    drop(Engine::open(path).unwrap());
    let before = (dump(&open(path)), std::fs::read(path).unwrap());
    let engine = Engine::open(path).unwrap();
    let plan = migration(&engine).on_progress(stop_where(place)).plan().unwrap();
    let error = plan.apply().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled, "{error}");
    drop((plan, engine));
    assert!(dump(&open(path)) == before.0, "every row is there");
    assert!(std::fs::read(path).unwrap() == before.1, "the file is the same byte for byte");
    error.to_string()
}

#[test]
fn stopped_in_the_middle_of_a_copy_the_database_is_as_before() {
    let (_directory, path) = file();
    let message = stopped_at(&path, is_mid_copy);
    let (start, end) =
        ("cancelled while it was at: step 1 of 2: `t`, ", " of 60000 rows; what it had done was rolled back");
    assert!(message.starts_with(start) && message.ends_with(end), "{message}");
}

#[test]
fn stopped_while_an_index_is_made_or_before_the_next_step_the_database_is_as_before() {
    let (_directory, path) = file();
    stopped_at(&path, |progress| *progress == copied(ROWS));
    stopped_at(&path, |progress| matches!(progress, Progress::Step { step: 2, .. }));
}

#[test]
fn stopped_by_the_last_question_before_commit_the_database_is_as_before() {
    let (_directory, path) = file();
    assert_eq!(
        stopped_at(&path, |progress| *progress == Progress::Comparing),
        "cancelled while it was at: comparing; what it had done was rolled back"
    );
}

#[test]
fn a_plan_that_reads_every_row_can_be_stopped() {
    let (_directory, path) = file();
    let engine = Engine::open(&path).unwrap();
    let [t, _] = target();
    let t = TableDef { checks: vec![CheckDef { name: None, expression: "a <> 'x'".into() }].into(), ..t };
    let stop = stop_where(|progress| *progress == Progress::Planning);
    let error = engine.migration(&[&t]).on_progress(stop).plan().unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (ErrorKind::Cancelled, "cancelled while it was at: planning; what it had done was rolled back")
    );
    engine.migrate(&[&t]).unwrap();
}

#[test]
fn after_it_was_stopped_the_same_engine_migrates_and_works() {
    for engine in
        [Engine::open_in_memory().unwrap(), Engine::builder().max_connections(1).open_in_memory().unwrap()]
    {
        engine.session().unwrap().execute_batch("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)").unwrap();
        let session = engine.session().unwrap();
        session
            .execute_batch(&format!(
                "WITH RECURSIVE n (v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n WHERE v < {ROWS}) \
                 INSERT INTO t SELECT v, 'n' || v FROM n"
            ))
            .unwrap();
        drop(session);
        let plan = migration(&engine).on_progress(stop_where(is_mid_copy)).plan().unwrap();
        assert_eq!(plan.apply().unwrap_err().kind(), ErrorKind::Cancelled);
        migration(&engine).plan().unwrap().apply().unwrap();
        let session = engine.session().unwrap();
        assert_eq!(session.raw("SELECT count(*) FROM t", ()).one::<u64>().unwrap(), ROWS);
        assert_eq!(session.raw("PRAGMA foreign_keys", ()).one::<i64>().unwrap(), 1);
    }
}

#[test]
fn a_panic_of_the_observer_rolls_back_and_goes_on() {
    let (_directory, path) = file();
    let before = dump(&open(&path));
    let engine = Engine::open(&path).unwrap();
    let plan = migration(&engine).on_progress(|progress| {
        assert!(!is_mid_copy(progress), "enough");
        ControlFlow::Continue(())
    });
    let plan = plan.plan().unwrap();
    let panic = catch_unwind(AssertUnwindSafe(|| plan.apply())).unwrap_err();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"enough"));
    assert!(dump(&open(&path)) == before, "every row is there");
    migration(&engine).plan().unwrap().apply().unwrap();
}

#[test]
fn a_panic_at_a_versioned_step_goes_on_too() {
    let (_directory, path) = file();
    let engine = Engine::open(&path).unwrap();
    let steps = || engine.migration(&[]).sql_step(1, "first", "CREATE TABLE first (x)");
    let plan = steps().on_progress(|progress| {
        assert!(!matches!(progress, Progress::Versioned { .. }), "enough");
        ControlFlow::Continue(())
    });
    let plan = plan.plan().unwrap();
    let panic = catch_unwind(AssertUnwindSafe(|| plan.apply())).unwrap_err();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"enough"));
    steps().plan().unwrap().apply().unwrap();
}

#[test]
fn a_versioned_step_is_told_and_stopped_and_the_one_before_it_stays() {
    let (_directory, path) = file();
    let engine = Engine::open(&path).unwrap();
    let both = || {
        engine.migration(&[]).sql_step(1, "first", "CREATE TABLE first (x)").sql_step(
            2,
            "long",
            "UPDATE t SET a = a || '!'",
        )
    };
    let second = Progress::Versioned { version: 2, name: "long".into() };
    assert_eq!(second.to_string(), "versioned step 2 `long`");
    let calls = Mutex::new(0);
    let plan = both().on_progress(move |progress| {
        let mut calls = calls.lock().unwrap();
        *calls += u32::from(*progress == second);
        // the second time is in the middle of the UPDATE
        if *calls == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    let error = plan.plan().unwrap().apply().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    let connection = open(&path);
    let found = "SELECT (SELECT count(*) FROM first), (SELECT count(*) FROM t WHERE a LIKE '%!')";
    assert_eq!(rows(&connection, found).unwrap().to_string(), "[[0,0]]");
    both().plan().unwrap().apply().unwrap();
    assert_eq!(rows(&connection, found).unwrap().to_string(), "[[0,60000]]");
}
