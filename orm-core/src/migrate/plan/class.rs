//! Changes as the lines of a step.

use super::step::{Step, StepChange, StepClass, Strategy};
use crate::migrate::diff::{Alteration, Change};

/// A step of the gravest class among its changes.
pub(super) fn step(table: &str, strategy: Strategy, changes: &[Change], sql: Vec<String>, rows: u64) -> Step {
    let changes: Vec<StepChange> =
        changes.iter().map(|it| StepChange { class: class(it), text: it.to_string() }).collect();
    let class = changes.iter().map(|it| it.class).max().unwrap_or(StepClass::Safe);
    Step { table: table.to_owned(), strategy, class, changes, sql, rows, bytes: None }
}

fn class(change: &Change) -> StepClass {
    match change {
        Change::DropColumn(_)
        | Change::PrimaryKey(_)
        | Change::AlterColumn { alteration: Alteration::Compute, .. } => StepClass::Destructive,
        Change::CreateTable
        | Change::AddColumn(_)
        | Change::AddIndex(_)
        | Change::ReplaceIndex(_)
        | Change::AddFullText(_)
        | Change::ReplaceFullText(_)
        | Change::SetStrict(false)
        | Change::SetAutoincrement(true)
        | Change::SetWithoutRowid(false)
        | Change::AlterColumn {
            alteration: Alteration::Default { .. } | Alteration::Materialise | Alteration::Generated,
            ..
        } => StepClass::Safe,
        Change::DropIndex(_)
        | Change::DropFullText(_)
        | Change::DropUnique(_)
        | Change::DropCheck(_)
        | Change::DropForeignKey(_)
        | Change::SetAutoincrement(false)
        | Change::AlterColumn {
            alteration: Alteration::Nullable | Alteration::NoDefault | Alteration::NoCollation,
            ..
        } => StepClass::Loosening,
        Change::AddUnique(_)
        | Change::AddCheck(_)
        | Change::AddForeignKey(_)
        | Change::ReplaceForeignKey(_)
        | Change::SetStrict(true)
        | Change::SetWithoutRowid(true)
        | Change::Unsupported(_)
        | Change::AlterColumn {
            alteration: Alteration::NotNull | Alteration::Type { .. } | Alteration::Collation { .. },
            ..
        } => StepClass::Checked,
    }
}

/// Changes of type that lose something, with consent.
pub(super) fn mark_lossy(step: &mut Step, changes: &[Change], is_lossy: impl Fn(&str) -> bool) {
    for (line, change) in step.changes.iter_mut().zip(changes) {
        if let Change::AlterColumn { column, alteration: Alteration::Type { .. } } = change
            && is_lossy(column)
        {
            line.class = StepClass::Lossy;
            step.class = step.class.max(StepClass::Lossy);
        }
    }
}
