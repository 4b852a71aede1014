use orm_core::{ErrorKind, Model};

use crate::support::{refused, sent, session_with};

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "users")]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
    name: String,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "posts")]
struct Post {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(references = User)]
    author_id: i64,
}

fn user(name: &str) -> User {
    User { id: 0, name: name.into() }
}

const DELETE: &str = r#"DELETE FROM "main"."users" WHERE "id" = ?1"#;

#[test]
fn a_delete_is_one_statement_for_one_row() {
    let session = session_with::<User>();
    let ann = session.create(user("ann")).unwrap();
    let bob = session.create(user("bob")).unwrap();
    assert_eq!(sent(|| session.delete(&ann)), [DELETE]);
    assert_eq!(session.raw("SELECT * FROM users", ()).all::<User>().unwrap(), [bob]);
}

#[test]
fn a_delete_of_a_row_that_is_gone_is_an_error() {
    let session = session_with::<User>();
    let ann = session.create(user("ann")).unwrap();
    session.delete(&ann).unwrap();
    assert_eq!(
        refused(session.delete(&ann)),
        (ErrorKind::NotFound, "table `users`: there is no row with this key".to_owned())
    );
    assert!(session.hard_delete(&ann).unwrap_err().is_not_found());
}

#[test]
fn delete_key_says_whether_there_was_a_row() {
    let session = session_with::<User>();
    session.create(user("ann")).unwrap();
    assert_eq!(sent(|| session.delete_key::<User>(1)), [DELETE]);
    session.create(user("bob")).unwrap();
    assert!(session.delete_key::<User>(1).unwrap());
    assert!(!session.delete_key::<User>(1).unwrap());
}

#[test]
fn deleting_a_parent_is_refused_while_children_exist() {
    let session = session_with::<User>();
    session.create_table::<Post>().unwrap();
    let ann = session.create(user("ann")).unwrap();
    let post = session.create(Post { id: 0, author_id: ann.id }).unwrap();
    let expected = (ErrorKind::Constraint, "table `users`: FOREIGN KEY constraint failed".to_owned());
    assert_eq!(refused(session.delete(&ann)), expected);
    assert_eq!(refused(session.delete_key::<User>(ann.id)), expected);
    session.delete(&post).unwrap();
    session.delete(&ann).unwrap();
}

#[test]
fn a_delete_that_a_trigger_ignored_does_not_say_that_the_row_is_gone() {
    let session = session_with::<User>();
    let ann = session.create(user("ann")).unwrap();
    session.execute_batch("CREATE TRIGGER t BEFORE DELETE ON users BEGIN SELECT RAISE(IGNORE); END").unwrap();
    assert_eq!(refused(session.delete(&ann)).0, ErrorKind::Constraint);
    assert!(!session.delete_key::<User>(1).unwrap());
}

#[test]
fn a_read_snapshot_refuses_every_write() {
    let session = session_with::<User>();
    let mut ann = session.create(user("ann")).unwrap();
    session
        .read(|snapshot| {
            for refusal in [
                snapshot.insert(&mut user("bob")),
                snapshot.insert_all(&mut [user("bob"), user("eve")]),
                snapshot.update(&mut ann),
                snapshot.delete(&ann),
                snapshot.delete_key::<User>(1).map(drop),
            ] {
                assert_eq!(refused(refusal).0, ErrorKind::ReadOnly);
            }
            Ok(())
        })
        .unwrap();
    assert_eq!(session.raw("SELECT * FROM users", ()).all::<User>().unwrap(), [ann]);
}

mod tables {
    use super::*;
    use crate::support::session;

    #[test]
    fn a_table_is_created_with_its_indexes_asked_for_and_dropped() {
        #[derive(Debug, Model)]
        #[orm(index(name))]
        struct City {
            #[orm(primary_key, auto)]
            id: i64,
            name: String,
        }

        let session = session();
        assert!(!session.has_table::<City>().unwrap());
        assert_eq!(
            sent(|| session.create_table::<City>()),
            [
                "BEGIN IMMEDIATE",
                r#"CREATE TABLE "main"."city" ("id" INTEGER PRIMARY KEY, "name" TEXT NOT NULL) STRICT"#,
                r#"CREATE INDEX "main"."ix_city_name" ON "city" ("name")"#,
                "COMMIT"
            ]
        );
        assert!(session.has_table::<City>().unwrap());
        session.drop_table::<City>().unwrap();
        assert!(!session.has_table::<City>().unwrap());
    }

    #[test]
    fn a_table_is_created_once() {
        let session = session_with::<User>();
        assert_eq!(
            refused(session.create_table::<User>()),
            (ErrorKind::Sql, "table \"users\" already exists".to_owned())
        );
    }

    #[test]
    fn a_table_that_is_not_there_cannot_be_dropped() {
        assert_eq!(
            refused(session().drop_table::<User>()),
            (ErrorKind::Sql, "no such table: main.users".to_owned())
        );
    }

    #[test]
    fn a_parent_is_not_dropped_before_its_children() {
        let session = session_with::<User>();
        session.create_table::<Post>().unwrap();
        let ann = session.create(user("ann")).unwrap();
        session.create(Post { id: 0, author_id: ann.id }).unwrap();
        assert_eq!(
            refused(session.drop_table::<User>()),
            (
                ErrorKind::DestructiveChange,
                "table `users`: `posts` refers to it, and its rows would be lost or orphaned: drop that first"
                    .to_owned()
            )
        );
        assert_eq!(session.raw("SELECT count(*) FROM posts", ()).one::<i64>().unwrap(), 1);
        session.drop_table::<Post>().unwrap();
        session.drop_table::<User>().unwrap();
    }

    #[test]
    fn a_table_that_refers_to_itself_can_be_dropped() {
        #[derive(Debug, Model)]
        struct Node {
            #[orm(primary_key, auto)]
            id: i64,
            #[orm(references = Node)]
            parent_id: Option<i64>,
        }

        let session = session_with::<Node>();
        let root = session.create(Node { id: 0, parent_id: None }).unwrap();
        session.create(Node { id: 0, parent_id: Some(root.id) }).unwrap();
        session.drop_table::<Node>().unwrap();
        assert!(!session.has_table::<Node>().unwrap());
    }
}
