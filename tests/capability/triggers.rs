//! Triggers of the application's own, around the typed verbs.

use orm_core::{ErrorKind, Model};

use crate::support::{refused, sent, session_with};

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
    let ignored = "table `users`: a trigger or an `ON CONFLICT` clause of the table ignored the insert, so there is no row";
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
    session.execute_batch("CREATE TEMP TRIGGER u AFTER INSERT ON main.users BEGIN SELECT 1; END").unwrap();
    assert_eq!(insert(&session), (true, one_by_one));
    assert_eq!(insert(&other), (true, together));
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
fn the_error_of_a_trigger_on_another_table_names_that_table() {
    let session =
        session_with_trigger("AFTER INSERT ON users BEGIN INSERT INTO log VALUES (1, new.email); END");
    session.create(user("ann")).unwrap();
    let error = session.create(user("bob")).unwrap_err();
    assert_eq!(error.table(), Some("log"));
    assert_eq!(error.constraint().and_then(|it| it.table.as_deref()), Some("log"));
}
