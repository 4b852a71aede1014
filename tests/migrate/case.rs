//! Runs one case: a database, a target, and what has to come of it.

use std::path::{Path, PathBuf};

use orm_core::migrate::{Migration, Plan, Strategy};
use orm_core::rusqlite::functions::FunctionFlags;
use orm_core::rusqlite::{self, Connection};
use orm_core::schema::TableDef;
use orm_core::{Engine, Error, LogicalType};
use serde_json::Value as Json;
use tempfile::TempDir;

use crate::definition::{list, table, text};
use crate::inspect::{dump, open, rows};
use crate::killed;
use crate::process::Place;
use crate::scenario::{self, Meanwhile};

/// Runs the case; says what was not as expected. A second connection is one of this process, then one of another.
pub(crate) fn run(case: &Json) -> Result<(), String> {
    if case["scenario"].get("kill_at").is_some() {
        return killed::run(case);
    }
    let places = if scenario::has_second_connection(case) {
        &[Place::Here, Place::InAProcess][..]
    } else {
        &[Place::Here]
    };
    places.iter().try_for_each(|place| run_with(case, *place))
}

/// A database as the case has it, and what its connections set up for themselves.
pub(crate) fn prepared(case: &Json) -> Result<(TempDir, PathBuf, String), String> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("case.db");
    let (setup, temporary) = setup(case);
    open(&path).execute_batch(&setup).map_err(|error| format!("setup: {error}"))?;
    if case["snapshot"] == "managed" {
        manage(&path);
    }
    Ok((directory, path, temporary))
}

fn run_with(case: &Json, place: Place) -> Result<(), String> {
    let (_directory, path, temporary) = prepared(case)?;
    let before = dump(&open(&path));
    let engine = scenario::engine(case, &temporary).open(&path).map_err(|error| error.to_string())?;
    let tables = targets(&case["target"]);
    let mut meanwhile = scenario::begin(case, &engine, &path, place);
    let outcome = migrate(&engine, &tables, case, &mut meanwhile);
    meanwhile.end(&engine)?;
    let expect = &case["expect"];
    match (expect["outcome"].as_str(), outcome) {
        (Some("ok"), Ok(plan)) => {
            check_strategy(expect, case, &plan)?;
            check_notes(expect, &plan)?;
            let keeps = list(&case["target"]["allow"]).contains(&Json::from("keep_unknown"));
            if !keeps && case["operation"] != "plan" {
                second_is_empty(&engine, &tables, &path)?;
            }
        }
        (Some("error"), Err(error)) => check_error(expect, &error)?,
        (Some("ok"), Err(error)) => return Err(format!("refused: {:?}: {error}", error.kind())),
        (_, _) => return Err("was not refused".to_owned()),
    }
    if expect["database_unchanged"] == Json::Bool(true) && dump(&open(&path)) != before {
        return Err("the database changed".to_owned());
    }
    common(expect, &engine, &path)?;
    if temporary.is_empty() { assertions(expect, &path) } else { scenario::assertions(expect, &engine) }
}

/// The statements for the database, and those for each connection.
fn setup(case: &Json) -> (String, String) {
    let setup = text(&case["setup_sql"]).unwrap_or_default();
    let at = setup.find("CREATE TEMP").unwrap_or(setup.len());
    (setup[..at].to_owned(), setup[at..].to_owned())
}

/// Makes the database one whose last migration led exactly to what it is.
fn manage(path: &Path) {
    let connection = open(path);
    let sql = "SELECT group_concat(sql, char(10) || ';' || char(10)) FROM sqlite_schema WHERE sql IS NOT NULL AND type IN \
               ('table', 'index') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND tbl_name NOT IN (SELECT name FROM \
               pragma_table_list WHERE type IN ('virtual', 'shadow'))";
    let snapshot: Option<String> = connection.query_row(sql, (), |row| row.get(0)).unwrap();
    let there = "SELECT count(*) FROM sqlite_schema WHERE name = '_orm_migrations'";
    if connection.query_row(there, (), |row| row.get::<_, i64>(0)).unwrap() > 0 {
        return;
    }
    connection.execute_batch(&history_table()).unwrap();
    let insert = "INSERT INTO _orm_migrations (name, kind, snapshot, engine_version, applied_at, duration_ms) \
                  VALUES ('auto', 'auto', ?1, '', '', 0)";
    connection.execute(insert, [snapshot]).unwrap();
}

/// The statement that makes the history, as the library writes it.
fn history_table() -> String {
    let engine = Engine::open_in_memory().unwrap();
    let table = TableDef::builder("t").column("a", LogicalType::Text, |c| c).build();
    engine.migrate(&[&table]).unwrap();
    let session = engine.session().unwrap();
    session.raw("SELECT sql FROM sqlite_schema WHERE name = '_orm_migrations'", ()).one::<String>().unwrap()
}

/// A function that the application registers and schemas use.
pub(crate) fn application_functions(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("app_even", 1, flags, |call| Ok(call.get::<i64>(0)? % 2 == 0))
}

pub(crate) fn targets(json: &Json) -> Vec<TableDef> {
    let json = json.get("then").unwrap_or(json);
    let tables = if json.is_array() { list(json) } else { vec![json.clone()] };
    tables.iter().filter(|it| it.get("columns").is_some()).map(table).collect()
}

/// What the case asks for, with its consent.
pub(crate) fn migration(engine: &Engine, tables: &[TableDef], case: &Json) -> Migration {
    let (target, tables): (_, Vec<&TableDef>) = (&case["target"], tables.iter().collect());
    let targets = if target.is_array() { list(target) } else { vec![target.clone()] };
    let mut migration = targets.iter().fold(engine.migration(&tables), consenting);
    for step in list(&target["migrations"]) {
        let (version, name) = (step["version"].as_i64().unwrap(), text(&step["name"]).unwrap());
        migration = match text(&step["sql"]) {
            Some(sql) => migration.sql_step(version, &name, &sql),
            None => migration.rust_step(version, &name, &text(&step["checksum"]).unwrap(), |_| Ok(())),
        };
    }
    migration
}

fn migrate(
    engine: &Engine,
    tables: &[TableDef],
    case: &Json,
    meanwhile: &mut Meanwhile,
) -> Result<Plan, Error> {
    let plan = meanwhile.watched(migration(engine, tables, case)).plan()?;
    if case["operation"] != "plan" {
        meanwhile.planned();
        plan.apply()?;
    }
    Ok(plan)
}

fn consenting(mut migration: Migration, target: &Json) -> Migration {
    let table = text(&target["table"]).unwrap_or_default();
    for column in list(&target["allow_drop"]) {
        migration = migration.allow_drop_column(&table, column.as_str().unwrap());
    }
    for allowed in list(&target["allow"]).iter().filter_map(text) {
        let (what, which) = allowed.split_once(':').unwrap_or((&allowed, ""));
        migration = match what {
            "drop_table" => migration.allow_drop_table(which),
            "drop_index" => migration.allow_drop_index(which),
            "drop_check" => migration.allow_drop_check(&table, which),
            "lossy" => migration.allow_lossy(&table, which),
            "pk_change" => migration.allow_primary_key_change(&table),
            "keep_unknown" => migration.keep_unknown_columns(),
            other => panic!("unknown consent {other}"),
        };
    }
    migration
}

fn check_strategy(expect: &Json, case: &Json, plan: &Plan) -> Result<(), String> {
    if case["operation"] == "plan" {
        return Ok(());
    }
    let strategies: Vec<Strategy> = plan.steps().iter().map(|step| step.strategy).collect();
    let strategy = if strategies.is_empty() {
        "none"
    } else if strategies.contains(&Strategy::Rebuild) {
        "rebuild"
    } else if strategies.contains(&Strategy::InPlace) {
        "in_place"
    } else {
        "create"
    };
    match expect["strategy"].as_str() {
        None | Some("any") => Ok(()),
        Some(wanted) if wanted == strategy => Ok(()),
        Some(wanted) => Err(format!("strategy {strategy}, expected {wanted}")),
    }
}

fn check_notes(expect: &Json, plan: &Plan) -> Result<(), String> {
    let notes = plan.notes().join("\n").replace('`', "");
    match list(&expect["warnings"]).iter().filter_map(text).find(|it| !notes.contains(it)) {
        Some(missing) => Err(format!("no note says {missing:?} in {notes:?}")),
        None => Ok(()),
    }
}

fn check_error(expect: &Json, error: &Error) -> Result<(), String> {
    let (kind, message) = (format!("{:?}", error.kind()), error.to_string().replace('`', ""));
    if expect["error_kind"].as_str() != Some(&kind) {
        return Err(format!("error {kind}: {message}"));
    }
    match list(&expect["error_mentions"]).iter().filter_map(text).find(|it| !message.contains(it)) {
        Some(missing) => Err(format!("the error does not mention {missing:?}: {message}")),
        None => Ok(()),
    }
}

pub(crate) fn second_is_empty(engine: &Engine, tables: &[TableDef], path: &Path) -> Result<(), String> {
    let observer = open(path);
    let version = |observer| rows(observer, "PRAGMA data_version");
    let before = version(&observer)?;
    let tables: Vec<&TableDef> = tables.iter().collect();
    let plan = engine.migration(&tables).plan().map_err(|error| format!("second plan: {error}"))?;
    if !plan.is_empty() {
        return Err(format!("the second plan is not empty:\n{plan}"));
    }
    engine.migrate(&tables).map_err(|error| format!("second migration: {error}"))?;
    engine.verify(&tables).map_err(|error| format!("verify: {error}"))?;
    if version(&observer)? != before {
        return Err("the second migration wrote".to_owned());
    }
    Ok(())
}

/// What holds after every migration.
pub(crate) fn common(expect: &Json, engine: &Engine, path: &Path) -> Result<(), String> {
    let skipped = list(&expect["not_common"]);
    let skip = |name: &str| skipped.iter().any(|it| it == name);
    let connection = open(path);
    let questions = [
        ("integrity", "PRAGMA integrity_check", r#"[["ok"]]"#),
        ("fk", "PRAGMA foreign_key_check", "[]"),
        ("tmp", "SELECT name FROM sqlite_schema WHERE name LIKE '\\_orm\\_new\\_%' ESCAPE '\\'", "[]"),
    ];
    for (name, sql, wanted) in questions {
        if skip(name) {
            continue;
        }
        let found = rows(&connection, sql)?.to_string();
        if found != wanted {
            return Err(format!("{sql}: {found}"));
        }
    }
    let session = engine.session().map_err(|error| error.to_string())?;
    for (sql, wanted) in [("PRAGMA foreign_keys", 1), ("PRAGMA legacy_alter_table", 0)] {
        let found = session.raw(sql, ()).one::<i64>().map_err(|error| error.to_string())?;
        if found != wanted {
            return Err(format!("{sql} is {found}"));
        }
    }
    Ok(())
}

pub(crate) fn assertions(expect: &Json, path: &Path) -> Result<(), String> {
    for assertion in list(&expect["sql_assertions"]) {
        let connection = open(path);
        connection.execute_batch("SAVEPOINT assertion").unwrap();
        let done = list(&assertion["exec"])
            .iter()
            .filter_map(text)
            .try_for_each(|sql| connection.execute_batch(&sql))
            .map_err(|error| format!("{assertion}: {error}"));
        let sql = text(&assertion["sql"]).unwrap();
        let found = done.and_then(|()| match assertion.get("expect_error") {
            Some(_) => connection.execute_batch(&sql).map(|()| Json::Null).map_err(|error| error.to_string()),
            None => rows(&connection, &sql),
        });
        connection.execute_batch("ROLLBACK TO assertion").unwrap();
        let fits = match (&found, assertion.get("expect_error")) {
            (Err(error), Some(wanted)) => error.contains(wanted.as_str().unwrap()),
            (Ok(found), None) => *found == assertion["expect_rows"],
            (_, _) => false,
        };
        if !fits {
            return Err(format!("{assertion}: found {found:?}"));
        }
    }
    Ok(())
}
