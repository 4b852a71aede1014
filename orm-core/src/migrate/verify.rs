use super::diff::{Change, diff};
use super::introspect::{introspect, target};
use super::migration::{memory, reading};
use super::plan::{Consent, Planner};
use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::TableDef;

impl Engine {
    /// Makes sure that the database has the shape of these tables: for the start of a program that may not change it.
    /// Only reads.
    ///
    /// Types are compared by affinity where the table is not STRICT, and what the database has beyond the structs
    /// (indexes, triggers, defaults, other tables) is no difference. A column that the struct lacks is one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::SchemaMismatch`] with every difference.
    pub fn verify(&self, tables: &[&TableDef]) -> Result<()> {
        let definitions: Vec<TableDef> = tables.iter().map(|table| (*table).clone()).collect();
        let differences = reading(self, |connection| {
            let memory = memory(self);
            let consent = Consent::default();
            let planner =
                Planner { connection, definitions: &definitions, consent: &consent, memory: &memory };
            let live = introspect(connection)?;
            let settled = planner.settled(&live);
            Ok(diff(&live, &target(&memory()?, &settled)?, &settled))
        })?;
        let named: Vec<String> = differences
            .iter()
            .flat_map(|table| table.changes.iter().map(|change| (table.table.as_str(), change)))
            .filter(|(_, change)| !matches!(change, Change::AddIndex(_) if is_created(&differences, change)))
            .map(|(table, change)| format!("`{table}`: {change}"))
            .collect();
        if named.is_empty() {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::SchemaMismatch,
            format!(
                "the database does not have the shape of the structs; a migration would have to: {}",
                named.join("; ")
            ),
        ))
    }
}

/// Whether the change belongs to a table that is missing altogether, which is said once.
fn is_created(differences: &[super::diff::TableDiff], change: &Change) -> bool {
    differences
        .iter()
        .any(|table| table.changes.contains(&Change::CreateTable) && table.changes.contains(change))
}
