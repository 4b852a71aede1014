//! Every operator beside its SQL.

use orm_core::{Filter, Value, sql};

use crate::support::{User, assert_sql, sqlite};

fn text(text: &str) -> Value {
    Value::from(text)
}

fn int(integer: i64) -> Value {
    Value::from(integer)
}

#[test]
fn comparisons_are_spelled_as_in_sql() {
    assert_sql(&User::AGE.eq(18), r#""age" = ?1"#, r#""age" = $1"#, &[int(18)]);
    assert_sql(&User::AGE.ne(18), r#""age" <> ?1"#, r#""age" <> $1"#, &[int(18)]);
    assert_sql(&User::AGE.lt(18), r#""age" < ?1"#, r#""age" < $1"#, &[int(18)]);
    assert_sql(&User::AGE.le(18), r#""age" <= ?1"#, r#""age" <= $1"#, &[int(18)]);
    assert_sql(&User::AGE.gt(18), r#""age" > ?1"#, r#""age" > $1"#, &[int(18)]);
    assert_sql(&User::AGE.ge(18), r#""age" >= ?1"#, r#""age" >= $1"#, &[int(18)]);
    assert_sql(
        &User::AGE.between(18, 30),
        r#""age" BETWEEN ?1 AND ?2"#,
        r#""age" BETWEEN $1 AND $2"#,
        &[int(18), int(30)],
    );
}

#[test]
fn values_borrowed_values_options_columns_and_expressions_are_operands() {
    let owned = String::from("Ann");
    let option = Some(owned.clone());
    for filter in [
        User::NAME.eq("Ann"),
        User::NAME.eq(&owned),
        User::NAME.eq(owned.clone()),
        User::NAME.eq(&option),
        User::NAME.eq(option.clone()),
        User::NAME.eq(std::borrow::Cow::Borrowed("Ann")),
        User::NAME.eq(owned.clone().into_boxed_str()),
    ] {
        assert_eq!(sqlite(&filter), (r#""name" = ?1"#.to_owned(), vec![text("Ann")]));
    }
    assert_eq!(sqlite(&User::PHOTO.eq(b"\0x")).1, [Value::Blob(vec![0, b'x'])]);
    assert_eq!(sqlite(&User::EMAIL.eq(User::EMAIL)).0, r#""email" = "email""#);
    assert_eq!(sqlite(&User::ID.eq(User::ID + 1)).0, r#""id" = "id" + ?1"#);
}

#[test]
fn null_is_equal_to_null_only() {
    assert_sql(&User::NAME.eq(None), r#""name" IS NULL"#, r#""name" IS NULL"#, &[]);
    assert_sql(&User::SCORE.eq(None), r#""score" IS NULL"#, r#""score" IS NULL"#, &[]);
    assert_sql(&User::SCORE.ne(None), r#""score" IS NOT NULL"#, r#""score" IS NOT NULL"#, &[]);
    assert_sql(&User::SCORE.eq(1), r#""score" = ?1"#, r#""score" = $1"#, &[int(1)]);
    assert_sql(&User::SCORE.ne(1), r#""score" IS NOT ?1"#, r#""score" IS DISTINCT FROM $1"#, &[int(1)]);
    assert_sql(
        &User::SCORE.eq(User::RANK),
        r#""score" IS "rank""#,
        r#""score" IS NOT DISTINCT FROM "rank""#,
        &[],
    );
    assert_sql(&User::ID.eq(User::RANK), r#""id" IS "rank""#, r#""id" IS NOT DISTINCT FROM "rank""#, &[]);
    assert_sql(&User::SCORE.is_null(), r#""score" IS NULL"#, r#""score" IS NULL"#, &[]);
    assert_sql(&User::SCORE.is_not_null(), r#""score" IS NOT NULL"#, r#""score" IS NOT NULL"#, &[]);
}

#[test]
fn lists_know_null_and_emptiness() {
    let some = [Some(1), None];
    assert_sql(&User::AGE.is_in([1, 2]), r#""age" IN (?1, ?2)"#, r#""age" IN ($1, $2)"#, &[int(1), int(2)]);
    assert_sql(&User::AGE.not_in([1]), r#""age" NOT IN (?1)"#, r#""age" NOT IN ($1)"#, &[int(1)]);
    assert_sql(&User::AGE.is_in([0_u8; 0]), "0", "FALSE", &[]);
    assert_sql(&User::AGE.not_in([0_u8; 0]), "1", "TRUE", &[]);
    assert_eq!(sqlite(&User::SCORE.is_in([1])).0, r#""score" IN (?1)"#);
    assert_eq!(sqlite(&User::SCORE.not_in([1])).0, r#""score" NOT IN (?1) OR "score" IS NULL"#);
    assert_eq!(sqlite(&User::SCORE.is_in(some)).0, r#""score" IN (?1) OR "score" IS NULL"#);
    assert_eq!(sqlite(&User::SCORE.not_in(some)).0, r#""score" NOT IN (?1)"#);
    assert_eq!(sqlite(&User::SCORE.is_in([None::<i64>])).0, r#""score" IS NULL"#);
    assert_eq!(sqlite(&User::ID.is_in([User::RANK])).0, r#"0 OR "id" IS "rank""#);
    let names: Vec<String> = vec!["Ann".into()];
    assert_eq!(sqlite(&User::EMAIL.is_in(&names)).1, [text("Ann")]);
}

#[test]
fn text_operators_are_literal_and_case_sensitive() {
    assert_sql(
        &User::EMAIL.contains("a%"),
        r#"instr("email", ?1) > 0"#,
        r#"strpos("email", $1) > 0"#,
        &[text("a%")],
    );
    assert_sql(
        &User::EMAIL.starts_with("An"),
        r#""email" COLLATE BINARY >= ?1 AND "email" COLLATE BINARY < ?2"#,
        r#""email" ^@ $1"#,
        &[text("An"), text("Ao")],
    );
    assert_eq!(sqlite(&User::EMAIL.starts_with("A\u{10FFFF}")).1, [text("A\u{10FFFF}"), text("B")],);
    assert_eq!(sqlite(&User::EMAIL.starts_with("\u{D7FF}")).1, [text("\u{D7FF}"), text("\u{E000}")]);
    assert_eq!(
        sqlite(&User::EMAIL.starts_with("\u{10FFFF}")),
        (r#""email" COLLATE BINARY >= ?1"#.to_owned(), vec![text("\u{10FFFF}")]),
    );
    assert_eq!(sqlite(&User::EMAIL.starts_with("")).0, r#""email" >= ''"#);
    assert_eq!(
        sqlite(&User::EMAIL.ends_with("né")),
        (
            "ifnull(substr(CAST(\"email\" AS BLOB), ?1), \"email\") = ?2".to_owned(),
            vec![int(-3), Value::Blob("né".into())]
        ),
    );
    assert_sql(&User::EMAIL.like("A%"), r#""email" LIKE ?1"#, r#""email" LIKE $1"#, &[text("A%")]);
    assert_sql(
        &User::EMAIL.not_like("A%"),
        r#""email" NOT LIKE ?1"#,
        r#""email" NOT LIKE $1"#,
        &[text("A%")],
    );
    assert_eq!(sqlite(&!User::EMAIL.contains("a")).0, r#"NOT (instr("email", ?1) > 0)"#);
}

#[test]
fn conditions_join_flat_and_negations_go_into_the_operators() {
    let adult = User::AGE.ge(18);
    let named = User::NAME.eq("Ann");
    assert_sql(
        &adult.clone().and(named.clone()).and(User::ACTIVE.eq(true)),
        r#""age" >= ?1 AND "name" = ?2 AND "active" = ?3"#,
        r#""age" >= $1 AND "name" = $2 AND "active" = $3"#,
        &[int(18), text("Ann"), int(1)],
    );
    assert_eq!(
        sqlite(&((adult.clone() | named.clone()) & !User::ACTIVE)).0,
        r#"("age" >= ?1 OR "name" = ?2) AND NOT "active""#,
    );
    assert_eq!(sqlite(&!(adult.clone() & named.clone())).0, r#""age" < ?1 OR "name" IS NOT ?2"#);
    assert_eq!(sqlite(&!!adult.clone()).0, r#""age" >= ?1"#);
    assert_eq!(sqlite(&!User::AGE.between(1, 2)).0, r#""age" NOT BETWEEN ?1 AND ?2"#);
    assert_eq!(sqlite(&Filter::from(User::ACTIVE)).0, r#""active""#);
}

#[test]
fn any_number_of_conditions_can_be_joined() {
    let ages = || [1, 2].map(|age| User::AGE.eq(age));
    assert_eq!(sqlite(&Filter::all_of(ages())).0, r#""age" = ?1 AND "age" = ?2"#);
    assert_eq!(sqlite(&Filter::any_of(ages())).0, r#""age" = ?1 OR "age" = ?2"#);
    assert_eq!(sqlite(&Filter::<User>::all_of([])).0, "1");
    assert_eq!(sqlite(&Filter::<User>::any_of([])).0, "0");
    assert_eq!(sqlite(&Filter::all_of([]).and(User::AGE.eq(1))).0, r#""age" = ?1"#);
    assert_eq!(sqlite(&Filter::any_of([]).or(User::AGE.eq(1))).0, r#""age" = ?1"#);
    let either = Filter::any_of([User::AGE.eq(1), User::AGE.eq(2).or(User::AGE.eq(3))]);
    assert_eq!(sqlite(&either).0, r#""age" = ?1 OR "age" = ?2 OR "age" = ?3"#);
}

#[test]
fn arithmetic_keeps_its_order() {
    assert_sql(
        &((User::ID + 1) * 2 - User::ID),
        r#"("id" + ?1) * ?2 - "id""#,
        r#"("id" + $1) * $2 - "id""#,
        &[int(1), int(2)],
    );
    assert_eq!(sqlite(&(User::ID - (User::ID - 1))).0, r#""id" - ("id" - ?1)"#);
    assert_eq!(sqlite(&-(-User::ID)).0, r#"-(-("id"))"#);
    assert_eq!(sqlite(&(User::ID / 2)).0, r#""id" / ?1"#);
    assert_eq!(sqlite(&(User::SCORE + User::ID)).0, r#""score" + "id""#);
    // a division can give NULL
    assert_eq!(sqlite(&(User::ID % 2).eq(User::ID)).0, r#""id" % ?1 IS "id""#);
}

#[test]
fn a_condition_used_as_a_value_is_true_or_false() {
    assert_eq!(sqlite(&User::SCORE.eq(1).eq(true)).0, r#"("score" IS ?1) = ?2"#);
    assert_eq!(sqlite(&User::SCORE.gt(1).eq(true)).0, r#"(("score" > ?1) IS TRUE) = ?2"#);
    assert_eq!(
        sqlite(&User::SCORE.is_in([1]).eq(false)).0,
        r#"("score" IN (?1) AND "score" IS NOT NULL) = ?2"#
    );
}

#[test]
fn a_fragment_composes_with_the_rest() {
    let filter: Filter<User> = sql("length(name) > ? OR name = 'what?'", (3,));
    assert_sql(
        &User::AGE.gt(1).and(!filter),
        r#""age" > ?1 AND NOT (length(name) > ?2 OR name = 'what?')"#,
        r#""age" > $1 AND NOT (length(name) > $2 OR name = 'what?')"#,
        &[int(1), int(3)],
    );
    assert_eq!(sqlite(&sql::<i64, User>("1 + ?", [1]).eq(2)).0, "(1 + ?1) = ?2");
}

#[test]
fn a_fragment_that_cannot_be_used_says_why() {
    let problem = |text: &str| sql::<bool, User>(text, ()).to_sql_in(&orm_core::dialect::Sqlite).unwrap_err();
    for (text, message) in [
        ("a = ?", "the fragment has 1 `?` and 0 values"),
        ("a = ?1", "its parameters are `?` in order, without numbers"),
        ("a = :a", "its parameters are `?` in order, without names"),
        ("a = 'x", "it leaves a quote open"),
        ("a = 1) OR (1", "it closes a parenthesis that it did not open"),
        ("(a = 1", "it leaves a parenthesis open"),
        ("a = 1 -- only", "it ends in a comment"),
        ("a = 1 /* only", "it leaves a comment open"),
        ("a = 1; b", "it contains a semicolon"),
        ("a = 1\0", "it contains NUL, where SQLite would stop reading"),
    ] {
        assert_eq!(problem(text).to_string(), format!("an SQL fragment cannot be used: {message}"));
    }
}

#[test]
fn a_value_that_no_database_can_hold_is_reported_when_the_query_is_written() {
    let error = User::RATIO.gt(f64::NAN).to_sql_in(&orm_core::dialect::Sqlite).unwrap_err();
    assert_eq!(error.kind(), orm_core::ErrorKind::Conversion);
}
