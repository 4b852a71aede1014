use orm_core::{Error, Hooks, Model, Result, Session};

use crate::support::{engine_at, sent, session_with};

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

fn users(session: &Session, count: usize) -> Vec<User> {
    let mut users: Vec<User> = (0..count).map(|number| User { id: 0, name: format!("{number}") }).collect();
    session.insert_all(&mut users).unwrap();
    users
}

const ONE: &str = r#"DELETE FROM "main"."users" WHERE "id" = ?1"#;

#[test]
fn nothing_is_sent_for_an_empty_list_and_one_is_deleted_like_one() {
    let session = session_with::<User>();
    let users = users(&session, 1);
    assert_eq!(sent(|| session.delete_all::<User>(&[])), [""; 0]);
    assert_eq!(sent(|| session.delete_all(&users)), [ONE]);
}

#[test]
fn a_few_are_deleted_one_by_one_in_one_transaction() {
    let session = session_with::<User>();
    let users = users(&session, 3);
    assert_eq!(sent(|| session.delete_all(&users[..2])), ["BEGIN IMMEDIATE", ONE, ONE, "COMMIT"]);
    assert_eq!(session.find::<User>().all().unwrap(), users[2..]);
}

#[test]
fn many_are_deleted_by_statements_of_fixed_sizes() {
    let session = session_with::<User>();
    let users = users(&session, 2 * 256 + 64 + 16 + 1 + 5);
    let statements = sent(|| session.delete_all(&users[5..]));
    let rows: Vec<usize> = statements
        .iter()
        .filter(|sql| sql.starts_with("DELETE"))
        .map(|sql| sql.matches('?').count())
        .collect();
    assert_eq!(rows, [256, 256, 64, 16, 1]);
    assert!(statements[1].starts_with(r#"DELETE FROM "main"."users" WHERE "id" IN (?1, ?2, "#));
    assert_eq!(session.find::<User>().all().unwrap(), users[..5]);
}

#[test]
fn none_is_deleted_where_one_is_gone_or_named_twice() {
    for count in [2, 16, 40, 300] {
        let session = session_with::<User>();
        let mut users = users(&session, count);
        session.delete(&users[count - 1]).unwrap();
        assert!(session.delete_all(&users).unwrap_err().is_not_found());
        users[count - 1] = users[0].clone();
        assert!(session.delete_all(&users).unwrap_err().is_not_found());
        assert_eq!(session.find::<User>().count().unwrap(), count as u64 - 1);
        session.delete_all(&users[..count - 1]).unwrap();
        assert_eq!(session.find::<User>().count().unwrap(), 0);
    }
}

#[test]
fn none_is_deleted_where_a_child_is_left() {
    let session = session_with::<User>();
    session.create_table::<Post>().unwrap();
    let users = users(&session, 20);
    session.create(Post { id: 0, author_id: 7 }).unwrap();
    let error = session.delete_all(&users).unwrap_err();
    assert!(error.is_foreign_key_violation());
    assert_eq!(error.table(), Some("users"));
    assert_eq!(session.find::<User>().count().unwrap(), 20);
}

#[test]
fn a_row_that_a_trigger_keeps_is_an_error() {
    let session = session_with::<User>();
    let users = users(&session, 20);
    session
        .execute_batch(
            "CREATE TRIGGER t BEFORE DELETE ON users WHEN old.id = 20 BEGIN SELECT RAISE(IGNORE); END",
        )
        .unwrap();
    let error = session.delete_all(&users).unwrap_err();
    assert!(error.to_string().contains("ignored the write"), "{error}");
    assert_eq!(session.find::<User>().count().unwrap(), 20);
}

#[test]
fn rows_with_a_mark_of_deletion_are_marked() {
    #[derive(Debug, Clone, PartialEq, Model)]
    struct Note {
        #[orm(primary_key, auto)]
        id: i64,
        #[orm(deleted_at)]
        deleted: Option<String>,
    }

    crate::support::listen();
    let session = engine_at(60).session().unwrap();
    session.create_table::<Note>().unwrap();
    let mut notes = vec![Note { id: 0, deleted: None }; 17];
    session.insert_all(&mut notes).unwrap();
    let statements = sent(|| session.delete_all(&notes));
    assert!(statements[1].starts_with(r#"UPDATE "main"."note" SET "deleted" = ?1 WHERE "id" IN (?2, "#));
    assert!(statements[1].ends_with(r#") AND "deleted" IS NULL"#));
    assert_eq!(session.find::<Note>().count().unwrap(), 0);
    assert_eq!(session.find::<Note>().with_deleted().count().unwrap(), 17);
    assert!(session.delete_all(&notes).unwrap_err().is_not_found());
}

#[test]
fn versions_are_compared_and_composite_keys_work() {
    #[derive(Debug, Clone, PartialEq, Model)]
    #[orm(primary_key(a, b))]
    struct Cell {
        a: i64,
        b: i64,
        #[orm(version)]
        version: i64,
    }

    let session = session_with::<Cell>();
    let mut cells: Vec<Cell> = (0..20).map(|a| Cell { a, b: -a, version: 0 }).collect();
    session.insert_all(&mut cells).unwrap();
    let mut changed = cells[19].clone();
    session.update(&mut changed).unwrap();
    assert!(session.delete_all(&cells).unwrap_err().is_stale());
    assert_eq!(session.find::<Cell>().count().unwrap(), 20);
    cells[19] = changed;
    session.delete_all(&cells).unwrap();
    assert_eq!(session.find::<Cell>().count().unwrap(), 0);
}

#[test]
fn hooks_run_for_each_and_undo_all() {
    #[derive(Debug, Clone, PartialEq, Model)]
    #[orm(hooks)]
    struct Guarded {
        #[orm(primary_key, auto)]
        id: i64,
        keep: bool,
    }

    impl Hooks for Guarded {
        fn after_delete(&self, _: &Session) -> Result<()> {
            if self.keep { Err(Error::other("kept")) } else { Ok(()) }
        }
    }

    let session = session_with::<Guarded>();
    let mut rows: Vec<Guarded> = (0..20).map(|number| Guarded { id: 0, keep: number == 19 }).collect();
    session.insert_all(&mut rows).unwrap();
    assert_eq!(session.delete_all(&rows).unwrap_err().to_string(), "kept");
    assert_eq!(session.find::<Guarded>().count().unwrap(), 20);
    session.delete_all(&rows[..19]).unwrap();
    assert_eq!(session.find::<Guarded>().count().unwrap(), 1);
}
