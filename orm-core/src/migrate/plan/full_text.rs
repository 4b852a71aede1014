//! Full-text indexes in a plan. They hold nothing that their tables do not hold, so making one anew loses nothing.

use super::draft::Draft;
use super::going::{Going, contains};
use super::problem::Problem;
use super::step::{Step, Strategy};
use super::work::Work;
use crate::dialect::Sqlite;
use crate::error::{ErrorKind, Result};
use crate::migrate::diff::{Change, TableDiff};
use crate::migrate::introspect::{FullText, Schema, Table, names};
use crate::migrate::parse::folded;
use crate::schema::TableDef;
use crate::sql::{self, Drop, rebuild_full_text, trigger_names};

/// What stands in the way of the indexes that are made.
pub(super) fn obstacles_to_indexes(live: &Schema, diff: &TableDiff) -> Vec<Problem> {
    let mut problems = Vec::new();
    for change in &diff.changes {
        if let Change::AddFullText(name) = change {
            problems.extend(taken(live, name).map(|what| {
                let message =
                    format!("full-text index `{name}` cannot be made: {what} has this name; give the index another one");
                Problem::of_table(ErrorKind::NameInUse, &diff.table, message)
            }));
        }
        if let Change::AddFullText(name) | Change::ReplaceFullText(name) = change {
            problems.extend(written_by_others(live, &diff.table, name));
        }
    }
    problems
}

fn taken(live: &Schema, name: &str) -> Option<String> {
    if let Some(table) = live.table_of_index(name) {
        return Some(format!("an index of table `{}`", table.name));
    }
    let there = [
        (live.table(name).is_some(), "a table"),
        (live.view(name).is_some(), "a view"),
        (live.virtual_table(name).is_some(), "a virtual table"),
    ];
    there.into_iter().find(|(there, _)| *there).map(|(_, what)| what.to_owned())
}

/// Triggers of somebody else's that keep the index: with those of the library beside them, each row would be in it twice.
fn written_by_others(live: &Schema, table: &str, index: &str) -> Vec<Problem> {
    let ours = trigger_names(index);
    let others = live.triggers_of(table).filter(|trigger| names(&trigger.sql, index));
    others
        .filter(|trigger| !contains(&ours, &trigger.name))
        .map(|trigger| {
            let name = &trigger.name;
            let message = format!(
                "trigger `{name}` keeps full-text index `{index}` already, and did not come from a struct: \
                 `.allow_drop_trigger(\"{name}\")` drops it, and the index gets triggers that do"
            );
            Problem::of_table(ErrorKind::DependentObject, table, message)
        })
        .collect()
}

/// The statements that take an index away, with its triggers.
pub(super) fn drop_sql(index: &FullText) -> Result<Vec<String>> {
    let mut sql = Vec::new();
    for trigger in index.own_triggers() {
        sql.push(Drop::Trigger { name: &trigger.name, if_exists: false }.render(&Sqlite)?.sql);
    }
    sql.push(Drop::Table { name: &index.name, if_exists: false }.render(&Sqlite)?.sql);
    Ok(sql)
}

impl Draft {
    /// The index and its triggers are missing afterwards, or others are there in their place.
    pub(super) fn drops_full_text(&mut self, index: &FullText) {
        self.dropped.insert(("view".to_owned(), folded(&index.name)));
        self.dropped
            .extend(index.own_triggers().map(|trigger| ("trigger".to_owned(), folded(&trigger.name))));
    }
}

impl Work<'_> {
    /// The indexes that go, be it to be made anew.
    pub(super) fn going_full_texts(&self, changes: &[Change]) -> Vec<&FullText> {
        let going = Going::of(changes);
        self.have.full_texts.iter().filter(|index| going.has_full_text(&index.name)).collect()
    }

    /// The indexes that go, and those that are filled anew where the rows get other numbers.
    pub(super) fn filled_anew(&self, changes: &[Change]) -> Vec<String> {
        let going = Going::of(changes);
        let ours = self
            .have
            .full_texts
            .iter()
            .map(|index| &index.name)
            .filter(|name| going.has_full_text(name) || self.wanted.full_text(name).is_some());
        ours.cloned().collect()
    }

    /// What comes first: a trigger that mentions a column stands in the way of its end.
    pub(super) fn full_texts_before(&self, changes: &[Change]) -> Result<Vec<String>> {
        let dropped: Result<Vec<_>> = self.going_full_texts(changes).into_iter().map(drop_sql).collect();
        Ok(dropped?.into_iter().flatten().collect())
    }

    /// What comes last: the table has its rows and columns by then.
    pub(super) fn full_texts_after(&self, changes: &[Change]) -> Result<Vec<String>> {
        let is_new = |change: &Change| matches!(change, Change::AddFullText(_) | Change::ReplaceFullText(_));
        if !changes.iter().any(is_new) {
            return Ok(Vec::new());
        }
        create_sql(self.definition)
    }

    /// After a rebuild of the table, whose rows have the same numbers: the indexes whose text may be another.
    pub(super) fn refreshed_full_texts(&self, changes: &[Change]) -> Result<Vec<String>> {
        let ours = self.outdated(changes).filter(|index| self.wanted.full_text(&index.name).is_some());
        ours.map(|index| Ok(rebuild_full_text(&index.name, &Sqlite)?.sql)).collect()
    }

    /// Those of others, which may be filled by other means than the columns' text.
    pub(super) fn notes_on_full_texts(&self, step: &Step, changes: &[Change]) -> Vec<String> {
        if step.strategy != Strategy::Rebuild {
            return Vec::new();
        }
        let theirs = self.outdated(changes).filter(|index| self.wanted.full_text(&index.name).is_none());
        let note = |index: &FullText| {
            format!(
                "{}: full-text index `{}` did not come from a struct, and reads what changes; fill it anew",
                self.have.name, index.name
            )
        };
        theirs.map(note).collect()
    }

    /// The indexes that stay, and may read another text or another number of a row.
    fn outdated(&self, changes: &[Change]) -> impl Iterator<Item = &FullText> {
        let going = Going::of(changes);
        let stays = move |index: &&FullText| !going.has_full_text(&index.name);
        self.have
            .full_texts
            .iter()
            .filter(stays)
            .filter(|index| may_read_otherwise(self.have, index, changes))
    }
}

/// The statements that make a table's index, fill it and keep it.
fn create_sql(definition: &TableDef) -> Result<Vec<String>> {
    let Some(index) = sql::FullText::of(definition)? else { return Ok(Vec::new()) };
    let mut sql = vec![index.create(&Sqlite)?.sql, index.rebuild(&Sqlite)?.sql];
    sql.extend(index.triggers(&Sqlite)?.map(|trigger| trigger.sql));
    Ok(sql)
}

/// Whether a change may give a row another text or another number.
fn may_read_otherwise(table: &Table, index: &FullText, changes: &[Change]) -> bool {
    let computed = |name: &String| table.column(name).is_some_and(|column| column.generated.is_some());
    index.columns.iter().any(computed)
        || changes.iter().any(|change| match change {
            Change::AlterColumn { column, .. } => index.reads(column),
            Change::PrimaryKey(_) | Change::SetStrict(_) | Change::SetWithoutRowid(_) => true,
            Change::CreateTable
            | Change::AddColumn(_)
            | Change::DropColumn(_)
            | Change::AddUnique(_)
            | Change::AddCheck(_)
            | Change::AddForeignKey(_)
            | Change::ReplaceForeignKey(_)
            | Change::AddIndex(_)
            | Change::ReplaceIndex(_)
            | Change::DropIndex(_)
            | Change::AddFullText(_)
            | Change::ReplaceFullText(_)
            | Change::DropFullText(_)
            | Change::DropUnique(_)
            | Change::DropCheck(_)
            | Change::DropForeignKey(_)
            | Change::SetAutoincrement(_)
            | Change::Unsupported(_) => false,
        })
}
