//! Logging: every statement is a `tracing` event. What a program shows of them is for it to say.
//!
//! `cargo run --example logging`

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use orm_core::{Engine, Error, Model, Result};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "users")]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
    name: String,
}

fn main() -> Result<()> {
    println!("At level DEBUG: SQL, time and rows of every statement, but no values");
    let log = logged(LevelFilter::DEBUG, || {
        let engine = Engine::open_in_memory()?;
        engine.session()?.create_table::<User>()?;
        engine.session()?.create(User { id: 0, name: "Ann".into() }).map(|_| ())
    })?;
    assert!(log.contains("INSERT INTO") && log.contains("elapsed=") && log.contains("rows=1"));
    assert!(!log.contains("Ann"));

    println!("With parameters, where they were asked for");
    let log = logged(LevelFilter::DEBUG, || {
        let engine = Engine::builder().log_parameters(true).open_in_memory()?;
        engine.session()?.raw("SELECT ?1 || ?2", ("Ann", 30)).one::<String>().map(|_| ())
    })?;
    assert!(log.contains(r#"params="Ann", 30"#));

    println!("At level WARN: the slow ones only (this threshold calls every statement slow)");
    let log = logged(LevelFilter::WARN, || {
        let engine = Engine::builder().slow_query(Duration::ZERO).open_in_memory()?;
        engine.session()?.raw("SELECT 1", ()).one::<i64>().map(|_| ())
    })?;
    assert!(log.contains("WARN") && log.contains("slow statement"));
    Ok(())
}

/// Runs the work with a subscriber for the library's statements; prints and gives what it logged.
fn logged(level: LevelFilter, work: impl FnOnce() -> Result<()>) -> Result<String> {
    let lines = Lines::default();
    let format = tracing_subscriber::fmt::layer().with_writer(lines.clone()).with_ansi(false).without_time();
    let statements = Targets::new().with_target("orm_core::sql", level);
    let subscriber = tracing_subscriber::registry().with(statements).with(format);
    tracing::subscriber::with_default(subscriber, work)?;
    let log = lines.text()?;
    print!("{log}");
    Ok(log)
}

/// Where the log goes; a program would leave `with_writer` out, or name a file.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    fn text(&self) -> Result<String> {
        let bytes = self.0.lock().map_err(|_| Error::other("the log is poisoned"))?.clone();
        String::from_utf8(bytes).map_err(Error::other)
    }
}

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut all = self.0.lock().map_err(|_| io::Error::other("the log is poisoned"))?;
        all.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}
