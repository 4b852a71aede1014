use super::change::Change;
use super::intent::Intent;
use crate::migrate::introspect::{FullText, Table, Trigger};
use crate::migrate::parse::normal;

/// A full-text index is known by its name, which searches use. It holds nothing that its table does not hold, so one of
/// another meaning is made anew unasked.
pub(super) fn full_text_changes(
    have: &Table,
    wanted: &Table,
    intent: &Intent<'_>,
    foreign: &mut Vec<String>,
) -> Vec<Change> {
    let mut changes = Vec::new();
    for index in have.full_texts.iter().filter(|index| wanted.full_text(&index.name).is_none()) {
        if intent.full_text_goes(&have.name, index) {
            changes.push(Change::DropFullText(index.name.clone()));
        } else {
            foreign.push(format!("kept undeclared full-text index `{}`", index.name));
        }
    }
    changes.extend(wanted.full_texts.iter().filter_map(|want| match have.full_text(&want.name) {
        None => Some(Change::AddFullText(want.name.clone())),
        Some(index) if is_kept_as(index, want) => None,
        Some(_) => Some(Change::ReplaceFullText(want.name.clone())),
    }));
    changes
}

/// Whether the index is the wanted one, and has its triggers. Others may be there beside them.
fn is_kept_as(have: &FullText, want: &FullText) -> bool {
    let same = |a: &Trigger, b: &Trigger| {
        a.name.eq_ignore_ascii_case(&b.name) && normal(&a.sql) == normal(&b.sql) && !a.temporary
    };
    have.columns == want.columns
        && have.options == want.options
        && want.triggers.iter().all(|wanted| have.triggers.iter().any(|trigger| same(trigger, wanted)))
}
