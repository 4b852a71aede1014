use super::consent::Consent;
use super::diff::{Change, Intent, TableDiff, diff};
use super::history;
use super::introspect::introspect;
use super::migration::{memory, reading};
use super::plan::{Planner, Renames, Sides};
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
        let named = reading(self, |connection| {
            let (memory, consent) = (memory(self), Consent::default());
            let planner =
                Planner { connection, definitions: &definitions, consent: &consent, memory: &memory };
            Ok(differences(&planner.sides()?, &consent))
        })?;
        mismatch("the database does not have the shape of the structs; a migration would have to", &named)
    }

    /// Makes sure that nobody changed these tables since the last migration or [baseline](super::Migration::baseline).
    /// Only reads.
    ///
    /// Where [`verify`](Engine::verify) compares the database with the structs, this compares it with what the structs were
    /// then. Objects that were added beside (indexes, triggers, other tables) are no difference.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::SchemaMismatch`] with every difference; [`ErrorKind::NotFound`] where no migration was recorded.
    pub fn check_drift(&self, tables: &[&TableDef]) -> Result<()> {
        let definitions: Vec<TableDef> = tables.iter().map(|table| (*table).clone()).collect();
        let drift = reading(self, |connection| {
            let Some(snapshot) = history::snapshot(connection)? else { return Ok(None) };
            let base = history::load(&memory(self)()?, &snapshot)?;
            let intent = Intent { base: None, consent: &Consent::default() };
            Ok(Some(missing(&diff(&introspect(connection)?, &base, &definitions, &intent))))
        })?;
        match drift {
            Some(drift) => mismatch(
                "the database changed since the last migration; to be as it was it would have to",
                &drift,
            ),
            None => Err(Error::new(
                ErrorKind::NotFound,
                "no migration of this database was recorded; apply one, or adopt the database with `baseline`",
            )),
        }
    }
}

fn mismatch(what: &str, named: &[String]) -> Result<()> {
    if named.is_empty() {
        return Ok(());
    }
    Err(Error::new(ErrorKind::SchemaMismatch, format!("{what}: {}", named.join("; "))))
}

/// Everything that a migration would do.
pub(super) fn differences(sides: &Sides, consent: &Consent) -> Vec<String> {
    let mut named = renamed(&sides.renames);
    named.extend(missing(&diff(&sides.live, &sides.target, &sides.definitions, &sides.intent(consent))));
    named
}

/// Renames that wait, and those that cannot be understood.
fn renamed(renames: &Renames) -> Vec<String> {
    let waiting = renames
        .tables
        .iter()
        .flat_map(|rename| rename.lines().into_iter().map(|line| format!("`{}`: {line}", rename.to)));
    waiting.chain(renames.problems.iter().map(ToString::to_string)).collect()
}

fn missing(differences: &[TableDiff]) -> Vec<String> {
    differences
        .iter()
        .flat_map(|table| table.changes.iter().map(|change| (table.table.as_str(), change)))
        .filter(|(_, change)| {
            let comes_along = matches!(change, Change::AddIndex(_) | Change::AddFullText(_));
            !(comes_along && is_created(differences, change))
        })
        .map(|(table, change)| format!("`{table}`: {change}"))
        .collect()
}

/// Whether the change belongs to a table that is missing altogether, which is said once.
fn is_created(differences: &[TableDiff], change: &Change) -> bool {
    differences
        .iter()
        .any(|table| table.changes.contains(&Change::CreateTable) && table.changes.contains(change))
}
