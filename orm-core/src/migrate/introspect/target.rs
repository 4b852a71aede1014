//! The schema that the structs want: their DDL, run in a private database and read by the same introspector.

use super::facts::Schema;
use super::objects::introspect;
use crate::dialect::Sqlite;
use crate::driver::Connection;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::TableDef;
use crate::sql::{CreateIndex, CreateTable, FullText, explain_missing_fts5};

/// Runs the definitions in `private`, an empty database, and reads what SQLite made of them.
pub(crate) fn target(private: &Connection, definitions: &[TableDef]) -> Result<Schema> {
    for definition in definitions {
        for sql in create_statements(definition)? {
            private.execute_batch(&sql).map_err(|error| invalid(definition, explain_missing_fts5(error)))?;
        }
    }
    introspect(private)
}

/// CREATE TABLE, then CREATE INDEX for each index, then the full-text index with its triggers.
pub(crate) fn create_statements(definition: &TableDef) -> Result<Vec<String>> {
    let mut statements = vec![CreateTable::new(definition).render(&Sqlite)?.sql];
    for index in definition.indexes.iter() {
        statements.push(CreateIndex::new(&definition.name, index).render(&Sqlite)?.sql);
    }
    if let Some(index) = FullText::of(definition)? {
        statements.push(index.create(&Sqlite)?.sql);
        statements.extend(index.triggers(&Sqlite)?.map(|trigger| trigger.sql));
    }
    Ok(statements)
}

fn invalid(definition: &TableDef, error: Error) -> Error {
    if error.kind() == ErrorKind::UnsupportedSqlite {
        return error.with_table(&definition.name);
    }
    Error::new(ErrorKind::InvalidModel, format!("SQLite refuses the definition: {error}"))
        .with_table(&definition.name)
}
