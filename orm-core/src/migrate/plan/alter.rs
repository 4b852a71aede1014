//! In place instead of a rebuild, where ALTER TABLE can do it and comes to the same: tried on copies of the schema.

use super::dependents::goes_with_columns;
use super::draft::Planner;
use super::going::Going;
use super::rehearse::build;
use super::step::{Step, Strategy};
use super::work::Work;
use crate::dialect::Sqlite;
use crate::error::Result;
use crate::migrate::diff::{Alteration, Change};
use crate::migrate::introspect::{Schema, Table, introspect};
use crate::migrate::names::{literal, quoted, quoted_table};
use crate::migrate::parse::normal;
use crate::sql::{AlterTable, Drop};

impl Planner<'_> {
    /// The step in place, if it comes to the same as the rebuild; else the rebuild.
    pub(super) fn cheaper(&self, work: &Work<'_>, changes: &[Change], rebuild: Step) -> Result<Step> {
        let Some(sql) = in_place(work, changes)? else { return Ok(rebuild) };
        let table = &work.have.name;
        if self.is_shadowed(table)? {
            return Ok(rebuild);
        }
        let Some(wanted) = self.outcome(work.live, table, &rebuild.sql)? else { return Ok(rebuild) };
        if self.outcome(work.live, table, &sql)? == Some(wanted) {
            return Ok(Step { strategy: Strategy::InPlace, sql, rows: 0, ..rebuild });
        }
        Ok(rebuild)
    }

    /// Whether this connection has a temporary table of that name: SQLite would take it for the table that an index is on.
    pub(super) fn is_shadowed(&self, table: &str) -> Result<bool> {
        let sql = format!("SELECT 1 FROM sqlite_temp_schema WHERE name = {} COLLATE NOCASE", literal(table)?);
        Ok(!self.connection.query(&sql, &[])?.is_empty())
    }

    /// The facts of a table after the statements; `None` where SQLite refuses one, be it that it is too old for it.
    fn outcome(&self, live: &Schema, table: &str, sql: &[String]) -> Result<Option<Vec<String>>> {
        let stage = (self.memory)()?;
        stage.execute_batch("PRAGMA foreign_keys = OFF")?;
        if build(&stage, live).is_err() || sql.iter().any(|sql| stage.execute_batch(sql).is_err()) {
            return Ok(None);
        }
        Ok(introspect(&stage)?.table(table).filter(|table| table.statement.is_some()).map(facts))
    }
}

/// What a table is, whatever the order and the spelling.
fn facts(table: &Table) -> Vec<String> {
    let mut facts: Vec<String> = table.columns.iter().map(|column| format!("{column:?}")).collect();
    facts.extend(table.uniques.iter().map(|unique| format!("{unique:?}")));
    facts.extend(table.foreign_keys.iter().map(|key| format!("{key:?}")));
    facts.extend(table.checks.iter().map(|check| format!("{:?} {}", check.name, normal(&check.expression))));
    facts.extend(table.indexes.iter().map(|index| format!("{index:?}")));
    facts.extend(table.full_texts.iter().map(|index| format!("{index:?}")));
    let Table { strict, without_rowid, autoincrement, primary_key, .. } = table;
    facts.push(format!("{strict} {without_rowid} {autoincrement} {primary_key:?}"));
    facts.sort();
    facts
}

/// `None` where one of the changes has no form of ALTER TABLE.
fn in_place(work: &Work<'_>, changes: &[Change]) -> Result<Option<Vec<String>>> {
    let table = quoted_table(&work.have.name)?;
    let mut sql = work.full_texts_before(changes)?;
    let going = Going::of(changes);
    for index in &work.have.indexes {
        if going.has_index(&index.name) || goes_with_columns(work.have, index, &going.columns) {
            sql.push(Drop::Index { name: &index.name, if_exists: false }.render(&Sqlite)?.sql);
        }
    }
    for column in generated_first(work.have, &going.columns) {
        sql.push(AlterTable::DropColumn { table: &work.have.name, column }.render(&Sqlite)?.sql);
    }
    let mut rules = Vec::new();
    for change in changes {
        match change {
            Change::AddColumn(name) => {
                let Some(column) = work.definition.column(name) else { return Ok(None) };
                if !work.can_be_added(name)? {
                    return Ok(None);
                }
                sql.push(AlterTable::AddColumn { table: work.definition, column }.render(&Sqlite)?.sql);
            }
            Change::DropColumn(_)
            | Change::DropIndex(_)
            | Change::AddIndex(_)
            | Change::ReplaceIndex(_)
            | Change::AddFullText(_)
            | Change::ReplaceFullText(_)
            | Change::DropFullText(_)
            | Change::AddUnique(_) => {}
            other => match rule(&table, other)? {
                Some(sql) => rules.push(sql),
                None => return Ok(None),
            },
        }
    }
    sql.extend(rules);
    sql.extend(work.index_sql(changes)?);
    sql.extend(work.full_texts_after(changes)?);
    Ok(Some(sql))
}

/// A generated column must go before the column that it is computed from.
fn generated_first<'a>(table: &Table, columns: &'a [String]) -> impl Iterator<Item = &'a String> {
    let is_generated = |name: &&String| table.column(name).is_some_and(|column| column.generated.is_some());
    let (first, then): (Vec<&String>, Vec<&String>) = columns.iter().partition(is_generated);
    first.into_iter().chain(then)
}

/// The forms of SQLite 3.53 and later (<https://sqlite.org/lang_altertable.html>). What tightens a column stays with the
/// rebuild, which behaves alike on every version.
fn rule(table: &str, change: &Change) -> Result<Option<String>> {
    Ok(match change {
        Change::AlterColumn { column, alteration: Alteration::Nullable } => {
            Some(format!("ALTER TABLE {table} ALTER COLUMN {} DROP NOT NULL", quoted(column)?))
        }
        Change::AddCheck(check) => {
            let name = match &check.name {
                Some(name) => format!("CONSTRAINT {} ", quoted(name)?),
                None => String::new(),
            };
            Some(format!("ALTER TABLE {table} ADD {name}CHECK ({})", check.expression))
        }
        Change::DropCheck(check) => match &check.name {
            Some(name) => Some(format!("ALTER TABLE {table} DROP CONSTRAINT {}", quoted(name)?)),
            None => None,
        },
        Change::CreateTable
        | Change::AddColumn(_)
        | Change::DropColumn(_)
        | Change::AlterColumn { .. }
        | Change::AddUnique(_)
        | Change::AddForeignKey(_)
        | Change::ReplaceForeignKey(_)
        | Change::AddIndex(_)
        | Change::ReplaceIndex(_)
        | Change::DropIndex(_)
        | Change::AddFullText(_)
        | Change::ReplaceFullText(_)
        | Change::DropFullText(_)
        | Change::DropUnique(_)
        | Change::DropForeignKey(_)
        | Change::PrimaryKey(_)
        | Change::SetAutoincrement(_)
        | Change::SetWithoutRowid(_)
        | Change::SetStrict(_)
        | Change::Unsupported(_) => None,
    })
}
