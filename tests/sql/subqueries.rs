//! Queries inside queries beside their SQL, and what SQLite answers.

use std::fmt::Debug;

use orm_core::{Engine, ErrorKind, Filter, Hooks, Model, Query, Result, Session, Shape, func, sql};

use crate::postgres::Postgres;

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "users")]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
    name: String,
    score: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "orders", hooks)]
struct Order {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(references = User)]
    user_id: i64,
    points: Option<i64>,
    #[orm(deleted_at)]
    gone: Option<String>,
}

/// Orders from this number on are seen.
struct Since(i64);

impl Hooks for Order {
    fn scope(session: &Session) -> Result<Option<Filter<Self>>> {
        Ok(session.context::<Since>().map(|since| Self::ID.ge(since.0)))
    }
}

/// A table whose column has the name of one outside.
#[derive(Debug, Model)]
#[orm(table = "notes")]
struct Note {
    #[orm(primary_key, auto)]
    id: i64,
    name: String,
}

/// Ann 1, Bob 2, Cid without a score; orders of Ann with 1 and NULL, of Bob with 7, which is deleted.
fn session() -> Session {
    let session = Engine::open_in_memory().unwrap().session().unwrap();
    session.create_table::<User>().unwrap();
    session.create_table::<Order>().unwrap();
    session.create_table::<Note>().unwrap();
    for (name, score) in [("Ann", Some(1)), ("Bob", Some(2)), ("Cid", None)] {
        session.create(User { id: 0, name: name.into(), score }).unwrap();
    }
    for (user_id, points, gone) in [(1, Some(1), None), (1, None, None), (2, Some(7), Some("then"))] {
        session.create(Order { id: 0, user_id, points, gone: gone.map(str::to_owned) }).unwrap();
    }
    session
}

#[track_caller]
fn assert_rows<M: Model, S: Shape<Output: Debug + PartialEq>>(
    query: &Query<'_, M, S>,
    sql: &str,
    rows: impl IntoIterator<Item = S::Output>,
) {
    assert_eq!(query.to_sql().sql, sql);
    assert_eq!(query.all().unwrap(), rows.into_iter().collect::<Vec<_>>());
}

fn who<'s>(session: &'s Session, filter: Filter<User>) -> Query<'s, User, orm_core::Scalar<String>> {
    session.find::<User>().filter(filter).order_by(User::ID.asc()).select(User::NAME)
}

fn names<const N: usize>(names: [&str; N]) -> [String; N] {
    names.map(str::to_owned)
}

#[test]
fn membership_in_a_query_names_the_tables_inside() {
    let session = session();
    let buyers = session.find::<Order>().with_deleted().select(Order::USER_ID);
    assert_rows(
        &who(&session, User::ID.is_in(buyers.clone())),
        "SELECT \"name\" FROM \"main\".\"users\" WHERE \"id\" IN (SELECT \"orders\".\"user_id\" FROM \"main\".\"orders\") \
         ORDER BY \"id\"",
        names(["Ann", "Bob"]),
    );
    assert_rows(
        &who(&session, User::ID.not_in(buyers)),
        "SELECT \"name\" FROM \"main\".\"users\" WHERE \"id\" NOT IN (SELECT \"orders\".\"user_id\" FROM \
         \"main\".\"orders\") ORDER BY \"id\"",
        names(["Cid"]),
    );
}

#[test]
fn membership_in_a_query_is_that_of_options() {
    let session = session();
    let points = || session.find::<Order>().select(Order::POINTS);
    let ids = || session.find::<Order>().with_deleted().select(Order::USER_ID);
    let none = || points().filter(Order::ID.lt(0));
    // NULL on neither side, on the left, on the right, on both
    assert_eq!(who(&session, User::SCORE.is_in(ids())).all().unwrap(), ["Ann", "Bob"]);
    assert_eq!(who(&session, User::SCORE.not_in(ids())).all().unwrap(), ["Cid"]);
    assert_eq!(who(&session, User::ID.is_in(points())).all().unwrap(), ["Ann"]);
    assert_eq!(who(&session, User::ID.not_in(points())).all().unwrap(), ["Bob", "Cid"]);
    assert_eq!(who(&session, User::SCORE.is_in(points())).all().unwrap(), ["Ann", "Cid"]);
    assert_eq!(who(&session, User::SCORE.not_in(points())).all().unwrap(), ["Bob"]);
    assert_eq!(who(&session, User::SCORE.is_in(none())).all().unwrap(), [""; 0]);
    assert_eq!(who(&session, User::SCORE.not_in(none())).all().unwrap(), ["Ann", "Bob", "Cid"]);
    let without_null = || points().filter(Order::POINTS.is_not_null());
    assert_eq!(who(&session, User::SCORE.is_in(without_null())).all().unwrap(), ["Ann"]);
    assert_eq!(who(&session, User::SCORE.not_in(without_null())).all().unwrap(), ["Bob", "Cid"]);
}

#[test]
fn a_query_that_may_give_null_is_asked_for_it() {
    let session = session();
    let points = || session.find::<Order>().filter(Order::ID.gt(0)).with_deleted().select(Order::POINTS);
    let inside = r#"SELECT "orders"."points" FROM "main"."orders" WHERE "orders"."id" > "#;
    let has_null = r#"EXISTS (SELECT 1 FROM (SELECT "orders"."points" AS "value" FROM "main"."orders" WHERE "orders"."id" > ?2) AS "rows" WHERE "rows"."value" IS NULL)"#;
    let text = |filter: Filter<User>| session.find::<User>().filter(filter).select(User::ID).to_sql().sql;
    let expected = |condition: String| format!(r#"SELECT "id" FROM "main"."users" WHERE {condition}"#);
    assert_eq!(text(User::ID.is_in(points())), expected(format!(r#""id" IN ({inside}?1)"#)));
    assert_eq!(text(User::ID.not_in(points())), expected(format!(r#"("id" IN ({inside}?1)) IS NOT TRUE"#)));
    assert_eq!(
        text(User::SCORE.is_in(points())),
        expected(format!(r#""score" IN ({inside}?1) OR ("score" IS NULL AND {has_null})"#))
    );
    assert_eq!(
        text(User::SCORE.not_in(points())),
        expected(format!(
            r#"("score" IN ({inside}?1)) IS NOT TRUE AND ("score" IS NOT NULL OR NOT {has_null})"#
        ))
    );
    // as a value it is true or false
    let found =
        |filter: Filter<User>| session.find::<User>().order_by(User::ID.asc()).select(filter).all().unwrap();
    assert_eq!(found(User::SCORE.is_in(points())), [true, false, true]);
    assert_eq!(found(User::SCORE.not_in(points())), [false, true, false]);
    assert_eq!(found(User::ID.is_in(points())), [true, false, false]);
    let ids = session.find::<Order>().select(Order::ID);
    assert_eq!(found(User::SCORE.is_in(ids.clone())), [true, true, false]);
    assert_eq!(found(User::SCORE.not_in(ids)), [false, false, true]);
}

#[test]
fn order_and_limit_inside_count() {
    let session = session();
    let last = session.find::<User>().order_by(User::ID.desc()).limit(1).offset(1).select(User::ID);
    assert_rows(
        &who(&session, User::ID.is_in(last)),
        "SELECT \"name\" FROM \"main\".\"users\" WHERE \"id\" IN (SELECT \"users\".\"id\" FROM \"main\".\"users\" \
         ORDER BY \"users\".\"id\" DESC LIMIT ?1 OFFSET ?2) ORDER BY \"id\"",
        names(["Bob"]),
    );
}

#[test]
fn a_scalar_query_is_an_expression() {
    let session = session();
    let highest = || session.find::<User>().select(func::max(User::SCORE)).scalar();
    assert_rows(
        &who(&session, User::SCORE.eq(highest())),
        "SELECT \"name\" FROM \"main\".\"users\" WHERE \"score\" IS (SELECT max(\"users\".\"score\") FROM \
         \"main\".\"users\") ORDER BY \"id\"",
        names(["Bob"]),
    );
    let behind = func::coalesce(highest(), 0) - func::coalesce(User::SCORE, 0);
    let query = session.find::<User>().order_by(behind.clone().asc()).select((User::NAME, behind));
    let [ann, bob, cid] = names(["Ann", "Bob", "Cid"]);
    assert_eq!(query.all().unwrap(), [(bob, 0), (ann, 1), (cid, 2)]);
    let nothing = session.find::<User>().filter(User::ID.lt(0)).select(User::ID).scalar::<User>();
    assert_eq!(session.find::<User>().limit(1).select(nothing).all().unwrap(), [None]);
}

#[test]
fn existence_reads_no_column() {
    let session = session();
    let orders = session.find::<Order>().filter(Order::POINTS.gt(5)).order_by(Order::ID.asc());
    assert_rows(
        &who(&session, func::exists(orders.clone())),
        "SELECT \"name\" FROM \"main\".\"users\" WHERE EXISTS (SELECT 1 FROM \"main\".\"orders\" WHERE \
         \"orders\".\"points\" > ?1 AND \"orders\".\"gone\" IS NULL) ORDER BY \"id\"",
        [],
    );
    assert_eq!(who(&session, !func::exists(orders.clone())).count().unwrap(), 3);
    assert_eq!(who(&session, func::exists(orders.with_deleted().limit(0))).count().unwrap(), 0);
}

#[test]
fn the_scope_inside_is_that_of_the_session_that_sends_it() {
    let session = session();
    let orders = session.find::<Order>().select(Order::USER_ID);
    let buyers = who(&session, User::ID.is_in(orders.clone()));
    assert_eq!(buyers.count().unwrap(), 1);
    session.set_context(Since(3));
    assert_eq!(
        buyers.to_sql().sql,
        "SELECT \"name\" FROM \"main\".\"users\" WHERE \"id\" IN (SELECT \"orders\".\"user_id\" FROM \"main\".\"orders\" \
         WHERE \"orders\".\"gone\" IS NULL AND \"orders\".\"id\" >= ?1) ORDER BY \"id\""
    );
    assert_eq!(buyers.count().unwrap(), 0);
    assert_eq!(who(&session, User::ID.is_in(orders.clone().unscoped())).count().unwrap(), 1);
    assert_eq!(session.unscoped(|_| buyers.count()).unwrap(), 1);
    let other = session.engine().session().unwrap();
    assert_eq!(who(&other, User::ID.is_in(orders)).count().unwrap(), 1);
}

#[test]
fn writes_by_set_take_queries() {
    let session = session();
    let buyers = || session.find::<Order>().select(Order::USER_ID);
    let best = session.find::<Order>().with_deleted().select(func::max(Order::POINTS)).scalar();
    let changed = session.find::<User>().filter(User::ID.is_in(buyers())).update(User::SCORE.set(best));
    assert_eq!(changed.unwrap(), 1);
    assert_eq!(who(&session, User::SCORE.eq(7)).all().unwrap(), ["Ann"]);
    let others = session.find::<User>().filter(User::ID.ne(2) & User::ID.not_in(buyers()));
    assert_eq!(others.delete().unwrap(), 1);
    assert_eq!(who(&session, User::ID.gt(0)).all().unwrap(), ["Ann", "Bob"]);
}

#[test]
fn a_column_that_the_inner_table_has_not_is_an_error_and_not_one_outside() {
    let session = session();
    session.execute_batch("ALTER TABLE notes DROP COLUMN name").unwrap();
    let query = session.find::<Note>().select(Note::NAME);
    // unqualified, it would be the name of the user, and every row would be deleted
    let error = session.find::<User>().filter(User::NAME.is_in(query)).delete().unwrap_err();
    assert!(error.to_string().contains("no such column: notes.name"), "{error}");
    assert_eq!(session.find::<User>().count().unwrap(), 3);
}

#[test]
fn relations_inside_and_outside_have_aliases_of_their_own() {
    let session = session();
    let names =
        session.find::<Order>().filter(Order::USER.at(User::SCORE).lt(9)).select(Order::USER.at(User::NAME));
    let query = session
        .find::<Order>()
        .filter(Order::USER.at(User::NAME).is_in(names))
        .filter(Order::USER.any(User::SCORE.eq(1)))
        .order_by(Order::ID.asc())
        .select(Order::ID);
    assert_rows(
        &query,
        "SELECT \"orders\".\"id\" FROM \"main\".\"orders\" LEFT JOIN \"main\".\"users\" AS \"t1\" ON \"t1\".\"id\" = \
         \"orders\".\"user_id\" WHERE \"t1\".\"name\" IN (SELECT \"t2\".\"name\" FROM \"main\".\"orders\" LEFT JOIN \
         \"main\".\"users\" AS \"t2\" ON \"t2\".\"id\" = \"orders\".\"user_id\" WHERE \"t2\".\"score\" < ?1 AND \
         \"orders\".\"gone\" IS NULL) AND EXISTS (SELECT 1 FROM \"main\".\"users\" AS \"t3\" WHERE \"t3\".\"id\" = \
         \"orders\".\"user_id\" AND \"t3\".\"score\" = ?2) AND \"orders\".\"gone\" IS NULL ORDER BY \"orders\".\"id\"",
        [1, 2],
    );
}

#[test]
fn fragments_compose_inside_and_outside() {
    let session = session();
    let inside =
        session.find::<Order>().filter(sql("points IN (?, ?)", (1, 7))).select(sql::<i64, _>("user_id", ()));
    let query = who(&session, User::ID.is_in(inside).and(sql("length(name) = ?", (3,))));
    assert_rows(
        &query,
        "SELECT \"name\" FROM \"main\".\"users\" WHERE \"id\" IN (SELECT (user_id) FROM \"main\".\"orders\" WHERE \
         (points IN (?1, ?2)) AND \"orders\".\"gone\" IS NULL) AND (length(name) = ?3) ORDER BY \"id\"",
        names(["Ann"]),
    );
}

#[test]
fn values_inside_are_parameters_in_order() {
    let session = session();
    let hostile = "x' OR 1=1 --";
    let inside = session.find::<User>().filter(User::NAME.eq(hostile)).select(User::ID);
    let query =
        session.find::<User>().filter(User::NAME.ne("\0").and(User::ID.is_in(inside)).and(User::ID.lt(9)));
    let rendered = query.to_sql();
    assert_eq!(rendered.params, ["\0".into(), hostile.into(), 9.into()]);
    assert_eq!(query.count().unwrap(), 0);
    let in_postgres = query.select(User::ID).to_sql_in(&Postgres).unwrap().sql;
    assert_eq!(
        in_postgres,
        "SELECT \"id\" FROM \"public\".\"users\" WHERE \"name\" <> $1 AND \"id\" IN (SELECT \"users\".\"id\" FROM \
         \"public\".\"users\" WHERE \"users\".\"name\" = $2) AND \"id\" < $3"
    );
}

#[test]
fn queries_inside_each_other_without_end_are_refused() {
    let session = session();
    let mut query = session.find::<User>().select(User::ID);
    for _ in 0..60 {
        query = session.find::<User>().filter(User::ID.is_in(query)).select(User::ID);
    }
    let error = query.all().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidQuery);
    assert!(error.to_string().starts_with("queries ask of each other without end"), "{error}");
}
