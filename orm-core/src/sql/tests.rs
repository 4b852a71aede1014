use std::borrow::Cow;

use super::{Arithmetic, Assignment, Chosen, Comparison, Delete, Expr, Limited, Order, Update};
use super::{Conflict, ConflictAction, ConflictTarget, Insert, Inserted};
use crate::dialect::Sqlite;
use crate::error::ErrorKind;
use crate::schema::{IndexColumn, IndexTarget};
use crate::value::Value;

fn rows(limited: Option<Limited<'_>>) -> Chosen<'_> {
    let filter = Expr::column("age", false).compare(Comparison::Lt, Expr::value(Value::Integer(18)));
    Chosen { table: "users".into(), filter: Some(Cow::Owned(filter)), limited }
}

fn two_oldest(key: &[&'static str]) -> Limited<'static> {
    let order = Order { expr: Expr::column("age", false), descending: true, nulls: None };
    let key: Vec<_> = key.iter().map(|&name| name.into()).collect();
    Limited { key: key.into(), order_by: vec![order].into(), limit: Some(Value::Integer(2)), offset: None }
}

#[test]
fn an_update_names_its_schema_and_numbers_its_values_in_order() {
    let older = Expr::column("age", false).arithmetic(Arithmetic::Add, Expr::value(Value::Integer(1)));
    let update =
        Update { assignments: vec![Assignment { column: "age".into(), value: older }], rows: rows(None) };
    let rendered = update.render(&Sqlite).unwrap();
    assert_eq!(rendered.sql, r#"UPDATE "main"."users" SET "age" = "age" + ?1 WHERE "age" < ?2"#);
    assert_eq!(rendered.params, [Value::Integer(1), Value::Integer(18)]);
}

#[test]
fn a_limited_write_chooses_its_rows_by_key() {
    let delete = Delete { rows: rows(Some(two_oldest(&["a", "b"]))) };
    assert_eq!(
        delete.render(&Sqlite).unwrap().sql,
        "DELETE FROM \"main\".\"users\" WHERE (\"a\", \"b\") IN (SELECT \"a\", \"b\" FROM \"main\".\"users\" \
         WHERE \"age\" < ?1 ORDER BY \"age\" DESC LIMIT ?2)",
    );
    let keyless = Delete { rows: rows(Some(two_oldest(&[]))) };
    assert_eq!(keyless.render(&Sqlite).unwrap_err().kind(), ErrorKind::InvalidQuery);
}

#[test]
fn a_unique_index_of_an_expression_is_a_target_with_its_condition() {
    let lower = IndexTarget::Expression("lower(name)".into());
    let target = ConflictTarget {
        terms: vec![
            IndexColumn { target: lower, descending: true, collation: None },
            IndexColumn::column("age"),
        ],
        predicate: Some("age > 1".into()),
    };
    let older = Expr::column("age", false).arithmetic(Arithmetic::Add, Expr::value(Value::Integer(1)));
    let assignments = [
        Assignment { column: "age".into(), value: older },
        Assignment { column: "name".into(), value: Expr::excluded("name", true) },
    ];
    let filter = Expr::column("name", true).compare(Comparison::Ne, Expr::excluded("name", true));
    let action = ConflictAction::Update { assignments: &assignments, filter: Some(&filter) };
    let insert = Insert {
        table: "users".into(),
        columns: vec!["name".into(), "age".into()],
        rows: Inserted::Row,
        conflict: Some(Conflict { target: Some(&target), action }),
        returning: vec!["id".into()],
    };
    let rendered = insert.render(&Sqlite).unwrap();
    assert_eq!(
        rendered.sql,
        "INSERT INTO \"main\".\"users\" (\"name\", \"age\") VALUES (?1, ?2) ON CONFLICT ((lower(name)), \"age\") WHERE \
         age > 1 DO UPDATE SET \"age\" = \"users\".\"age\" + ?3, \"name\" = \"excluded\".\"name\" WHERE \
         \"users\".\"name\" IS NOT \"excluded\".\"name\" RETURNING \"id\"",
    );
    assert_eq!(rendered.params, [Value::Integer(1)]);
}
