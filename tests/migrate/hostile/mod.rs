//! Schemas that other people wrote, with every corner of SQLite: a migration keeps all of it, or refuses.

mod connection;
mod definitions;
mod keys;
mod objects;
mod values;

use std::collections::BTreeSet;
use std::path::PathBuf;

use orm_core::migrate::{Migration, Plan};
use orm_core::rusqlite::{self, Connection};
use orm_core::schema::{ColumnBuilder, KeyGeneration, TableBuilder, TableDef};
use orm_core::{Engine, EngineBuilder, Error};
use serde_json::Value as Json;

use crate::inspect::{Values, dump, open, rows, values};

/// A database in a file, and what it held at first.
pub(crate) struct Hostile {
    _directory: tempfile::TempDir,
    pub(crate) path: PathBuf,
    pub(crate) engine: Engine,
    values: Values,
    objects: BTreeSet<String>,
}

/// Indexes, triggers and views as they are written, and what SQLite says of each foreign key.
fn objects(connection: &Connection) -> BTreeSet<String> {
    let written =
        "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE type <> 'table' AND sql NOT NULL";
    let keys = "SELECT t.name, k.'from', k.'table', k.'to', k.on_delete, k.on_update FROM pragma_table_list AS t, \
                pragma_foreign_key_list(t.name) AS k WHERE t.schema = 'main' AND t.type = 'table'";
    let of = |sql| {
        rows(connection, sql).unwrap().as_array().unwrap().iter().map(Json::to_string).collect::<Vec<_>>()
    };
    of(written).into_iter().chain(of(keys)).collect()
}

pub(crate) fn hostile(setup: &str) -> Hostile {
    hostile_with(setup, Engine::builder())
}

pub(crate) fn hostile_with(setup: &str, builder: EngineBuilder) -> Hostile {
    hostile_knowing(|_| Ok(()), setup, builder)
}

/// `functions` are those that the schema uses.
pub(crate) fn hostile_knowing(
    functions: impl Fn(&Connection) -> rusqlite::Result<()>,
    setup: &str,
    builder: EngineBuilder,
) -> Hostile {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("hostile.db");
    let connection = open(&path);
    functions(&connection).unwrap();
    connection.execute_batch(&format!("PRAGMA foreign_keys = OFF; {setup}")).unwrap();
    let (values, objects) = (values(&connection), objects(&connection));
    let engine = builder.open(&path).unwrap();
    Hostile { _directory: directory, path, engine, values, objects }
}

impl Hostile {
    pub(crate) fn ask(&self, sql: &str) -> String {
        rows(&open(&self.path), sql).unwrap_or_else(Json::String).to_string()
    }

    /// The migration goes through, and everything is there but these columns (`t.a`) and objects.
    pub(crate) fn keeps_all_but(
        &self,
        lost: &[&str],
        tables: &[&TableDef],
        consent: impl Fn(Migration) -> Migration,
    ) -> Plan {
        let plan = consent(self.engine.migration(tables)).plan().unwrap();
        plan.apply().unwrap_or_else(|error| panic!("{error}\n{plan}"));
        let connection = open(&self.path);
        let (holds, there) = (values(&connection), objects(&connection));
        for ((table, column), value) in &self.values {
            if !lost.contains(&format!("{table}.{column}").as_str()) {
                assert_eq!(
                    holds.get(&(table.clone(), column.clone())),
                    Some(value),
                    "{table}.{column}\n{plan}"
                );
            }
        }
        for object in &self.objects {
            assert!(
                there.contains(object) || lost.contains(&object.as_str()),
                "{object} is lost\n{plan}\n{there:#?}"
            );
        }
        assert_eq!(self.ask("PRAGMA integrity_check"), r#"[["ok"]]"#);
        let again = consent(self.engine.migration(tables)).plan().unwrap();
        assert!(again.is_empty(), "{plan}\nthen\n{again}");
        plan
    }

    pub(crate) fn keeps_all(&self, tables: &[&TableDef]) -> Plan {
        self.keeps_all_but(&[], tables, |it| it)
    }

    /// The migration is refused, and the database is as it was.
    pub(crate) fn refuses(&self, tables: &[&TableDef], consent: impl Fn(Migration) -> Migration) -> Error {
        let before = dump(&open(&self.path));
        let plan = consent(self.engine.migration(tables)).plan();
        let error = match plan {
            Ok(plan) => plan.apply().expect_err(&plan.to_string()),
            Err(error) => error,
        };
        assert_eq!(dump(&open(&self.path)), before, "{error}");
        error
    }
}

/// A model of the table `t`, to be gone on with.
fn t() -> TableBuilder {
    TableDef::builder("t")
}

fn key(column: ColumnBuilder) -> ColumnBuilder {
    column.primary_key().key_generation(KeyGeneration::Auto)
}

fn nullable(column: ColumnBuilder) -> ColumnBuilder {
    column.nullable()
}
