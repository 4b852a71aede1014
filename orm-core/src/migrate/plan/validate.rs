//! Definitions that contradict themselves, found before anything is read.

use crate::error::{Error, ErrorKind, Result};
use crate::migrate::introspect::{Schema, Table};
use crate::migrate::parse::folded;
use crate::schema::{ForeignKeyDef, TableDef};

/// What SQLite would not find by itself; the rest it says when it runs the definition.
pub(super) fn validate(definitions: &[TableDef]) -> Result<()> {
    for (position, definition) in definitions.iter().enumerate() {
        reserved(definition)?;
        repeated(definition)?;
        let same = |other: &&TableDef| other.name.eq_ignore_ascii_case(&definition.name);
        if let Some(other) = definitions[..position].iter().find(same)
            && other != definition
        {
            return Err(invalid(definition, "two definitions have this name; give each table one model"));
        }
    }
    Ok(())
}

/// A foreign key to a table that is neither given nor there would make every later write fail.
pub(super) fn parents_exist(definitions: &[TableDef], live: &Schema, target: &Schema) -> Result<()> {
    for definition in definitions {
        for key in definition.foreign_keys.iter() {
            let Some(parent) = target.table(&key.parent).or_else(|| live.table(&key.parent)) else {
                return Err(invalid(definition, &missing_parent(key)));
            };
            if let Some(column) = key.parent_columns.iter().find(|column| parent.column(column).is_none()) {
                let message =
                    format!("a foreign key references `{}.{column}`, which does not exist", key.parent);
                return Err(invalid(definition, &message));
            }
        }
    }
    Ok(())
}

/// A full-text index refers to rows by their rowid, which VACUUM renumbers unless it is a column.
pub(super) fn numbered(definitions: &[TableDef], target: &Schema) -> Result<()> {
    for definition in definitions.iter().filter(|definition| definition.fts.is_some()) {
        let has_number = |table: &Table| table.columns.iter().any(|column| column.rowid_alias);
        if !target.table(&definition.name).is_some_and(has_number) {
            let message = "a full-text index needs a key of type INTEGER, which is the number of the row";
            return Err(invalid(definition, message));
        }
    }
    Ok(())
}

fn missing_parent(key: &ForeignKeyDef) -> String {
    format!(
        "a foreign key references table `{}`, which is neither among the tables given nor in the database; add its model",
        key.parent
    )
}

fn reserved(definition: &TableDef) -> Result<()> {
    let name = folded(&definition.name);
    match ["sqlite_", "_orm_"].iter().find(|prefix| name.starts_with(**prefix)) {
        Some(prefix) => Err(Error::new(
            ErrorKind::ReservedName,
            format!("names that begin with `{prefix}` are reserved; give the table another name"),
        )
        .with_table(&definition.name)),
        None => Ok(()),
    }
}

fn repeated(definition: &TableDef) -> Result<()> {
    for (position, column) in definition.columns.iter().enumerate() {
        if definition.position(&column.name) != Some(position) {
            let message = format!("column `{}` is defined twice (ASCII case does not matter)", column.name);
            return Err(invalid(definition, &message));
        }
    }
    Ok(())
}

fn invalid(definition: &TableDef, message: &str) -> Error {
    Error::new(ErrorKind::InvalidModel, message).with_table(&definition.name)
}
