use orm_core::{ErrorKind, Model};

use crate::support::{recorded, refused, sent, session_with};

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "users")]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(unique)]
    email: String,
    name: Option<String>,
    #[orm(check = "age < 150")]
    age: u8,
    #[orm(generated = "age + 1")]
    next_age: i64,
}

fn user(email: &str) -> User {
    User { id: 0, email: email.into(), name: Some("Ann".into()), age: 30, next_age: 31 }
}

const UPDATE: &str = r#"UPDATE "main"."users" SET "email" = ?1, "name" = ?2, "age" = ?3 WHERE "id" = ?4"#;

#[test]
fn an_update_is_one_statement_that_writes_every_column_but_key_and_generated_ones() {
    let session = session_with::<User>();
    let mut ann = session.create(user("ann")).unwrap();
    let bob = session.create(user("bob")).unwrap();
    (ann.name, ann.age) = (None, 0);
    assert_eq!(sent(|| session.update(&mut ann)), [UPDATE]);
    assert_eq!(session.get::<User>(1).unwrap(), Some(User { next_age: 1, ..ann }));
    assert_eq!(session.get::<User>(2).unwrap(), Some(bob));
}

#[test]
fn an_update_of_a_row_that_is_gone_is_an_error() {
    let session = session_with::<User>();
    let mut nobody = User { id: 7, ..user("ann") };
    let expected = (ErrorKind::NotFound, "table `users`: there is no row with this key".to_owned());
    assert_eq!(refused(session.update(&mut nobody)), expected);
    assert_eq!(refused(session.update_only(&mut nobody, User::AGE)), expected);
    assert!(session.update(&mut nobody).unwrap_err().is_not_found());
}

#[test]
fn an_update_that_changes_nothing_is_none_of_a_missing_row() {
    let session = session_with::<User>();
    let mut ann = session.create(user("ann")).unwrap();
    session.update(&mut ann).unwrap();
    session.update(&mut ann).unwrap();
}

#[test]
fn update_only_writes_one_column_a_tuple_or_a_list() {
    let session = session_with::<User>();
    let mut ann = session.create(user("ann")).unwrap();
    (ann.name, ann.age, ann.email) = (None, 31, "new".into());
    let one = r#"UPDATE "main"."users" SET "age" = ?1 WHERE "id" = ?2"#;
    assert_eq!(sent(|| session.update_only(&mut ann, User::AGE)), [one]);
    assert_eq!(session.get::<User>(1).unwrap(), Some(User { id: 1, age: 31, next_age: 32, ..user("ann") }));
    let two = r#"UPDATE "main"."users" SET "email" = ?1, "age" = ?2 WHERE "id" = ?3"#;
    assert_eq!(sent(|| session.update_only(&mut ann, (User::AGE, User::EMAIL))), [two]);
    assert_eq!(sent(|| session.update_only(&mut ann, [User::EMAIL.any(), User::AGE.any()])), [two]);
    assert_eq!(sent(|| session.update_only(&mut ann, vec![User::EMAIL.any(), User::AGE.any()])), [two]);
    assert_eq!(sent(|| session.update_only(&mut ann, &[User::AGE.any(), User::EMAIL.any()][..])), [two]);
    assert_eq!(sent(|| session.update_only(&mut ann, (User::AGE, User::AGE))), [one]);
    assert_eq!(session.get::<User>(1).unwrap().map(|user| user.name), Some(Some("Ann".into())));
}

#[test]
fn update_only_of_no_columns_sends_nothing() {
    let session = session_with::<User>();
    let mut ann = session.create(user("ann")).unwrap();
    assert_eq!(sent(|| session.update_only(&mut ann, [])), [""; 0]);
}

#[test]
fn update_only_of_the_key_is_refused() {
    let session = session_with::<User>();
    let mut ann = session.create(user("ann")).unwrap();
    let (outcome, statements) = recorded(|| session.update_only(&mut ann, (User::AGE, User::ID)));
    assert_eq!(
        refused(outcome),
        (
            ErrorKind::InvalidQuery,
            "column `id` of `users`: the key finds the row, so it cannot be written by `update_only`"
                .to_owned()
        )
    );
    assert_eq!(statements, [""; 0]);
}

#[test]
fn a_refused_update_changes_nothing() {
    let session = session_with::<User>();
    let ann = session.create(user("ann")).unwrap();
    session.create(user("bob")).unwrap();
    let mut twin = User { email: "bob".into(), ..ann.clone() };
    assert!(session.update(&mut twin).unwrap_err().is_unique_violation());
    let mut old = User { age: 200, ..ann.clone() };
    assert_eq!(refused(session.update(&mut old)).0, ErrorKind::Constraint);
    assert_eq!(session.get::<User>(1).unwrap(), Some(ann));
}

#[test]
fn an_update_that_a_trigger_ignored_does_not_say_that_the_row_is_gone() {
    let session = session_with::<User>();
    let mut ann = session.create(user("ann")).unwrap();
    session.execute_batch("CREATE TRIGGER t BEFORE UPDATE ON users BEGIN SELECT RAISE(IGNORE); END").unwrap();
    assert_eq!(
        refused(session.update(&mut ann)),
        (
            ErrorKind::Constraint,
            "table `users`: a trigger or an `ON CONFLICT` clause of the table ignored the write, so the row is as before"
                .to_owned()
        )
    );
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(primary_key(post, tag), without_rowid)]
struct PostTag {
    post: i64,
    tag: String,
}

#[test]
fn an_update_of_a_table_of_key_columns_only_asks_whether_the_row_is_there() {
    let session = session_with::<PostTag>();
    let mut tag = session.create(PostTag { post: 1, tag: "rust".into() }).unwrap();
    assert_eq!(
        sent(|| session.update(&mut tag)),
        [r#"SELECT "post" FROM "main"."post_tag" WHERE "post" = ?1 AND "tag" = ?2"#]
    );
    assert!(session.update(&mut PostTag { post: 2, ..tag }).unwrap_err().is_not_found());
}

#[test]
fn a_composite_key_finds_the_row_in_key_order() {
    #[derive(Debug, Clone, PartialEq, Model)]
    #[orm(primary_key(b, a))]
    struct Pair {
        a: i64,
        text: String,
        b: i64,
    }

    let session = session_with::<Pair>();
    let pair = |a, b, text: &str| Pair { a, b, text: text.into() };
    session.insert_all(&mut [pair(1, 2, "x"), pair(2, 1, "y")]).unwrap();
    assert_eq!(
        sent(|| session.update(&mut pair(1, 2, "new"))),
        [r#"UPDATE "main"."pair" SET "text" = ?1 WHERE "b" = ?2 AND "a" = ?3"#]
    );
    assert_eq!(session.get::<Pair>((2, 1)).unwrap(), Some(pair(1, 2, "new")));
    assert_eq!(session.get::<Pair>((1, 2)).unwrap(), Some(pair(2, 1, "y")));
    session.delete(&pair(1, 2, "")).unwrap();
    assert_eq!(session.raw("SELECT * FROM pair", ()).all::<Pair>().unwrap(), [pair(2, 1, "y")]);
}

#[test]
fn a_column_keeps_its_database_name() {
    #[derive(Debug, Clone, PartialEq, Model)]
    #[orm(table = "T able", rename_all = "camelCase")]
    struct Odd {
        #[orm(primary_key, auto, column = "the \"key\"")]
        key: i64,
        r#type: String,
        table: i64,
        first_name: String,
    }

    let session = session_with::<Odd>();
    let mut odd = Odd { key: 0, r#type: "a".into(), table: 2, first_name: "b".into() };
    session.insert(&mut odd).unwrap();
    odd.table = 3;
    assert_eq!(
        sent(|| session.update_only(&mut odd, (Odd::TYPE, Odd::TABLE_, Odd::FIRST_NAME))),
        [
            r#"UPDATE "main"."T able" SET "type" = ?1, "table" = ?2, "firstName" = ?3 WHERE "the ""key""" = ?4"#
        ]
    );
    assert_eq!(session.get::<Odd>(1).unwrap(), Some(odd));
}
