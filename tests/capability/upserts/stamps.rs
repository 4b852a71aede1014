//! Timestamps, versions and marks of deletion in an upsert.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use orm_core::{Engine, ErrorKind, Model, Session, Upserted};

use crate::support::{at, refused, sent};

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "notes")]
struct Note {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(unique)]
    slug: String,
    text: String,
    #[orm(created_at)]
    created: String,
    #[orm(updated_at)]
    updated: String,
}

fn note(slug: &str, text: &str) -> Note {
    Note { id: 0, slug: slug.into(), text: text.into(), created: "-".into(), updated: "-".into() }
}

fn second(second: u64) -> String {
    format!("1970-01-01 00:00:{second:02}.000000")
}

/// A session whose clock the test sets.
fn session_with_clock<M: Model>() -> (Session, Arc<AtomicU64>) {
    let clock = Arc::new(AtomicU64::new(10));
    let now = Arc::clone(&clock);
    let engine = Engine::builder()
        .max_connections(1)
        .clock(move || at(now.load(Ordering::Relaxed)))
        .open_in_memory()
        .unwrap();
    crate::support::listen();
    let session = engine.session().unwrap();
    session.create_table::<M>().unwrap();
    (session, clock)
}

#[test]
fn an_update_keeps_created_at_and_sets_updated_at() {
    let (session, clock) = session_with_clock::<Note>();
    let upsert = session.inserting::<Note>().on_conflict(Note::SLUG).update(Note::TEXT.set_excluded());
    let mut first = note("a", "one");
    assert_eq!(upsert.one(&mut first).unwrap(), Upserted::Inserted);
    assert_eq!(first, Note { id: 1, created: second(10), updated: second(10), ..note("a", "one") });
    clock.store(20, Ordering::Relaxed);
    let mut again = note("a", "two");
    assert_eq!(
        sent(|| upsert.one(&mut again)),
        [
            "BEGIN IMMEDIATE",
            "INSERT INTO \"main\".\"notes\" (\"slug\", \"text\", \"created\", \"updated\") VALUES (?1, ?2, ?3, ?4) ON \
             CONFLICT (\"slug\") DO UPDATE SET \"text\" = \"excluded\".\"text\", \"updated\" = \"excluded\".\"updated\" \
             RETURNING \"id\", \"created\", \"updated\"",
            "COMMIT"
        ]
    );
    assert_eq!(again, Note { id: 1, created: second(10), updated: second(20), ..note("a", "two") });
    assert_eq!(session.get::<Note>(1).unwrap(), Some(again));
}

#[test]
fn a_struct_that_is_left_alone_keeps_its_timestamps() {
    let (session, _) = session_with_clock::<Note>();
    let ignore = session.inserting::<Note>().ignore_conflicts();
    ignore.one(&mut note("a", "one")).unwrap();
    let mut again = note("a", "two");
    assert_eq!(ignore.one(&mut again).unwrap(), Upserted::LeftAlone);
    assert_eq!(again, note("a", "two"));
}

#[test]
fn a_timestamp_that_the_changes_set_is_theirs() {
    let (session, _) = session_with_clock::<Note>();
    let upsert = session.inserting::<Note>().on_conflict(Note::SLUG).update(Note::UPDATED.set("x"));
    upsert.one(&mut note("a", "one")).unwrap();
    let mut again = note("a", "two");
    upsert.one(&mut again).unwrap();
    assert_eq!((again.id, &*again.created, &*again.updated), (1, &*second(10), "x"));
}

#[test]
fn chosen_columns_are_sent_with_their_timestamps() {
    let (session, _) = session_with_clock::<Note>();
    let mut given = note("a", "one");
    session.execute_batch("DROP TABLE notes; CREATE TABLE notes (id INTEGER PRIMARY KEY, slug TEXT UNIQUE, text TEXT DEFAULT 'empty', created TEXT NOT NULL, updated TEXT NOT NULL)").unwrap();
    session.inserting::<Note>().only(Note::SLUG).returning().one(&mut given).unwrap();
    assert_eq!(given, Note { id: 1, created: second(10), updated: second(10), ..note("a", "empty") });
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "accounts")]
struct Account {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(unique)]
    owner: String,
    balance: i64,
    limit: i64,
    #[orm(version)]
    version: i64,
}

fn account(balance: i64, limit: i64) -> Account {
    Account { id: 0, owner: "Ann".into(), balance, limit, version: 0 }
}

#[test]
fn an_update_counts_the_version_up_and_reads_the_row_that_it_is_of() {
    let (session, _) = session_with_clock::<Account>();
    let mut first = session.create(account(10, 100)).unwrap();
    let upsert = session
        .inserting::<Account>()
        .on_conflict(Account::OWNER)
        .update(Account::BALANCE.set(Account::BALANCE + Account::BALANCE.excluded()));
    let mut second = account(5, 0);
    assert_eq!(
        sent(|| upsert.one(&mut second))[1],
        "INSERT INTO \"main\".\"accounts\" (\"owner\", \"balance\", \"limit\", \"version\") VALUES (?1, ?2, ?3, ?4) ON \
         CONFLICT (\"owner\") DO UPDATE SET \"balance\" = \"accounts\".\"balance\" + \"excluded\".\"balance\", \
         \"version\" = \"accounts\".\"version\" + ?5 RETURNING \"id\", \"owner\", \"balance\", \"limit\", \"version\""
    );
    // with that version and its own limit, the struct could overwrite a limit that it never saw
    assert_eq!(second, Account { id: 1, version: 1, ..account(15, 100) });
    assert!(session.update(&mut first).unwrap_err().is_stale());
    session.update(&mut second).unwrap();
    assert_eq!(session.get::<Account>(1).unwrap(), Some(second));
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "pages")]
struct Page {
    #[orm(primary_key)]
    path: String,
    text: String,
    #[orm(deleted_at)]
    deleted: Option<String>,
}

fn page(text: &str) -> Page {
    Page { path: "/".into(), text: text.into(), deleted: None }
}

/// A page that is marked deleted.
fn deleted_page() -> Session {
    let (session, _) = session_with_clock::<Page>();
    let page = session.create(page("old")).unwrap();
    session.delete(&page).unwrap();
    session
}

fn rows(session: &Session) -> Vec<Page> {
    session.find::<Page>().with_deleted().all().unwrap()
}

#[test]
fn a_row_that_is_marked_deleted_is_not_changed_unasked() {
    let session = deleted_page();
    let upsert = session.inserting::<Page>().on_conflict(Page::PATH).update(Page::TEXT.set_excluded());
    let mut new = page("new");
    assert_eq!(
        refused(upsert.one(&mut new)),
        (
            ErrorKind::Constraint,
            "table `pages`: the row that is in the way is marked deleted, or out of the model's scope: `with_deleted` \
             and `unscoped` say that such a row is meant"
                .into()
        )
    );
    assert_eq!(
        sent(|| Ok(upsert.one(&mut new).is_err())),
        // a failed statement is no event, and this one did not fail
        [
            "INSERT INTO \"main\".\"pages\" (\"path\", \"text\", \"deleted\") VALUES (?1, ?2, ?3) ON CONFLICT (\"path\") DO \
          UPDATE SET \"text\" = \"excluded\".\"text\" WHERE \"pages\".\"deleted\" IS NULL"
        ]
    );
    assert_eq!(upsert.clone().filter(Page::TEXT.ne("x")).one(&mut new).unwrap(), Upserted::LeftAlone);
    assert_eq!(session.inserting::<Page>().ignore_conflicts().one(&mut new).unwrap(), Upserted::LeftAlone);
    assert_eq!(rows(&session), [Page { deleted: Some(second(10)), ..page("old") }]);
    assert!(session.find_or_insert(Page::PATH, new).unwrap_err().kind() == ErrorKind::Constraint);
}

#[test]
fn with_deleted_changes_it_and_revives_it_where_the_changes_say_so() {
    let session = deleted_page();
    let inserting = || session.inserting::<Page>().on_conflict(Page::PATH);
    let text_only = inserting().update(Page::TEXT.set_excluded()).with_deleted();
    assert_eq!(text_only.one(&mut page("new")).unwrap(), Upserted::Updated);
    assert_eq!(rows(&session), [Page { deleted: Some(second(10)), ..page("new") }]);

    let revive = inserting().update([Page::TEXT.set_excluded(), Page::DELETED.set(None)]).with_deleted();
    assert_eq!(revive.one(&mut page("newer")).unwrap(), Upserted::Updated);
    assert_eq!(session.find::<Page>().all().unwrap(), [page("newer")]);

    session.delete(&page("")).unwrap();
    assert_eq!(inserting().overwrite().with_deleted().one(&mut page("newest")).unwrap(), Upserted::Updated);
    assert_eq!(session.find::<Page>().all().unwrap(), [page("newest")]);
}
