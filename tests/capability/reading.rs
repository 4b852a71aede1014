use orm_core::{Engine, ErrorKind, Field, Model};

use crate::support::{recorded, refused, sent, session_with};

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "users")]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
    name: Option<String>,
    #[orm(column = "years")]
    age: u8,
    #[orm(skip)]
    visits: u32,
}

fn user(name: &str) -> User {
    User { id: 0, name: Some(name.into()), age: 30, visits: 0 }
}

const SELECT: &str = r#"SELECT "id", "name", "years" FROM "main"."users" WHERE "id" = ?1"#;

#[test]
fn get_is_one_statement_and_gives_the_row_or_none() {
    let session = session_with::<User>();
    let ann = session.create(user("ann")).unwrap();
    assert_eq!(sent(|| session.get::<User>(1)), [SELECT]);
    assert_eq!(session.get::<User>(1).unwrap(), Some(ann));
    assert_eq!(session.get::<User>(2).unwrap(), None);
}

#[test]
fn a_skipped_field_is_its_default_when_read() {
    let session = session_with::<User>();
    session.create(User { visits: 7, ..user("ann") }).unwrap();
    assert_eq!(session.get::<User>(1).unwrap().map(|user| user.visits), Some(0));
}

#[test]
fn get_many_gives_the_rows_in_the_order_of_the_keys_from_one_snapshot() {
    let session = session_with::<User>();
    let [ann, bob, eve] = ["ann", "bob", "eve"].map(|name| session.create(user(name)).unwrap());
    let found = session.get_many::<User, _>([3, 99, 1, 3]).unwrap();
    assert_eq!(found, [eve.clone(), ann, eve]);
    assert_eq!(session.get_many::<User, _>(&[2]).unwrap(), [bob]);
    assert_eq!(
        sent(|| session.get_many::<User, _>([2, 3])),
        ["BEGIN", "SELECT 1 FROM sqlite_schema LIMIT 1", SELECT, SELECT, "ROLLBACK"]
    );
}

#[test]
fn get_many_of_no_keys_sends_nothing() {
    let session = session_with::<User>();
    assert_eq!(sent(|| session.get_many::<User, i64>([])), [""; 0]);
}

#[test]
fn get_many_takes_any_number_of_keys() {
    let session = session_with::<User>();
    session.insert_all(&mut vec![user("ann"); 500]).unwrap();
    assert_eq!(session.get_many::<User, _>(1..=40_000).unwrap().len(), 500);
}

#[test]
fn the_keys_may_come_out_of_a_query_of_the_same_session() {
    let session = session_with::<User>();
    session.insert_all(&mut vec![user("ann"); 3]).unwrap();
    let ids = session.raw("SELECT id FROM users", ()).iter::<i64>().unwrap().map(Result::unwrap);
    assert_eq!(session.get_many::<User, _>(ids).unwrap().len(), 3);
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(primary_key(country, number))]
struct Plate {
    country: String,
    number: u32,
    color: Box<str>,
}

#[test]
fn a_composite_key_is_a_tuple_of_owned_or_borrowed_parts() {
    let session = session_with::<Plate>();
    let plate = session.create(Plate { country: "CH".into(), number: 7, color: "white".into() }).unwrap();
    let (owned, borrowed) = ("CH".to_owned(), "CH");
    assert_eq!(session.get::<Plate>((owned, 7)).unwrap().as_ref(), Some(&plate));
    assert_eq!(session.get::<Plate>((borrowed, &7)).unwrap().as_ref(), Some(&plate));
    assert_eq!(session.get::<Plate>(&(borrowed, 7)).unwrap().as_ref(), Some(&plate));
    assert_eq!(session.get::<Plate>(("NO", 7)).unwrap(), None);
    assert_eq!(session.get_many::<Plate, _>([("NO", 1), ("CH", 7)]).unwrap(), [plate]);
}

#[derive(Debug, Clone, PartialEq, Field)]
struct Isbn(String);

#[derive(Debug, Clone, PartialEq, Model)]
struct Book {
    #[orm(primary_key)]
    isbn: Isbn,
    title: String,
}

#[test]
fn a_newtype_key_is_taken_by_value_or_by_reference() {
    let session = session_with::<Book>();
    let book = session.create(Book { isbn: Isbn("978".into()), title: "a".into() }).unwrap();
    assert_eq!(session.get::<Book>(&book.isbn).unwrap().as_ref(), Some(&book));
    assert_eq!(session.get::<Book>(Isbn("978".into())).unwrap(), Some(book));
}

#[test]
fn a_key_that_the_database_cannot_hold_names_its_column_and_sends_nothing() {
    #[derive(Debug, Clone, PartialEq, Model)]
    #[orm(primary_key(shelf, number))]
    struct Item {
        shelf: i64,
        number: u64,
    }

    let session = session_with::<Item>();
    let (outcome, statements) = recorded(|| session.get::<Item>((1, u64::MAX)));
    assert_eq!(
        refused(outcome),
        (
            ErrorKind::Conversion,
            "column `number` of `item`: `u64`: expected an integer up to 9223372036854775807, found a larger one"
                .to_owned()
        )
    );
    assert_eq!(statements, [""; 0]);
    assert_eq!(refused(session.delete_key::<Item>((1, u64::MAX))).0, ErrorKind::Conversion);
}

#[test]
fn what_a_field_cannot_hold_names_column_table_and_type_and_never_the_value() {
    let session = session_with::<User>();
    session.raw("INSERT INTO users VALUES (1, 'ann', 70000)", ()).execute().unwrap();
    let expected = "column `years` of `users`: `u8`: expected an integer from 0 to 255, found an integer outside that range";
    assert_eq!(refused(session.get::<User>(1)), (ErrorKind::Conversion, expected.to_owned()));
    assert_eq!(refused(session.get_many::<User, _>([1])).1, expected);
    assert_eq!(refused(session.raw("SELECT * FROM users", ()).all::<User>()).1, expected);
}

#[test]
fn text_that_is_not_utf_8_names_its_column() {
    let session = session_with::<User>();
    session.raw("INSERT INTO users VALUES (1, CAST(x'ff' AS TEXT), 7)", ()).execute().unwrap();
    let (kind, message) = refused(session.get::<User>(1));
    assert_eq!(kind, ErrorKind::Conversion);
    assert!(message.starts_with("column `name` of `users`: `Option<String>`: expected "), "{message}");
}

#[test]
fn a_table_whose_columns_have_another_order_is_read_right() {
    let session = Engine::open_in_memory().unwrap().session().unwrap();
    session
        .execute_batch(
            "CREATE TABLE users (years INTEGER, extra TEXT, name TEXT, id INTEGER PRIMARY KEY);
             INSERT INTO users VALUES (30, 'x', 'ann', 5)",
        )
        .unwrap();
    let ann = User { id: 5, ..user("ann") };
    assert_eq!(session.get::<User>(5).unwrap().as_ref(), Some(&ann));
    assert_eq!(session.raw("SELECT * FROM users", ()).one::<User>().unwrap(), ann);
}

#[test]
fn a_table_made_anew_with_other_columns_is_read_right_by_a_kept_statement() {
    let session = session_with::<User>();
    session.create(user("ann")).unwrap();
    session.get::<User>(1).unwrap();
    session
        .execute_batch(
            "DROP TABLE users; CREATE TABLE users (years INTEGER, name TEXT, id INTEGER PRIMARY KEY);
             INSERT INTO users VALUES (31, 'bob', 1)",
        )
        .unwrap();
    assert_eq!(session.get::<User>(1).unwrap(), Some(User { id: 1, age: 31, ..user("bob") }));
}

#[test]
fn a_table_of_the_same_name_in_another_schema_is_never_meant() {
    let session = session_with::<User>();
    session
        .execute_batch("CREATE TEMP TABLE users (id INTEGER PRIMARY KEY, name TEXT, years INTEGER)")
        .unwrap();
    session.create(user("ann")).unwrap();
    assert_eq!(session.raw("SELECT count(*) FROM main.users", ()).one::<i64>().unwrap(), 1);
    assert_eq!(session.raw("SELECT count(*) FROM temp.users", ()).one::<i64>().unwrap(), 0);
    assert!(session.get::<User>(1).unwrap().is_some());
}
