//! A dry run on a copy of the schema in memory, without rows: the plan leads where it says, and nothing that compiled
//! before is broken after.

use super::draft::{Draft, Planner};
use super::going::Going;
use super::problem::Problem;
use super::sides::Sides;
use crate::driver::{Config, Connection};
use crate::error::{ErrorKind, Result};
use crate::migrate::consent::Consent;
use crate::migrate::diff::{Intent, diff};
use crate::migrate::history;
use crate::migrate::introspect::{Schema, broken, introspect, newly_broken};
use crate::migrate::parse::mentions;

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
    draft.problems.extend(uncertain(&stage, sides, draft, planner.consent)?);
    if let Some(problem) = run(&stage, draft)? {
        draft.problems.push(problem);
        return Ok(());
    }
    let after = introspect(&stage)?;
    for object in newly_broken(&before, broken(&stage, &after)?) {
        let tables: Vec<&str> = draft.steps.iter().map(|step| step.table.as_str()).collect();
        let message = format!("the change would break {object}; change or drop that first");
        let table = tables.join("`, `");
        draft.problems.push(Problem::of_table(ErrorKind::DependentObject, &table, message));
    }
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

fn double_quotes(stage: &Connection, on: bool) -> Result<()> {
    stage.set_config(Config::DoubleQuotedDdl, on)?;
    stage.set_config(Config::DoubleQuotedDml, on)
}

/// Views and triggers that compile only where `"x"` may be a string. SQLite would read a name that goes as text from then
/// on, or fail for the programs that allow it, and no compilation here tells which.
fn uncertain(stage: &Connection, sides: &Sides, draft: &Draft, consent: &Consent) -> Result<Vec<Problem>> {
    let live = &sides.original;
    let strictly = broken(stage, live)?;
    double_quotes(stage, true)?;
    let loosely = broken(stage, live)?;
    double_quotes(stage, false)?;
    let names = going_names(sides, draft, consent);
    let problems = strictly.difference(&loosely).filter_map(|object| {
        let sql = object.sql(live)?;
        let name = names.iter().find(|name| mentions(sql, name))?;
        let message = format!(
            "{object} has text in double quotes, so that it cannot follow `{name}`; write that text in single quotes first"
        );
        Some(Problem::of_table(ErrorKind::DependentObject, &draft.steps.first()?.table, message))
    });
    Ok(problems.collect())
}

/// The names that are gone after the plan.
fn going_names(sides: &Sides, draft: &Draft, consent: &Consent) -> Vec<String> {
    let mut names: Vec<String> =
        draft.dropped.iter().filter(|(kind, _)| kind == "table").map(|(_, name)| name.clone()).collect();
    for rename in &sides.renames.tables {
        names.extend((rename.from != rename.to).then(|| rename.from.clone()));
        names.extend(rename.columns.iter().map(|(old, _)| old.clone()));
    }
    for table in diff(&sides.live, &sides.target, &sides.definitions, &sides.intent(consent)) {
        names.extend(Going::of(&table.changes).columns);
    }
    names
}

fn run(stage: &Connection, draft: &Draft) -> Result<Option<Problem>> {
    for step in &draft.steps {
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
