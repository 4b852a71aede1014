//! Whole queries beside their SQL.

use orm_core::{Engine, Model, Query, Session, Shape, func};

use crate::postgres::Postgres;

#[derive(Debug, Model)]
#[orm(table = "users")]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
    name: Option<String>,
    age: u8,
}

fn session() -> Session {
    Engine::open_in_memory().unwrap().session().unwrap()
}

#[track_caller]
fn assert_select<S: Shape>(query: &Query<'_, User, S>, in_sqlite: &str, in_postgres: &str) {
    assert_eq!(query.to_sql().sql, in_sqlite);
    assert_eq!(query.to_sql_in(&Postgres).unwrap().sql, in_postgres);
}

#[test]
fn a_query_names_its_schema_and_every_column() {
    let session = session();
    assert_select(
        &session.find::<User>(),
        r#"SELECT "id", "name", "age" FROM "main"."users""#,
        r#"SELECT "id", "name", "age" FROM "public"."users""#,
    );
}

#[test]
fn filters_are_joined_and_orders_added() {
    let session = session();
    let query = session
        .find::<User>()
        .filter(User::AGE.ge(18))
        .filter(User::NAME.eq("Ann").or(User::NAME.is_null()))
        .order_by([User::NAME.asc().nulls_last(), User::AGE.desc()])
        .order_by(User::ID.asc())
        .limit(10)
        .offset(20);
    assert_select(
        &query,
        "SELECT \"id\", \"name\", \"age\" FROM \"main\".\"users\" WHERE \"age\" >= ?1 AND (\"name\" = ?2 OR \
         \"name\" IS NULL) ORDER BY \"name\" NULLS LAST, \"age\" DESC, \"id\" LIMIT ?3 OFFSET ?4",
        "SELECT \"id\", \"name\", \"age\" FROM \"public\".\"users\" WHERE \"age\" >= $1 AND (\"name\" = $2 OR \
         \"name\" IS NULL) ORDER BY \"name\" NULLS LAST, \"age\" DESC, \"id\" LIMIT $3 OFFSET $4",
    );
    assert_eq!(query.to_sql().params, [18.into(), "Ann".into(), 10.into(), 20.into()]);
}

#[test]
fn an_order_can_be_one_an_array_a_vector_or_a_tuple() {
    let session = session();
    let find = || session.find::<User>().select(User::ID);
    let expected = r#"SELECT "id" FROM "main"."users" ORDER BY "age" DESC"#;
    assert_eq!(find().order_by(User::AGE.desc()).to_sql().sql, expected);
    assert_eq!(find().order_by([User::AGE.desc()]).to_sql().sql, expected);
    assert_eq!(find().order_by(vec![User::AGE.desc()]).to_sql().sql, expected);
    let both = find().order_by((User::AGE.desc(), User::NAME.asc())).to_sql().sql;
    assert_eq!(both, format!(r#"{expected}, "name""#));
}

#[test]
fn groups_are_selected_with_their_aggregates() {
    let session = session();
    let query = session.find::<User>().group_by(User::AGE).having(func::count().gt(1)).select((
        User::AGE,
        func::count(),
        func::max(User::NAME),
    ));
    assert_select(
        &query,
        r#"SELECT "age", count(*), max("name") FROM "main"."users" GROUP BY "age" HAVING count(*) > ?1"#,
        r#"SELECT "age", count(*), max("name") FROM "public"."users" GROUP BY "age" HAVING count(*) > $1"#,
    );
}

#[test]
fn an_offset_alone_has_no_limit() {
    let session = session();
    assert_select(
        &session.find::<User>().select(User::AGE).distinct().offset(5),
        r#"SELECT DISTINCT "age" FROM "main"."users" LIMIT -1 OFFSET ?1"#,
        r#"SELECT DISTINCT "age" FROM "public"."users" LIMIT ALL OFFSET $1"#,
    );
}

#[test]
fn a_filter_of_nothing_is_left_out() {
    let session = session();
    let query = session.find::<User>().filter(orm_core::Filter::all_of([])).select(User::ID);
    assert_eq!(query.to_sql().sql, r#"SELECT "id" FROM "main"."users""#);
}

#[test]
fn a_query_that_cannot_be_written_says_why() {
    let session = session();
    let query = session.find::<User>().filter(orm_core::sql("age = ?", ()));
    assert_eq!(query.to_sql().sql, "-- an SQL fragment cannot be used: the fragment has 1 `?` and 0 values");
    assert!(query.all().is_err());
}
