use super::change::{Change, KeyChange, TableDiff, columns, name_of_check, name_of_key};
use super::column::column_changes;
use super::full_text::full_text_changes;
use super::intent::Intent;
use crate::migrate::introspect::{Check, Column, ForeignKey, Index, KeyTerm, Schema, Table, Unique};
use crate::migrate::parse::{folded, normal, without_qualifier};
use crate::schema::TableDef;

/// What separates each table from its definition, in the order of the definitions. Tables without a difference and
/// without a note are left out.
pub(crate) fn diff(
    live: &Schema,
    target: &Schema,
    definitions: &[TableDef],
    intent: &Intent<'_>,
) -> Vec<TableDiff> {
    let mut diffs = Vec::new();
    for definition in definitions {
        let Some(wanted) = target.table(&definition.name) else { continue };
        let diff = match live.table(&definition.name) {
            Some(have) => table_diff(have, wanted, definition, intent),
            None => created(wanted),
        };
        if !diff.changes.is_empty() || !diff.foreign.is_empty() {
            diffs.push(diff);
        }
    }
    diffs
}

fn created(wanted: &Table) -> TableDiff {
    let mut changes = vec![Change::CreateTable];
    changes.extend(wanted.indexes.iter().map(|index| Change::AddIndex(index.name.clone())));
    changes.extend(wanted.full_texts.iter().map(|index| Change::AddFullText(index.name.clone())));
    TableDiff { table: wanted.name.clone(), changes, foreign: Vec::new() }
}

fn table_diff(have: &Table, wanted: &Table, definition: &TableDef, intent: &Intent<'_>) -> TableDiff {
    let mut foreign = Vec::new();
    let mut changes = columns_diff(have, wanted, definition, intent, &mut foreign);
    changes.extend(shape_changes(have, wanted, intent, &mut foreign));
    changes.extend(check_changes(have, wanted, intent, &mut foreign));
    changes.extend(foreign_key_changes(have, wanted, intent, &mut foreign));
    changes.extend(unique_changes(have, wanted, intent, &mut foreign));
    changes.extend(index_changes(have, wanted, intent, &mut foreign));
    changes.extend(full_text_changes(have, wanted, intent, &mut foreign));
    TableDiff { table: have.name.clone(), changes, foreign }
}

/// Additions come in the order of the struct; the order of the columns that are there does not matter.
fn columns_diff(
    have: &Table,
    wanted: &Table,
    definition: &TableDef,
    intent: &Intent<'_>,
    foreign: &mut Vec<String>,
) -> Vec<Change> {
    let mut changes = Vec::new();
    for column in &have.columns {
        match wanted.column(&column.name) {
            None if intent.consent.keep_unknown_columns && takes_inserts(have, column) => {
                foreign.push(format!("kept undeclared column `{}`", column.name));
            }
            None => changes.push(Change::DropColumn(column.name.clone())),
            Some(want) => {
                changes.extend(column_changes((have, column), (wanted, want), definition, intent, foreign));
            }
        }
    }
    let added = wanted.columns.iter().filter(|column| have.column(&column.name).is_none());
    changes.extend(added.map(|column| Change::AddColumn(column.name.clone())));
    changes
}

/// Whether a row can be inserted that does not mention the column.
fn takes_inserts(table: &Table, column: &Column) -> bool {
    !table.is_key(&column.name)
        && (!column.not_null || column.default.is_some() || column.generated.is_some())
}

/// Primary key and options.
fn shape_changes(
    have: &Table,
    wanted: &Table,
    intent: &Intent<'_>,
    foreign: &mut Vec<String>,
) -> Vec<Change> {
    let mut changes = Vec::new();
    let alias = |table: &Table| table.columns.iter().any(|column| column.rowid_alias);
    let becomes_rowid = alias(have) != alias(wanted) && have.without_rowid == wanted.without_rowid;
    if !same_names(&have.primary_key, &wanted.primary_key) || becomes_rowid {
        let (from, to) = (have.primary_key.clone(), wanted.primary_key.clone());
        changes.push(Change::PrimaryKey(KeyChange { from, to, rowid: alias(wanted) }));
    }
    match (have.autoincrement, wanted.autoincrement) {
        (false, true) => changes.push(Change::SetAutoincrement(true)),
        (true, false) if intent.autoincrement_goes(&have.name) => {
            changes.push(Change::SetAutoincrement(false));
        }
        (true, false) => foreign.push("kept undeclared AUTOINCREMENT".to_owned()),
        (true, true) | (false, false) => {}
    }
    if have.without_rowid != wanted.without_rowid {
        changes.push(Change::SetWithoutRowid(wanted.without_rowid));
    }
    if have.strict != wanted.strict {
        changes.push(Change::SetStrict(wanted.strict));
    }
    changes
}

fn check_changes(
    have: &Table,
    wanted: &Table,
    intent: &Intent<'_>,
    foreign: &mut Vec<String>,
) -> Vec<Change> {
    let meaning = |table: &Table, check: &Check| normal(&without_qualifier(&check.expression, &table.name));
    let wanted_checks: Vec<String> = wanted.checks.iter().map(|it| meaning(wanted, it)).collect();
    let have_checks: Vec<String> = have.checks.iter().map(|it| meaning(have, it)).collect();
    let mut changes = Vec::new();
    for (check, _) in have.checks.iter().zip(&have_checks).filter(|(_, it)| !wanted_checks.contains(it)) {
        if intent.check_goes(&have.name, check) {
            changes.push(Change::DropCheck(check.clone()));
        } else if !check.column.iter().any(|column| is_leaving(wanted, intent, column)) {
            foreign.push(kept_check(have, check));
        }
    }
    if have.statement.is_none() && !wanted.checks.is_empty() {
        foreign
            .push("the CHECK constraints of this table cannot be read, so they were not compared".to_owned());
        return changes;
    }
    let missing =
        wanted.checks.iter().zip(&wanted_checks).filter(|(_, meaning)| !have_checks.contains(meaning));
    // a new column brings its own along
    let is_new = |check: &Check| check.column.as_ref().is_some_and(|column| have.column(column).is_none());
    for (check, _) in missing.filter(|(check, _)| !is_new(check)) {
        let same_name = |it: &&Check| it.name.is_some() && it.name == check.name;
        let stays = have.checks.iter().filter(same_name).any(|it| !intent.check_goes(&have.name, it));
        changes.push(if stays {
            let name = check.name.as_deref().unwrap_or_default();
            Change::Unsupported(format!(
                "{} would replace another CHECK of that name, which did not come from a struct; \
                 `.allow_drop_check(\"{}\", \"{name}\")` allows it",
                name_of_check(check),
                have.name
            ))
        } else {
            Change::AddCheck(check.clone())
        });
    }
    changes
}

/// What is about a column that goes is not kept: it goes along, or it is in the way.
fn is_leaving(wanted: &Table, intent: &Intent<'_>, column: &str) -> bool {
    wanted.column(column).is_none() && !intent.consent.keep_unknown_columns
}

fn kept_check(have: &Table, check: &Check) -> String {
    match (&check.name, &check.column) {
        (Some(name), _) => format!("kept undeclared CHECK {name}"),
        (None, Some(column)) => format!("kept undeclared CHECK on {}.{column}", have.name),
        (None, None) => format!("kept undeclared {}", name_of_check(check)),
    }
}

fn foreign_key_changes(
    have: &Table,
    wanted: &Table,
    intent: &Intent<'_>,
    foreign: &mut Vec<String>,
) -> Vec<Change> {
    let mut changes = Vec::new();
    for key in &have.foreign_keys {
        if wanted.foreign_keys.iter().any(|it| same_reference(it, key)) {
            continue;
        }
        if intent.foreign_key_goes(&have.name, key) {
            changes.push(Change::DropForeignKey(key.clone()));
        } else if !key.columns.iter().any(|column| is_leaving(wanted, intent, column)) {
            foreign.push(format!("kept undeclared {}", name_of_key(key)));
        }
    }
    for key in &wanted.foreign_keys {
        match have.foreign_keys.iter().find(|it| same_reference(it, key)) {
            None => changes.push(Change::AddForeignKey(key.clone())),
            Some(it) if same_actions(it, key, have) => {}
            Some(_) => changes.push(Change::ReplaceForeignKey(key.clone())),
        }
    }
    // a new column brings its own along
    let is_new =
        |key: &ForeignKey| matches!(key.columns.as_slice(), [column] if have.column(column).is_none());
    changes.retain(|change| !matches!(change, Change::AddForeignKey(key) if is_new(key)));
    changes
}

/// Whether they join the same columns.
pub(crate) fn same_reference(a: &ForeignKey, b: &ForeignKey) -> bool {
    let pairs = |key: &ForeignKey| {
        let mut pairs: Vec<(String, Option<String>)> = key
            .columns
            .iter()
            .enumerate()
            .map(|(at, column)| (folded(column), key.parent_columns.get(at).map(|name| folded(name))))
            .collect();
        pairs.sort();
        pairs
    };
    a.parent.eq_ignore_ascii_case(&b.parent) && pairs(a) == pairs(b)
}

fn same_actions(have: &ForeignKey, wanted: &ForeignKey, table: &Table) -> bool {
    have.on_delete.eq_ignore_ascii_case(&wanted.on_delete)
        && have.on_update.eq_ignore_ascii_case(&wanted.on_update)
        && (have.deferred == wanted.deferred || table.statement.is_none())
}

/// A unique constraint, a full unique index and the primary key say the same.
fn unique_changes(
    have: &Table,
    wanted: &Table,
    intent: &Intent<'_>,
    foreign: &mut Vec<String>,
) -> Vec<Change> {
    let mut changes = Vec::new();
    let leaves = |term: &KeyTerm| term.column.iter().any(|column| is_leaving(wanted, intent, column));
    for unique in &have.uniques {
        let declared = has_unique_rule(wanted, &unique.terms);
        if !declared && intent.unique_goes(&have.name, unique) {
            changes.push(Change::DropUnique(unique.clone()));
        } else if !declared && !unique.terms.iter().any(leaves) {
            foreign.push(format!("kept undeclared UNIQUE ({})", columns(unique)));
        }
    }
    let missing = wanted.uniques.iter().filter(|unique| !is_unique(have, &unique.terms));
    changes.extend(missing.map(|unique| Change::AddUnique((*unique).clone())));
    changes
}

fn is_unique(have: &Table, terms: &[KeyTerm]) -> bool {
    let is_key = terms.iter().all(|term| term.collation.is_none())
        && terms.len() == have.primary_key.len()
        && terms.iter().all(|term| have.is_key(&term.expression));
    is_key || has_unique_rule(have, terms)
}

/// By a constraint or an index.
fn has_unique_rule(table: &Table, terms: &[KeyTerm]) -> bool {
    table.uniques.iter().any(|it: &Unique| same_set(&it.terms, terms))
        || table.indexes.iter().any(|it| is_full_unique(it) && same_set(&it.terms, terms))
}

pub(super) fn is_full_unique(index: &Index) -> bool {
    index.unique && index.predicate.is_none() && index.terms.iter().all(|term| term.column.is_some())
}

pub(super) fn same_set(a: &[KeyTerm], b: &[KeyTerm]) -> bool {
    let set = |terms: &[KeyTerm]| {
        let mut names: Vec<(String, Option<String>)> = terms
            .iter()
            .map(|term| (folded(&term.expression), term.collation.as_deref().map(folded)))
            .collect();
        names.sort();
        names
    };
    set(a) == set(b)
}

fn index_changes(
    have: &Table,
    wanted: &Table,
    intent: &Intent<'_>,
    foreign: &mut Vec<String>,
) -> Vec<Change> {
    let mut changes = Vec::new();
    let leaves = |term: &KeyTerm| term.column.iter().any(|column| is_leaving(wanted, intent, column));
    for index in &have.indexes {
        let declared = wanted.indexes.iter().any(|it| it.name.eq_ignore_ascii_case(&index.name))
            || wanted.indexes.iter().any(|it| same_index(it, index))
            || (is_full_unique(index) && wanted.uniques.iter().any(|it| same_set(&it.terms, &index.terms)));
        if !declared && intent.index_goes(have, index) {
            changes.push(Change::DropIndex(index.name.clone()));
        } else if !declared && !index.terms.iter().any(leaves) {
            foreign.push(format!("kept undeclared index `{}`", index.name));
        }
    }
    changes.extend(wanted.indexes.iter().filter_map(|index| index_change(have, index, intent)));
    changes
}

/// A unique index guards data, so one that came from nobody we know is not replaced unasked.
fn index_change(have: &Table, wanted: &Index, intent: &Intent<'_>) -> Option<Change> {
    match have.index(&wanted.name) {
        Some(index) if same_index(index, wanted) => None,
        Some(index) if index.unique && !intent.index_goes(have, index) => {
            let name = &wanted.name;
            Some(Change::Unsupported(format!(
                "index `{name}` would replace a unique index of that name, which did not come from a struct; \
                 `.allow_drop_index(\"{name}\")` allows it"
            )))
        }
        Some(_) => Some(Change::ReplaceIndex(wanted.name.clone())),
        None if have.indexes.iter().any(|index| same_index(index, wanted)) => None,
        None if is_full_unique(wanted) && is_unique(have, &wanted.terms) => None,
        None => Some(Change::AddIndex(wanted.name.clone())),
    }
}

pub(super) fn same_index(a: &Index, b: &Index) -> bool {
    let predicate = |index: &Index| index.predicate.as_deref().map(normal);
    let terms = |index: &Index| -> Vec<(String, Option<String>, bool)> {
        index
            .terms
            .iter()
            .map(|it| {
                let what = it.column.as_deref().map_or_else(|| normal(&it.expression), folded);
                (what, it.collation.as_deref().map(folded), it.descending)
            })
            .collect()
    };
    a.unique == b.unique && predicate(a) == predicate(b) && terms(a) == terms(b)
}

fn same_names(a: &[String], b: &[String]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.eq_ignore_ascii_case(b))
}
