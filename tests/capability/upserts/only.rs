use orm_core::{AnyColumn, ConstraintKind, ErrorKind, Model};

use super::{User, people, user, users};
use crate::support::{refused, sent, session_with};

#[test]
fn only_the_chosen_columns_are_sent() {
    let session = people();
    let inserting = session.inserting::<User>().only((User::EMAIL, User::NAME));
    let mut eve = user("eve", "Eve", 99);
    assert_eq!(
        sent(|| inserting.one(&mut eve)),
        [r#"INSERT INTO "main"."users" ("email", "name") VALUES (?1, ?2)"#]
    );
    assert_eq!(eve, User { id: 3, ..user("eve", "Eve", 99) });
    assert_eq!(users(&session)[2].age, 18);
    assert_eq!(inserting.create(user("zoe", "Zoe", 1)).unwrap().id, 4);
}

#[test]
fn returning_fills_in_what_the_database_has() {
    let session = people();
    let inserting = session.inserting::<User>().only(User::EMAIL).returning();
    let mut eve = user("eve", "Eve", 99);
    assert_eq!(
        sent(|| inserting.one(&mut eve)),
        [
            "BEGIN IMMEDIATE",
            r#"INSERT INTO "main"."users" ("email") VALUES (?1) RETURNING "id", "email", "name", "age""#,
            "COMMIT"
        ]
    );
    assert_eq!(eve, User { id: 3, email: "eve".into(), name: None, age: 18 });
}

#[test]
fn a_list_of_columns_can_be_made_at_run_time() {
    let session = people();
    let columns: Vec<AnyColumn<User>> = vec![User::AGE.any(), User::EMAIL.any(), User::AGE.any()];
    let mut many = [user("eve", "Eve", 20), user("zoe", "Zoe", 21)];
    assert_eq!(
        sent(|| session.inserting::<User>().only(columns).all(&mut many)),
        [
            "BEGIN IMMEDIATE",
            r#"INSERT INTO "main"."users" ("email", "age") VALUES (?1, ?2)"#,
            r#"INSERT INTO "main"."users" ("email", "age") VALUES (?1, ?2)"#,
            "COMMIT"
        ]
    );
    assert_eq!(many.map(|user| user.id), [3, 4]);
    assert_eq!(users(&session)[3], User { id: 4, email: "zoe".into(), name: None, age: 21 });
}

#[test]
fn a_column_without_default_that_is_left_out_is_named() {
    let session = people();
    let error = session.inserting::<User>().only(User::NAME).one(&mut user("eve", "Eve", 1)).unwrap_err();
    let constraint = error.constraint().unwrap();
    assert_eq!(
        (constraint.kind, &constraint.columns[..]),
        (ConstraintKind::NotNull, &["email".to_owned()][..])
    );
}

#[test]
fn a_key_is_sent_only_where_it_is_chosen_and_set() {
    let session = people();
    let mut with_key = User { id: 70, ..user("a", "x", 1) };
    session.inserting::<User>().only((User::ID, User::EMAIL)).one(&mut with_key).unwrap();
    assert_eq!(with_key.id, 70);
    let mut unset = user("b", "x", 1);
    session.inserting::<User>().only((User::ID, User::EMAIL)).one(&mut unset).unwrap();
    assert_eq!(unset.id, 71);
    let mut not_chosen = User { id: 5, ..user("c", "x", 1) };
    session.inserting::<User>().only(User::EMAIL).one(&mut not_chosen).unwrap();
    assert_eq!(not_chosen.id, 72);
    let mut fails = User { id: 5, ..user("c", "x", 1) };
    session.inserting::<User>().only(User::EMAIL).one(&mut fails).unwrap_err();
    assert_eq!(fails.id, 5);
}

#[test]
fn nothing_chosen_is_a_row_of_defaults() {
    #[derive(Debug, Clone, PartialEq, Model)]
    struct Token {
        #[orm(primary_key, default(expr = "lower('ABC')"))]
        code: String,
        #[orm(default = 7)]
        uses: i64,
    }

    let session = session_with::<Token>();
    let mut token = Token { code: "other".into(), uses: 0 };
    let none: [AnyColumn<Token>; 0] = [];
    assert_eq!(
        sent(|| session.inserting::<Token>().only(none).one(&mut token)),
        ["BEGIN IMMEDIATE", r#"INSERT INTO "main"."token" DEFAULT VALUES RETURNING "code""#, "COMMIT"]
    );
    // a key that the database picks is read back
    assert_eq!(token, Token { code: "abc".into(), uses: 0 });
    assert_eq!(session.find::<Token>().one().unwrap(), Token { code: "abc".into(), uses: 7 });
    assert_eq!(
        refused(session.inserting::<Token>().only(none).ignore_conflicts().one(&mut token)),
        (
            ErrorKind::InvalidQuery,
            "table `token`: an insert of defaults alone cannot say what happens on a conflict: name a column in `only`"
                .into()
        )
    );
}

#[test]
fn without_a_word_it_is_insert() {
    let session = people();
    let insert = r#"INSERT INTO "main"."users" ("email", "name", "age") VALUES (?1, ?2, ?3)"#;
    assert_eq!(sent(|| session.inserting::<User>().one(&mut user("eve", "Eve", 1))), [insert]);
    assert_eq!(
        sent(|| session.inserting::<User>().all(&mut [user("a", "a", 1), user("b", "b", 1)])),
        ["BEGIN IMMEDIATE", insert, insert, "COMMIT"]
    );
}

#[test]
fn fields_that_are_no_columns_stay_when_a_row_is_read_back() {
    #[derive(Debug, Clone, PartialEq, Model)]
    struct Item {
        #[orm(primary_key, auto)]
        id: i64,
        width: i64,
        #[orm(generated = "width * width")]
        area: i64,
        #[orm(skip)]
        selected: bool,
    }

    let session = session_with::<Item>();
    let mut item = Item { id: 0, width: 3, area: 0, selected: true };
    session.inserting::<Item>().returning().one(&mut item).unwrap();
    assert_eq!(item, Item { id: 1, width: 3, area: 9, selected: true });
}
