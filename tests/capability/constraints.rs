use orm_core::{ConstraintKind, Error, ErrorKind, Model, Session};

use crate::support::session;

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "users", unique(name, age), check(name = "adult", "age >= 18"))]
#[orm(index("lower(name)", name = "one_lower_name", unique, where = "age > 90"))]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(unique)]
    email: String,
    name: String,
    #[orm(check = "age < 150")]
    age: u8,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "posts")]
struct Post {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(references = User)]
    author_id: i64,
}

/// The users table as it is with one column more that may not be NULL, and one that is looser.
#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "loose")]
struct Loose {
    #[orm(primary_key)]
    id: i64,
    name: Option<String>,
    anything: orm_core::Value,
}

fn user(email: &str, name: &str, age: u8) -> User {
    User { id: 0, email: email.into(), name: name.into(), age }
}

/// With Ann, who is user 1, and her post.
fn database() -> Session {
    let session = session();
    session.create_table::<User>().unwrap();
    session.create_table::<Post>().unwrap();
    session.create(user("ann", "Ann", 30)).unwrap();
    session.create(Post { id: 0, author_id: 1 }).unwrap();
    session
        .execute_batch(
            "CREATE TABLE loose (id INTEGER PRIMARY KEY, name TEXT NOT NULL, anything INTEGER) STRICT",
        )
        .unwrap();
    session
}

/// What the error says: kind, table, columns and name of the constraint, and the whole message.
#[track_caller]
fn assert_violation<T: std::fmt::Debug>(
    outcome: orm_core::Result<T>,
    (kind, table, columns, name): (ConstraintKind, Option<&str>, &[&str], Option<&str>),
    message: &str,
) -> Error {
    let error = outcome.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Constraint);
    let constraint = error.constraint().unwrap().clone();
    assert_eq!(
        (constraint.kind, constraint.table.as_deref(), constraint.name.as_deref()),
        (kind, table, name)
    );
    assert_eq!(constraint.columns, columns);
    assert_eq!((error.table(), error.column()), (table, (columns.len() == 1).then(|| columns[0])));
    assert_eq!(error.to_string(), message);
    error
}

#[test]
fn a_unique_column() {
    let session = database();
    let error = assert_violation(
        session.create(user("ann", "Eve", 31)),
        (ConstraintKind::Unique, Some("users"), &["email"], None),
        r#"table `users`: UNIQUE constraint failed: users.email (in `INSERT INTO "main"."users" ("email", "name", "age") VALUES (?1, ?2, ?3)`)"#,
    );
    assert!(error.is_unique_violation() && !error.is_foreign_key_violation());
    assert_eq!(error.sqlite_code(), Some(2067));
}

#[test]
fn a_unique_pair() {
    let session = database();
    let mut eve = session.create(user("eve", "Eve", 31)).unwrap();
    (eve.name, eve.age) = ("Ann".into(), 30);
    assert_violation(
        session.update(&mut eve),
        (ConstraintKind::Unique, Some("users"), &["name", "age"], None),
        r#"table `users`: UNIQUE constraint failed: users.name, users.age (in `UPDATE "main"."users" SET "email" = ?1, "name" = ?2, "age" = ?3 WHERE "id" = ?4`)"#,
    );
}

#[test]
fn a_unique_index_over_an_expression() {
    let session = database();
    session.create(user("old", "OLD", 95)).unwrap();
    assert_violation(
        session.create(user("older", "old", 96)),
        (ConstraintKind::Unique, Some("users"), &[], Some("one_lower_name")),
        r#"table `users`: UNIQUE constraint failed: index 'one_lower_name' (in `INSERT INTO "main"."users" ("email", "name", "age") VALUES (?1, ?2, ?3)`)"#,
    );
}

#[test]
fn a_primary_key() {
    let session = database();
    let error = assert_violation(
        session.create(User { id: 1, ..user("eve", "Eve", 30) }),
        (ConstraintKind::PrimaryKey, Some("users"), &["id"], None),
        r#"table `users`: UNIQUE constraint failed: users.id (in `INSERT INTO "main"."users" ("id", "email", "name", "age") VALUES (?1, ?2, ?3, ?4)`)"#,
    );
    assert!(error.is_unique_violation());
}

#[test]
fn a_foreign_key_names_the_table_that_was_written_to() {
    let session = database();
    let failed = (ConstraintKind::ForeignKey, Some("posts"), &[][..], None);
    let error = assert_violation(
        session.create(Post { id: 0, author_id: 9 }),
        failed,
        r#"table `posts`: FOREIGN KEY constraint failed (in `INSERT INTO "main"."posts" ("author_id") VALUES (?1)`)"#,
    );
    assert!(error.is_foreign_key_violation() && !error.is_unique_violation());
    assert_violation(
        session.update(&mut Post { id: 1, author_id: 9 }),
        failed,
        r#"table `posts`: FOREIGN KEY constraint failed (in `UPDATE "main"."posts" SET "author_id" = ?1 WHERE "id" = ?2`)"#,
    );
    assert_violation(
        session.delete(&session.get::<User>(1).unwrap().unwrap()),
        (ConstraintKind::ForeignKey, Some("users"), &[], None),
        r#"table `users`: FOREIGN KEY constraint failed (in `DELETE FROM "main"."users" WHERE "id" = ?1`)"#,
    );
    assert_violation(
        session.insert_all(&mut vec![Post { id: 0, author_id: 9 }; 20]),
        failed,
        r#"table `posts`: FOREIGN KEY constraint failed (in `INSERT INTO "main"."posts" ("author_id") VALUES (?1)`)"#,
    );
}

#[test]
fn a_column_that_is_not_null() {
    let session = database();
    assert_violation(
        session.create(Loose { id: 1, name: None, anything: 1.into() }),
        (ConstraintKind::NotNull, Some("loose"), &["name"], None),
        r#"table `loose`: NOT NULL constraint failed: loose.name (in `INSERT INTO "main"."loose" ("id", "name", "anything") VALUES (?1, ?2, ?3)`)"#,
    );
}

#[test]
fn a_named_check_and_one_without_a_name() {
    let session = database();
    assert_violation(
        session.create(user("kid", "Kid", 7)),
        (ConstraintKind::Check, Some("users"), &[], Some("adult")),
        r#"table `users`: CHECK constraint failed: adult (in `INSERT INTO "main"."users" ("email", "name", "age") VALUES (?1, ?2, ?3)`)"#,
    );
    assert_violation(
        session.create(user("old", "Old", 200)),
        (ConstraintKind::Check, Some("users"), &[], Some("age < 150")),
        r#"table `users`: CHECK constraint failed: age < 150 (in `INSERT INTO "main"."users" ("email", "name", "age") VALUES (?1, ?2, ?3)`)"#,
    );
}

#[test]
fn a_value_of_the_wrong_type_in_a_strict_table() {
    let session = database();
    assert_violation(
        session.create(Loose { id: 1, name: Some("a".into()), anything: "text".into() }),
        (ConstraintKind::DataType, Some("loose"), &["anything"], None),
        r#"table `loose`: cannot store TEXT value in INTEGER column loose.anything (in `INSERT INTO "main"."loose" ("id", "name", "anything") VALUES (?1, ?2, ?3)`)"#,
    );
}

#[test]
fn a_trigger_that_aborts() {
    let session = database();
    session
        .execute_batch("CREATE TRIGGER t BEFORE DELETE ON posts BEGIN SELECT RAISE(ABORT, 'posts stay'); END")
        .unwrap();
    assert_violation(
        session.delete(&Post { id: 1, author_id: 1 }),
        (ConstraintKind::Trigger, Some("posts"), &[], None),
        r#"table `posts`: posts stay (in `DELETE FROM "main"."posts" WHERE "id" = ?1`)"#,
    );
}

#[test]
fn raw_sql_says_what_sqlite_says() {
    let session = database();
    assert_violation(
        session.raw("INSERT INTO users VALUES (7, ?1, 'x', 30)", ("ann",)).execute(),
        (ConstraintKind::Unique, Some("users"), &["email"], None),
        "UNIQUE constraint failed: users.email (in `INSERT INTO users VALUES (7, ?1, 'x', 30)`)",
    );
    assert_violation(
        session.raw("INSERT INTO posts VALUES (7, 9)", ()).execute(),
        (ConstraintKind::ForeignKey, None, &[], None),
        "FOREIGN KEY constraint failed (in `INSERT INTO posts VALUES (7, 9)`)",
    );
}

#[test]
fn names_with_dots_quotes_and_commas_are_split_right() {
    #[derive(Debug, Model)]
    #[orm(table = "odd name")]
    struct Odd {
        #[orm(primary_key)]
        id: i64,
        #[orm(column = "it's, really", unique)]
        text: String,
    }

    let session = session();
    session.create_table::<Odd>().unwrap();
    session.create(Odd { id: 1, text: "a".into() }).unwrap();
    let error = session.create(Odd { id: 2, text: "a".into() }).unwrap_err();
    assert_eq!((error.table(), error.column()), (Some("odd name"), Some("it's, really")));
}
