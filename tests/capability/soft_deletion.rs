use orm_core::{Engine, ErrorKind, Model, Session};

use crate::support::{engine_at, refused, sent};

#[derive(Debug, Clone, PartialEq, Model)]
struct Note {
    #[orm(primary_key, auto)]
    id: i64,
    text: String,
    #[orm(deleted_at)]
    deleted: Option<String>,
    #[orm(version)]
    version: i64,
}

const NOW: &str = "1970-01-01 00:01:00.000000";

fn session() -> Session {
    let session = engine_at(60).session().unwrap();
    session.create_table::<Note>().unwrap();
    session
}

fn note() -> Note {
    Note { id: 0, text: "a".into(), deleted: None, version: 0 }
}

/// Every row, deleted or not.
fn rows(session: &Session) -> Vec<Note> {
    session.raw("SELECT * FROM note ORDER BY id", ()).all().unwrap()
}

#[test]
fn a_delete_marks_the_row_with_the_moment() {
    let session = session();
    let note = session.create(note()).unwrap();
    assert_eq!(
        sent(|| session.delete(&note)),
        [
            r#"UPDATE "main"."note" SET "deleted" = ?1 WHERE "id" = ?2 AND "version" = ?3 AND "deleted" IS NULL"#
        ]
    );
    assert_eq!(rows(&session), [Note { deleted: Some(NOW.into()), ..note }]);
}

#[test]
fn a_delete_by_key_marks_it_too_and_says_whether_it_was_alive() {
    let session = session();
    session.create(note()).unwrap();
    assert_eq!(
        sent(|| session.delete_key::<Note>(1)),
        [r#"UPDATE "main"."note" SET "deleted" = ?1 WHERE "id" = ?2 AND "deleted" IS NULL"#]
    );
    assert!(!session.delete_key::<Note>(1).unwrap());
    assert_eq!(rows(&session)[0].deleted.as_deref(), Some(NOW));
}

#[test]
fn a_deleted_row_is_not_there_to_be_read_or_written() {
    let session = session();
    let mut note = session.create(note()).unwrap();
    session.delete(&note).unwrap();
    assert_eq!(session.get::<Note>(1).unwrap(), None);
    assert_eq!(session.get_many::<Note, _>([1]).unwrap(), []);
    let before = note.clone();
    assert_eq!(refused(session.update(&mut note)).0, ErrorKind::NotFound);
    assert_eq!(refused(session.update_only(&mut note, Note::TEXT)).0, ErrorKind::NotFound);
    assert_eq!(refused(session.save(&mut note)).0, ErrorKind::NotFound);
    assert_eq!(refused(session.delete(&note)).0, ErrorKind::NotFound);
    assert_eq!(note, before);
}

#[test]
fn reading_leaves_deleted_rows_out_in_the_database() {
    let session = session();
    assert_eq!(
        sent(|| session.get::<Note>(1)),
        [
            r#"SELECT "id", "text", "deleted", "version" FROM "main"."note" WHERE "id" = ?1 AND "deleted" IS NULL"#
        ]
    );
}

#[test]
fn a_hard_delete_removes_the_row_whether_it_is_marked_or_not() {
    let session = session();
    let alive = session.create(note()).unwrap();
    let marked = session.create(note()).unwrap();
    session.delete(&marked).unwrap();
    assert_eq!(
        sent(|| session.hard_delete(&marked)),
        [r#"DELETE FROM "main"."note" WHERE "id" = ?1 AND "version" = ?2"#]
    );
    session.hard_delete(&alive).unwrap();
    assert_eq!(rows(&session), []);
}

#[test]
fn a_hard_delete_of_a_marked_row_compares_the_version() {
    let session = session();
    let stale = session.create(note()).unwrap();
    let mut fresh = stale.clone();
    session.update(&mut fresh).unwrap();
    session.delete(&fresh).unwrap();
    assert_eq!(refused(session.hard_delete(&stale)).0, ErrorKind::Stale);
    session.hard_delete(&fresh).unwrap();
    assert_eq!(refused(session.hard_delete(&fresh)).0, ErrorKind::NotFound);
}

#[test]
fn a_deleted_row_still_holds_its_key_and_its_unique_values() {
    let session = session();
    session.execute_batch("CREATE UNIQUE INDEX one ON note (text)").unwrap();
    let note = session.create(note()).unwrap();
    session.delete(&note).unwrap();
    assert!(session.create(Note { id: 0, ..note }).unwrap_err().is_unique_violation());
}

#[test]
fn a_deletion_in_a_transaction_is_rolled_back_with_it() {
    let engine = Engine::open_in_memory().unwrap();
    let session = engine.session().unwrap();
    session.create_table::<Note>().unwrap();
    let note = session.create(note()).unwrap();
    let tx = session.begin().unwrap();
    tx.delete(&note).unwrap();
    tx.rollback().unwrap();
    assert_eq!(session.get::<Note>(1).unwrap(), Some(note));
}
