//! On one connection, for what the engine's pool does not let through: temporary objects and odd settings.

use super::{Applied, apply, settings::Settings};
use crate::driver::{Access, Connection, Location};
use crate::error::{ErrorKind, Result};
use crate::migrate::consent::Consent;
use crate::migrate::plan::Planner;
use crate::schema::{ColumnBuilder, TableDef};
use crate::value::{LogicalType, Value};

const SETUP: &str =
    "CREATE TABLE t (a TEXT, b TEXT UNIQUE); INSERT INTO t VALUES ('x', 'y'); CREATE TABLE log (x);";

fn connection(setup: &str) -> Connection {
    let connection = memory().unwrap();
    connection.execute_batch(&format!("{SETUP}{setup}")).unwrap();
    connection
}

fn memory() -> Result<Connection> {
    Connection::open(&Location::PrivateMemory, Access::ReadWrite)
}

/// `t` without its column `b`.
fn drop_b(connection: &Connection, check: Option<&'static str>) -> Result<Applied> {
    let mut table =
        TableDef::builder("t").column("a", LogicalType::Text, ColumnBuilder::nullable).strict(false);
    if let Some(check) = check {
        table = table.check(None, check);
    }
    let mut consent = Consent::default();
    consent.allow_drop_column("t", "b");
    let definitions = [table.build()];
    apply(&Planner { connection, definitions: &definitions, consent: &consent, memory: &memory }, None, None)
}

fn number(connection: &Connection, sql: &str) -> Value {
    connection.query(sql, &[]).unwrap().remove(0).remove(0)
}

fn settings(connection: &Connection) -> Vec<Value> {
    ["foreign_keys", "legacy_alter_table", "ignore_check_constraints"]
        .map(|name| number(connection, &format!("PRAGMA {name}")))
        .to_vec()
}

#[test]
fn a_temporary_trigger_outlives_the_rebuild_and_fires() {
    let connection =
        connection("CREATE TEMP TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.a); END;");
    let text = "SELECT sql FROM sqlite_temp_schema WHERE name = 'g'";
    let before = number(&connection, text);
    assert_eq!(drop_b(&connection, None).unwrap(), Applied::Changed);
    assert_eq!(number(&connection, text), before);
    connection.execute_batch("INSERT INTO t VALUES ('z')").unwrap();
    assert_eq!(number(&connection, "SELECT x FROM log"), Value::from("z"));
}

#[test]
fn a_temporary_table_of_the_same_name_is_left_alone() {
    let connection = connection(
        "CREATE INDEX i ON t (a); CREATE TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.a); END; \
         CREATE TEMP TABLE t (z);",
    );
    assert_eq!(drop_b(&connection, None).unwrap(), Applied::Changed);
    assert_eq!(number(&connection, "SELECT name FROM pragma_table_info('t', 'temp')"), Value::from("z"));
    assert_eq!(number(&connection, "SELECT count(*) FROM pragma_table_info('t', 'main')"), Value::Integer(1));
    connection.execute_batch("INSERT INTO main.t VALUES ('z')").unwrap();
    assert_eq!(number(&connection, "SELECT x FROM log"), Value::from("z"));
    assert_eq!(
        number(&connection, "SELECT sql FROM main.sqlite_schema WHERE name = 'i'"),
        Value::from("CREATE INDEX i ON t (a)")
    );
}

#[test]
fn every_setting_is_as_before_after_success_and_after_failure() {
    for odd in
        ["", "PRAGMA foreign_keys = ON; PRAGMA legacy_alter_table = ON; PRAGMA ignore_check_constraints = ON"]
    {
        let connection = connection("");
        connection.execute_batch(odd).unwrap();
        let before = settings(&connection);
        let error = drop_b(&connection, Some("a <> 'x'")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConstraintViolatedByData);
        assert_eq!((settings(&connection), connection.is_autocommit()), (before.clone(), true));
        assert_eq!(number(&connection, "SELECT b FROM t"), Value::from("y"));
        drop_b(&connection, None).unwrap();
        assert_eq!(settings(&connection), before);
    }
}

#[test]
fn every_setting_is_as_before_after_a_panic() {
    let connection = connection("PRAGMA foreign_keys = ON;");
    let before = settings(&connection);
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _settings = Settings::enter(&connection).unwrap();
        connection.execute_batch("BEGIN IMMEDIATE; PRAGMA legacy_alter_table = ON; DROP TABLE t").unwrap();
        panic!("in the middle");
    }));
    assert!(panicked.is_err());
    assert_eq!((settings(&connection), connection.is_autocommit()), (before, true));
    assert_eq!(number(&connection, "SELECT a FROM t"), Value::from("x"));
}

#[test]
fn a_check_is_asked_though_the_connection_ignores_checks() {
    let connection = connection("PRAGMA ignore_check_constraints = ON;");
    let kind = drop_b(&connection, Some("length(a) > 5")).unwrap_err().kind();
    assert_eq!(kind, ErrorKind::ConstraintViolatedByData);
}

#[test]
fn inside_a_transaction_nothing_starts() {
    let connection = connection("BEGIN;");
    assert_eq!(drop_b(&connection, None).unwrap_err().kind(), ErrorKind::InTransaction);
    assert!(!connection.is_autocommit(), "the caller's transaction goes on");
}

#[test]
fn while_an_iterator_stands_on_a_row_nothing_starts() {
    let connection = connection("PRAGMA foreign_keys = ON;");
    let mut cursor = connection.statement("SELECT a FROM t").unwrap().into_cursor(Vec::new()).unwrap();
    assert!(cursor.next().unwrap().is_some());
    assert_eq!(drop_b(&connection, None).unwrap_err().kind(), ErrorKind::StatementInProgress);
    assert_eq!(number(&connection, "PRAGMA foreign_keys"), Value::Integer(1));
    drop(cursor);
    assert_eq!(drop_b(&connection, None).unwrap(), Applied::Changed);
}

#[test]
fn the_second_time_there_is_nothing_to_do() {
    let connection = connection("");
    assert_eq!(drop_b(&connection, None).unwrap(), Applied::Changed);
    assert_eq!(drop_b(&connection, None).unwrap(), Applied::NothingToDo);
    assert!(connection.is_autocommit());
}
