//! What is recorded before a migration and compared after it, inside the same transaction.

use std::collections::{BTreeMap, BTreeSet};

use crate::driver::Connection;
use crate::error::{Error, ErrorKind, Result};
use crate::migrate::introspect::{Broken, Schema, broken, integer, introspect, text};
use crate::migrate::names::{quoted, quoted_table};
use crate::migrate::parse::{folded, normal};
use crate::migrate::plan::{Step, StepClass, Strategy};
use crate::value::Value;

/// The state before.
pub(super) struct Evidence {
    violations: Violations,
    broken: BTreeSet<Broken>,
    counts: BTreeMap<String, i64>,
    objects: BTreeSet<(String, String, String)>,
}

/// Foreign keys that do not hold, and those that cannot hold because the parent has no such key.
#[derive(Default)]
struct Violations {
    /// Child and parent, with how many rows.
    rows: BTreeMap<(String, String), usize>,
    mismatches: BTreeSet<String>,
}

impl Evidence {
    /// Records what has to be as before.
    pub(super) fn record(connection: &Connection, schema: &Schema, steps: &[Step]) -> Result<Self> {
        Ok(Self {
            violations: violations(connection, schema)?,
            broken: broken(connection, schema)?,
            counts: counts(connection, steps)?,
            objects: objects(schema),
        })
    }

    /// Compares, and refuses to commit what is worse than before.
    pub(super) fn compare(&self, connection: &Connection, steps: &[Step]) -> Result<()> {
        let schema = introspect(connection)?;
        self.compare_counts(connection, steps)?;
        self.compare_violations(&violations(connection, &schema)?)?;
        if let Some(object) = broken(connection, &schema)?.difference(&self.broken).next() {
            return Err(Error::new(
                ErrorKind::DependentObject,
                format!("the migration would break {object}; change or drop that first"),
            ));
        }
        self.compare_objects(&schema, steps)
    }

    fn compare_counts(&self, connection: &Connection, steps: &[Step]) -> Result<()> {
        for (table, count) in counts(connection, steps)? {
            if self.counts.get(&table) != Some(&count) {
                let message = "the copy does not have as many rows as the table".to_owned();
                return Err(Error::new(ErrorKind::Internal, message).with_table(&table));
            }
        }
        Ok(())
    }

    fn compare_violations(&self, after: &Violations) -> Result<()> {
        for ((child, parent), count) in &after.rows {
            let before = self.violations.rows.get(&(child.clone(), parent.clone())).copied().unwrap_or(0);
            if *count > before {
                let added = count - before;
                let plural = if added == 1 { "" } else { "s" };
                return Err(Error::new(
                    ErrorKind::ForeignKeyViolation,
                    format!(
                        "{added} row{plural} of `{child}` would reference rows of `{parent}` that do not exist; give \
                         them a parent first"
                    ),
                )
                .with_table(child));
            }
        }
        match after.mismatches.difference(&self.violations.mismatches).next() {
            Some(mismatch) => Err(Error::new(
                ErrorKind::ForeignKeyViolation,
                format!("a foreign key would no longer have a key to reference: {mismatch}"),
            )),
            None => Ok(()),
        }
    }

    /// Nothing is missing but what the plan drops.
    fn compare_objects(&self, schema: &Schema, steps: &[Step]) -> Result<()> {
        let after = objects(schema);
        let destructive = |table: &str| {
            steps.iter().any(|it| it.class == StepClass::Destructive && folded(&it.table) == folded(table))
        };
        let replaced = |sql: &str| steps.iter().flat_map(|step| &step.sql).any(|it| it.contains(sql));
        for object in self.objects.difference(&after) {
            let (kind, name, table) = object;
            let dropped = format!("DROP INDEX {}", quoted_table(name)?);
            if kind == "index" && (destructive(table) || replaced(&dropped)) {
                continue;
            }
            let still_there = after.iter().any(|it| it.0 == *kind && it.1 == *name);
            if kind == "index" && still_there {
                continue;
            }
            return Err(Error::new(ErrorKind::Internal, format!("the migration would lose {kind} `{name}`"))
                .with_table(table));
        }
        Ok(())
    }
}

fn counts(connection: &Connection, steps: &[Step]) -> Result<BTreeMap<String, i64>> {
    let rebuilt = steps.iter().filter(|step| step.strategy == Strategy::Rebuild);
    rebuilt
        .map(|step| {
            let rows =
                connection.query(&format!("SELECT count(*) FROM {}", quoted_table(&step.table)?), &[])?;
            Ok((step.table.clone(), rows.first().map_or(0, |row| integer(row, 0))))
        })
        .collect()
}

/// Kind, name, and for triggers and views the text; an index may be made anew.
fn objects(schema: &Schema) -> BTreeSet<(String, String, String)> {
    let mut objects = BTreeSet::new();
    for table in schema.tables.values() {
        objects.insert(("table".to_owned(), folded(&table.name), String::new()));
        for index in &table.indexes {
            objects.insert(("index".to_owned(), folded(&index.name), table.name.clone()));
        }
    }
    for view in schema.views.iter().chain(&schema.virtual_tables) {
        objects.insert(("view".to_owned(), folded(&view.name), normal(&view.sql)));
    }
    for trigger in &schema.triggers {
        objects.insert(("trigger".to_owned(), folded(&trigger.name), normal(&trigger.sql)));
    }
    objects
}

/// Table by table: asked about one, the check sees it as a child only, and a mismatch stops it.
fn violations(connection: &Connection, schema: &Schema) -> Result<Violations> {
    let mut found = Violations::default();
    for table in schema.tables.values().filter(|table| !table.foreign_keys.is_empty()) {
        let sql = format!("PRAGMA \"main\".foreign_key_check({})", quoted(&table.name)?);
        match connection.query(&sql, &[]) {
            Ok(rows) => rows.iter().for_each(|row| found.count(row)),
            Err(error) if error.kind() == ErrorKind::Sql => {
                found.mismatches.insert(error.to_string());
            }
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

impl Violations {
    fn count(&mut self, row: &[Value]) {
        *self.rows.entry((text(row, 0), text(row, 2))).or_default() += 1;
    }
}
