//! Views and triggers that only other programs can read: to them, `"x"` that is no column may be text.

use std::collections::BTreeSet;

use super::draft::Draft;
use super::going::Going;
use super::problem::Problem;
use super::rehearse::double_quotes;
use super::sides::Sides;
use crate::driver::Connection;
use crate::error::{ErrorKind, Result};
use crate::migrate::consent::Consent;
use crate::migrate::diff::diff;
use crate::migrate::introspect::{Code, broken};
use crate::migrate::parse::{folded, mentions};

/// Those that speak of a name that goes. SQLite would read it as text from then on, or fail for the programs that allow
/// that, and no compilation here tells which. `strictly` is what does not compile where text is in single quotes only.
pub(super) fn uncertain(
    stage: &Connection,
    strictly: &BTreeSet<Code>,
    sides: &Sides,
    draft: &Draft,
    consent: &Consent,
) -> Result<Vec<Problem>> {
    if strictly.is_empty() {
        return Ok(Vec::new());
    }
    let live = &sides.original;
    double_quotes(stage, true)?;
    let loosely = broken(stage, live)?;
    double_quotes(stage, false)?;
    let names = going_names(sides, draft, consent);
    let problems = strictly.difference(&loosely).filter(|it| !is_dropped(draft, it)).filter_map(|object| {
        let sql = object.sql(live)?;
        let name = names.iter().find(|name| mentions(sql, name))?;
        let message = format!(
            "{object} has text in double quotes, so that it cannot follow `{name}`; write that text in single quotes first"
        );
        Some(Problem::of_table(ErrorKind::DependentObject, &draft.steps.first()?.table, message))
    });
    Ok(problems.collect())
}

fn is_dropped(draft: &Draft, object: &Code) -> bool {
    let (kind, name) = match object {
        Code::View { name } => ("view", name),
        Code::Trigger { name, .. } => ("trigger", name),
    };
    draft.dropped.contains(&(kind.to_owned(), folded(name)))
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
