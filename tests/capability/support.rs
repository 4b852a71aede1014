//! The SQL that a call sends, and short forms of what the tests compare.

use std::cell::RefCell;
use std::fmt::Debug;
use std::sync::Once;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use orm_core::{Engine, Error, ErrorKind, Model, Session};
use tracing::field::{Field, Visit};
use tracing::span;
use tracing::{Event, Metadata, Subscriber};

/// A session on a database in memory that nobody else sees.
pub(crate) fn session() -> Session {
    listen();
    Engine::builder().max_connections(1).open_in_memory().unwrap().session().unwrap()
}

/// The same with that model's table.
pub(crate) fn session_with<M: Model>() -> Session {
    let session = session();
    session.create_table::<M>().unwrap();
    session
}

/// An engine whose clock stands still at that second.
pub(crate) fn engine_at(second: u64) -> Engine {
    let now = at(second);
    Engine::builder().max_connections(1).clock(move || now).open_in_memory().unwrap()
}

/// That many seconds after 1970.
pub(crate) fn at(second: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(second)
}

/// What the call sends, statement by statement.
pub(crate) fn sent<T: Debug>(work: impl FnOnce() -> orm_core::Result<T>) -> Vec<String> {
    let (outcome, statements) = recorded(work);
    outcome.unwrap();
    statements
}

/// What the call gives, and what it sent.
pub(crate) fn recorded<T>(work: impl FnOnce() -> T) -> (T, Vec<String>) {
    listen();
    RECORD.set(Some(Vec::new()));
    let outcome = work();
    (outcome, RECORD.take().unwrap_or_default())
}

thread_local! {
    /// What this thread sent since somebody wants to know.
    static RECORD: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

/// One subscriber for all threads and for ever: with one for each test, `tracing` would now and then overlook the
/// events of a thread that meets the call site while another thread adds or removes its subscriber.
fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| tracing::subscriber::set_global_default(Recorder).unwrap());
    tracing::callsite::rebuild_interest_cache();
}

/// The error's kind and message without the SQL behind it.
#[track_caller]
pub(crate) fn refused<T: Debug>(outcome: orm_core::Result<T>) -> (ErrorKind, String) {
    let error = outcome.unwrap_err();
    (error.kind(), without_sql(&error))
}

/// The message without the SQL behind it.
pub(crate) fn without_sql(error: &Error) -> String {
    let message = error.to_string();
    message.split_once(" (in `").map_or(message.clone(), |(message, _)| message.to_owned())
}

struct Recorder;

impl Subscriber for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "orm_core::sql"
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Sql);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

struct Sql;

impl Visit for Sql {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "sql" {
            RECORD.with_borrow_mut(|record| record.iter_mut().for_each(|it| it.push(value.to_owned())));
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}
