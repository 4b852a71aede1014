//! The schema that the structs want: their DDL, run in a private database and read by the same introspector.

use super::facts::Schema;
use super::objects::introspect;
use crate::dialect::Sqlite;
use crate::driver::Connection;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::TableDef;
use crate::sql::{CreateIndex, CreateTable};

/// Runs the definitions in `private`, an empty database, and reads what SQLite made of them.
pub(crate) fn target(private: &Connection, definitions: &[TableDef]) -> Result<Schema> {
    for definition in definitions {
        for sql in create_statements(definition)? {
            private.execute_batch(&sql).map_err(|error| invalid(definition, &error))?;
        }
    }
    introspect(private)
}

/// CREATE TABLE, then CREATE INDEX for each index.
pub(crate) fn create_statements(definition: &TableDef) -> Result<Vec<String>> {
    let mut statements = vec![CreateTable::new(definition).render(&Sqlite)?.sql];
    for index in definition.indexes.iter() {
        statements.push(CreateIndex::new(&definition.name, index).render(&Sqlite)?.sql);
    }
    Ok(statements)
}

fn invalid(definition: &TableDef, error: &Error) -> Error {
    Error::new(ErrorKind::InvalidModel, format!("SQLite refuses the definition: {error}"))
        .with_table(&definition.name)
}
