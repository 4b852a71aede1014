//! On one connection, for what the engine's pool does not let through: temporary objects and odd settings.

use super::evidence::Evidence;
use super::settings::{Settings, insist};
use super::{Applied, apply, arrived};
use crate::driver::{Access, Config, Connection, Location};
use crate::error::{ErrorKind, Result};
use crate::migrate::consent::Consent;
use crate::migrate::introspect::introspect;
use crate::migrate::plan::{Draft, Planner};
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
    let pragmas = ["foreign_keys", "legacy_alter_table", "ignore_check_constraints"];
    let switches = [Config::DoubleQuotedDdl, Config::DoubleQuotedDml];
    let pragmas = pragmas.map(|name| number(connection, &format!("PRAGMA {name}")));
    let switches = switches.map(|switch| Value::Integer(connection.config(switch).unwrap().into()));
    pragmas.into_iter().chain(switches).collect()
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

/// `t` under another name, and its column `b` too.
fn renamed() -> TableDef {
    TableDef::builder("s")
        .column("a", LogicalType::Text, ColumnBuilder::nullable)
        .column("c", LogicalType::Text, |c| c.nullable().renamed_from("b"))
        .renamed_from("t")
        .strict(false)
        .build()
}

#[test]
fn a_table_that_a_temporary_one_hides_gets_no_new_name() {
    for temporary in ["t", "T", "s"] {
        let connection =
            connection(&format!("CREATE INDEX i ON t (b); CREATE TEMP TABLE {temporary} (a, b);"));
        let (definitions, consent) = ([renamed()], Consent::default());
        let planner = Planner {
            connection: &connection,
            definitions: &definitions,
            consent: &consent,
            memory: &memory,
        };
        let error = apply(&planner, None, None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnsupportedObject);
        assert_eq!(
            error.to_string(),
            format!(
                "table `t`: it cannot be renamed through a connection that has a temporary table `{}`, which SQLite \
                 would take for it; drop that first",
                temporary.to_lowercase()
            )
        );
        connection.execute_batch(&format!("DROP TABLE temp.{temporary}")).unwrap();
        assert_eq!(apply(&planner, None, None).unwrap(), Applied::Changed);
        assert_eq!(number(&connection, "SELECT c FROM s"), Value::from("y"));
    }
}

#[test]
fn every_setting_is_as_before_after_success_and_after_failure() {
    for odd in
        ["", "PRAGMA foreign_keys = ON; PRAGMA legacy_alter_table = ON; PRAGMA ignore_check_constraints = ON"]
    {
        let connection = connection("");
        connection.execute_batch(odd).unwrap();
        connection.set_config(Config::DoubleQuotedDml, odd.is_empty()).unwrap();
        connection.set_config(Config::DoubleQuotedDdl, odd.is_empty()).unwrap();
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

#[test]
fn a_pragma_that_is_silently_ignored_is_noticed() {
    let connection = connection("PRAGMA foreign_keys = ON; BEGIN;");
    assert_eq!(insist(&connection, "foreign_keys", "0").unwrap_err().kind(), ErrorKind::Internal);
}

#[test]
fn text_in_double_quotes_is_an_error_meanwhile_and_not_after() {
    let connection = connection("");
    connection.set_config(Config::DoubleQuotedDdl, true).unwrap();
    connection.set_config(Config::DoubleQuotedDml, true).unwrap();
    let allowed = || {
        let index = connection.execute_batch("CREATE INDEX i ON t (\"nothing\"); DROP INDEX i");
        [connection.query("SELECT \"nothing\"", &[]).is_ok(), index.is_ok()]
    };
    assert_eq!(allowed(), [true, true]);
    let settings = Settings::enter(&connection).unwrap();
    assert_eq!(allowed(), [false, false]);
    drop(settings);
    assert_eq!(allowed(), [true, true]);
}

/// What a plan never does, but a mistake in one could.
#[test]
fn an_object_that_goes_without_a_step_that_says_so_is_missed() {
    for (object, gone) in [
        ("index `i`", "DROP INDEX i"),
        ("trigger `g`", "DROP TRIGGER g"),
        ("view `v`", "DROP VIEW v"),
        ("table `log`", "DROP TABLE log"),
        ("trigger `g`", "DROP TRIGGER g; CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 2; END"),
    ] {
        let connection = connection(
            "CREATE INDEX i ON t (a); CREATE VIEW v AS SELECT a FROM t; \
             CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END;",
        );
        let schema = introspect(&connection).unwrap();
        let before = Evidence::record(&connection, [].into(), &schema, &[]).unwrap();
        before.compare(&connection, &Draft::default()).unwrap();
        connection.execute_batch(gone).unwrap();
        let error = before.compare(&connection, &Draft::default()).unwrap_err();
        assert_eq!(
            (error.kind(), error.to_string()),
            (ErrorKind::Internal, format!("the migration would lose {object}"))
        );
    }
}

/// The same.
#[test]
fn a_migration_that_does_not_arrive_is_not_committed() {
    let connection = connection("");
    let table = TableDef::builder("t").column("a", LogicalType::Text, ColumnBuilder::nullable).build();
    let (consent, definitions) = (Consent::default(), [table]);
    let planner =
        Planner { connection: &connection, definitions: &definitions, consent: &consent, memory: &memory };
    assert_eq!(arrived(&planner).unwrap_err().kind(), ErrorKind::Internal);
    let mut consent = Consent::default();
    consent.allow_drop_column("t", "b");
    let planner = Planner { consent: &consent, ..planner };
    assert_eq!(arrived(&planner).unwrap_err().kind(), ErrorKind::Internal);
    drop_b(&connection, None).unwrap();
    arrived(&planner).unwrap();
}
