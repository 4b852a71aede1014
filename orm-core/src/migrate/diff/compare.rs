use super::change::{Change, TableDiff, columns, name_of_check, name_of_key};
use super::column::column_changes;
use crate::migrate::introspect::{Check, ForeignKey, Index, KeyTerm, Schema, Table, Unique};
use crate::migrate::parse::{folded, normal, without_qualifier};
use crate::schema::TableDef;

/// What separates each table from its definition, in the order of the definitions. Tables without a difference and
/// without a note are left out.
pub(crate) fn diff(live: &Schema, target: &Schema, definitions: &[TableDef]) -> Vec<TableDiff> {
    let mut diffs = Vec::new();
    for definition in definitions {
        let Some(wanted) = target.table(&definition.name) else { continue };
        let diff = match live.table(&definition.name) {
            Some(have) => table_diff(have, wanted, definition),
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
    TableDiff { table: wanted.name.clone(), changes, foreign: Vec::new() }
}

fn table_diff(have: &Table, wanted: &Table, definition: &TableDef) -> TableDiff {
    let mut foreign = Vec::new();
    let mut changes = columns_diff(have, wanted, definition, &mut foreign);
    changes.extend(shape_changes(have, wanted, &mut foreign));
    changes.extend(check_changes(have, wanted, &mut foreign));
    changes.extend(foreign_key_changes(have, wanted, &mut foreign));
    changes.extend(unique_changes(have, wanted, &mut foreign));
    changes.extend(index_changes(have, wanted, &mut foreign));
    TableDiff { table: have.name.clone(), changes, foreign }
}

/// Additions come in the order of the struct; the order of the columns that are there does not matter.
fn columns_diff(
    have: &Table,
    wanted: &Table,
    definition: &TableDef,
    foreign: &mut Vec<String>,
) -> Vec<Change> {
    let mut changes = Vec::new();
    for column in &have.columns {
        match wanted.column(&column.name) {
            None => changes.push(Change::DropColumn(column.name.clone())),
            Some(want) => {
                changes.extend(column_changes((have, column), (wanted, want), definition, foreign));
            }
        }
    }
    let added = wanted.columns.iter().filter(|column| have.column(&column.name).is_none());
    changes.extend(added.map(|column| Change::AddColumn(column.name.clone())));
    changes
}

/// Primary key and options.
fn shape_changes(have: &Table, wanted: &Table, foreign: &mut Vec<String>) -> Vec<Change> {
    let mut changes = Vec::new();
    let alias = |table: &Table| table.columns.iter().any(|column| column.rowid_alias);
    if !same_names(&have.primary_key, &wanted.primary_key) {
        changes.push(Change::Unsupported(format!(
            "PRIMARY KEY ({}) becomes ({})",
            have.primary_key.join(", "),
            wanted.primary_key.join(", ")
        )));
    } else if alias(have) != alias(wanted) && have.without_rowid == wanted.without_rowid {
        let key = have.primary_key.join(", ");
        let what = if alias(wanted) { "becomes" } else { "is no longer" };
        changes
            .push(Change::Unsupported(format!("PRIMARY KEY ({key}) {what} the rowid (INTEGER PRIMARY KEY)")));
    }
    match (have.autoincrement, wanted.autoincrement) {
        (false, true) => {
            changes.push(Change::Unsupported("the primary key becomes AUTOINCREMENT".to_owned()));
        }
        (true, false) => foreign.push("kept undeclared AUTOINCREMENT".to_owned()),
        (true, true) | (false, false) => {}
    }
    if have.without_rowid != wanted.without_rowid {
        let what = if wanted.without_rowid { "becomes" } else { "is no longer" };
        changes.push(Change::Unsupported(format!("the table {what} WITHOUT ROWID")));
    }
    if have.strict != wanted.strict {
        changes.push(Change::SetStrict(wanted.strict));
    }
    changes
}

fn check_changes(have: &Table, wanted: &Table, foreign: &mut Vec<String>) -> Vec<Change> {
    let meaning = |table: &Table, check: &Check| normal(&without_qualifier(&check.expression, &table.name));
    let wanted_checks: Vec<String> = wanted.checks.iter().map(|it| meaning(wanted, it)).collect();
    let have_checks: Vec<String> = have.checks.iter().map(|it| meaning(have, it)).collect();
    for (check, meaning) in have.checks.iter().zip(&have_checks) {
        if !wanted_checks.contains(meaning) {
            foreign.push(match (&check.name, &check.column) {
                (Some(name), _) => format!("kept undeclared CHECK {name}"),
                (None, Some(column)) => format!("kept undeclared CHECK on {}.{column}", have.name),
                (None, None) => format!("kept undeclared {}", name_of_check(check)),
            });
        }
    }
    if have.statement.is_none() && !wanted.checks.is_empty() {
        foreign
            .push("the CHECK constraints of this table cannot be read, so they were not compared".to_owned());
        return Vec::new();
    }
    let missing =
        wanted.checks.iter().zip(&wanted_checks).filter(|(_, meaning)| !have_checks.contains(meaning));
    // a new column brings its own along
    let is_new = |check: &Check| check.column.as_ref().is_some_and(|column| have.column(column).is_none());
    missing
        .filter(|(check, _)| !is_new(check))
        .map(|(check, _)| match have.checks.iter().find(|it| it.name.is_some() && it.name == check.name) {
            Some(_) => Change::Unsupported(format!("{} replaces another of that name", name_of_check(check))),
            None => Change::AddCheck(check.clone()),
        })
        .collect()
}

fn foreign_key_changes(have: &Table, wanted: &Table, foreign: &mut Vec<String>) -> Vec<Change> {
    for key in &have.foreign_keys {
        if !wanted.foreign_keys.iter().any(|it| same_reference(it, key)) {
            foreign.push(format!("kept undeclared {}", name_of_key(key)));
        }
    }
    let mut changes = Vec::new();
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
fn unique_changes(have: &Table, wanted: &Table, foreign: &mut Vec<String>) -> Vec<Change> {
    for unique in &have.uniques {
        let declared = wanted.uniques.iter().any(|it| same_set(&it.terms, &unique.terms))
            || wanted.indexes.iter().any(|it| is_full_unique(it) && same_set(&it.terms, &unique.terms));
        if !declared {
            foreign.push(format!("kept undeclared UNIQUE ({})", columns(unique)));
        }
    }
    let missing = wanted.uniques.iter().filter(|unique| !is_unique(have, &unique.terms));
    missing.map(|unique| Change::AddUnique((*unique).clone())).collect()
}

fn is_unique(have: &Table, terms: &[KeyTerm]) -> bool {
    let is_key = terms.iter().all(|term| term.collation.is_none())
        && terms.len() == have.primary_key.len()
        && terms.iter().all(|term| have.is_key(&term.expression));
    is_key
        || have.uniques.iter().any(|it: &Unique| same_set(&it.terms, terms))
        || have.indexes.iter().any(|it| is_full_unique(it) && same_set(&it.terms, terms))
}

fn is_full_unique(index: &Index) -> bool {
    index.unique && index.predicate.is_none() && index.terms.iter().all(|term| term.column.is_some())
}

fn same_set(a: &[KeyTerm], b: &[KeyTerm]) -> bool {
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

fn index_changes(have: &Table, wanted: &Table, foreign: &mut Vec<String>) -> Vec<Change> {
    for index in &have.indexes {
        let declared = wanted.indexes.iter().any(|it| it.name.eq_ignore_ascii_case(&index.name))
            || wanted.indexes.iter().any(|it| same_index(it, index))
            || (is_full_unique(index) && wanted.uniques.iter().any(|it| same_set(&it.terms, &index.terms)));
        if !declared {
            foreign.push(format!("kept undeclared index `{}`", index.name));
        }
    }
    wanted.indexes.iter().filter_map(|index| index_change(have, index)).collect()
}

fn index_change(have: &Table, wanted: &Index) -> Option<Change> {
    match have.index(&wanted.name) {
        Some(index) if same_index(index, wanted) => None,
        Some(_) => Some(Change::ReplaceIndex(wanted.name.clone())),
        None if have.indexes.iter().any(|index| same_index(index, wanted)) => None,
        None if is_full_unique(wanted) && is_unique(have, &wanted.terms) => None,
        None => Some(Change::AddIndex(wanted.name.clone())),
    }
}

fn same_index(a: &Index, b: &Index) -> bool {
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
