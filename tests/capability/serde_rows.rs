use std::collections::BTreeMap;

use orm_core::{Engine, ErrorKind, Session};
use serde::Deserialize;
use serde::de::DeserializeOwned;

fn session() -> Session {
    let session = Engine::open_in_memory().unwrap().session().unwrap();
    session
        .execute_batch(
            "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, age INTEGER, score REAL, photo BLOB) STRICT;
             INSERT INTO users VALUES (1, 'Ann', 30, 1.5, x'0102'), (2, 'Bob', NULL, 2, x'')",
        )
        .unwrap();
    session
}

#[derive(Debug, PartialEq, Deserialize)]
struct User {
    name: String,
    id: i64,
    age: Option<u8>,
    score: f64,
    photo: Vec<u8>,
}

fn error<T: DeserializeOwned>(sql: &str) -> (ErrorKind, String) {
    let error = session().raw(sql, ()).all_as::<T>().err().unwrap();
    (error.kind(), error.to_string())
}

#[test]
fn a_struct_takes_columns_by_name_in_any_order_and_passes_over_the_others() {
    let users = session().raw("SELECT *, 'x' AS surplus FROM users", ()).all_as::<User>().unwrap();
    let ann = User { name: "Ann".into(), id: 1, age: Some(30), score: 1.5, photo: vec![1, 2] };
    let bob = User { name: "Bob".into(), id: 2, age: None, score: 2.0, photo: vec![] };
    assert_eq!(users, [ann, bob]);
}

#[test]
fn a_map_has_the_names_as_keys() {
    let rows =
        session().raw("SELECT id, age FROM users", ()).all_as::<BTreeMap<String, Option<i64>>>().unwrap();
    let row = |id, age| BTreeMap::from([("id".to_owned(), Some(id)), ("age".to_owned(), age)]);
    assert_eq!(rows, [row(1, Some(30)), row(2, None)]);
}

#[test]
fn a_json_value_is_an_object_of_the_row() {
    let rows =
        session().raw("SELECT id, name, age, score FROM users", ()).all_as::<serde_json::Value>().unwrap();
    assert_eq!(
        rows,
        [
            serde_json::json!({"id": 1, "name": "Ann", "age": 30, "score": 1.5}),
            serde_json::json!({"id": 2, "name": "Bob", "age": null, "score": 2.0}),
        ]
    );
}

#[test]
fn a_flattened_struct_takes_its_columns_from_the_same_row() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Named {
        name: String,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Row {
        id: i64,
        #[serde(flatten)]
        named: Named,
    }
    let row = session().raw("SELECT id, name FROM users WHERE id = ?1", (2,)).one_as::<Row>().unwrap();
    assert_eq!(row, Row { id: 2, named: Named { name: "Bob".into() } });
}

#[test]
fn tuples_and_sequences_take_columns_by_position() {
    let session = session();
    let raw = session.raw("SELECT id, age FROM users", ());
    assert_eq!(raw.all_as::<(i64, Option<u32>)>().unwrap(), [(1, Some(30)), (2, None)]);
    assert_eq!(raw.all_as::<Vec<Option<i64>>>().unwrap(), [vec![Some(1), Some(30)], vec![Some(2), None]]);
}

#[test]
fn a_single_column_is_a_single_value() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Name(String);
    let session = session();
    assert_eq!(
        session.raw("SELECT name FROM users", ()).all_as::<Name>().unwrap(),
        [Name("Ann".into()), Name("Bob".into())]
    );
    assert_eq!(session.raw("SELECT age FROM users", ()).all_as::<Option<u64>>().unwrap(), [Some(30), None]);
    assert_eq!(session.raw("SELECT 1, 0", ()).one_as::<(bool, bool)>().unwrap(), (true, false));
    assert_eq!(session.raw("SELECT 'é'", ()).one_as::<char>().unwrap(), 'é');
    assert_eq!(session.raw("SELECT NULL", ()).one_as::<()>().unwrap(), ());
    assert_eq!(session.raw("SELECT -5", ()).one_as::<i128>().unwrap(), -5);
    assert_eq!(session.raw("SELECT x'0a0b'", ()).one_as::<((u8, u8),)>().unwrap(), ((10, 11),));
}

#[test]
fn an_enum_of_unit_variants_is_read_from_text() {
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Colour {
        DarkRed,
        Blue,
    }
    let session = session();
    let colours = session.raw("VALUES ('dark-red'), ('blue')", ()).all_as::<Colour>().unwrap();
    assert_eq!(colours, [Colour::DarkRed, Colour::Blue]);
    assert_eq!(
        error::<Colour>("SELECT 'secret' AS colour"),
        (
            ErrorKind::Conversion,
            "column `colour`: expected one of `dark-red`, `blue`, found another text".to_owned()
        )
    );
}

#[test]
fn the_first_row_is_an_option_and_the_only_row_has_to_be_there() {
    let session = session();
    let none = session.raw("SELECT name FROM users WHERE id = 9", ());
    assert_eq!(none.first_as::<String>().unwrap(), None);
    assert!(none.one_as::<String>().unwrap_err().is_not_found());
    let both = session.raw("SELECT name FROM users ORDER BY id", ());
    assert_eq!(both.first_as::<String>().unwrap().as_deref(), Some("Ann"));
    assert_eq!(both.one_as::<String>().unwrap_err().kind(), ErrorKind::TooManyRows);
}

#[test]
fn an_error_names_the_column_and_what_was_found_and_shows_no_value() {
    assert_eq!(
        [
            error::<User>("SELECT 1 AS id, 77 AS name, 1 AS age, 1.0 AS score, x'' AS photo"),
            error::<(i64, u8)>("SELECT 1 AS id, 4711 AS age"),
            error::<Vec<u8>>("SELECT 4711 AS age"),
            error::<(f64,)>("SELECT 9007199254740993 AS score"),
            error::<([u8; 3],)>("SELECT x'0102' AS photo"),
            error::<(User,)>("SELECT 'secret' AS user"),
            error::<(String,)>("SELECT CAST(x'ff' AS TEXT) AS name"),
        ],
        [
            (ErrorKind::Conversion, "column `name`: `String`: expected text, found integer".to_owned()),
            (
                ErrorKind::Conversion,
                "column `age`: `u8`: expected an integer from 0 to 255, found an integer outside that range"
                    .to_owned()
            ),
            (
                ErrorKind::Conversion,
                "column `age`: `u8`: expected an integer from 0 to 255, found an integer outside that range"
                    .to_owned()
            ),
            (
                ErrorKind::Conversion,
                "column `score`: `f64`: expected a real number, found an integer that a float would round"
                    .to_owned()
            ),
            (
                ErrorKind::Conversion,
                "column `photo`: `[u8; 3]`: expected a blob of 3 bytes, found one of 2".to_owned()
            ),
            (
                ErrorKind::Conversion,
                "column `user`: `User`: expected what one column can hold, found text".to_owned()
            ),
            (
                ErrorKind::Conversion,
                "column `name`: `String`: expected UTF-8 text, found text that is not UTF-8".to_owned()
            ),
        ]
    );
}

#[test]
fn a_result_with_other_columns_is_refused() {
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Strict {
        #[expect(dead_code, reason = "only its name matters")]
        id: i64,
    }
    assert_eq!(
        [
            error::<User>("SELECT id FROM users"),
            error::<Strict>("SELECT id, name FROM users"),
            error::<(i64, String)>("SELECT id FROM users"),
            error::<i64>("SELECT id, name FROM users"),
            error::<BTreeMap<String, i64>>("SELECT 1 AS id, 2 AS id"),
            error::<Strict>("SELECT 1 AS id, 2 AS id"),
        ],
        [
            "the result has no column `name`, only `id`",
            "the result has a column `name`, and no field but `id` is known",
            "expected a result of 2 columns, found `id`",
            "expected a result of 1 column, found `id`, `name`",
            "the result has several columns `id`: name one with AS",
            "the result has several columns `id`: name one with AS",
        ]
        .map(|message| (ErrorKind::Columns, message.to_owned()))
    );
}

#[test]
fn what_a_types_own_deserialize_says_is_the_source_and_not_the_message() {
    #[derive(Debug)]
    struct Even;
    impl<'de> Deserialize<'de> for Even {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let number = i64::deserialize(deserializer)?;
            Err(serde::de::Error::custom(format!("{number} is odd")))
        }
    }
    let session = session();
    let error = session.raw("SELECT 4711 AS n", ()).one_as::<Even>().unwrap_err();
    assert_eq!(
        (error.to_string(), std::error::Error::source(&error).unwrap().to_string()),
        ("column `n`: its `Deserialize` refused what was found".to_owned(), "4711 is odd".to_owned())
    );
}
