//! What a subscriber of `tracing` hears.

use std::collections::BTreeMap;
use std::fmt::{self, Debug};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use orm_core::{Engine, EngineBuilder, Model, Session};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use crate::support::{listen, sent};

/// Keeps the events of `orm_core::sql`, up to a level.
#[derive(Clone)]
struct Heard {
    level: Level,
    events: Arc<Mutex<Vec<Line>>>,
}

#[derive(Clone, Debug)]
struct Line {
    level: Level,
    fields: BTreeMap<&'static str, String>,
}

impl Line {
    fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("-", String::as_str)
    }
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.fields.insert(field.name(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.fields.insert(field.name(), value.to_owned());
    }
}

impl Subscriber for Heard {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "orm_core::sql" && *metadata.level() <= self.level
    }

    fn event(&self, event: &Event<'_>) {
        let mut line = Line { level: *event.metadata().level(), fields: BTreeMap::new() };
        event.record(&mut line);
        self.events.lock().unwrap().push(line);
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} [{}] {}", self.level, self.field("sql"), self.field("params"), self.field("rows"))
    }
}

/// What is heard of `work` with an engine of its own that has a table `users`.
fn heard(builder: EngineBuilder, level: Level, work: impl FnOnce(&Session)) -> Vec<Line> {
    listen();
    let session = builder.max_connections(1).open_in_memory().unwrap().session().unwrap();
    session.execute_batch("CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT UNIQUE); INSERT INTO users VALUES (1, 'Ann'), (2, 'Bob')").unwrap();
    let heard = Heard { level, events: Arc::default() };
    let events = Arc::clone(&heard.events);
    tracing::subscriber::with_default(heard, || work(&session));
    std::mem::take(&mut *events.lock().unwrap())
}

fn lines(builder: EngineBuilder, level: Level, work: impl FnOnce(&Session)) -> Vec<String> {
    heard(builder, level, work).iter().map(Line::to_string).collect()
}

#[test]
fn every_statement_is_heard_with_its_rows_and_without_its_parameters() {
    let lines = lines(Engine::builder(), Level::DEBUG, |session| {
        session.raw("SELECT name FROM users WHERE id > ?1", (0,)).all::<String>().unwrap();
        session.raw("UPDATE users SET name = ?1 WHERE id = 1", ("secret",)).execute().unwrap();
        session.raw("CREATE TABLE t(x)", ()).execute().unwrap();
        session.execute_batch("INSERT INTO t VALUES (1), (2), (3); DROP TABLE t").unwrap();
    });
    assert_eq!(
        lines,
        [
            "DEBUG SELECT name FROM users WHERE id > ?1 [-] 2",
            "DEBUG UPDATE users SET name = ?1 WHERE id = 1 [-] 1",
            "DEBUG CREATE TABLE t(x) [-] 0",
            "DEBUG INSERT INTO t VALUES (1), (2), (3); [-] 3",
            "DEBUG DROP TABLE t [-] 0",
        ]
    );
}

#[test]
fn parameters_are_heard_where_they_were_asked_for() {
    let lines = lines(Engine::builder().log_parameters(true), Level::DEBUG, |session| {
        session
            .raw("SELECT ?1, ?2, ?3, ?4, ?5", (1, "it's", None::<i64>, 1.5, vec![1_u8, 2]))
            .one::<(i64, String, Option<i64>, f64, Vec<u8>)>()
            .unwrap();
        session.raw("SELECT :a", [(":a", "named")]).one::<String>().unwrap();
        for name in session.raw("SELECT name FROM users WHERE id > ?1", (1,)).iter::<String>().unwrap() {
            name.unwrap();
        }
    });
    assert_eq!(
        lines,
        [
            "DEBUG SELECT ?1, ?2, ?3, ?4, ?5 [1, \"it's\", NULL, 1.5, <2 bytes>] 1",
            "DEBUG SELECT :a [\"named\"] 1",
            "DEBUG SELECT name FROM users WHERE id > ?1 [1] 1",
        ]
    );
}

#[test]
fn transactions_are_heard_from_begin_to_commit() {
    let lines = lines(Engine::builder(), Level::DEBUG, |session| {
        session
            .transaction(|tx| {
                tx.transaction(|inner| inner.raw("DELETE FROM users", ()).execute())?;
                let _: orm_core::Result<()> = tx.transaction(|_| Err(orm_core::Error::other("no")));
                Ok(())
            })
            .unwrap();
        session.read(|_| Ok(())).unwrap();
    });
    assert_eq!(
        lines,
        [
            "DEBUG BEGIN IMMEDIATE [-] 0",
            "DEBUG SAVEPOINT _orm_2 [-] 0",
            "DEBUG DELETE FROM users [-] 2",
            "DEBUG RELEASE _orm_2 [-] 0",
            "DEBUG SAVEPOINT _orm_2 [-] 0",
            "DEBUG ROLLBACK TO _orm_2 [-] 0",
            "DEBUG RELEASE _orm_2 [-] 0",
            "DEBUG COMMIT [-] 0",
            "DEBUG BEGIN [-] 0",
            "DEBUG SELECT 1 FROM sqlite_schema LIMIT 1 [-] 0",
            "DEBUG ROLLBACK [-] 0",
        ]
    );
}

#[test]
fn verbs_of_models_are_heard_as_the_sql_they_send() {
    #[derive(Model)]
    #[orm(table = "users")]
    struct User {
        #[orm(primary_key, auto)]
        id: i64,
        name: Option<String>,
    }
    let lines = lines(Engine::builder().log_parameters(true), Level::DEBUG, |session| {
        let user = session.create(User { id: 0, name: Some("Cy".into()) }).unwrap();
        assert_eq!(session.get::<User>(user.id).unwrap().unwrap().name.as_deref(), Some("Cy"));
    });
    assert_eq!(
        lines,
        [
            "DEBUG INSERT INTO \"main\".\"users\" (\"name\") VALUES (?1) [\"Cy\"] 1",
            "DEBUG SELECT \"id\", \"name\" FROM \"main\".\"users\" WHERE \"id\" = ?1 [3] 1",
        ]
    );
}

#[test]
fn an_iterator_is_heard_at_its_end_with_the_rows_that_were_read() {
    let lines = lines(Engine::builder(), Level::DEBUG, |session| {
        let mut rows = session.raw("SELECT name FROM users", ()).iter::<String>().unwrap();
        rows.next();
        session.raw("SELECT 'meanwhile'", ()).one::<String>().unwrap();
        drop(rows);
    });
    assert_eq!(lines, ["DEBUG SELECT 'meanwhile' [-] 1", "DEBUG SELECT name FROM users [-] 1"]);
}

#[test]
fn a_slow_statement_is_a_warning_and_a_quick_one_is_not() {
    let run = |threshold| {
        lines(Engine::builder().slow_query(threshold), Level::WARN, |session| {
            session.raw("SELECT name FROM users", ()).all::<String>().unwrap();
            session.raw("SELECT id FROM users", ()).iter::<i64>().unwrap().for_each(drop);
            session.raw("DELETE FROM users WHERE name = ?1", ("secret",)).execute().unwrap();
        })
    };
    assert_eq!(
        run(Duration::ZERO),
        [
            "WARN SELECT name FROM users [-] 2",
            "WARN SELECT id FROM users [-] 2",
            "WARN DELETE FROM users WHERE name = ?1 [-] 0",
        ]
    );
    assert!(run(Duration::from_secs(3600)).is_empty());
}

#[test]
fn a_statement_is_heard_with_the_time_it_took() {
    let lines = heard(Engine::builder(), Level::DEBUG, |session| {
        session.raw("SELECT 1", ()).one::<i64>().unwrap();
    });
    let elapsed = lines[0].field("elapsed");
    assert!(elapsed.ends_with('s') && elapsed.starts_with(|c: char| c.is_ascii_digit()), "{elapsed}");
}

#[test]
fn a_statement_that_fails_is_heard_at_the_finest_level_and_shows_no_value() {
    let work = |session: &Session| {
        session.raw("INSERT INTO users(name) VALUES (?1)", ("Ann",)).execute().unwrap_err();
        session.execute_batch("INSERT INTO users(name) VALUES ('Bob')").unwrap_err();
    };
    assert!(heard(Engine::builder(), Level::DEBUG, work).is_empty());
    let lines = heard(Engine::builder(), Level::TRACE, work);
    let errors: Vec<&str> = lines.iter().map(|line| line.field("error")).collect();
    assert_eq!(
        errors,
        [
            "UNIQUE constraint failed: users.name (in `INSERT INTO users(name) VALUES (?1)`)",
            "UNIQUE constraint failed: users.name (in `INSERT INTO users(name) VALUES ('Bob')`)",
        ]
    );
}

#[test]
fn a_migration_is_heard_statement_by_statement() {
    #[derive(Debug, PartialEq, Model)]
    #[orm(table = "places", index(name))]
    struct Place {
        #[orm(primary_key, auto)]
        id: i64,
        name: String,
    }

    let engine = Engine::open_in_memory().unwrap();
    let statements = sent(|| engine.migrate(&[Place::TABLE]));
    let create = r#"CREATE TABLE "main"."places" ("id" INTEGER PRIMARY KEY, "name" TEXT NOT NULL) STRICT"#;
    let index = r#"CREATE INDEX "main"."ix_places_name" ON "places" ("name")"#;
    assert_eq!(statements, ["BEGIN IMMEDIATE", create, index, "COMMIT"]);
    assert_eq!(engine.session().unwrap().find::<Place>().all().unwrap(), []);
}
