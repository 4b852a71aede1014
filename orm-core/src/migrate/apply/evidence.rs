//! What is recorded before a migration and compared after it, inside the same transaction.

use std::collections::{BTreeMap, BTreeSet};

use crate::driver::Connection;
use crate::error::{Error, ErrorKind, Result};
use crate::migrate::introspect::{Code, Schema, Table, broken, integer, introspect, newly_broken, text};
use crate::migrate::names::{quoted, quoted_table};
use crate::migrate::parse::{folded, mentions, normal};
use crate::migrate::plan::{Draft, Step, Strategy};
use crate::value::Value;

/// A foreign key as a person knows it, whatever number it has.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct BrokenKey {
    child: String,
    columns: Vec<String>,
    parent: String,
}

/// The state before.
pub(super) struct Evidence {
    violations: Violations,
    broken: BTreeSet<Code>,
    counts: BTreeMap<String, i64>,
    objects: BTreeSet<(String, String, String)>,
}

/// Foreign keys that do not hold, and those that cannot hold because the parent has no such key.
#[derive(Default)]
struct Violations {
    /// For each foreign key, which rows.
    rows: BTreeMap<BrokenKey, Orphans>,
    mismatches: BTreeSet<String>,
}

/// Rows without their parent.
#[derive(Default)]
struct Orphans {
    count: usize,
    /// The rowids of the first ones; a table WITHOUT ROWID has none.
    first: Vec<i64>,
}

impl Evidence {
    /// Records what has to be as before.
    pub(super) fn record(
        connection: &Connection,
        broken: BTreeSet<Code>,
        schema: &Schema,
        steps: &[Step],
    ) -> Result<Self> {
        Ok(Self {
            violations: violations(connection, schema, steps)?,
            broken,
            counts: counts(connection, steps)?,
            objects: objects(schema),
        })
    }

    /// Compares, and refuses to commit what is worse than before.
    pub(super) fn compare(&self, connection: &Connection, draft: &Draft) -> Result<()> {
        let (schema, steps) = (introspect(connection)?, draft.steps.as_slice());
        self.compare_counts(connection, steps)?;
        self.compare_violations(&violations(connection, &schema, steps)?)?;
        if let Some(object) = newly_broken(&self.broken, broken(connection, &schema)?).first() {
            return Err(Error::new(
                ErrorKind::DependentObject,
                format!("the migration would break {object}; change or drop that first"),
            ));
        }
        self.compare_objects(&schema, draft)
    }

    fn compare_counts(&self, connection: &Connection, steps: &[Step]) -> Result<()> {
        for (table, count) in counts(connection, steps)? {
            if self.counts.get(&table) != Some(&count) {
                let message = "the copy would not have as many rows as the table; a `backfill` or `using` is computed \
                               for each row by itself, so it cannot be an aggregate";
                return Err(Error::new(ErrorKind::InvalidModel, message).with_table(&table));
            }
        }
        Ok(())
    }

    fn compare_violations(&self, after: &Violations) -> Result<()> {
        self.violations.compare(after)
    }

    /// Nothing is missing but what the plan drops.
    fn compare_objects(&self, schema: &Schema, draft: &Draft) -> Result<()> {
        let after = objects(schema);
        let dropped = |kind: &str, name: &str| draft.dropped.contains(&(kind.to_owned(), name.to_owned()));
        match self.objects.difference(&after).find(|(kind, name, _)| !dropped(kind, name)) {
            Some((kind, name, _)) => {
                Err(Error::new(ErrorKind::Internal, format!("the migration would lose {kind} `{name}`")))
            }
            None => Ok(()),
        }
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

/// Table by table. Tables that the plan cannot affect are left out, since the check reads every row.
fn violations(connection: &Connection, schema: &Schema, steps: &[Step]) -> Result<Violations> {
    let mut found = Violations::default();
    for table in schema.tables.values().filter(|table| is_concerned(table, steps)) {
        found.ask(connection, table)?;
    }
    Ok(found)
}

/// Whether the plan changes the table as a child, or a parent of it.
fn is_concerned(table: &Table, steps: &[Step]) -> bool {
    let changed = |name: &str| {
        steps.iter().any(|step| step.table.eq_ignore_ascii_case(name) && may_break_references(step))
    };
    !table.foreign_keys.is_empty()
        && (changed(&table.name) || table.foreign_keys.iter().any(|key| changed(&key.parent)))
}

/// A column with a default may reference nobody; a parent's key may lose its unique index.
fn may_break_references(step: &Step) -> bool {
    match step.strategy {
        Strategy::Create => false,
        Strategy::Rebuild | Strategy::Drop => true,
        Strategy::InPlace => {
            step.sql.iter().any(|sql| mentions(sql, "REFERENCES") || sql.starts_with("DROP INDEX"))
        }
    }
}

/// The foreign keys of the whole database, for steps that may do anything.
pub(in crate::migrate) struct ForeignKeys(Violations);

impl ForeignKeys {
    pub(in crate::migrate) fn record(connection: &Connection) -> Result<Self> {
        let mut found = Violations::default();
        let schema = introspect(connection)?;
        for table in schema.tables.values().filter(|table| !table.foreign_keys.is_empty()) {
            found.ask(connection, table)?;
        }
        Ok(Self(found))
    }

    /// Refuses what is worse than before.
    pub(in crate::migrate) fn compare(&self, connection: &Connection) -> Result<()> {
        self.0.compare(&Self::record(connection)?.0)
    }
}

impl Violations {
    /// Asked about one table, the check sees it as a child only, and a mismatch stops it.
    fn ask(&mut self, connection: &Connection, table: &Table) -> Result<()> {
        let sql = format!("PRAGMA \"main\".foreign_key_check({})", quoted(&table.name)?);
        match connection.query(&sql, &[]) {
            Ok(rows) => rows.iter().for_each(|row| self.count(table, row)),
            Err(error) if error.kind() == ErrorKind::Sql => {
                self.mismatches.insert(error.to_string());
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn compare(&self, after: &Self) -> Result<()> {
        for (key, orphans) in &after.rows {
            let BrokenKey { child, parent, .. } = key;
            let before = self.rows.get(key).map_or(0, |before| before.count);
            if orphans.count > before {
                let added = orphans.count - before;
                let plural = if added == 1 { "" } else { "s" };
                // among those that were there before nobody could tell them
                let examples = if before == 0 { orphans.examples() } else { String::new() };
                return Err(Error::new(
                    ErrorKind::ForeignKeyViolation,
                    format!(
                        "{added} row{plural} of `{child}`{examples} would reference rows of `{parent}` that do not exist; give \
                         them a parent first"
                    ),
                )
                .with_table(child));
            }
        }
        match after.mismatches.difference(&self.mismatches).next() {
            Some(mismatch) => Err(Error::new(
                ErrorKind::ForeignKeyMismatch,
                format!("a foreign key would no longer have a key to reference: {mismatch}"),
            )),
            None => Ok(()),
        }
    }

    /// SQLite numbers a table's foreign keys from the last.
    fn count(&mut self, table: &Table, row: &[Value]) {
        let number = usize::try_from(integer(row, 3)).unwrap_or(usize::MAX);
        let columns = table.foreign_keys.iter().rev().nth(number).map(|key| key.columns.clone());
        let key =
            BrokenKey { child: text(row, 0), columns: columns.unwrap_or_default(), parent: text(row, 2) };
        let orphans = self.rows.entry(key).or_default();
        orphans.count += 1;
        if let Some(Value::Integer(rowid)) = row.get(1)
            && orphans.first.len() < 5
        {
            orphans.first.push(*rowid);
        }
    }
}

impl Orphans {
    fn examples(&self) -> String {
        if self.first.is_empty() {
            return String::new();
        }
        let rowids: Vec<String> = self.first.iter().map(i64::to_string).collect();
        format!(" (rowid {})", rowids.join(", "))
    }
}
