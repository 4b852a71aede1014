//! What else happens while a case runs.

use std::path::Path;
use std::time::Duration;

use orm_core::rusqlite::Connection;
use orm_core::{Engine, EngineBuilder, Error};
use serde_json::Value as Json;

use crate::case::application_functions;
use crate::definition::{list, text};
use crate::inspect::open;

fn operation(case: &Json) -> String {
    text(&case["operation"]).unwrap_or_default()
}

/// The engine as the case wants it; `temporary` is run on each of its connections.
pub(crate) fn engine(case: &Json, temporary: &str) -> EngineBuilder {
    let few_pages = case["scenario"].get("max_page_count").is_some();
    let temporary = temporary.to_owned();
    let builder = Engine::builder().on_connect(move |connection: &Connection| {
        application_functions(connection)?;
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

/// What goes on until this is dropped.
pub(crate) fn begin(case: &Json, engine: &Engine, path: &Path) -> Meanwhile {
    let operation = operation(case);
    if operation.starts_with("BEGIN; migrate") {
        let session = engine.session().unwrap();
        let turn = Box::leak(Box::new(session));
        let transaction = turn.begin().unwrap();
        return Meanwhile { _other: None, _transaction: Some(transaction) };
    }
    let other = operation.starts_with("conn2: BEGIN IMMEDIATE").then(|| {
        let other = open(path);
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        other
    });
    Meanwhile { _other: other, _transaction: None }
}

pub(crate) struct Meanwhile {
    _other: Option<Connection>,
    _transaction: Option<orm_core::Transaction<'static>>,
}

/// Assertions about temporary objects, which only the engine's one connection has: single numbers.
pub(crate) fn assertions(expect: &Json, engine: &Engine) -> Result<(), String> {
    for assertion in list(&expect["sql_assertions"]) {
        let outcome = engine.transaction(|tx| {
            list(&assertion["exec"]).iter().filter_map(text).try_for_each(|sql| tx.execute_batch(&sql))?;
            let sql = text(&assertion["sql"]).unwrap();
            let fits = match assertion["expect_rows"][0].as_array().unwrap().as_slice() {
                [one] => Json::from(tx.raw(&sql, ()).one::<i64>()?) == *one,
                [text, null] => {
                    let (a, b) = tx.raw(&sql, ()).one::<(String, Option<String>)>()?;
                    Json::from(a) == *text && b.is_none() && null.is_null()
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
