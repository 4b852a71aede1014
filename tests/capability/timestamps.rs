use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use orm_core::{Engine, Field, Model, Session};

use crate::support::{at, engine_at, session_with};

#[derive(Debug, Clone, PartialEq, Model)]
struct Note {
    #[orm(primary_key, auto)]
    id: i64,
    text: String,
    #[orm(created_at)]
    created: String,
    #[orm(updated_at)]
    updated: String,
}

fn note() -> Note {
    Note { id: 0, text: "a".into(), created: String::new(), updated: String::new() }
}

/// A session whose clock shows the seconds that the counter holds.
fn session_with_clock() -> (Session, Arc<AtomicU64>) {
    let clock = Arc::new(AtomicU64::new(0));
    let hand = Arc::clone(&clock);
    let engine = Engine::builder().clock(move || at(hand.load(Ordering::Relaxed))).open_in_memory().unwrap();
    let session = engine.session().unwrap();
    session.create_table::<Note>().unwrap();
    (session, clock)
}

const START: &str = "1970-01-01 00:00:00.000000";
const MINUTE: &str = "1970-01-01 00:01:00.000000";

#[test]
fn an_insert_sets_both_to_the_same_moment_in_struct_and_row() {
    let (session, _) = session_with_clock();
    let note = session.create(note()).unwrap();
    assert_eq!((&*note.created, &*note.updated), (START, START));
    assert_eq!(session.get::<Note>(1).unwrap(), Some(note));
}

#[test]
fn an_update_sets_updated_at_alone() {
    let (session, clock) = session_with_clock();
    let mut note = session.create(note()).unwrap();
    clock.store(60, Ordering::Relaxed);
    session.update(&mut note).unwrap();
    assert_eq!((&*note.created, &*note.updated), (START, MINUTE));
    assert_eq!(session.get::<Note>(1).unwrap(), Some(note.clone()));
    clock.store(0, Ordering::Relaxed);
    session.update_only(&mut note, Note::TEXT).unwrap();
    assert_eq!(session.get::<Note>(1).unwrap().map(|note| note.updated), Some(START.into()));
    assert_eq!(note.updated, START);
}

#[test]
fn many_are_stamped_like_one() {
    let (session, clock) = session_with_clock();
    clock.store(60, Ordering::Relaxed);
    for count in [2, 50] {
        let mut notes = vec![note(); count];
        session.insert_all(&mut notes).unwrap();
        for note in notes {
            assert_eq!((&*note.created, &*note.updated), (MINUTE, MINUTE));
            assert_eq!(session.get::<Note>(note.id).unwrap(), Some(note));
        }
    }
}

#[test]
fn a_refused_write_leaves_the_timestamps_as_they_were() {
    let (session, clock) = session_with_clock();
    session.execute_batch("CREATE UNIQUE INDEX one ON note (text)").unwrap();
    let mut first = session.create(Note { text: "b".into(), ..note() }).unwrap();
    session.create(note()).unwrap();
    clock.store(60, Ordering::Relaxed);
    let mut twin = note();
    session.insert(&mut twin).unwrap_err();
    assert_eq!(twin, note());
    let before = Note { text: "a".into(), ..first.clone() };
    first.text = "a".into();
    session.update(&mut first).unwrap_err();
    assert_eq!(first, before);
    for count in [2, 50] {
        let mut notes = vec![Note { created: "old".into(), ..note() }; count];
        session.insert_all(&mut notes).unwrap_err();
        assert_eq!(notes, vec![Note { created: "old".into(), ..note() }; count]);
    }
}

#[test]
fn without_a_clock_of_its_own_the_engine_takes_the_systems() {
    let session = session_with::<Note>();
    let before = SystemTime::now();
    let note = session.create(note()).unwrap();
    let created =
        session.raw("SELECT created FROM note WHERE id = ?1", (note.id,)).one::<SystemTime>().unwrap();
    let microsecond = std::time::Duration::from_micros(1);
    assert!(created + microsecond > before && created <= SystemTime::now());
}

macro_rules! every_type {
    ($($name:ident: $type:ty = $zero:expr;)+) => {$(
        #[test]
        fn $name() {
            #[derive(Debug, Clone, PartialEq, Model)]
            struct Stamped {
                #[orm(primary_key, auto)]
                id: i64,
                #[orm(created_at)]
                created: $type,
                #[orm(updated_at)]
                updated: Option<$type>,
                #[orm(deleted_at)]
                deleted: Option<$type>,
            }

            let session = engine_at(1_700_000_000).session().unwrap();
            session.create_table::<Stamped>().unwrap();
            let mut row = session.create(Stamped { id: 0, created: $zero, updated: None, deleted: None }).unwrap();
            session.update(&mut row).unwrap();
            assert_eq!(Some(row.created.clone()), row.updated);
            assert_eq!(session.get::<Stamped>(1).unwrap().as_ref(), Some(&row));
            session.delete(&row).unwrap();
            let stored = session.raw("SELECT created, updated, deleted FROM stamped", ());
            let text = || "2023-11-14 22:13:20.000000".to_owned();
            assert_eq!(stored.one::<(String, String, String)>().unwrap(), (text(), text(), text()));
        }
    )+};
}

#[derive(Debug, Clone, PartialEq, Field)]
struct Moment(String);

every_type! {
    text_takes_a_timestamp: String = String::new();
    boxed_text_takes_a_timestamp: Box<str> = "".into();
    a_newtype_takes_a_timestamp: Moment = Moment(String::new());
    a_system_time_takes_a_timestamp: SystemTime = at(0);
    a_chrono_instant_takes_a_timestamp: chrono::DateTime<chrono::Utc> = chrono::DateTime::UNIX_EPOCH;
    a_chrono_date_time_takes_a_timestamp: chrono::NaiveDateTime = chrono::DateTime::UNIX_EPOCH.naive_utc();
    a_time_instant_takes_a_timestamp: time::OffsetDateTime = time::OffsetDateTime::UNIX_EPOCH;
    a_time_date_time_takes_a_timestamp: time::PrimitiveDateTime = time::PrimitiveDateTime::MIN;
    a_jiff_instant_takes_a_timestamp: jiff::Timestamp = jiff::Timestamp::UNIX_EPOCH;
    a_jiff_date_time_takes_a_timestamp: jiff::civil::DateTime = jiff::civil::DateTime::ZERO;
}

#[test]
fn a_clock_beyond_the_year_9999_is_an_error_and_writes_nothing() {
    let engine = engine_at(300_000_000_000);
    let session = engine.session().unwrap();
    session.create_table::<Note>().unwrap();
    let error = session.create(note()).unwrap_err();
    assert_eq!(error.to_string(), "expected a year from 0000 to 9999, found another year");
    assert_eq!(session.raw("SELECT count(*) FROM note", ()).one::<i64>().unwrap(), 0);
}
