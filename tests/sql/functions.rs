//! Every function beside its SQL, and what SQLite answers.

use orm_core::{Aggregate, Expr, Field, Value, func};
use rusqlite::types::FromSql;

use crate::support::{TABLE, User, assert_sql, bind, database, sqlite};

/// The value over two users: Ann (score 3, ratio 2.25) and one without name and score (ratio -0.75).
fn over_users<T: Field, V: FromSql>(expr: &(impl Clone + Into<Expr<User, T>>)) -> V {
    let database = database(&format!(
        "{TABLE}; INSERT INTO users VALUES (1, ' Ann ', 'ann', 30, 3, NULL, 2.25, 1, NULL),
         (2, NULL, 'bob', 40, NULL, NULL, -0.75, 0, NULL)"
    ));
    let (sql, params) = sqlite(expr);
    database
        .query_row(&format!("SELECT {sql} FROM users ORDER BY id"), bind(&params), |row| row.get(0))
        .unwrap()
}

#[test]
fn aggregates_are_typed() {
    assert_sql(&func::count::<User>(), "count(*)", "count(*)", &[]);
    assert_sql(&func::count_of(User::NAME), r#"count("name")"#, r#"count("name")"#, &[]);
    assert_sql(&func::count_distinct(User::AGE), r#"count(DISTINCT "age")"#, r#"count(DISTINCT "age")"#, &[]);
    let sum: Aggregate<User, i64> = func::sum(User::SCORE);
    assert_sql(&sum, r#"coalesce(sum("score"), ?1)"#, r#"coalesce(sum("score"), $1)"#, &[Value::Integer(0)]);
    let sum: Aggregate<User, f64> = func::sum(User::RATIO * 2.0);
    assert_eq!(sqlite(&sum), (r#"coalesce(sum("ratio" * ?1), ?2)"#.into(), vec![2.0.into(), 0.0.into()]));
    let max: Aggregate<User, Option<i64>> = func::max(User::SCORE);
    assert_eq!(sqlite(&max).0, r#"max("score")"#);

    assert_eq!(over_users::<_, i64>(&func::count()), 2);
    assert_eq!(over_users::<_, i64>(&func::count_of(User::NAME)), 1);
    assert_eq!(over_users::<_, i64>(&func::sum(User::SCORE)), 3);
    assert_eq!(over_users::<_, f64>(&func::sum(User::RATIO)), 1.5);
    assert_eq!(over_users::<_, Option<f64>>(&func::avg(User::AGE)), Some(35.0));
    assert_eq!(over_users::<_, Option<i64>>(&func::min(User::AGE)), Some(30));
}

#[test]
fn functions_of_text_and_numbers_are_typed() {
    let lower: Expr<User, Option<String>> = func::lower(User::NAME);
    assert_eq!(sqlite(&lower.eq("ann")).0, r#"lower("name") = ?1"#);
    let length: Expr<User, Option<i64>> = func::length(User::NAME);
    assert_eq!(sqlite(&length.ne(3)).0, r#"length("name") IS NOT ?1"#);
    let coalesced: Expr<User, String> = func::coalesce(User::NAME, "?");
    assert_eq!(sqlite(&coalesced.ne("x")).0, r#"coalesce("name", ?1) <> ?2"#);

    assert_eq!(over_users::<_, String>(&func::trim(func::upper(User::NAME))), "ANN");
    assert_eq!(over_users::<_, i64>(&func::instr(User::EMAIL, "n")), 2);
    assert_eq!(over_users::<_, String>(&func::substr(User::EMAIL, 2, 1)), "n");
    assert_eq!(over_users::<_, String>(&func::replace(User::EMAIL, "n", "m")), "amm");
    assert_eq!(over_users::<_, f64>(&func::round(User::RATIO, 1)), 2.3);
    assert_eq!(over_users::<_, f64>(&func::abs(-User::RATIO)), 2.25);
    assert_eq!(over_users::<_, Option<i64>>(&func::nullif(User::AGE, 30)), None);
    assert_eq!(over_users::<_, i64>(&func::ifnull(User::RANK, User::SCORE)), 3);
    assert_eq!(sqlite(&func::random::<User>()).0, "random()");
}

#[test]
fn functions_of_dates_are_typed() {
    assert_eq!(over_users::<_, Option<String>>(&func::date(User::EMAIL)), None);
    let month: Expr<User, Option<String>> = func::strftime("%Y-%m", func::datetime(User::NAME));
    assert_eq!(sqlite(&month), (r#"strftime(?1, datetime("name"))"#.into(), vec!["%Y-%m".into()]));
}
