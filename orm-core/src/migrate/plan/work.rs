//! One table's changes: what stands in the way, and the SQL that makes them.

use super::check::{Rows, counted};
use super::class::step;
use super::dependents::{dependents, goes_with_columns};
use super::going::Going;
use super::problem::Problem;
use super::sources::Sources;
use super::step::{Step, Strategy};
use crate::dialect::Sqlite;
use crate::driver::Connection;
use crate::error::{ErrorKind, Result};
use crate::migrate::consent::Consent;
use crate::migrate::diff::{Alteration, Change};
use crate::migrate::introspect::{Column, Index, Schema, Table, Unique};
use crate::migrate::parse::{TokenKind, significant};
use crate::schema::{IndexColumn, IndexDef, TableDef};
use crate::sql::{AlterTable, CreateIndex, Drop};

/// What the planner knows of one table.
pub(super) struct Work<'a> {
    pub(super) connection: &'a Connection,
    pub(super) live: &'a Schema,
    pub(super) have: &'a Table,
    pub(super) wanted: &'a Table,
    pub(super) definition: &'a TableDef,
    pub(super) sources: &'a Sources,
}

impl Work<'_> {
    pub(super) fn rows(&self) -> Rows<'_> {
        Rows::of(self.connection, self.have, self.sources)
    }

    pub(super) fn problems_of(
        &self,
        change: &Change,
        all: &[Change],
        consent: &Consent,
    ) -> Result<Vec<Problem>> {
        let table = &self.have.name;
        match change {
            Change::DropColumn(column) if !consent.may_drop_column(table, column) => {
                let loss = self.rows().loss(column)?;
                let message = format!(
                    "not in the struct, and holds {}; `.allow_drop_column(\"{table}\", \"{column}\")` drops `{table}.{column}`{}",
                    counted(loss, "non-null value"),
                    self.hint(column)
                );
                Ok(vec![Problem::of_column(ErrorKind::DestructiveChange, table, column, message)])
            }
            Change::DropColumn(column) => Ok(dependents(self.live, self.have, column, &Going::of(all))),
            Change::PrimaryKey(change) => self.key_problems(change, all, consent),
            Change::SetWithoutRowid(true) => self.without_rowid_problems(all),
            Change::AlterColumn { column, alteration: Alteration::Type { .. } | Alteration::Compute }
                if consent.may_lose(table, column) =>
            {
                Ok(Vec::new())
            }
            Change::AddColumn(column) => Ok(self.addition(column)?.into_iter().collect()),
            Change::SetAutoincrement(_) => Ok(self.conflict_clause().into_iter().collect()),
            Change::Unsupported(what) => {
                Ok(vec![Problem::of_table(ErrorKind::UnsupportedObject, table, what.as_str())])
            }
            Change::CreateTable
            | Change::AlterColumn { .. }
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
            | Change::SetWithoutRowid(false)
            | Change::SetStrict(_) => {
                Ok(self.rows().problem(change, self.wanted, self.definition)?.into_iter().collect())
            }
        }
    }

    /// A new column that the old one may have become: only a person knows.
    fn hint(&self, old: &str) -> String {
        let Some(old) = self.have.column(old) else { return String::new() };
        let same_type = |column: &&Column| {
            self.have.column(&column.name).is_none()
                && column.affinity == old.affinity
                && column.generated.is_none()
        };
        self.wanted.columns.iter().find(same_type).map_or_else(String::new, |new| {
            format!("; if it is called `{}` now, say `renamed_from = \"{}\"` there", new.name, old.name)
        })
    }

    /// A new column that no value is known for.
    fn addition(&self, column: &str) -> Result<Option<Problem>> {
        let table = &self.have.name;
        let (Some(want), Some(definition)) = (self.wanted.column(column), self.definition.column(column))
        else {
            return Ok(None);
        };
        let has_value = want.default.is_some() || want.generated.is_some() || definition.backfill.is_some();
        let must_be_there = want.not_null || (self.wanted.is_key(column) && !want.rowid_alias);
        if !must_be_there || has_value || !self.rows().are_there()? {
            return Ok(None);
        }
        let message = format!(
            "new, NOT NULL and without a default, so `{table}.{column}` has no value in {}; give it a `default`, or say \
             with `backfill` what it is there",
            counted(self.rows().count()?, "row")
        );
        Ok(Some(Problem::of_column(ErrorKind::BackfillRequired, table, column, message)))
    }

    pub(super) fn needs_rebuild(&self, changes: &[Change]) -> Result<bool> {
        for change in changes {
            let rebuild = match change {
                Change::AddColumn(column) => !self.can_be_added(column)?,
                other => other.needs_rebuild(),
            };
            if rebuild {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What ALTER TABLE ADD COLUMN takes, see <https://sqlite.org/lang_altertable.html#altertabaddcol>.
    pub(super) fn can_be_added(&self, column: &str) -> Result<bool> {
        let (Some(want), Some(definition)) = (self.wanted.column(column), self.definition.column(column))
        else {
            return Ok(false);
        };
        let stored = want.generated.as_ref().is_some_and(|generated| generated.stored);
        if stored || self.wanted.is_key(column) {
            return Ok(false);
        }
        let in_wider_key =
            self.wanted.foreign_keys.iter().any(|key| {
                key.columns.len() > 1 && key.columns.iter().any(|it| it.eq_ignore_ascii_case(column))
            });
        if in_wider_key {
            return Ok(false);
        }
        let constant = want.default.as_deref().is_none_or(is_constant);
        if constant && definition.backfill.is_none() && (!want.not_null || want.default.is_some()) {
            return Ok(want.generated.is_none() || !want.not_null || !self.rows().are_there()?);
        }
        Ok(!self.rows().are_there()?)
    }

    pub(super) fn in_place(&self, changes: &[Change]) -> Result<Step> {
        let mut sql = self.full_texts_before(changes)?;
        for index in Going::of(changes).indexes {
            sql.push(Drop::Index { name: &index, if_exists: false }.render(&Sqlite)?.sql);
        }
        for change in changes {
            if let Change::AddColumn(column) = change
                && let Some(column) = self.definition.column(column)
            {
                sql.push(AlterTable::AddColumn { table: self.definition, column }.render(&Sqlite)?.sql);
            }
        }
        sql.extend(self.index_sql(changes)?);
        sql.extend(self.full_texts_after(changes)?);
        Ok(step(&self.have.name, Strategy::InPlace, changes, sql, 0))
    }

    /// Indexes come last: they may be about new columns.
    pub(super) fn index_sql(&self, changes: &[Change]) -> Result<Vec<String>> {
        let mut sql = Vec::new();
        for change in changes {
            if let Change::AddUnique(unique) = change {
                sql.push(unique_index(&self.have.name, unique)?);
            } else if let Change::AddIndex(name) = change {
                sql.extend(self.create_index(name)?);
            } else if let Change::ReplaceIndex(name) = change {
                sql.push(Drop::Index { name, if_exists: true }.render(&Sqlite)?.sql);
                sql.extend(self.create_index(name)?);
            }
        }
        Ok(sql)
    }

    fn create_index(&self, name: &str) -> Result<Option<String>> {
        let table = &self.definition.name;
        let index = self.definition.indexes.iter().find(|it| it.name_for(table).eq_ignore_ascii_case(name));
        index.map(|index| Ok(CreateIndex::new(table, index).render(&Sqlite)?.sql)).transpose()
    }

    /// Indexes that the rebuild does not bring back: they were for dropped columns, or are made anew.
    pub(super) fn index_goes(&self, index: &Index, changes: &[Change]) -> bool {
        let replaced = changes
            .iter()
            .any(|it| matches!(it, Change::ReplaceIndex(name) if name.eq_ignore_ascii_case(&index.name)));
        let going = Going::of(changes);
        replaced || going.has_index(&index.name) || goes_with_columns(self.have, index, &going.columns)
    }
}

/// A unique constraint on a table that is there: an index says the same and needs no rebuild.
fn unique_index(table: &str, unique: &Unique) -> Result<String> {
    Ok(CreateIndex::new(table, &unique_index_def(unique)).render(&Sqlite)?.sql)
}

pub(super) fn unique_index_def(unique: &Unique) -> IndexDef {
    let columns: Vec<IndexColumn> =
        unique.terms.iter().map(|term| IndexColumn::column(term.expression.clone())).collect();
    IndexDef { name: None, columns: columns.into(), unique: true, predicate: None }
}

/// SQLite takes `CURRENT_TIMESTAMP` and expressions for new tables only. PRAGMAs show them without parentheses.
fn is_constant(default: &str) -> bool {
    let tokens = significant(default);
    if let [sign, number] = tokens.as_slice() {
        return (sign.is_operator("-") || sign.is_operator("+")) && number.kind == TokenKind::Number;
    }
    let [only] = tokens.as_slice() else { return false };
    matches!(only.kind, TokenKind::Number | TokenKind::Text | TokenKind::Blob)
        || ["null", "true", "false"].iter().any(|name| only.is_word(name))
}
