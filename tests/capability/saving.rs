use orm_core::{ErrorKind, Model};

use crate::support::{refused, sent, session_with};

#[derive(Debug, Clone, PartialEq, Model)]
struct Note {
    #[orm(primary_key, auto)]
    id: i64,
    text: String,
}

#[test]
fn an_unset_key_is_exactly_an_insert_and_a_set_one_exactly_an_update() {
    let session = session_with::<Note>();
    let mut note = Note { id: 0, text: "a".into() };
    assert_eq!(sent(|| session.save(&mut note)), [r#"INSERT INTO "main"."note" ("text") VALUES (?1)"#]);
    assert_eq!(note.id, 1);
    note.text = "b".into();
    assert_eq!(sent(|| session.save(&mut note)), [r#"UPDATE "main"."note" SET "text" = ?1 WHERE "id" = ?2"#]);
    assert_eq!(session.raw("SELECT * FROM note", ()).all::<Note>().unwrap(), [note]);
}

#[test]
fn a_set_key_without_a_row_is_an_error_and_no_insert() {
    let session = session_with::<Note>();
    let mut note = Note { id: 9, text: "a".into() };
    assert_eq!(refused(session.save(&mut note)).0, ErrorKind::NotFound);
    assert_eq!(session.raw("SELECT count(*) FROM note", ()).one::<i64>().unwrap(), 0);
}

#[test]
fn none_is_unset_and_some_is_set() {
    #[derive(Debug, Clone, PartialEq, Model)]
    struct Optional {
        #[orm(primary_key, auto)]
        id: Option<i32>,
        text: String,
    }

    let session = session_with::<Optional>();
    let mut first = Optional { id: None, text: "a".into() };
    session.save(&mut first).unwrap();
    assert_eq!(first.id, Some(1));
    first.text = "b".into();
    session.save(&mut first).unwrap();
    assert_eq!(session.raw("SELECT * FROM optional", ()).all::<Optional>().unwrap(), [first]);
}
