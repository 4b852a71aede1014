//! A dry run on a copy of the schema in memory, without rows: the plan leads where it says, and no view and no trigger is
//! broken after that compiled before.

use super::draft::{Draft, Planner};
use super::problem::Problem;
use super::sides::Sides;
use super::step::Step;
use super::uncertain::uncertain;
use super::uses::report;
use crate::driver::{Config, Connection};
use crate::error::{ErrorKind, Result};
use crate::migrate::diff::{Intent, diff};
use crate::migrate::history;
use crate::migrate::introspect::{Schema, broken, introspect, newly_broken, uses};

pub(super) fn rehearse(planner: &Planner<'_>, sides: &Sides, draft: &mut Draft) -> Result<()> {
    let live = &sides.original;
    let stage = (planner.memory)()?;
    stage.execute_batch("PRAGMA foreign_keys = OFF")?;
    if let Err(error) = build(&stage, live) {
        let note =
            format!("the plan could not be rehearsed in memory, since the schema cannot be copied: {error}");
        draft.notes.push(note);
        return Ok(());
    }
    let before = broken(&stage, live)?;
    draft.notes.extend(before.iter().map(|object| format!("{object} was already broken")));
    draft.problems.extend(uncertain(&stage, &before, sides, draft, planner.consent)?);
    let (first, rest) = draft.steps.split_at(draft.first);
    if let Some(problem) = run(&stage, first)? {
        draft.problems.push(problem);
        return Ok(());
    }
    let live = introspect(&stage)?;
    let uses = uses(&stage, &live)?;
    if let Some(problem) = run(&stage, rest)? {
        draft.problems.push(problem);
        return Ok(());
    }
    let after = introspect(&stage)?;
    report(draft, &live, &uses, &newly_broken(&before, broken(&stage, &after)?));
    if draft.problems.is_empty() {
        let base = history::load(&(planner.memory)()?, &draft.snapshot)?;
        let intent = Intent { base: Some(&base), consent: planner.consent };
        draft.problems.extend(unreached(&after, sides, &intent));
    }
    Ok(())
}

/// Every object of the live schema. Old definitions may have text in double quotes, so that is allowed here.
pub(super) fn build(stage: &Connection, live: &Schema) -> Result<()> {
    double_quotes(stage, true)?;
    for table in live.tables.values() {
        stage.execute_batch(&table.sql)?;
        for index in &table.indexes {
            stage.execute_batch(&index.sql)?;
        }
    }
    for virtual_table in &live.virtual_tables {
        stage.execute_batch(&virtual_table.sql)?;
    }
    for view in &live.views {
        stage.execute_batch(&view.sql)?;
    }
    for trigger in &live.triggers {
        stage.execute_batch(&trigger.create_sql())?;
    }
    double_quotes(stage, false)
}

pub(super) fn double_quotes(stage: &Connection, on: bool) -> Result<()> {
    stage.set_config(Config::DoubleQuotedDdl, on)?;
    stage.set_config(Config::DoubleQuotedDml, on)
}

fn run(stage: &Connection, steps: &[Step]) -> Result<Option<Problem>> {
    for step in steps {
        for sql in &step.sql {
            if let Err(error) = stage.execute_batch(sql) {
                let message = format!("SQLite refuses the change: {error}");
                return Ok(Some(Problem::of_table(ErrorKind::UnsupportedObject, &step.table, message)));
            }
        }
    }
    Ok(None)
}

/// A plan that does not lead to the structs would never become empty. The next one has the structs of this one for its
/// base.
fn unreached(after: &Schema, sides: &Sides, intent: &Intent<'_>) -> Option<Problem> {
    let left = diff(after, &sides.target, &sides.definitions, intent)
        .into_iter()
        .find(|table| !table.changes.is_empty())?;
    let changes: Vec<String> = left.changes.iter().map(ToString::to_string).collect();
    let message = format!("the plan would leave a difference: {}", changes.join(", "));
    Some(Problem::of_table(ErrorKind::Internal, &left.table, message))
}
