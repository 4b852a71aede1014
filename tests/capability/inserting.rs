use orm_core::{ConstraintKind, ErrorKind, Field, Model};

use crate::support::{recorded, refused, sent, session_with};

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "users")]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(unique)]
    email: String,
    name: Option<String>,
    #[orm(default = 18)]
    age: u8,
}

fn user(email: &str) -> User {
    User { id: 0, email: email.into(), name: None, age: 30 }
}

const INSERT: &str = r#"INSERT INTO "main"."users" ("email", "name", "age") VALUES (?1, ?2, ?3)"#;
const INSERT_WITH_KEY: &str =
    r#"INSERT INTO "main"."users" ("id", "email", "name", "age") VALUES (?1, ?2, ?3, ?4)"#;

#[test]
fn an_insert_is_one_statement_and_writes_the_key_back() {
    let session = session_with::<User>();
    let mut ann = user("ann");
    assert_eq!(sent(|| session.insert(&mut ann)), [INSERT]);
    assert_eq!(ann, User { id: 1, ..user("ann") });
    assert_eq!(session.get::<User>(1).unwrap(), Some(ann));
}

#[test]
fn create_is_insert_by_value() {
    let session = session_with::<User>();
    let bob = session.create(user("bob")).unwrap();
    assert_eq!(bob, User { id: 1, ..user("bob") });
    assert_eq!(session.get::<User>(1).unwrap(), Some(bob));
}

#[test]
fn an_auto_key_that_is_set_is_written_as_it_is() {
    let session = session_with::<User>();
    let mut ann = User { id: 42, ..user("ann") };
    assert_eq!(sent(|| session.insert(&mut ann)), [INSERT_WITH_KEY]);
    assert_eq!(ann.id, 42);
    let mut negative = User { id: -7, ..user("bob") };
    session.insert(&mut negative).unwrap();
    assert_eq!(session.raw("SELECT id FROM users ORDER BY id", ()).all::<i64>().unwrap(), [-7, 42]);
}

#[test]
fn zero_and_none_are_written_where_they_are_no_auto_key() {
    let session = session_with::<User>();
    session.create(User { age: 0, ..user("ann") }).unwrap();
    let row = session.raw("SELECT name, age FROM users", ()).one::<(Option<String>, u8)>().unwrap();
    assert_eq!(row, (None, 0));
}

#[test]
fn a_struct_of_a_refused_insert_is_as_before() {
    let session = session_with::<User>();
    session.create(user("ann")).unwrap();
    let mut twin = user("ann");
    let error = session.insert(&mut twin).unwrap_err();
    assert_eq!(twin, user("ann"));
    assert!(error.is_unique_violation(), "{error}");
}

mod keys {
    use super::*;

    #[derive(Debug, Clone, PartialEq, Model)]
    struct Optional {
        #[orm(primary_key, auto)]
        id: Option<i64>,
        text: String,
    }

    #[test]
    fn none_is_an_unset_auto_key_and_some_a_set_one() {
        let session = session_with::<Optional>();
        let mut first = Optional { id: None, text: "a".into() };
        session.insert(&mut first).unwrap();
        assert_eq!(first.id, Some(1));
        let mut ninth = Optional { id: Some(9), text: "b".into() };
        session.insert(&mut ninth).unwrap();
        assert_eq!(session.get::<Optional>(9).unwrap(), Some(ninth));
        let mut zero = Optional { id: Some(0), text: "c".into() };
        session.insert(&mut zero).unwrap();
        assert_eq!(zero.id, Some(10));
    }

    #[derive(Debug, Clone, Copy, PartialEq, Field)]
    struct DocumentId(i64);

    #[derive(Debug, Clone, PartialEq, Model)]
    struct Document {
        #[orm(primary_key, auto)]
        id: DocumentId,
        text: String,
    }

    #[test]
    fn a_newtype_can_be_an_auto_key() {
        let session = session_with::<Document>();
        let document = session.create(Document { id: DocumentId(0), text: "a".into() }).unwrap();
        assert_eq!(document.id, DocumentId(1));
        assert_eq!(session.get::<Document>(DocumentId(1)).unwrap(), Some(document));
    }

    #[derive(Debug, Clone, PartialEq, Model)]
    struct Counted {
        #[orm(primary_key, autoincrement)]
        id: i64,
        text: String,
    }

    #[test]
    fn autoincrement_never_gives_a_key_twice() {
        let session = session_with::<Counted>();
        let counted = |text: &str| Counted { id: 0, text: text.into() };
        let last = session.create(counted("a")).unwrap();
        session.delete(&last).unwrap();
        assert_eq!(session.create(counted("b")).unwrap().id, 2);
        let mut many: Vec<Counted> = (0..40).map(|_| counted("c")).collect();
        session.insert_all(&mut many).unwrap();
        session.delete(&many[39]).unwrap();
        let mut more: Vec<Counted> = (0..40).map(|_| counted("d")).collect();
        session.insert_all(&mut more).unwrap();
        assert_eq!((many[39].id, more[0].id, more[39].id), (42, 43, 82));
        session.delete(&more[39]).unwrap();
        assert_eq!(session.create(counted("e")).unwrap().id, 83);
    }

    #[test]
    fn an_auto_key_of_a_deleted_row_is_given_again() {
        let session = session_with::<User>();
        let ann = session.create(user("ann")).unwrap();
        session.delete(&ann).unwrap();
        assert_eq!(session.create(user("bob")).unwrap().id, 1);
    }

    #[derive(Debug, Clone, PartialEq, Model)]
    #[orm(primary_key(user, day), without_rowid)]
    struct Visit {
        user: i64,
        day: String,
        pages: u32,
    }

    #[test]
    fn a_table_without_rowid_takes_a_composite_key() {
        let session = session_with::<Visit>();
        let visit = session.create(Visit { user: 0, day: "2026-11-21".into(), pages: 3 }).unwrap();
        assert_eq!(session.get::<Visit>((0, "2026-11-21")).unwrap(), Some(visit.clone()));
        let error = session.create(visit).unwrap_err();
        assert_eq!(
            error.constraint().map(|it| (it.kind, &it.columns[..])),
            Some((ConstraintKind::PrimaryKey, &["user".to_owned(), "day".to_owned()][..]))
        );
    }

    #[derive(Debug, Clone, PartialEq, Model)]
    struct Country {
        #[orm(primary_key)]
        code: String,
    }

    #[test]
    fn a_text_key_is_written_as_it_is_also_where_it_is_empty() {
        let session = session_with::<Country>();
        assert_eq!(
            sent(|| session.create(Country { code: String::new() })),
            [r#"INSERT INTO "main"."country" ("code") VALUES (?1)"#]
        );
        assert_eq!(session.get::<Country>("").unwrap(), Some(Country { code: String::new() }));
    }

    #[derive(Debug, Clone, PartialEq, Model)]
    struct Ticket {
        #[orm(primary_key, auto)]
        number: u32,
    }

    #[test]
    fn a_row_of_a_key_alone_is_inserted_by_its_defaults() {
        let session = session_with::<Ticket>();
        let mut ticket = Ticket { number: 0 };
        let statements = sent(|| session.insert(&mut ticket));
        assert_eq!(statements[1], r#"INSERT INTO "main"."ticket" DEFAULT VALUES"#);
        assert_eq!(ticket, Ticket { number: 1 });
    }

    #[derive(Debug, Clone, PartialEq, Model)]
    struct Small {
        #[orm(primary_key, auto)]
        id: u8,
        text: String,
    }

    fn small(id: u8) -> Small {
        Small { id, text: "a".into() }
    }

    #[test]
    fn a_key_too_large_for_its_field_leaves_no_row() {
        let session = session_with::<Small>();
        session.create(small(255)).unwrap();
        let mut next = small(0);
        assert_eq!(
            refused(session.insert(&mut next)),
            (
                ErrorKind::Conversion,
                "column `id` of `small`: `u8`: expected an integer from 0 to 255, found an integer outside that range"
                    .to_owned()
            )
        );
        assert_eq!(next, small(0));
        assert_eq!(session.raw("SELECT id FROM small", ()).all::<i64>().unwrap(), [255]);
    }

    #[test]
    fn a_key_too_large_for_its_field_leaves_no_row_of_many() {
        for many in [3, 30] {
            let session = session_with::<Small>();
            session.create(small(254)).unwrap();
            let mut rows = vec![small(0); many];
            let refused = refused(session.insert_all(&mut rows));
            assert_eq!(refused.0, ErrorKind::Conversion);
            assert_eq!(rows, vec![small(0); many]);
            assert_eq!(session.raw("SELECT id FROM small", ()).all::<i64>().unwrap(), [254]);
        }
    }

    #[test]
    fn a_key_too_large_for_its_field_does_not_end_the_transaction_around_it() {
        let session = session_with::<Small>();
        session
            .transaction(|tx| {
                tx.create(small(255))?;
                refused(tx.create(small(0)));
                tx.create(small(7))
            })
            .unwrap();
        assert_eq!(session.raw("SELECT id FROM small ORDER BY id", ()).all::<i64>().unwrap(), [7, 255]);
    }
}

#[test]
fn a_value_that_a_column_cannot_hold_names_column_table_and_type_and_sends_nothing() {
    #[derive(Debug, Clone, PartialEq, Model)]
    struct Measure {
        #[orm(primary_key)]
        id: u64,
        value: f64,
    }

    let session = session_with::<Measure>();
    let (outcome, statements) = recorded(|| session.create(Measure { id: u64::MAX, value: 1.0 }));
    assert_eq!(
        refused(outcome),
        (
            ErrorKind::Conversion,
            "column `id` of `measure`: `u64`: expected an integer up to 9223372036854775807, found a larger one"
                .to_owned()
        )
    );
    assert_eq!(statements, [""; 0]);
    assert_eq!(
        refused(session.create(Measure { id: 1, value: f64::NAN })).1,
        "column `value` of `measure`: `f64`: expected a number, found NaN, which SQLite would store as NULL: use an `Option`"
    );
}
