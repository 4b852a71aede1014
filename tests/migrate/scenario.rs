//! What else happens while a case runs.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use orm_core::migrate::Migration;
use orm_core::rusqlite::Connection;
use orm_core::{Engine, EngineBuilder, Error, Transaction};
use serde_json::Value as Json;

use crate::case::application_functions;
use crate::definition::{list, text};
use crate::process::{Other, Place};

fn operation(case: &Json) -> String {
    text(&case["operation"]).unwrap_or_default()
}

/// The engine as the case wants it; `temporary` is run on each of its connections.
pub(crate) fn engine(case: &Json, temporary: &str) -> EngineBuilder {
    let few_pages = case["scenario"].get("max_page_count").is_some();
    let checks_ignored = operation(case).starts_with("PRAGMA ignore_check_constraints=ON");
    let temporary = temporary.to_owned();
    let builder = Engine::builder().on_connect(move |connection: &Connection| {
        application_functions(connection)?;
        connection.pragma_update(None, "ignore_check_constraints", checks_ignored)?;
        if few_pages {
            let pages: i64 = connection.query_row("PRAGMA page_count", (), |row| row.get(0))?;
            connection.execute_batch(&format!("PRAGMA max_page_count = {}", pages.max(1) + 20))?;
        }
        // a private database in memory has no table for a temporary trigger
        let has_tables =
            connection.query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get::<_, i64>(0))?;
        if has_tables > 0 { connection.execute_batch(&temporary) } else { Ok(()) }
    });
    let builder = if temporary_is_asked(case) { builder.max_connections(1) } else { builder };
    match operation(case) {
        it if it.starts_with("open READONLY") => builder.read_only(true),
        it if it.starts_with("conn2: BEGIN IMMEDIATE") => builder.busy_timeout(Duration::from_millis(100)),
        _ => builder,
    }
}

fn temporary_is_asked(case: &Json) -> bool {
    text(&case["setup_sql"]).is_some_and(|setup| setup.contains("CREATE TEMP"))
}

/// Whether the case is about two connections.
pub(crate) fn has_second_connection(case: &Json) -> bool {
    operation(case).contains("conn2")
}

/// What begins before the migration.
pub(crate) fn begin(case: &Json, engine: &Engine, path: &Path, place: Place) -> Meanwhile {
    let operation = operation(case);
    if operation.starts_with("BEGIN; migrate") {
        let session = engine.session().unwrap();
        let turn = Box::leak(Box::new(session));
        return Meanwhile::Transaction { _open: turn.begin().unwrap() };
    }
    if operation.starts_with("PRAGMA ignore_check_constraints=ON") {
        return Meanwhile::ChecksIgnored;
    }
    if !has_second_connection(case) {
        return Meanwhile::Nothing;
    }
    let mut other = Other::open(place, path);
    if operation.starts_with("conn2: BEGIN IMMEDIATE") {
        other.ask("BEGIN IMMEDIATE").unwrap();
        Meanwhile::Writer { _holds_the_lock: other }
    } else if operation.contains("conn2 BEGIN; SELECT") {
        other.ask("BEGIN").unwrap();
        assert_eq!(width(&mut other), 2);
        Meanwhile::Reader(other)
    } else {
        assert!(operation.contains("conn2 commits a write"), "{operation}");
        Meanwhile::Writes(Arc::new(Mutex::new(other)))
    }
}

/// How many columns the second connection sees.
fn width(other: &mut Other) -> usize {
    other.ask("SELECT * FROM t").unwrap()[0].as_array().unwrap().len()
}

/// What else goes on.
pub(crate) enum Meanwhile {
    Nothing,
    Transaction {
        _open: Transaction<'static>,
    },
    ChecksIgnored,
    Writer {
        _holds_the_lock: Other,
    },
    /// It has a snapshot of the database as it was.
    Reader(Other),
    /// It commits after the plan was made, and tries to while it is made again.
    Writes(Arc<Mutex<Other>>),
}

const WRITE: &str = "UPDATE t SET a = a";

impl Meanwhile {
    /// From the authoritative look at the schema on, nobody else writes.
    pub(crate) fn watched(&self, migration: Migration) -> Migration {
        let Self::Writes(other) = self else { return migration };
        let other = Arc::clone(other);
        other.lock().unwrap().ask("PRAGMA busy_timeout = 0").unwrap();
        migration.on_progress(move |_| {
            let refused = other.lock().unwrap().ask(WRITE).unwrap_err();
            assert!(refused.contains("locked"), "{refused}");
            ControlFlow::Continue(())
        })
    }

    /// Between the plan and its application.
    pub(crate) fn planned(&self) {
        if let Self::Writes(other) = self {
            other.lock().unwrap().ask(WRITE).unwrap();
        }
    }

    /// What is to be seen after the migration.
    pub(crate) fn end(self, engine: &Engine) -> Result<(), String> {
        match self {
            Self::Nothing | Self::Transaction { .. } | Self::Writer { .. } => {}
            Self::ChecksIgnored => {
                let ignored = engine
                    .session()
                    .and_then(|session| session.raw("PRAGMA ignore_check_constraints", ()).one::<i64>());
                if !matches!(ignored, Ok(1)) {
                    return Err(format!("the setting was not put back: {ignored:?}"));
                }
            }
            Self::Reader(mut other) => {
                let inside = width(&mut other);
                other.ask("COMMIT").unwrap();
                let after = width(&mut other);
                if (inside, after) != (2, 3) {
                    return Err(format!("the reader saw {inside} columns, then {after}"));
                }
            }
            Self::Writes(other) => {
                other.lock().unwrap().ask(WRITE)?;
            }
        }
        Ok(())
    }
}

/// Assertions about temporary objects, which only the engine's one connection has: single numbers.
pub(crate) fn assertions(expect: &Json, engine: &Engine) -> Result<(), String> {
    for assertion in list(&expect["sql_assertions"]) {
        let outcome = engine.transaction(|tx| {
            list(&assertion["exec"]).iter().filter_map(text).try_for_each(|sql| tx.execute_batch(&sql))?;
            let sql = text(&assertion["sql"]).unwrap();
            let fits = match assertion["expect_rows"][0].as_array().unwrap().as_slice() {
                [one] => one.as_i64() == Some(tx.raw(&sql, ()).one::<i64>()?),
                [text, null] => {
                    let (a, b) = tx.raw(&sql, ()).one::<(String, Option<String>)>()?;
                    text.as_str() == Some(a.as_str()) && b.is_none() && null.is_null()
                }
                _ => false,
            };
            Err::<(), Error>(Error::other(if fits { "as expected" } else { "otherwise" }))
        });
        match outcome.unwrap_err().to_string().as_str() {
            "as expected" => {}
            other => return Err(format!("{assertion}: {other}")),
        }
    }
    Ok(())
}
