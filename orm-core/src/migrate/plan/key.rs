//! Another primary key: the rows must have one, and a person must have said so.

use super::check::counted;
use super::problem::Problem;
use super::work::Work;
use crate::error::{ErrorKind, Result};
use crate::migrate::consent::Consent;
use crate::migrate::diff::{Change, KeyChange};
use crate::migrate::introspect::KeyTerm;
use crate::migrate::names::quoted;
use crate::migrate::parse::Rule;

impl Work<'_> {
    /// Rows in the way come first: consent would not help against them.
    pub(super) fn key_problems(
        &self,
        change: &KeyChange,
        all: &[Change],
        consent: &Consent,
    ) -> Result<Vec<Problem>> {
        let mut problems = Vec::new();
        for column in change.to.iter().filter(|column| self.have.column(column).is_some()) {
            problems.extend(self.rows().nulls(column, self.definition)?);
            if change.rowid {
                problems.extend(self.not_integers(column)?);
            }
        }
        let terms: Vec<KeyTerm> = change.to.iter().map(|column| plain_term(column)).collect();
        if !terms.is_empty() {
            problems.extend(self.rows().duplicates(&terms, "TRUE", "PRIMARY KEY")?);
        }
        problems.extend(self.conflict_clause());
        problems.extend(self.readers_of_rowids(all));
        let other_columns = change.from.len() != change.to.len()
            || change.from.iter().zip(&change.to).any(|(a, b)| !a.eq_ignore_ascii_case(b));
        let table = &self.have.name;
        if !change.from.is_empty() && other_columns && !consent.may_change_primary_key(table) {
            let message = format!("{change}; `.allow_primary_key_change(\"{table}\")` allows it");
            problems.push(Problem::of_table(ErrorKind::DestructiveChange, table, message));
        }
        Ok(problems)
    }

    /// A table WITHOUT ROWID has no NULL in its key, and no number that a full-text table could refer to.
    pub(super) fn without_rowid_problems(&self, all: &[Change]) -> Result<Vec<Problem>> {
        let mut problems = Vec::new();
        for column in self.wanted.primary_key.iter().filter(|column| self.have.column(column).is_some()) {
            problems.extend(self.rows().nulls(column, self.definition)?);
        }
        problems.extend(self.readers_of_rowids(all));
        Ok(problems)
    }

    fn readers_of_rowids(&self, all: &[Change]) -> Vec<Problem> {
        let ours = self.filled_anew(all);
        let readers = super::dependents::virtual_tables_reading(self.live, self.have, None, &ours);
        let problem = |what: String| {
            let message = format!(
                "{what} refers to its rows by their rowid, which would change; drop that first and make it anew after"
            );
            Problem::of_table(ErrorKind::DependentObject, &self.have.name, message)
        };
        readers.into_iter().map(problem).collect()
    }

    /// The rowid is an integer; text that looks like one becomes one, the rest is refused.
    fn not_integers(&self, column: &str) -> Result<Option<Problem>> {
        let name = quoted(column)?;
        let condition = format!("{name} IS NOT NULL AND typeof({name}) <> 'integer'");
        let count = self.rows().count_where(&condition)?;
        if count == 0 {
            return Ok(None);
        }
        let table = &self.have.name;
        let message = format!(
            "becomes the rowid, but `{table}.{column}` is no integer in {}{}; change them first",
            counted(count, "row"),
            self.rows().examples(&condition)?
        );
        Ok(Some(Problem::of_column(ErrorKind::ConstraintViolatedByData, table, column, message)))
    }

    /// What a duplicate key does is part of the old key, and the struct cannot say it.
    pub(super) fn conflict_clause(&self) -> Option<Problem> {
        let statement = self.have.statement.as_ref()?;
        let on_columns = statement.columns.iter().flat_map(|column| &column.constraints);
        let conflict = on_columns.chain(&statement.constraints).find_map(|it| match &it.rule {
            Rule::PrimaryKey { conflict, .. } => conflict.clone(),
            Rule::NotNull { .. }
            | Rule::Null
            | Rule::Unique { .. }
            | Rule::Check { .. }
            | Rule::Default { .. }
            | Rule::Collate(_)
            | Rule::References(_)
            | Rule::Generated { .. } => None,
        })?;
        let message = format!(
            "its primary key says ON CONFLICT {conflict}, which another key would lose; change the key by hand"
        );
        Some(Problem::of_table(ErrorKind::UnsupportedObject, &self.have.name, message))
    }
}

fn plain_term(column: &str) -> KeyTerm {
    KeyTerm {
        column: Some(column.to_owned()),
        expression: column.to_owned(),
        collation: None,
        descending: false,
    }
}
