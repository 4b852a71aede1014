//! What depends on a column that is dropped. SQLite finds some of it, and what does not compile afterwards is found by the
//! rehearsal; these would be dropped or broken in silence.

use super::going::{Going, contains};
use super::problem::Problem;
use crate::error::ErrorKind;
use crate::migrate::introspect::{Index, Schema, Table};
use crate::migrate::parse::{ColumnText, ConstraintText, TokenKind, folded, mentions, significant};

/// Everything that would be lost or broken with the column, other than what speaks of it alone.
pub(super) fn dependents(live: &Schema, table: &Table, column: &str, going: &Going) -> Vec<Problem> {
    let mut found = Vec::new();
    found.extend(in_indexes(table, column, going));
    found.extend(in_constraints(table, column, going));
    found.extend(in_other_tables(live, table, column));
    found.extend(virtual_tables_reading(live, table, Some(column), &going.full_texts));
    found
        .into_iter()
        .map(|what| {
            let message = format!("dropping it would lose or break {what}; drop or change that first");
            Problem::of_column(ErrorKind::DependentObject, &table.name, column, message)
        })
        .collect()
}

/// An index that the library itself would have made for these columns goes with them.
pub(super) fn goes_with_columns(table: &Table, index: &Index, dropped: &[String]) -> bool {
    let names: Option<Vec<&str>> = index.terms.iter().map(|term| term.column.as_deref()).collect();
    let Some(names) = names else { return false };
    let prefix = if index.unique { "ux" } else { "ix" };
    let own_name = format!("{prefix}_{}_{}", table.name, names.join("_"));
    index.predicate.is_none()
        && index.name.eq_ignore_ascii_case(&own_name)
        && names.iter().all(|name| contains(dropped, name))
}

fn in_indexes(table: &Table, column: &str, going: &Going) -> Vec<String> {
    table
        .indexes
        .iter()
        .filter(|index| !going.has_index(&index.name) && !goes_with_columns(table, index, &going.columns))
        .filter(|index| {
            index.terms.iter().any(|term| mentions_term(&term.expression, term.column.as_deref(), column))
                || index.predicate.as_deref().is_some_and(|it| mentions(it, column))
        })
        .map(|index| format!("index `{}`", index.name))
        .collect()
}

fn mentions_term(expression: &str, name: Option<&str>, column: &str) -> bool {
    name.map_or_else(|| mentions(expression, column), |name| name.eq_ignore_ascii_case(column))
}

/// Constraints that speak of this column and of columns that stay.
fn in_constraints(table: &Table, column: &str, going: &Going) -> Vec<String> {
    let Some(statement) = &table.statement else { return Vec::new() };
    let mut found = Vec::new();
    for owner in &statement.columns {
        let constraints = owner.constraints.iter();
        found.extend(constraints.filter_map(|it| on_column(table, owner, it, column, going)));
    }
    let constraints = statement.constraints.iter();
    found.extend(constraints.filter_map(|it| on_table(table, it, column, going)));
    found
}

/// SQLite drops the CHECK of a dropped column even where it is about others.
fn on_column(
    table: &Table,
    owner: &ColumnText,
    constraint: &ConstraintText,
    column: &str,
    going: &Going,
) -> Option<String> {
    let owner_stays = !going.has_column(&owner.name);
    if let Some(expression) = constraint.check() {
        if going.has_check(expression) {
            return None;
        }
        let lost = owner.name.eq_ignore_ascii_case(column) && speaks_of_staying(table, expression, going);
        let broken = owner_stays && mentions(expression, column);
        return (lost || broken).then(|| format!("CHECK ({expression})"));
    }
    let broken = constraint.generated().is_some_and(|expression| mentions(expression, column));
    (owner_stays && broken).then(|| format!("generated column `{}`", owner.name))
}

fn on_table(table: &Table, constraint: &ConstraintText, column: &str, going: &Going) -> Option<String> {
    if let Some(expression) = constraint.check() {
        let shared = !going.has_check(expression)
            && mentions(expression, column)
            && speaks_of_staying(table, expression, going);
        return shared.then(|| format!("CHECK ({expression})"));
    }
    let (kind, names, goes) = match (constraint.unique(), constraint.reference()) {
        (Some(terms), _) => {
            let names: Vec<String> = terms.iter().filter_map(|term| term.column.clone()).collect();
            let goes = going.has_unique(&names);
            ("UNIQUE", names, goes)
        }
        (None, Some(reference)) => {
            let goes = going.has_foreign_key(&reference.columns, &reference.parent);
            ("FOREIGN KEY", reference.columns.clone(), goes)
        }
        (None, None) => return None,
    };
    let shared = !goes && contains(&names, column) && !names.iter().all(|name| going.has_column(name));
    shared.then(|| format!("{kind} ({})", names.join(", ")))
}

fn speaks_of_staying(table: &Table, expression: &str, going: &Going) -> bool {
    let mut staying = table.columns.iter().filter(|column| !going.has_column(&column.name));
    staying.any(|column| mentions(expression, &column.name))
}

/// SQLite drops the column that a foreign key points to, and every write to the child fails from then on.
fn in_other_tables(live: &Schema, table: &Table, column: &str) -> Vec<String> {
    live.tables
        .values()
        .flat_map(|child| child.foreign_keys.iter().map(move |key| (child, key)))
        .filter(|(_, key)| {
            key.parent.eq_ignore_ascii_case(&table.name) && contains(&key.parent_columns, column)
        })
        .filter(|(child, key)| child.name != table.name || !contains(&key.columns, column))
        .map(|(child, key)| format!("FOREIGN KEY ({}) of table `{}`", key.columns.join(", "), child.name))
        .collect()
}

/// A full-text table with external content reads table and column by name. Without a column: what reads the table.
/// Those that go are in nothing's way.
pub(super) fn virtual_tables_reading(
    live: &Schema,
    table: &Table,
    column: Option<&str>,
    going: &[String],
) -> Vec<String> {
    let reads = |sql: &str| {
        significant(sql).iter().any(|token| {
            matches!(token.kind, TokenKind::Text | TokenKind::Quoted | TokenKind::Word)
                && token.name().is_some_and(|name| folded(&name) == folded(&table.name))
        })
    };
    live.virtual_tables
        .iter()
        .filter(|it| !contains(going, &it.name))
        .filter(|it| reads(&it.sql) && column.is_none_or(|column| mentions(&it.sql, column)))
        .map(|it| format!("virtual table `{}`", it.name))
        .collect()
}
