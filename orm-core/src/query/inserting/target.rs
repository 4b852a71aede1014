use super::super::invalid;
use crate::error::{Error, Result};
use crate::model::Model;
use crate::schema::{IndexColumn, IndexDef, IndexTarget, TableDef};
use crate::sql::ConflictTarget;

/// The unique rule by which a row can be in the way.
#[derive(Debug, Clone)]
pub(super) enum Target {
    /// Any.
    Any,
    /// The one of these columns, counted as in `TABLE.columns`.
    Columns(Vec<usize>),
    /// The unique index of that name.
    Index(String),
}

impl Target {
    /// The rule of these columns, in any order.
    pub(super) fn of_columns(mut columns: Vec<usize>) -> Self {
        columns.sort_unstable();
        columns.dedup();
        Self::Columns(columns)
    }

    /// The columns that it was named by.
    pub(super) fn columns(&self) -> &[usize] {
        match self {
            Self::Columns(columns) => columns,
            Self::Any | Self::Index(_) => &[],
        }
    }

    /// What SQL names: `None` for any.
    pub(super) fn resolve<M: Model>(&self) -> Result<Option<ConflictTarget>> {
        match self {
            Self::Any => Ok(None),
            Self::Columns(columns) => of_columns(M::TABLE, columns).map(Some),
            Self::Index(name) => of_index(M::TABLE, name).map(Some),
        }
    }

    /// Whether it is made of these columns.
    pub(super) fn is_made_of(&self, columns: &[usize]) -> bool {
        let own = self.columns();
        own.len() == columns.len() && columns.iter().all(|column| own.contains(column))
    }
}

/// A rule of the whole table, or the only partial index.
fn of_columns(table: &'static TableDef, columns: &[usize]) -> Result<ConflictTarget> {
    let names: Vec<&str> = columns.iter().map(|&column| &*table.columns[column].name).collect();
    if names.is_empty() {
        let error =
            invalid("a conflict is named by the columns of a unique rule; `ignore_conflicts` takes any");
        return Err(error.with_table(&table.name));
    }
    let terms = || -> Vec<_> {
        columns.iter().map(|&column| IndexColumn::column(table.columns[column].name.clone())).collect()
    };
    let whole = [&table.primary_key].into_iter().chain(table.uniques.iter().map(|unique| &unique.columns));
    if whole.into_iter().any(|rule| is_same(&names, rule.iter().map(|name| &**name))) {
        return Ok(ConflictTarget { terms: terms(), predicate: None });
    }
    let mut fitting: Vec<&IndexDef> =
        unique_indexes(table).filter(|index| is_of_columns(index, &names)).collect();
    fitting.sort_by_key(|index| index.predicate.is_some());
    match fitting[..] {
        [] => Err(no_rule(table, &names)),
        [first, second, ..] if first.predicate.is_some() && second.predicate != first.predicate => {
            let message = format!(
                "several partial indexes are made of {}: name one of them by `on_conflict_index`",
                quoted(&names)
            );
            Err(invalid(&message).with_table(&table.name))
        }
        [first, ..] => {
            let terms = terms().into_iter().map(|term| compared_as_in(first, term)).collect();
            Ok(ConflictTarget { terms, predicate: first.predicate.clone() })
        }
    }
}

/// The term with the collation that it has in the index.
fn compared_as_in(index: &IndexDef, term: IndexColumn) -> IndexColumn {
    let same = index.columns.iter().find(|own| is_same_column(&own.target, &term.target));
    IndexColumn { collation: same.and_then(|own| own.collation.clone()), ..term }
}

fn is_same_column(one: &IndexTarget, other: &IndexTarget) -> bool {
    match (one, other) {
        (IndexTarget::Column(one), IndexTarget::Column(other)) => one.eq_ignore_ascii_case(other),
        (IndexTarget::Expression(_), _) | (_, IndexTarget::Expression(_)) => false,
    }
}

fn of_index(table: &'static TableDef, name: &str) -> Result<ConflictTarget> {
    let names = |index: &IndexDef| index.name_for(&table.name);
    let Some(index) = unique_indexes(table).find(|index| names(index).eq_ignore_ascii_case(name)) else {
        let known: Vec<String> = unique_indexes(table).map(names).collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let there_are = if known.is_empty() {
            "the model has none".to_owned()
        } else {
            format!("there is {}", quoted(&known))
        };
        let message = format!("there is no unique index `{name}`: {there_are}");
        return Err(invalid(&message).with_table(&table.name));
    };
    Ok(ConflictTarget { terms: index.columns.to_vec(), predicate: index.predicate.clone() })
}

fn unique_indexes(table: &TableDef) -> impl Iterator<Item = &IndexDef> {
    table.indexes.iter().filter(|index| index.unique)
}

fn is_of_columns(index: &IndexDef, names: &[&str]) -> bool {
    let mut columns = Vec::with_capacity(index.columns.len());
    for term in index.columns.iter() {
        match &term.target {
            IndexTarget::Column(name) => columns.push(&**name),
            IndexTarget::Expression(_) => return false,
        }
    }
    is_same(names, columns.into_iter())
}

/// Whether both have the same names, in any order.
fn is_same<'a>(names: &[&str], rule: impl ExactSizeIterator<Item = &'a str>) -> bool {
    rule.len() == names.len()
        && rule.into_iter().all(|own| names.iter().any(|name| name.eq_ignore_ascii_case(own)))
}

#[cold]
fn no_rule(table: &TableDef, names: &[&str]) -> Error {
    let message = format!(
        "neither the key nor a unique constraint or index is made of {}, so no row can be in the way by it",
        quoted(names)
    );
    invalid(&message).with_table(&table.name)
}

fn quoted(names: &[&str]) -> String {
    format!("`{}`", names.join("`, `"))
}
