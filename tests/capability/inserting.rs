use orm_core::{ConstraintKind, ErrorKind, Field, Model};

use crate::support::{recorded, refused, sent, session, session_with};

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

mod many {
    use super::*;

    fn users(count: usize) -> Vec<User> {
        (0..count).map(|number| user(&format!("user{number}"))).collect()
    }

    #[test]
    fn nothing_is_sent_for_an_empty_list() {
        let session = session_with::<User>();
        assert_eq!(sent(|| session.insert_all::<User>(&mut [])), [""; 0]);
    }

    #[test]
    fn one_is_inserted_like_one() {
        let session = session_with::<User>();
        assert_eq!(sent(|| session.insert_all(&mut users(1))), [INSERT]);
    }

    #[test]
    fn a_few_are_inserted_one_by_one_in_one_transaction() {
        let session = session_with::<User>();
        let mut few = users(3);
        assert_eq!(
            sent(|| session.insert_all(&mut few)),
            ["BEGIN IMMEDIATE", INSERT, INSERT, INSERT, "COMMIT"]
        );
        assert_eq!(few.iter().map(|user| user.id).collect::<Vec<_>>(), [1, 2, 3]);
    }

    #[test]
    fn many_are_inserted_by_statements_of_many_rows() {
        let session = session_with::<User>();
        let mut many = users(1 + 4 * 256 + 64 + 16 + 8 + 2);
        let statements = sent(|| session.insert_all(&mut many));
        let rows: Vec<usize> = statements
            .iter()
            .filter(|sql| sql.starts_with("INSERT"))
            .map(|sql| sql.matches('(').count() - 1)
            .collect();
        assert_eq!(rows, [1, 256, 256, 256, 256, 64, 16, 8, 1, 1]);
        assert_eq!(statements[3], r#"SELECT max("id") FROM "main"."users""#);
        assert_eq!(statements[statements.len() - 2], INSERT_WITH_KEY);
        let stored = session.raw("SELECT * FROM users ORDER BY id", ()).all::<User>().unwrap();
        assert_eq!(stored, many);
        assert_eq!(many[1114].id, 1115);
    }

    #[test]
    fn any_number_of_rows_is_inserted() {
        for count in [8, 9, 10, 17, 18, 33, 1025, 10_000] {
            let session = session_with::<User>();
            session.create(user("first")).unwrap();
            let mut many = users(count);
            session.insert_all(&mut many).unwrap();
            let keys: Vec<i64> = many.iter().map(|user| user.id).collect();
            assert_eq!(keys, (2..count as i64 + 2).collect::<Vec<_>>());
            let stored =
                session.raw("SELECT * FROM users WHERE id > 1 ORDER BY id", ()).all::<User>().unwrap();
            assert_eq!(stored, many);
        }
    }

    #[test]
    fn keys_that_are_set_are_written_as_they_are_and_may_be_mixed_with_unset_ones() {
        for every in [1, 2] {
            let session = session_with::<User>();
            let mut many = users(40);
            for (number, user) in (1000..).zip(&mut many).step_by(every) {
                user.id = number;
            }
            session.insert_all(&mut many).unwrap();
            for (number, user) in (1000..).zip(&many).step_by(every) {
                assert_eq!(user.id, number);
            }
            for user in many {
                assert_eq!(session.get::<User>(user.id).unwrap(), Some(user));
            }
        }
    }

    #[test]
    fn none_is_inserted_and_all_are_as_before_where_one_fails() {
        for (count, bad) in [(2, 1), (10, 9), (30, 0), (30, 29), (600, 599)] {
            let session = session_with::<User>();
            session.create(user("taken")).unwrap();
            let mut many = users(count);
            many[bad].email = "taken".into();
            let before = many.clone();
            let error = session.insert_all(&mut many).unwrap_err();
            assert!(error.is_unique_violation(), "{error}");
            assert_eq!(many, before);
            assert_eq!(session.raw("SELECT count(*) FROM users", ()).one::<i64>().unwrap(), 1);
        }
    }

    #[test]
    fn inside_a_transaction_it_fails_alone() {
        let session = session_with::<User>();
        session
            .transaction(|tx| {
                tx.create(user("kept"))?;
                let mut twins = vec![user("twin"); 40];
                assert!(tx.insert_all(&mut twins).unwrap_err().is_unique_violation());
                tx.create(user("kept too"))
            })
            .unwrap();
        assert_eq!(session.raw("SELECT email FROM users", ()).all::<String>().unwrap(), ["kept", "kept too"]);
    }

    #[test]
    fn at_the_end_of_the_range_the_keys_are_those_that_the_database_picks() {
        let session = session_with::<User>();
        session.create(User { id: i64::MAX - 5, ..user("last") }).unwrap();
        let mut many = users(40);
        session.insert_all(&mut many).unwrap();
        for user in many {
            assert_eq!(session.get::<User>(user.id).unwrap(), Some(user));
        }
    }

    #[test]
    fn a_full_range_fails_with_autoincrement() {
        #[derive(Debug, Clone, PartialEq, Model)]
        struct Counted {
            #[orm(primary_key, autoincrement)]
            id: i64,
            n: i64,
        }

        let session = session_with::<Counted>();
        session.create(Counted { id: i64::MAX - 5, n: 0 }).unwrap();
        let mut many = vec![Counted { id: 0, n: 1 }; 40];
        assert_eq!(refused(session.insert_all(&mut many)).0, ErrorKind::DiskFull);
        assert_eq!(many, vec![Counted { id: 0, n: 1 }; 40]);
        assert_eq!(session.raw("SELECT count(*) FROM counted", ()).one::<i64>().unwrap(), 1);
    }

    #[test]
    fn rows_of_many_columns_fit_the_parameters_of_a_statement() {
        let session = session();
        session.create_table::<Wide>().unwrap();
        let mut rows = vec![Wide::default(); 300];
        session.insert_all(&mut rows).unwrap();
        assert_eq!(session.raw("SELECT count(*) FROM wide", ()).one::<i64>().unwrap(), 300);
        assert_eq!(rows[299].id, 300);
    }

    macro_rules! wide {
        ($($column:ident)+) => {
            #[derive(Debug, Clone, PartialEq, Default, Model)]
            struct Wide {
                #[orm(primary_key, auto)]
                id: i64,
                $($column: i64,)+
            }
        };
    }

    wide! {
        a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 b0 b1 b2 b3 b4 b5 b6 b7 b8 b9 c0 c1 c2 c3 c4 c5 c6 c7 c8 c9
        d0 d1 d2 d3 d4 d5 d6 d7 d8 d9 e0 e1 e2 e3 e4 e5 e6 e7 e8 e9 f0 f1 f2 f3 f4 f5 f6 f7 f8 f9
        g0 g1 g2 g3 g4 g5 g6 g7 g8 g9 h0 h1 h2 h3 h4 h5 h6 h7 h8 h9 i0 i1 i2 i3 i4 i5 i6 i7 i8 i9
        j0 j1 j2 j3 j4 j5 j6 j7 j8 j9 k0 k1 k2 k3 k4 k5 k6 k7 k8 k9 l0 l1 l2 l3 l4 l5 l6 l7 l8 l9
        m0 m1 m2 m3 m4 m5 m6 m7 m8 m9
    }
}

mod triggers {
    use super::*;

    fn session_with_trigger(trigger: &str) -> orm_core::Session {
        let session = session_with::<User>();
        session.execute_batch("CREATE TABLE log (id INTEGER PRIMARY KEY, text TEXT) STRICT").unwrap();
        session.execute_batch(&format!("CREATE TRIGGER t {trigger}")).unwrap();
        session
    }

    #[test]
    fn what_a_trigger_inserts_does_not_change_the_key() {
        for time in ["BEFORE", "AFTER"] {
            let trigger =
                format!("{time} INSERT ON users BEGIN INSERT INTO log VALUES (NULL, 'a'), (NULL, 'b'); END");
            let session = session_with_trigger(&trigger);
            session.create(user("ann")).unwrap();
            assert_eq!(session.create(user("bob")).unwrap().id, 2);
            assert_eq!(session.raw("SELECT count(*) FROM log", ()).one::<i64>().unwrap(), 4);
        }
    }

    #[test]
    fn a_search_index_kept_by_a_trigger_does_not_change_the_key() {
        let session = session_with::<User>();
        session
            .execute_batch(
                "CREATE VIRTUAL TABLE search USING fts5(email);
                 INSERT INTO search (rowid, email) VALUES (1000, 'x');
                 CREATE TRIGGER t AFTER INSERT ON users BEGIN INSERT INTO search (email) VALUES (new.email); END",
            )
            .unwrap();
        assert_eq!(session.create(user("ann")).unwrap().id, 1);
        let mut many = vec![user("bob"), user("eve")];
        session.insert_all(&mut many).unwrap();
        assert_eq!((many[0].id, many[1].id), (2, 3));
    }

    #[test]
    fn a_row_that_a_trigger_ignores_is_an_error_and_no_struct_gets_the_key_of_another() {
        let session = session_with_trigger(
            "BEFORE INSERT ON users WHEN new.email = 'user7' BEGIN SELECT RAISE(IGNORE); END",
        );
        let mut many: Vec<User> = (0..40).map(|number| user(&format!("user{number}"))).collect();
        let before = many.clone();
        let ignored = "table `users`: a trigger or an ON CONFLICT clause of the table ignored the insert, so there is no row";
        assert_eq!(refused(session.insert_all(&mut many)), (ErrorKind::Constraint, ignored.to_owned()));
        assert_eq!(many, before);
        assert_eq!(refused(session.insert(&mut many[7])), (ErrorKind::Constraint, ignored.to_owned()));
        assert_eq!(session.raw("SELECT count(*) FROM users", ()).one::<i64>().unwrap(), 0);
    }

    #[test]
    fn many_are_inserted_one_by_one_where_a_trigger_could_take_their_keys() {
        let session = session_with_trigger(
            "BEFORE INSERT ON users WHEN new.email LIKE 'user%' \
             BEGIN INSERT INTO users (email, age) VALUES ('friend of ' || new.email, 1); END",
        );
        let mut many: Vec<User> = (0..40).map(|number| user(&format!("user{number}"))).collect();
        session.insert_all(&mut many).unwrap();
        for user in many {
            assert_eq!(session.get::<User>(user.id).unwrap(), Some(user));
        }
        assert_eq!(session.raw("SELECT count(*) FROM users", ()).one::<i64>().unwrap(), 80);
    }

    #[test]
    fn a_trigger_of_this_connection_alone_counts_too() {
        let session = session_with_trigger("AFTER UPDATE ON log BEGIN SELECT 1; END");
        session
            .execute_batch(
                "CREATE TEMP TRIGGER u AFTER INSERT ON main.users BEGIN INSERT INTO log (text) VALUES (new.email); END",
            )
            .unwrap();
        let mut many: Vec<User> = (0..40).map(|number| user(&format!("user{number}"))).collect();
        let inserts =
            sent(|| session.insert_all(&mut many)).iter().filter(|sql| sql.starts_with("INSERT")).count();
        assert_eq!(inserts, 40);
    }

    #[test]
    fn the_table_is_looked_at_once_and_again_when_its_schema_has_changed() {
        let directory = tempfile::tempdir().unwrap();
        let engine = orm_core::Engine::open(directory.path().join("app.db")).unwrap();
        let (session, other) = (engine.session().unwrap(), engine.session().unwrap());
        session.create_table::<User>().unwrap();
        let mut number = 0;
        let mut insert = |session: &orm_core::Session| {
            let mut many: Vec<User> = (0..20)
                .map(|_| {
                    number += 1;
                    user(&format!("user{number}"))
                })
                .collect();
            let statements = sent(|| session.insert_all(&mut many));
            let looked = statements.iter().any(|sql| sql.contains("trigger"));
            (looked, statements.iter().filter(|sql| sql.starts_with("INSERT")).count())
        };
        let (together, one_by_one) = (5, 20);
        assert_eq!(insert(&session), (true, together));
        assert_eq!(insert(&session), (false, together));

        other.execute_batch("CREATE TRIGGER t AFTER INSERT ON users BEGIN SELECT 1; END").unwrap();
        assert_eq!(insert(&session), (true, one_by_one));
        assert_eq!(insert(&session), (false, one_by_one));

        let transaction = session.begin().unwrap();
        let savepoint = transaction.begin().unwrap();
        savepoint.execute_batch("DROP TRIGGER t").unwrap();
        assert_eq!(insert(&savepoint), (true, together));
        savepoint.rollback().unwrap();
        assert_eq!(insert(&transaction), (true, one_by_one));
        transaction.execute_batch("DROP TRIGGER t").unwrap();
        assert_eq!(insert(&transaction), (true, together));
        transaction.rollback().unwrap();
        assert_eq!(insert(&session), (true, one_by_one));

        other.execute_batch("DROP TRIGGER t").unwrap();
        assert_eq!(insert(&session), (true, together));
        session
            .execute_batch("CREATE TEMP TRIGGER u AFTER INSERT ON main.users BEGIN SELECT 1; END")
            .unwrap();
        assert_eq!(insert(&session), (true, one_by_one));
        assert_eq!(insert(&other), (true, together));
    }

    #[test]
    fn the_error_of_a_trigger_on_another_table_names_that_table() {
        let session =
            session_with_trigger("AFTER INSERT ON users BEGIN INSERT INTO log VALUES (1, new.email); END");
        session.create(user("ann")).unwrap();
        let error = session.create(user("bob")).unwrap_err();
        assert_eq!(error.table(), Some("log"));
        assert_eq!(error.constraint().and_then(|it| it.table.as_deref()), Some("log"));
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
