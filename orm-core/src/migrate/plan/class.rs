//! Changes as the lines of a step.

use super::step::{Step, StepChange, StepClass, Strategy};
use crate::migrate::diff::{Alteration, Change};

/// A step of the gravest class among its changes.
pub(super) fn step(table: &str, strategy: Strategy, changes: &[Change], sql: Vec<String>, rows: u64) -> Step {
    let changes: Vec<StepChange> =
        changes.iter().map(|it| StepChange { class: class(it), text: it.to_string() }).collect();
    let class = changes.iter().map(|it| it.class).max().unwrap_or(StepClass::Safe);
    Step { table: table.to_owned(), strategy, class, changes, sql, rows }
}

fn class(change: &Change) -> StepClass {
    match change {
        Change::DropColumn(_) => StepClass::Destructive,
        Change::CreateTable
        | Change::AddColumn(_)
        | Change::AddIndex(_)
        | Change::ReplaceIndex(_)
        | Change::SetStrict(false)
        | Change::AlterColumn {
            alteration: Alteration::Nullable | Alteration::Default { .. } | Alteration::Materialise,
            ..
        } => StepClass::Safe,
        Change::AddUnique(_)
        | Change::AddCheck(_)
        | Change::AddForeignKey(_)
        | Change::ReplaceForeignKey(_)
        | Change::SetStrict(true)
        | Change::Unsupported(_)
        | Change::AlterColumn {
            alteration: Alteration::NotNull | Alteration::Type { .. } | Alteration::Collation { .. },
            ..
        } => StepClass::Checked,
    }
}

pub(super) fn dropped(changes: &[Change]) -> Vec<String> {
    let name = |change: &Change| {
        if let Change::DropColumn(column) = change { Some(column.clone()) } else { None }
    };
    changes.iter().filter_map(name).collect()
}
