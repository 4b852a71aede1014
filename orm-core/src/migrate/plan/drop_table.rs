//! A table that no struct has and that a person lets go.

use super::check::counted;
use super::dependents::virtual_tables_reading;
use super::draft::Draft;
use super::problem::Problem;
use super::sides::Sides;
use super::step::{Step, StepChange, StepClass, Strategy};
use crate::dialect::Sqlite;
use crate::error::{ErrorKind, Result};
use crate::migrate::consent::Consent;
use crate::migrate::introspect::{FullText, Table};
use crate::migrate::parse::folded;
use crate::sql::Drop;

/// The tables to drop.
pub(super) fn dropped_tables(sides: &Sides, may_go: impl Fn(&str) -> bool) -> Vec<&Table> {
    let wanted = |table: &Table| {
        sides.definitions.iter().any(|definition| definition.name.eq_ignore_ascii_case(&table.name))
    };
    sides.live.tables.values().filter(|table| may_go(&table.name) && !wanted(table)).collect()
}

/// What would be left without its parent, or read what is no longer there.
pub(super) fn obstacles(sides: &Sides, consent: &Consent, table: &Table, dropped: &[&Table]) -> Vec<Problem> {
    let (live, intent) = (&sides.live, sides.intent(consent));
    let stays = |other: &&Table| !dropped.iter().any(|it| it.name == other.name);
    let children = live.tables.values().filter(stays).flat_map(|child| {
        let keys = child.foreign_keys.iter();
        keys.filter(move |key| {
            key.parent.eq_ignore_ascii_case(&table.name)
                && !intent.drops_foreign_key(sides.target.table(&child.name), key)
        })
        .map(move |key| (child, key))
    });
    let mut problems: Vec<Problem> = children
        .map(|(child, key)| {
            let columns: Vec<String> = key.columns.iter().map(|it| format!("{}.{it}", child.name)).collect();
            let message = format!(
                "cannot be dropped while the foreign key `{}` references it; drop that first",
                columns.join(", ")
            );
            Problem::of_table(ErrorKind::ForeignKeyMismatch, &table.name, message)
        })
        .collect();
    let going = going_full_texts(sides, consent, table);
    let going: Vec<String> = going.into_iter().map(|index| index.name.clone()).collect();
    problems.extend(virtual_tables_reading(live, table, None, &going).into_iter().map(|what| {
        let message = format!("dropping it would break {what}; drop that first");
        Problem::of_table(ErrorKind::DependentObject, &table.name, message)
    }));
    problems
}

/// The full-text indexes that go with their table, as its other indexes do.
fn going_full_texts<'t>(sides: &Sides, consent: &Consent, table: &'t Table) -> Vec<&'t FullText> {
    let intent = sides.intent(consent);
    table.full_texts.iter().filter(|index| intent.full_text_goes(&table.name, index)).collect()
}

/// The step, which names what goes with the table.
pub(super) fn drop_table(
    sides: &Sides,
    consent: &Consent,
    table: &Table,
    rows: u64,
    draft: &mut Draft,
) -> Result<Step> {
    let mut sql = Vec::new();
    let mut changes = vec![format!("drop the table with {}", counted(rows, "row"))];
    draft.dropped.insert(("table".to_owned(), folded(&table.name)));
    for index in &table.indexes {
        changes.push(format!("drop index `{}` with it", index.name));
        draft.dropped.insert(("index".to_owned(), folded(&index.name)));
    }
    for index in going_full_texts(sides, consent, table) {
        changes.push(format!("drop full-text index `{}` with it", index.name));
        draft.drops_full_text(index);
        sql.push(Drop::Table { name: &index.name, if_exists: false }.render(&Sqlite)?.sql);
    }
    sql.push(Drop::Table { name: &table.name, if_exists: false }.render(&Sqlite)?.sql);
    for trigger in sides.live.triggers_of(&table.name) {
        changes.push(format!("drop trigger `{}` with it", trigger.name));
        draft.dropped.insert(("trigger".to_owned(), folded(&trigger.name)));
    }
    let change = |text| StepChange { class: StepClass::Destructive, text };
    Ok(Step {
        table: table.name.clone(),
        strategy: Strategy::Drop,
        class: StepClass::Destructive,
        changes: changes.into_iter().map(change).collect(),
        sql,
        rows,
        bytes: None,
    })
}
