//! Cases whose migration is killed in a child process at a named point.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use orm_core::migrate::Progress;
use orm_core::{Engine, EngineBuilder};
use serde_json::Value as Json;

use crate::case::{assertions, common, migration, prepared, second_is_empty, targets};
use crate::inspect::{dump, open};
use crate::process::{kill_at, orders, spawn, stand_still};

/// Kills the migration, opens the database again, finds it as before, and migrates it.
pub(crate) fn run(case: &Json) -> Result<(), String> {
    let (directory, path, _) = prepared(case)?;
    let journal = case["scenario"]["journal_mode"].as_str().unwrap();
    open(&path).pragma_update(None, "journal_mode", journal).unwrap();
    let before = dump(&open(&path));
    let (orders, marker) = (directory.path().join("case.json"), directory.path().join("marker"));
    std::fs::write(&orders, case.to_string()).unwrap();
    kill_at(spawn("killed::child", orders.to_str().unwrap()), &marker);
    let engine = engine(case).open(&path).map_err(|error| error.to_string())?;
    if dump(&open(&path)) != before {
        return Err("the database changed".to_owned());
    }
    common(&case["expect"], &engine, &path)?;
    assertions(&case["expect"], &path)?;
    let tables = targets(&case["target"]);
    let plan = migration(&engine, &tables, case).plan().map_err(|error| error.to_string())?;
    plan.apply().map_err(|error| format!("the next migration: {error}"))?;
    second_is_empty(&engine, &tables, &path)
}

fn engine(case: &Json) -> EngineBuilder {
    let builder = Engine::builder().on_connect(|connection| connection.pragma_update(None, "cache_size", 10));
    if case["scenario"]["journal_mode"] == "delete" { builder.rollback_journal() } else { builder }
}

/// Only does something in the child: stands still where the case says.
#[test]
fn child() {
    let Some(orders) = orders().map(PathBuf::from) else { return };
    let case: Json = serde_json::from_str(&std::fs::read_to_string(&orders).unwrap()).unwrap();
    let (path, marker) = (orders.with_file_name("case.db"), orders.with_file_name("marker"));
    let engine = engine(&case).open(Path::new(&path)).unwrap();
    let point = case["scenario"]["kill_at"].as_str().unwrap().to_owned();
    let plan = migration(&engine, &targets(&case["target"]), &case).on_progress(move |progress| {
        let is_there = match point.as_str() {
            "mid-copy" => {
                matches!(progress, Progress::Step { rows, total_rows, .. } if 2 * rows > *total_rows)
            }
            "before commit" => *progress == Progress::Comparing,
            other => panic!("unknown point {other}"),
        };
        if is_there { stand_still(&marker) } else { ControlFlow::Continue(()) }
    });
    plan.plan().unwrap().apply().unwrap();
}
