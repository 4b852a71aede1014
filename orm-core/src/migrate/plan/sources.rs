//! Where the rows of a table are before its renames are done: the plan asks them under the new names.

use std::collections::BTreeMap;

use super::rename::TableRename;
use crate::error::Result;
use crate::migrate::introspect::{Schema, Table};
use crate::migrate::names::{quoted, quoted_table};
use crate::migrate::parse::folded;

/// For each table with another name, or with columns of other names, what to select from.
#[derive(Debug, Default)]
pub(super) struct Sources(BTreeMap<String, Source>);

#[derive(Debug)]
struct Source {
    table: String,
    sql: String,
}

impl Sources {
    pub(super) fn of_renames(renames: &[TableRename], live: &Schema) -> Result<Self> {
        let mut sources = BTreeMap::new();
        for rename in renames {
            let Some(table) = live.table(&rename.from) else { continue };
            let sql = select(table, rename)?;
            sources.insert(folded(&rename.to), Source { table: rename.from.clone(), sql });
        }
        Ok(Self(sources))
    }

    /// What stands after FROM.
    pub(super) fn of(&self, table: &str) -> Result<String> {
        match self.0.get(&folded(table)) {
            Some(source) => Ok(source.sql.clone()),
            None => quoted_table(table),
        }
    }

    pub(super) fn is_renamed(&self, table: &str) -> bool {
        self.0.contains_key(&folded(table))
    }

    /// The name that the table still has.
    pub(super) fn stored_name<'a>(&'a self, table: &'a str) -> &'a str {
        self.0.get(&folded(table)).map_or(table, |source| source.table.as_str())
    }
}

/// A subquery keeps affinity and collation of the columns that it passes on.
fn select(table: &Table, rename: &TableRename) -> Result<String> {
    if rename.columns.is_empty() {
        return quoted_table(&table.name);
    }
    let mut terms = Vec::new();
    for column in &table.columns {
        let new = rename.columns.iter().find(|(old, _)| *old == column.name);
        let name = new.map_or(column.name.as_str(), |(_, new)| new.as_str());
        terms.push(format!("{} AS {}", quoted(&column.name)?, quoted(name)?));
    }
    Ok(format!("(SELECT {} FROM {})", terms.join(", "), quoted_table(&table.name)?))
}
