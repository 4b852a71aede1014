use std::error::Error as _;
use std::{fmt, io};

use orm_core::{
    ConversionError, Error, ErrorKind, Field, LogicalType, Model, ToValue, ToValueOutput, ValueRef, class,
};

use crate::support::{session, session_with};

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "users")]
struct User {
    #[orm(primary_key)]
    id: i64,
    #[orm(unique)]
    email: String,
    age: u8,
}

fn user() -> User {
    User { id: 1, email: "a secret".into(), age: 30 }
}

/// The messages of the error and of all that is behind it.
fn chain(error: &Error) -> Vec<String> {
    let mut messages = vec![error.to_string()];
    let mut source = error.source();
    while let Some(error) = source {
        messages.push(error.to_string());
        source = error.source();
    }
    messages
}

#[test]
fn display_says_where_what_and_the_sql() {
    let session = session_with::<User>();
    let error = session.raw("SELECT missing FROM users", ()).all::<i64>().unwrap_err();
    assert_eq!(error.to_string(), "no such column: missing (in `SELECT missing FROM users`)");
    assert_eq!(error.sql(), Some("SELECT missing FROM users"));
    let error = session.update(&mut user()).unwrap_err();
    assert_eq!(error.to_string(), "table `users`: there is no row with this key");
    let error = session.raw("SELECT 'x'", ()).one::<i64>().unwrap_err();
    assert_eq!(error.to_string(), "column `1`: `i64`: expected an integer, found text");
}

#[test]
fn debug_shows_kind_message_constraint_and_code() {
    let session = session_with::<User>();
    session.create(user()).unwrap();
    let error = session.create(user()).unwrap_err();
    assert_eq!(
        format!("{error:?}"),
        r#"Error { kind: Constraint, message: "table `users`: UNIQUE constraint failed: users.id (in `INSERT INTO \"main\".\"users\" (\"id\", \"email\", \"age\") VALUES (?1, ?2, ?3)`)", constraint: Constraint { kind: PrimaryKey, table: Some("users"), columns: ["id"], name: None }, sqlite_code: 1555 }"#
    );
    assert_eq!(
        format!("{:?}", session.update(&mut User { id: 2, ..user() }).unwrap_err()),
        r#"Error { kind: NotFound, message: "table `users`: there is no row with this key" }"#
    );
}

#[test]
fn long_sql_is_cut_in_the_message_and_whole_in_the_error() {
    let session = session();
    let sql = format!("SELECT missing, '{}'", "ä".repeat(400));
    let error = session.raw(&sql, ()).all::<i64>().unwrap_err();
    assert_eq!(error.sql(), Some(&*sql));
    let shown: String = sql.chars().take_while(|&c| c != 'ä').chain("ä".repeat(141).chars()).collect();
    assert_eq!(error.to_string(), format!("no such column: missing (in `{shown}… (818 bytes)`)"));
}

#[test]
fn no_value_is_in_any_message() {
    let session = session_with::<User>();
    session.create(user()).unwrap();
    session
        .execute_batch("CREATE TABLE t (email INTEGER NOT NULL CHECK (email > 10), text TEXT UNIQUE) STRICT")
        .unwrap();
    let text = "a secret";
    let insert = |email: &dyn ToValue, text: &dyn ToValue| {
        session.raw("INSERT INTO t VALUES (?1, ?2)", [email, text]).execute().map(drop)
    };
    insert(&77_777, &text).unwrap();
    let errors = [
        session.create(user()).unwrap_err(),
        session.insert_all(&mut [user(), user()]).unwrap_err(),
        insert(&77_777, &text).unwrap_err(),
        insert(&text, &text).unwrap_err(),
        insert(&-77_777, &"x").unwrap_err(),
        session.raw("SELECT ?1", (text,)).one::<i64>().unwrap_err(),
        session.raw("SELECT ?1", (77_777,)).one::<u8>().unwrap_err(),
        session.raw("SELECT ?1", (text,)).one::<orm_core::Json<i64>>().unwrap_err(),
        session.raw("SELECT ?1", (r#""a secret""#,)).one::<orm_core::Json<i64>>().unwrap_err(),
        session.raw("SELECT ?1", (text,)).one::<std::time::SystemTime>().unwrap_err(),
        session.raw("SELECT ?1", (text,)).one::<rust_decimal::Decimal>().unwrap_err(),
        session.raw("SELECT ?1 ->> '$.x'", (text,)).one::<String>().unwrap_err(),
        session.raw("SELECT ?1", (text, 77_777)).one::<String>().unwrap_err(),
    ];
    for error in errors {
        let said = format!("{:?} {error:?}", chain(&error));
        assert!(!said.contains("secret") && !said.contains("77777"), "{said}");
    }
}

#[test]
fn an_error_of_the_application_keeps_its_text_and_itself() {
    let error = Error::other("no credit");
    assert_eq!((error.kind(), error.to_string()), (ErrorKind::Other, "no credit".to_owned()));

    let file = || io::Error::new(io::ErrorKind::NotFound, "no file");
    let through: orm_core::Result<()> = session().transaction(|_| Err(Error::other(file())));
    let error = through.unwrap_err();
    assert_eq!(chain(&error), ["no file"]);
    assert!(error.get_other().unwrap().is::<io::Error>());
    assert_eq!(error.into_other().unwrap().downcast::<io::Error>().unwrap().kind(), io::ErrorKind::NotFound);
}

#[test]
fn what_is_behind_an_error_of_the_application_is_the_source_and_is_said_once() {
    let behind = io::Error::other(ConversionError::new("a file", "a folder").with_source(fmt::Error));
    assert_eq!(chain(&Error::other(behind)), ["expected a file, found a folder", &fmt::Error.to_string()]);
}

#[test]
fn an_error_of_the_library_is_none_of_the_application() {
    let error = session().raw("nonsense", ()).execute().unwrap_err();
    assert!(error.get_other().is_none());
    assert_eq!(error.into_other().unwrap_err().kind(), ErrorKind::Sql);
}

#[test]
fn an_error_is_one_pointer_wide_and_can_cross_threads() {
    fn crosses<T: Send + Sync + 'static>() {}
    crosses::<Error>();
    assert_eq!(size_of::<Error>(), size_of::<usize>());
    assert_eq!(size_of::<orm_core::Result<()>>(), size_of::<usize>());
}

/// A field whose conversions fail with a parser's error behind them.
#[derive(Debug, Clone, PartialEq)]
struct Parsed(u8);

fn unreadable() -> ConversionError {
    ConversionError::new("a number as text", "something else").with_source("x".parse::<u8>().unwrap_err())
}

impl ToValue for Parsed {
    fn to_value(&self) -> Result<ToValueOutput<'_>, ConversionError> {
        if self.0 == 0 { Err(unreadable()) } else { Ok(ToValueOutput::Owned(self.0.to_string().into())) }
    }
}

impl Field for Parsed {
    type Inner = Self;
    type Rel<P> = P;
    type Class = class::Text;
    const TYPE: LogicalType = LogicalType::Text;

    fn from_value(_: ValueRef<'_>) -> Result<Self, ConversionError> {
        Err(unreadable())
    }
}

#[test]
fn what_is_behind_a_conversion_is_the_source_and_is_said_once() {
    #[derive(Debug, Clone, PartialEq, Model)]
    struct Row {
        #[orm(primary_key)]
        id: i64,
        parsed: Parsed,
    }

    let session = session_with::<Row>();
    let message = "column `parsed` of `row`: `Parsed`: expected a number as text, found something else";
    let insert = r#"INSERT INTO "main"."row" ("id", "parsed") VALUES (?1, ?2)"#;
    let unwritten = session.create(Row { id: 1, parsed: Parsed(0) }).unwrap_err();
    assert_eq!(
        chain(&unwritten),
        [format!("{message} (in `{insert}`)"), "invalid digit found in string".to_owned()]
    );
    session.create(Row { id: 1, parsed: Parsed(1) }).unwrap();
    assert_eq!(chain(&session.get::<Row>(1).unwrap_err()), [message, "invalid digit found in string"]);
    let error: Error = unreadable().into();
    assert_eq!(
        chain(&error),
        ["expected a number as text, found something else", "invalid digit found in string"]
    );
}
