use super::facts::{Affinity, Check, Column, ForeignKey, Generated, Index, KeyTerm, Table, Unique};
use super::objects::{Entry, Listed};
use super::rows::{integer, optional_text, text};
use crate::dialect::{Dialect, Sqlite};
use crate::driver::Connection;
use crate::error::Result;
use crate::migrate::parse::{
    ColumnText, ConstraintText, CreateTable, Rule, Term, create_index, create_table, normal, significant,
};
use crate::value::Value;

/// Reads one table. Where the parser and the PRAGMAs disagree, the table is opaque.
pub(super) fn read_table(
    connection: &Connection,
    entry: &Entry,
    listed: &Listed,
    entries: &[Entry],
) -> Result<Table> {
    let statement = create_table(&entry.sql).ok();
    let xinfo = pragma(connection, "table_xinfo", &entry.name)?;
    let index_list = pragma(connection, "index_list", &entry.name)?;
    let mut table = Table {
        name: entry.name.clone(),
        strict: listed.strict,
        without_rowid: listed.without_rowid,
        autoincrement: statement.as_ref().is_some_and(has_autoincrement),
        columns: xinfo.iter().map(|row| column(row, listed.strict, statement.as_ref())).collect(),
        primary_key: primary_key(&xinfo),
        uniques: Vec::new(),
        checks: statement.as_ref().map(checks).unwrap_or_default(),
        foreign_keys: foreign_keys(&pragma(connection, "foreign_key_list", &entry.name)?),
        indexes: Vec::new(),
        full_texts: Vec::new(),
        sql: entry.sql.clone(),
        statement,
    };
    mark_rowid_alias(&mut table, &index_list);
    read_indexes(connection, &mut table, &index_list, entries)?;
    let agreed = table.statement.as_ref().is_some_and(|statement| agrees(statement, &table));
    if agreed {
        complete_foreign_keys(&mut table);
    } else {
        table.statement = None;
    }
    Ok(table)
}

fn pragma(connection: &Connection, name: &str, argument: &str) -> Result<Vec<Vec<Value>>> {
    let mut sql = format!("PRAGMA \"main\".{name}(");
    Sqlite.quote(&mut sql, argument)?;
    sql.push(')');
    connection.query(&sql, &[])
}

fn column(row: &[Value], strict: bool, statement: Option<&CreateTable>) -> Column {
    let name = text(row, 1);
    let declared_type = text(row, 2);
    let said = statement
        .and_then(|statement| statement.columns.iter().find(|it| it.name.eq_ignore_ascii_case(&name)))
        .map_or(&[][..], |column| &column.constraints);
    let stored = integer(row, 6) == 3;
    Column {
        affinity: Affinity::of(&declared_type, strict),
        declared_type,
        not_null: integer(row, 3) != 0,
        rowid_alias: false,
        default: optional_text(row, 4),
        collation: said.iter().rev().find_map(ConstraintText::collation).map(str::to_owned),
        generated: (integer(row, 6) >= 2).then(|| Generated {
            expression: said.iter().find_map(ConstraintText::generated).unwrap_or_default().to_owned(),
            stored,
        }),
        name,
    }
}

fn primary_key(xinfo: &[Vec<Value>]) -> Vec<String> {
    let mut key: Vec<(i64, String)> = xinfo
        .iter()
        .map(|row| (integer(row, 5), text(row, 1)))
        .filter(|(position, _)| *position > 0)
        .collect();
    key.sort();
    key.into_iter().map(|(_, name)| name).collect()
}

fn has_autoincrement(statement: &CreateTable) -> bool {
    let on_columns = statement.columns.iter().flat_map(|column| &column.constraints);
    on_columns
        .chain(&statement.constraints)
        .any(|it| matches!(it.rule, Rule::PrimaryKey { autoincrement: true, .. }))
}

fn checks(statement: &CreateTable) -> Vec<Check> {
    let on_columns = statement
        .columns
        .iter()
        .flat_map(|column| column.constraints.iter().map(|it| (Some(column.name.clone()), it)));
    on_columns
        .chain(statement.constraints.iter().map(|it| (None, it)))
        .filter_map(|(column, constraint)| {
            let expression = constraint.check()?.to_owned();
            Some(Check { name: constraint.name.clone(), expression, column })
        })
        .collect()
}

/// A single INTEGER key is the rowid itself exactly where SQLite keeps no index for it.
fn mark_rowid_alias(table: &mut Table, index_list: &[Vec<Value>]) {
    let [key] = table.primary_key.as_slice() else { return };
    let has_index = index_list.iter().any(|row| text(row, 3) == "pk");
    if table.without_rowid || has_index {
        return;
    }
    let key = key.clone();
    for column in table.columns.iter_mut().filter(|column| column.name == key) {
        column.rowid_alias = true;
    }
}

fn read_indexes(
    connection: &Connection,
    table: &mut Table,
    index_list: &[Vec<Value>],
    entries: &[Entry],
) -> Result<()> {
    // SQLite lists the newest first.
    for row in index_list.iter().rev() {
        let (name, unique, origin) = (text(row, 1), integer(row, 2) != 0, text(row, 3));
        let rows = pragma(connection, "index_xinfo", &name)?;
        let entry = entries.iter().find(|it| it.kind == "index" && it.name == name);
        let sql = entry.map(|entry| entry.sql.clone()).unwrap_or_default();
        let said = create_index(&sql).ok();
        let terms = key_terms(&rows, table, said.as_ref().map(|said| said.terms.as_slice()));
        match origin.as_str() {
            "c" => {
                let predicate = said.and_then(|said| said.predicate);
                table.indexes.push(Index { name, unique, terms, predicate, sql });
            }
            "u" => table.uniques.push(Unique { terms }),
            _ => {}
        }
    }
    Ok(())
}

fn key_terms(rows: &[Vec<Value>], table: &Table, said: Option<&[Term]>) -> Vec<KeyTerm> {
    let keys = rows.iter().filter(|row| integer(row, 5) != 0);
    keys.enumerate()
        .map(|(position, row)| {
            let column = optional_text(row, 2);
            let own = column.as_deref().and_then(|name| table.column(name)?.collation.as_deref());
            let collation = text(row, 4);
            KeyTerm {
                expression: match &column {
                    Some(name) => name.clone(),
                    None => said
                        .and_then(|terms| terms.get(position))
                        .map(|term| term.expression.clone())
                        .unwrap_or_default(),
                },
                collation: (!collation.eq_ignore_ascii_case(own.unwrap_or("BINARY"))).then_some(collation),
                column,
                descending: integer(row, 3) != 0,
            }
        })
        .collect()
}

/// In the order of the statement: SQLite numbers them from the last.
fn foreign_keys(rows: &[Vec<Value>]) -> Vec<ForeignKey> {
    let mut keys: Vec<(i64, ForeignKey)> = Vec::new();
    for row in rows {
        let id = integer(row, 0);
        if keys.last().is_none_or(|(last, _)| *last != id) {
            let key = ForeignKey {
                columns: Vec::new(),
                parent: text(row, 2),
                parent_columns: Vec::new(),
                on_delete: text(row, 6),
                on_update: text(row, 5),
                deferred: false,
            };
            keys.push((id, key));
        }
        if let Some((_, key)) = keys.last_mut() {
            key.columns.push(text(row, 3));
            key.parent_columns.extend(optional_text(row, 4));
        }
    }
    keys.sort_by_key(|(id, _)| std::cmp::Reverse(*id));
    keys.into_iter().map(|(_, key)| key).collect()
}

/// The statement's foreign keys in order, with the columns they stand on.
fn said_references(statement: &CreateTable) -> Vec<(Vec<String>, bool)> {
    let on_columns = statement.columns.iter().flat_map(|column| {
        let references = column.constraints.iter().filter_map(ConstraintText::reference);
        references.map(|reference| (vec![column.name.clone()], reference.deferred))
    });
    let on_table = statement.constraints.iter().filter_map(ConstraintText::reference);
    let on_table = on_table.map(|reference| (reference.columns.clone(), reference.deferred));
    on_columns.chain(on_table).collect()
}

fn complete_foreign_keys(table: &mut Table) {
    let said = table.statement.as_ref().map(said_references).unwrap_or_default();
    for (key, (_, deferred)) in table.foreign_keys.iter_mut().zip(said) {
        key.deferred = deferred;
    }
}

/// Whether the parser saw the same columns, types, defaults, options and foreign keys as the PRAGMAs.
fn agrees(statement: &CreateTable, table: &Table) -> bool {
    let references = said_references(statement);
    statement.strict == table.strict
        && statement.without_rowid == table.without_rowid
        && statement.columns.len() == table.columns.len()
        && statement.columns.iter().zip(&table.columns).all(|(said, column)| column_agrees(said, column))
        && references.len() == table.foreign_keys.len()
        && references.iter().zip(&table.foreign_keys).all(|((columns, _), key)| {
            columns.len() == key.columns.len()
                && columns.iter().zip(&key.columns).all(|(a, b)| a.eq_ignore_ascii_case(b))
        })
}

fn column_agrees(said: &ColumnText, column: &Column) -> bool {
    let default = said.constraints.iter().rev().find_map(ConstraintText::default).map(normal);
    let not_null = said.constraints.iter().any(|it| matches!(it.rule, Rule::NotNull { .. }));
    let generated = said.constraints.iter().any(|it| it.generated().is_some());
    said.name == column.name
        && same_type(&said.type_text, &column.declared_type)
        && default == column.default.as_deref().map(normal)
        && (!not_null || column.not_null)
        && generated == column.generated.is_some()
}

/// SQLite keeps the words of a type and takes the spaces between them together.
fn same_type(said: &str, declared: &str) -> bool {
    let words = |text: &str| -> String {
        significant(text).iter().map(|token| token.name().unwrap_or_else(|| token.text.to_owned())).collect()
    };
    words(said).eq_ignore_ascii_case(&words(declared))
}
