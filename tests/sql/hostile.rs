//! Names and values that try to leave their quotes.

use orm_core::dialect::{Dialect, Sqlite};
use orm_core::{ErrorKind, Value};
use proptest::prelude::*;
use rusqlite::types::Value as Sql;

use crate::support::database;

fn literal(value: &Value) -> String {
    let mut sql = String::new();
    Sqlite.literal(&mut sql, value.as_ref()).unwrap();
    sql
}

/// What SQLite makes of a literal, and of the same as a DEFAULT.
fn read_back(value: &Value) -> Value {
    let found: Sql =
        database("").query_row(&format!("SELECT {}", literal(value)), [], |row| row.get(0)).unwrap();
    match found {
        Sql::Null => Value::Null,
        Sql::Integer(integer) => Value::Integer(integer),
        Sql::Real(real) => Value::Real(real),
        Sql::Text(text) => Value::Text(text),
        Sql::Blob(bytes) => Value::Blob(bytes),
    }
}

#[test]
fn an_identifier_with_nul_is_refused() {
    let error = Sqlite.quote(&mut String::new(), "users\0 where").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidQuery);
}

#[test]
fn extreme_literals_mean_themselves() {
    for value in [
        Value::Null,
        Value::Integer(i64::MIN),
        Value::Integer(i64::MAX),
        Value::Integer(-1),
        Value::Real(f64::INFINITY),
        Value::Real(f64::NEG_INFINITY),
        Value::Real(f64::MIN_POSITIVE),
        Value::Real(5e-324),
        Value::Real(f64::MAX),
        Value::Real(1e22),
        Value::from(""),
        Value::from("it's\0 -- '; DROP TABLE x; \""),
        Value::Blob(Vec::new()),
        Value::Blob(vec![0, 255, b'\'']),
    ] {
        assert_eq!(read_back(&value), value, "{}", literal(&value));
    }
    assert_eq!(
        Sqlite.literal(&mut String::new(), Value::Real(f64::NAN).as_ref()).unwrap_err().kind(),
        ErrorKind::Conversion
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_name_without_nul_survives_its_quotes(name in "[^\0]{1,12}|[\"'`\\[\\];a\u{10FFFF} -]{1,12}") {
        prop_assume!(!name.to_ascii_lowercase().starts_with("sqlite_"));
        let database = database("");
        let (mut table, mut column) = (String::new(), String::new());
        Sqlite.quote_table(&mut table, &name).unwrap();
        Sqlite.quote(&mut column, &name).unwrap();
        database.execute_batch(&format!("CREATE TABLE {table} ({column} TEXT)")).unwrap();
        database.execute(&format!("INSERT INTO {table} ({column}) VALUES ('x')"), []).unwrap();
        let found: String =
            database.query_row(&format!("SELECT {column} FROM {table} WHERE {column} = 'x'"), [], |row| row.get(0)).unwrap();
        prop_assert_eq!(found, "x");
        let stored: String =
            database.query_row("SELECT name FROM sqlite_schema", [], |row| row.get(0)).unwrap();
        prop_assert_eq!(stored, name);
    }

    #[test]
    fn any_text_survives_as_a_literal(text in any::<String>()) {
        let value = Value::from(text);
        prop_assert_eq!(read_back(&value), value);
    }

    #[test]
    fn any_number_survives_as_a_literal(bits in any::<u64>(), integer in any::<i64>()) {
        let real = f64::from_bits(bits);
        prop_assume!(!real.is_nan());
        let Value::Real(found) = read_back(&Value::Real(real)) else { panic!("not a real number") };
        prop_assert_eq!(found.to_bits(), real.to_bits(), "{}", literal(&Value::Real(real)));
        prop_assert_eq!(read_back(&Value::Integer(integer)), Value::Integer(integer));
    }
}
