//! Rows that are marked deleted or outside the scope of their model: no way of reading shows them, no way of writing
//! touches them, but by name.

mod reading;
mod writing;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use orm_core::{Engine, Filter, Hooks, Model, Result, Session};

use crate::support::at;

struct Tenant(i64);

/// The rows that it is about: 1 is to be seen by tenant 1, 2 belongs to another tenant, 3 is marked deleted, 4 is both.
/// Four more are parts of one of them each, and to be seen.
#[derive(Debug, Clone, PartialEq, Model)]
#[orm(
    hooks,
    has_many(notes: Note::DOC, parts: Doc::WHOLE),
    many_to_many(labels: Label through Mark::DOC, Mark::LABEL)
)]
struct Doc {
    #[orm(primary_key, auto)]
    id: i64,
    tenant: i64,
    #[orm(unique)]
    text: String,
    #[orm(references = Folder, index)]
    folder_id: i64,
    #[orm(references = Folder, unique)]
    sealed_id: Option<i64>,
    #[orm(references = Doc, index)]
    whole_id: Option<i64>,
    #[orm(created_at)]
    created: String,
    #[orm(updated_at)]
    changed: String,
    #[orm(deleted_at)]
    gone: Option<String>,
    #[orm(version)]
    version: i64,
}

impl Hooks for Doc {
    fn scope(session: &Session) -> Result<Option<Filter<Self>>> {
        Ok(session.context::<Tenant>().map(|tenant| Self::TENANT.eq(tenant.0)))
    }
}

/// The folder with the number of a document is sealed by it; all documents are in the first.
#[derive(Debug, Clone, PartialEq, Model)]
#[orm(has_many(docs: Doc::FOLDER, seals: Doc::SEALED), has_one(seal: Doc::SEALED))]
struct Folder {
    #[orm(primary_key, auto)]
    id: i64,
    text: String,
}

/// One for each document, of the same number.
#[derive(Debug, Clone, PartialEq, Model)]
#[orm(has_many(remarks: Remark::NOTE))]
struct Note {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(references = Doc, index)]
    doc_id: i64,
    #[orm(references = Doc)]
    copy_id: Option<i64>,
    text: String,
}

/// One for each note, of the same number.
#[derive(Debug, Clone, PartialEq, Model)]
struct Remark {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(references = Note)]
    note_id: i64,
}

/// One for each document, of the same number.
#[derive(Debug, Clone, PartialEq, Model)]
#[orm(many_to_many(docs: Doc through Mark::LABEL, Mark::DOC))]
struct Label {
    #[orm(primary_key, auto)]
    id: i64,
}

/// A link with a scope and a mark of its own.
#[derive(Debug, Clone, PartialEq, Model)]
#[orm(primary_key(doc_id, label_id), hooks)]
struct Mark {
    #[orm(references = Doc)]
    doc_id: i64,
    #[orm(references = Label)]
    label_id: i64,
    #[orm(default = 1)]
    tenant: i64,
    #[orm(deleted_at)]
    gone: Option<String>,
}

impl Hooks for Mark {
    fn scope(session: &Session) -> Result<Option<Filter<Self>>> {
        Ok(session.context::<Tenant>().map(|tenant| Self::TENANT.eq(tenant.0)))
    }
}

const START: &str = "1970-01-01 00:00:00.000000";
const MINUTE: &str = "1970-01-01 00:01:00.000000";

fn doc(id: i64) -> Doc {
    Doc {
        id,
        tenant: if id == 2 || id == 4 { 2 } else { 1 },
        text: format!("d{id}"),
        folder_id: 1,
        sealed_id: (id <= 4).then_some(id),
        // the hidden ones are parts of the first, and each of the four has a part that is to be seen
        whole_id: if id > 4 { Some(id - 4) } else { (id > 1).then_some(1) },
        created: START.into(),
        changed: START.into(),
        gone: (id == 3 || id == 4).then(|| START.to_owned()),
        version: 0,
    }
}

/// All of it, and the seconds of the clock.
fn office() -> (Session, Arc<AtomicU64>) {
    let clock = Arc::new(AtomicU64::new(0));
    let hand = Arc::clone(&clock);
    let engine = Engine::builder().clock(move || at(hand.load(Ordering::Relaxed))).open_in_memory().unwrap();
    let session = engine.session().unwrap();
    session.create_table::<Folder>().unwrap();
    session.create_table::<Doc>().unwrap();
    session.create_table::<Note>().unwrap();
    session.create_table::<Remark>().unwrap();
    session.create_table::<Label>().unwrap();
    session.create_table::<Mark>().unwrap();
    for id in 1..=4 {
        session.create(Folder { id, text: "-".into() }).unwrap();
    }
    for id in 1..=8 {
        session.create(doc(id)).unwrap();
    }
    for id in 1..=4 {
        session.create(Note { id, doc_id: id, copy_id: Some(id), text: "-".into() }).unwrap();
        session.create(Remark { id, note_id: id }).unwrap();
        session.create(Label { id }).unwrap();
        session.create(Mark { doc_id: id, label_id: id, tenant: 1, gone: None }).unwrap();
    }
    session.set_context(Tenant(1));
    clock.store(60, Ordering::Relaxed);
    (session, clock)
}

/// The documents as they are stored.
fn docs(session: &Session) -> Vec<Doc> {
    session.raw("SELECT * FROM doc ORDER BY id", ()).all().unwrap()
}

fn everything<M>() -> Filter<M> {
    Filter::all_of([])
}
