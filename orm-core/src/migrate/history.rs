//! What was applied to a database: one row for each migration, in a table of its own.
//!
//! The newest row holds the tables as the structs wanted them, which is the base of the next comparison.

use std::time::Duration;

use super::introspect::{Schema, integer, introspect, text};
use super::parse::folded;
use super::sha256::sha256;
use crate::driver::Connection;
use crate::error::Result;
use crate::value::Value;

/// The table that holds the history.
pub(crate) const TABLE: &str = "_orm_migrations";

const CREATE: &str = "CREATE TABLE IF NOT EXISTS \"main\".\"_orm_migrations\" (
  seq INTEGER PRIMARY KEY,
  version INTEGER,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('sql', 'rust', 'auto', 'baseline')),
  checksum TEXT,
  model_fingerprint TEXT,
  schema_before TEXT,
  schema_after TEXT,
  snapshot TEXT,
  sql TEXT,
  engine_version TEXT NOT NULL,
  applied_at TEXT NOT NULL,
  duration_ms INTEGER NOT NULL
) STRICT";

const INSERT: &str = "INSERT INTO \"main\".\"_orm_migrations\" (version, name, kind, checksum, model_fingerprint, \
                      schema_before, schema_after, snapshot, sql, engine_version, applied_at, duration_ms) VALUES \
                      (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, strftime('%Y-%m-%d %H:%M:%f', 'now'), ?11)";

/// What kind of migration a row of the history tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Auto,
    Baseline,
    Sql,
    Rust,
}

/// A row to be written.
pub(crate) struct Record<'a> {
    pub(crate) kind: Kind,
    /// Version, name and checksum of a step.
    pub(crate) step: Option<(i64, &'a str, &'a str)>,
    pub(crate) schema_before: &'a str,
    /// The new base; `None` leaves the old one.
    pub(crate) snapshot: Option<&'a str>,
    pub(crate) sql: &'a str,
    pub(crate) duration: Duration,
}

impl Record<'_> {
    pub(crate) fn of(kind: Kind) -> Self {
        Self { kind, step: None, schema_before: "", snapshot: None, sql: "", duration: Duration::ZERO }
    }
}

/// A step that was applied.
pub(crate) struct Done {
    pub(crate) version: i64,
    pub(crate) name: String,
    pub(crate) checksum: String,
}

/// The steps that were applied.
pub(crate) fn done(connection: &Connection) -> Result<Vec<Done>> {
    if !exists(connection)? {
        return Ok(Vec::new());
    }
    let sql = "SELECT version, name, checksum FROM \"main\".\"_orm_migrations\" WHERE version IS NOT NULL ORDER BY version";
    let rows = connection.query(sql, &[])?;
    let done =
        rows.iter().map(|row| Done { version: integer(row, 0), name: text(row, 1), checksum: text(row, 2) });
    Ok(done.collect())
}

/// Whether the database has a history.
pub(crate) fn exists(connection: &Connection) -> Result<bool> {
    let sql = format!("SELECT 1 FROM \"main\".\"sqlite_schema\" WHERE type = 'table' AND name = '{TABLE}'");
    Ok(!connection.query(&sql, &[])?.is_empty())
}

/// The snapshot of the last migration, where there is one.
pub(crate) fn snapshot(connection: &Connection) -> Result<Option<String>> {
    if !exists(connection)? || !has_snapshots(connection)? {
        return Ok(None);
    }
    let sql = "SELECT snapshot FROM \"main\".\"_orm_migrations\" WHERE snapshot IS NOT NULL ORDER BY seq DESC LIMIT 1";
    Ok(connection.query(sql, &[])?.first().map(|row| text(row, 0)))
}

fn has_snapshots(connection: &Connection) -> Result<bool> {
    let sql = format!("SELECT 1 FROM pragma_table_info('{TABLE}', 'main') WHERE name = 'snapshot'");
    Ok(!connection.query(&sql, &[])?.is_empty())
}

/// Writes a row, and makes the table where it is missing. Only the newest snapshot is kept.
pub(crate) fn record(connection: &Connection, record: &Record<'_>) -> Result<()> {
    connection.execute_batch(CREATE)?;
    if record.snapshot.is_some() {
        connection.execute_batch("UPDATE \"main\".\"_orm_migrations\" SET snapshot = NULL")?;
    }
    let kind = match record.kind {
        Kind::Auto => "auto",
        Kind::Baseline => "baseline",
        Kind::Sql => "sql",
        Kind::Rust => "rust",
    };
    let millis = i64::try_from(record.duration.as_millis()).unwrap_or(i64::MAX);
    let own = |text: &str| Value::Text(text.to_owned());
    let row = [
        record.step.map_or(Value::Null, |(version, _, _)| Value::Integer(version)),
        own(record.step.map_or(kind, |(_, name, _)| name)),
        own(kind),
        record.step.map_or(Value::Null, |(_, _, checksum)| own(checksum)),
        record.snapshot.map_or(Value::Null, |snapshot| Value::Text(sha256(snapshot.as_bytes()))),
        own(record.schema_before),
        Value::Text(fingerprint(connection)?),
        record.snapshot.map_or(Value::Null, own),
        own(record.sql),
        own(env!("CARGO_PKG_VERSION")),
        Value::Integer(millis),
    ];
    connection.query(INSERT, &row)?;
    Ok(())
}

/// A short name for the schema as it is.
pub(crate) fn fingerprint(connection: &Connection) -> Result<String> {
    let sql = format!(
        "SELECT sql FROM \"main\".\"sqlite_schema\" WHERE sql IS NOT NULL AND tbl_name <> '{TABLE}' ORDER BY type, name"
    );
    let rows = connection.query(&sql, &[])?;
    let all: Vec<String> = rows.iter().map(|row: &Vec<Value>| text(row, 0)).collect();
    Ok(sha256(all.join("\n;\n").as_bytes()))
}

/// The definitions of these tables as SQL that makes them.
pub(crate) fn snapshot_of<'s>(tables: impl Iterator<Item = &'s super::introspect::Table>) -> String {
    let statements = tables.flat_map(|table| {
        let full_texts = table.full_texts.iter().flat_map(|index| {
            std::iter::once(index.sql.as_str())
                .chain(index.own_triggers().map(|trigger| trigger.sql.as_str()))
        });
        let indexes = table.indexes.iter().map(|index| index.sql.as_str());
        std::iter::once(table.sql.as_str()).chain(indexes).chain(full_texts)
    });
    // a line of its own, since a statement may end in a comment
    statements.map(|sql| format!("{sql}\n;\n")).collect()
}

/// The new base: what the structs want now, and the tables of the old one that are still there and that no struct of this
/// migration is about.
pub(crate) fn next_snapshot(base: Option<&Schema>, live: &Schema, target: &Schema) -> String {
    let others = base.iter().flat_map(|base| base.tables.values());
    let others = others.filter(|table| {
        live.table(&table.name).is_some() && !target.tables.contains_key(&folded(&table.name))
    });
    snapshot_of(others.chain(target.tables.values()))
}

/// The tables of a snapshot, made in `private`, an empty database.
pub(crate) fn load(private: &Connection, snapshot: &str) -> Result<Schema> {
    private.execute_batch("PRAGMA foreign_keys = OFF")?;
    private.execute_batch(snapshot)?;
    introspect(private)
}
