//! Views and triggers that only other programs can read: to them, `"x"` that is no column may be text.

use super::draft::Draft;
use super::going::Going;
use super::problem::Problem;
use super::rehearse::double_quotes;
use super::sides::Sides;
use crate::driver::Connection;
use crate::error::{ErrorKind, Result};
use crate::migrate::consent::Consent;
use crate::migrate::diff::diff;
use crate::migrate::introspect::broken;
use crate::migrate::parse::mentions;

/// Those that speak of a name that goes. SQLite would read it as text from then on, or fail for the programs that allow
/// that, and no compilation here tells which.
pub(super) fn uncertain(
    stage: &Connection,
    sides: &Sides,
    draft: &Draft,
    consent: &Consent,
) -> Result<Vec<Problem>> {
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
