use std::sync::atomic::Ordering;

use orm_core::{ErrorKind, Session};

use super::{Doc, Folder, Label, MINUTE, Mark, Note, START, doc, docs, everything, office};
use crate::support::{recorded, refused};

/// A way of writing: what it does to the document of that number, and how often it says that it did.
type Way = (&'static str, fn(&Session, i64) -> u64);

fn done<T>(outcome: &orm_core::Result<T>) -> u64 {
    if let Err(error) = outcome {
        assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
    }
    u64::from(outcome.is_ok())
}

/// As somebody would have it who knows the number only.
fn made_up(id: i64) -> Doc {
    Doc { tenant: 1, text: format!("new {id}"), gone: None, ..doc(id) }
}

fn find(session: &Session, id: i64) -> orm_core::Query<'_, Doc> {
    session.find::<Doc>().filter(Doc::ID.eq(id))
}

const UPDATES: [Way; 9] = [
    ("update", |it, id| done(&it.update(&mut made_up(id)))),
    ("update_only", |it, id| done(&it.update_only(&mut made_up(id), Doc::TEXT))),
    ("save", |it, id| done(&it.save(&mut made_up(id)))),
    ("update by set", |it, id| find(it, id).update(Doc::TEXT.set(format!("new {id}"))).unwrap()),
    ("update of some", |it, id| {
        let some = it.find::<Doc>().filter(Doc::ID.between(id, id)).order_by(Doc::ID.asc()).limit(1);
        some.update(Doc::TEXT.set(format!("new {id}"))).unwrap()
    }),
    ("update by any alternative", |it, id| {
        let either = Doc::ID.eq(id).or(Doc::ID.eq(id).and(Doc::TENANT.eq(2)));
        it.find::<Doc>().filter(either).update(Doc::TEXT.set(format!("new {id}"))).unwrap()
    }),
    ("update by a path", |it, id| {
        let sealed = it.find::<Doc>().filter(Doc::SEALED.at(Folder::ID).eq(id));
        sealed.update(Doc::TEXT.set(format!("new {id}"))).unwrap()
    }),
    ("update by children", |it, id| {
        let noted = it.find::<Doc>().filter(Doc::NOTES.any(Note::ID.eq(id)));
        noted.update(Doc::TEXT.set(format!("new {id}"))).unwrap()
    }),
    ("update by linked rows", |it, id| {
        let labelled = it.find::<Doc>().filter(Doc::LABELS.any(Label::ID.eq(id)));
        labelled.update(Doc::TEXT.set(format!("new {id}"))).unwrap()
    }),
];

const DELETES: [Way; 5] = [
    ("delete", |it, id| done(&it.delete(&made_up(id)))),
    ("delete_key", |it, id| u64::from(it.delete_key::<Doc>(id).unwrap())),
    ("delete by set", |it, id| find(it, id).delete().unwrap()),
    ("delete of some", |it, id| find(it, id).limit(1).delete().unwrap()),
    ("delete by a path", |it, id| {
        it.find::<Doc>().filter(Doc::SEALED.at(Folder::ID).eq(id)).delete().unwrap()
    }),
];

const HARD_DELETES: [Way; 2] = [
    ("hard_delete", |it, id| done(&it.hard_delete(&made_up(id)))),
    ("hard_delete by set", |it, id| find(it, id).hard_delete().unwrap()),
];

/// Without what refers to the documents, so that they can be removed.
fn bare() -> Session {
    let (session, _) = office();
    session
        .execute_batch(
            "DELETE FROM remark; DELETE FROM note; DELETE FROM mark; UPDATE doc SET whole_id = NULL",
        )
        .unwrap();
    session
}

/// The first with what a write made of it, the others as they were.
fn with_first(first: Option<Doc>) -> Vec<Doc> {
    first.into_iter().chain((2..=8).map(doc)).collect()
}

#[test]
fn no_update_touches_a_hidden_row() {
    for (way, write) in UPDATES {
        let (session, _) = office();
        for id in 2..=4 {
            assert_eq!(write(&session, id), 0, "{way} of {id}");
        }
        assert_eq!(docs(&session), (1..=8).map(doc).collect::<Vec<_>>(), "{way}");
        // the others are written with all that goes with it
        assert_eq!(write(&session, 1), 1, "{way}");
        let first = Doc { text: "new 1".into(), changed: MINUTE.into(), version: 1, ..doc(1) };
        assert_eq!(docs(&session), with_first(Some(first)), "{way}");
        // and by name
        assert_eq!(session.unscoped(|session| write(session, 2)), 1, "{way}");
        assert_eq!(session.unscoped(|session| write(session, 4)), 0, "{way}");
    }
}

#[test]
fn no_delete_touches_a_hidden_row() {
    for (way, write) in DELETES {
        let (session, _) = office();
        for id in 2..=4 {
            assert_eq!(write(&session, id), 0, "{way} of {id}");
        }
        assert_eq!(docs(&session), (1..=8).map(doc).collect::<Vec<_>>(), "{way}");
        assert_eq!(write(&session, 1), 1, "{way}");
        assert_eq!(docs(&session), with_first(Some(Doc { gone: Some(MINUTE.into()), ..doc(1) })), "{way}");
        assert_eq!(session.unscoped(|session| write(session, 2)), 1, "{way}");
        assert_eq!(session.unscoped(|session| write(session, 4)), 0, "{way}");
    }
}

#[test]
fn no_hard_delete_touches_a_row_outside_the_scope() {
    for (way, write) in HARD_DELETES {
        let session = bare();
        for id in [2, 4] {
            assert_eq!(write(&session, id), 0, "{way} of {id}");
        }
        assert_eq!(write(&session, 1), 1, "{way}");
        let left = |session: &Session| docs(session).iter().map(|doc| doc.id).collect::<Vec<_>>();
        assert_eq!(left(&session), [2, 3, 4, 5, 6, 7, 8], "{way}");
        assert_eq!(session.unscoped(|session| write(session, 2)), 1, "{way}");
        assert_eq!(left(&session), [3, 4, 5, 6, 7, 8], "{way}");
    }
}

#[test]
fn writes_of_everything_leave_hidden_rows_alone() {
    let (session, _) = office();
    let everybody = session.find::<Doc>().all_rows();
    assert_eq!(everybody.update(Doc::TENANT.set(1)).unwrap(), 5);
    let untouched = |session: &Session| docs(session)[1..4] == [doc(2), doc(3), doc(4)];
    assert!(untouched(&session));
    assert_eq!(everybody.delete().unwrap(), 5);
    assert!(untouched(&session));
    assert!(docs(&session).iter().all(|doc| doc.gone.is_some() || doc.tenant == 2));
    assert_eq!(everybody.clone().with_deleted().update(Doc::GONE.set(None::<String>)).unwrap(), 6);
    assert_eq!(docs(&session)[3], doc(4));
}

#[test]
fn a_struct_of_another_tenant_is_not_written_and_the_database_is_asked_once_more_why() {
    let (session, _) = office();
    let mut stolen = session.unscoped(|session| session.get::<Doc>(2)).unwrap().unwrap();
    stolen.tenant = 1;
    let (outcome, statements) = recorded(|| session.update(&mut stolen));
    assert_eq!(refused(outcome).0, ErrorKind::NotFound);
    let found = r#""id" = ?"#;
    assert!(
        statements.iter().filter(|sql| sql.contains(found)).all(|sql| sql.contains(r#""tenant" = ?"#)),
        "{statements:?}"
    );
    assert_eq!((stolen.version, stolen.changed.as_str()), (0, START));
    // a stale struct of a row that can be seen is stale, of another it is not found
    let stale = |id| Doc { version: 7, ..made_up(id) };
    assert_eq!(refused(session.update(&mut stale(1))).0, ErrorKind::Stale);
    assert_eq!(refused(session.update_only(&mut stale(1), Doc::TEXT)).0, ErrorKind::Stale);
    assert_eq!(refused(session.delete(&stale(1))).0, ErrorKind::Stale);
    assert_eq!(refused(session.hard_delete(&stale(1))).0, ErrorKind::Stale);
    for id in [2, 3, 4] {
        assert_eq!(refused(session.update(&mut stale(id))).0, ErrorKind::NotFound);
        assert_eq!(refused(session.delete(&stale(id))).0, ErrorKind::NotFound);
    }
    assert_eq!(refused(session.hard_delete(&stale(2))).0, ErrorKind::NotFound);
    assert_eq!(docs(&session), (1..=8).map(doc).collect::<Vec<_>>());
}

#[test]
fn writes_of_other_tables_choose_no_row_by_a_hidden_one() {
    let (session, _) = office();
    let folders = session.find::<Folder>().filter(Folder::SEALS.any(everything()));
    assert_eq!(folders.update(Folder::TEXT.set("sealed")).unwrap(), 1);
    let notes = session.find::<Note>().filter(Note::DOC.at(Doc::ID).gt(0));
    assert_eq!(notes.update(Note::TEXT.set("read")).unwrap(), 1);
    let unlabelled = session.find::<Label>().filter(Label::DOCS.none(everything()));
    assert_eq!(unlabelled.count().unwrap(), 3);
}

#[test]
fn links_that_are_hidden_are_neither_taken_away_nor_doubled() {
    let (session, clock) = office();
    let marks =
        |session: &Session| session.raw("SELECT * FROM mark ORDER BY doc_id", ()).all::<Mark>().unwrap();
    let mark = |id| Mark { doc_id: id, label_id: id, tenant: 1, gone: None };
    let label = |id| Label { id };
    session.execute_batch("UPDATE mark SET tenant = 2 WHERE doc_id IN (2, 4)").unwrap();
    assert!(!session.unlink(&doc(2), Doc::LABELS, &label(2)).unwrap());
    assert!(session.link(&doc(2), Doc::LABELS, &label(2)).unwrap_err().constraint().is_some());
    assert!(session.unlink(&label(3), Label::DOCS, &doc(3)).unwrap());
    assert!(!session.unlink(&label(3), Label::DOCS, &doc(3)).unwrap());
    let gone = Mark { gone: Some(MINUTE.into()), ..mark(3) };
    let other = |id| Mark { tenant: 2, ..mark(id) };
    assert_eq!(marks(&session), [mark(1), other(2), gone, other(4)]);
    clock.store(0, Ordering::Relaxed);
    assert!(session.link(&doc(3), Doc::LABELS, &label(3)).unwrap());
    assert_eq!(marks(&session), [mark(1), other(2), mark(3), other(4)]);
}

#[test]
fn rows_that_are_inserted_together_are_stamped_and_leave_others_alone() {
    let (session, _) = office();
    let (mut folder, mut new) = (Folder { id: 0, text: "n".into() }, [made_up(0)]);
    new[0].sealed_id = None;
    session.insert_with(&mut folder, Folder::DOCS, &mut new).unwrap();
    let expected =
        Doc { id: 9, folder_id: 5, created: MINUTE.into(), changed: MINUTE.into(), ..new[0].clone() };
    assert_eq!(new[0], expected);
    assert_eq!(docs(&session), (1..=8).map(doc).chain([expected]).collect::<Vec<_>>());
}
