//! `case`, conversions and the lesser functions of reports beside their SQL, and what SQLite answers.

use orm_core::{Engine, Expr, Model, Session, func, sql};

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "users")]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
    name: Option<String>,
    email: String,
    age: u8,
    score: Option<i64>,
    born: Option<String>,
}

/// Ann 30, born on the last day of a January; somebody of 9 without anything.
fn session() -> Session {
    let session = Engine::open_in_memory().unwrap().session().unwrap();
    session.create_table::<User>().unwrap();
    let ann = User {
        id: 0,
        name: Some("Ann".into()),
        email: " ann ".into(),
        age: 30,
        score: Some(3),
        born: Some("2024-01-31 10:20:30".into()),
    };
    session.create(ann).unwrap();
    session.create(User { id: 0, name: None, email: "é'".into(), age: 9, score: None, born: None }).unwrap();
    session
}

/// Asserts the text of the expression, and its value for each of the users.
#[track_caller]
fn assert_values<T: orm_core::Field + std::fmt::Debug + PartialEq>(
    expr: impl Into<Expr<User, T>>,
    sql: &str,
    values: impl IntoIterator<Item = T>,
) {
    let session = session();
    let query = session.find::<User>().order_by(User::ID.asc()).select(expr.into());
    assert_eq!(query.to_sql().sql, format!("SELECT {sql} FROM \"main\".\"users\" ORDER BY \"id\""));
    assert_eq!(query.all().unwrap(), values.into_iter().collect::<Vec<_>>());
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn a_case_takes_the_first_condition_that_holds() {
    let group = func::case()
        .when(User::AGE.lt(13), "child")
        .when(User::AGE.lt(18) | User::NAME.is_null(), "minor")
        .otherwise("adult");
    assert_values(
        group,
        r#"CASE WHEN "age" < ?1 THEN ?2 WHEN "age" < ?3 OR "name" IS NULL THEN ?4 ELSE ?5 END"#,
        ["adult".to_owned(), "child".to_owned()],
    );
}

#[test]
fn a_case_that_does_not_say_otherwise_may_be_null() {
    let bonus: Expr<User, Option<i64>> = func::case().when(User::SCORE.gt(2), 10_i64).end();
    assert_values(bonus.clone(), r#"CASE WHEN "score" > ?1 THEN ?2 END"#, [Some(10), None]);
    assert_values(bonus.eq(None), r#"CASE WHEN "score" > ?1 THEN ?2 END IS NULL"#, [false, true]);
    // the first value says whether NULL is one
    let score: Expr<User, Option<i64>> = func::case().when(User::AGE.gt(20), User::SCORE).otherwise(7);
    assert_values(score.clone(), r#"CASE WHEN "age" > ?1 THEN "score" ELSE ?2 END"#, [Some(3), Some(7)]);
    assert_values(score.ne(3), r#"CASE WHEN "age" > ?1 THEN "score" ELSE ?2 END IS NOT ?3"#, [false, true]);
}

#[test]
fn a_case_is_a_condition_an_order_and_a_group() {
    let session = session();
    let young = || func::case().when(User::AGE.lt(18), true).otherwise(User::SCORE.gt(9));
    let query = session.find::<User>().filter(!young()).order_by(young().desc()).select(User::ID);
    assert_eq!(
        query.to_sql().sql,
        "SELECT \"id\" FROM \"main\".\"users\" WHERE NOT CASE WHEN \"age\" < ?1 THEN ?2 ELSE (\"score\" > ?3) IS TRUE END \
         ORDER BY CASE WHEN \"age\" < ?4 THEN ?5 ELSE (\"score\" > ?6) IS TRUE END DESC"
    );
    assert_eq!(query.all().unwrap(), [1]);
    let groups =
        session.find::<User>().group_by(young()).order_by(young().asc()).select((young(), func::count()));
    assert_eq!(groups.all().unwrap(), [(false, 1), (true, 1)]);
}

#[test]
fn a_case_takes_queries_and_fragments() {
    let session = session();
    let oldest = session.find::<User>().select(func::max(User::AGE)).scalar();
    let kind = func::case()
        .when(User::AGE.eq(oldest), sql::<String, _>("upper(name)", ()))
        .when(sql("age = ?", (9,)), "nine")
        .otherwise("'; DROP TABLE users; --");
    assert_eq!(session.find::<User>().order_by(User::ID.asc()).select(kind).all().unwrap(), ["ANN", "nine"]);
}

#[test]
fn iif_is_a_case_of_two() {
    assert_values(
        func::iif(User::AGE.ge(18), User::EMAIL, "-"),
        r#"CASE WHEN "age" >= ?1 THEN "email" ELSE ?2 END"#,
        [" ann ".to_owned(), "-".to_owned()],
    );
}

#[test]
fn the_greater_and_the_lesser_of_two_are_null_where_either_is() {
    assert_values(func::greatest(User::AGE, 18), r#"max("age", ?1)"#, [30, 18]);
    assert_values(func::least(User::SCORE, 2), r#"min("score", ?1)"#, [Some(2), None]);
}

#[test]
fn a_cast_says_its_type() {
    assert_values(User::AGE.cast::<f64>() / 4.0, r#"CAST("age" AS REAL) / ?1"#, [Some(7.5), Some(2.25)]);
    assert_values(User::SCORE.cast::<String>(), r#"CAST("score" AS TEXT)"#, [some("3"), None]);
    assert_values(User::EMAIL.cast::<i64>().eq(0), r#"CAST("email" AS INTEGER) = ?1"#, [true, true]);
    assert_values(User::NAME.cast::<Vec<u8>>(), r#"CAST("name" AS BLOB)"#, [Some(b"Ann".to_vec()), None]);
}

#[test]
fn text_is_put_together() {
    let full = User::NAME.append(" ").append(User::EMAIL).append(User::NAME.append("!"));
    assert_values(full, r#""name" || ?1 || "email" || ("name" || ?2)"#, [some("Ann  ann Ann!"), None]);
    assert_values(User::EMAIL.append("x").eq("é'x"), r#""email" || ?1 = ?2"#, [false, true]);
    assert_values(
        func::concat((User::NAME, "/", User::AGE)),
        r#"concat("name", ?1, "age")"#,
        ["Ann/30".to_owned(), "/9".to_owned()],
    );
    assert_values(
        func::concat_ws("-", (User::NAME, User::AGE)),
        r#"concat_ws(?1, "name", "age")"#,
        ["Ann-30".to_owned(), "9".to_owned()],
    );
    assert_values(
        func::format("%s is %03d", (User::NAME, User::AGE)),
        r#"format(?1, "name", "age")"#,
        [some("Ann is 030"), some(" is 009")],
    );
    assert_values(func::format("%s", (User::NAME,)), r#"format(?1, "name")"#, [some("Ann"), some("")]);
}

#[test]
fn functions_of_text() {
    assert_values(func::ltrim(User::EMAIL), r#"ltrim("email")"#, ["ann ".to_owned(), "é'".to_owned()]);
    assert_values(func::rtrim(User::NAME), r#"rtrim("name")"#, [some("Ann"), None]);
    assert_values(func::hex(User::NAME), r#"hex("name")"#, ["416E6E".to_owned(), String::new()]);
    assert_values(func::unicode(User::EMAIL), r#"unicode("email")"#, [Some(32), Some(233)]);
    assert_values(
        func::char((User::AGE + 35, 233_i64)),
        r#"char("age" + ?1, ?2)"#,
        ["Aé".to_owned(), ",é".to_owned()],
    );
}

#[test]
fn dates_are_modified_in_order() {
    let next = func::moment(User::BORN).modify("start of month").modify("+1 month").modify("-1 day");
    assert_values(func::date(next.clone()), r#"date("born", ?1, ?2, ?3)"#, [some("2024-01-31"), None]);
    assert_values(
        func::datetime(next),
        r#"datetime("born", ?1, ?2, ?3)"#,
        [some("2024-01-31 00:00:00"), None],
    );
    assert_values(func::time(User::BORN), r#"time("born")"#, [some("10:20:30"), None]);
    assert_values(func::unixepoch(User::BORN), r#"unixepoch("born")"#, [Some(1_706_696_430), None]);
    let days = func::julianday(func::moment(User::BORN).modify("+36 hours")) - func::julianday(User::BORN);
    assert_values(days, r#"julianday("born", ?1) - julianday("born")"#, [Some(1.5), None]);
    let by_age = func::moment(User::BORN).modify(func::format("+%d days", (User::AGE,)).coalesced());
    assert_values(
        func::strftime("%m/%d", by_age),
        r#"strftime(?1, "born", coalesce(format(?2, "age"), ?3))"#,
        [some("03/01"), None],
    );
    assert_values(func::date(func::moment(User::BORN).modify("'); --")), r#"date("born", ?1)"#, [None, None]);
    assert_values(
        func::date(func::now().modify("+1 day")).gt(func::date(func::now())),
        "(date(?1, ?2) > date(?3)) IS TRUE",
        [true, true],
    );
}

/// What a format with something in it always gives.
trait Coalesced {
    fn coalesced(self) -> Expr<User, String>;
}

impl Coalesced for Expr<User, Option<String>> {
    fn coalesced(self) -> Expr<User, String> {
        func::coalesce(self, "")
    }
}

#[test]
fn aggregates_take_rows_by_a_condition_and_in_an_order() {
    let session = session();
    let grown = User::AGE.ge(18);
    let query = session.find::<User>().select((
        func::count().filter(grown.clone()),
        func::sum(User::SCORE).filter(!grown.clone()),
        func::total(User::AGE),
        func::group_concat(User::EMAIL, "; ").order_by(User::AGE.asc()),
        func::group_concat(User::AGE, "+").order_by((User::NAME.desc().nulls_last(), User::ID.asc())),
        func::max(User::AGE).filter(grown).filter(User::NAME.is_null()),
    ));
    assert_eq!(
        query.to_sql().sql,
        "SELECT count(*) FILTER (WHERE \"age\" >= ?1), coalesce(sum(\"score\") FILTER (WHERE \"age\" < ?2), ?3), \
         total(\"age\"), group_concat(\"email\", ?4 ORDER BY \"age\"), group_concat(\"age\", ?5 ORDER BY \"name\" DESC NULLS \
         LAST, \"id\"), max(\"age\") FILTER (WHERE \"age\" >= ?6 AND \"name\" IS NULL) FROM \"main\".\"users\""
    );
    assert_eq!(query.one().unwrap(), (1, 0, 39.0, some("é';  ann "), some("30+9"), None));
    let groups = session
        .find::<User>()
        .group_by(User::ID)
        .having(func::count().filter(User::AGE.lt(18)).eq(1))
        .order_by(func::count().filter(User::AGE.lt(18)).desc())
        .select(User::ID);
    assert_eq!(groups.all().unwrap(), [2]);
}
