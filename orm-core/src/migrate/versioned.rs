//! Named, ordered steps beside the declarative migration, for what no comparison finds: data moves, swaps, splits.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::apply::{ForeignKeys, Settings};
use super::history::{self, Done, Kind, Record};
use super::migration::{Migration, free_to_write};
use super::progress::{Observer, Progress, Reporter};
use super::sha256::sha256;
use crate::driver::Connection;
use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result};
use crate::session::Transaction;

type Work = dyn Fn(&Transaction<'_>) -> Result<()> + Send + Sync;

/// A step: SQL or a closure, with its place in the order.
#[derive(Clone)]
pub(super) struct Versioned {
    version: i64,
    name: String,
    checksum: String,
    work: StepWork,
}

/// Without its work.
impl Serialize for Versioned {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut step = serializer.serialize_struct("Versioned", 2)?;
        step.serialize_field("version", &self.version)?;
        step.serialize_field("name", &self.name)?;
        step.end()
    }
}

#[derive(Clone)]
enum StepWork {
    Sql(String),
    Rust(Arc<Work>),
}

impl fmt::Debug for Versioned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Versioned").field("version", &self.version).field("name", &self.name).finish()
    }
}

impl fmt::Display for Versioned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.work {
            StepWork::Sql(sql) => {
                writeln!(
                    f,
                    "step {} {}  sql\n      {}",
                    self.version,
                    self.name,
                    sql.trim().replace('\n', "\n      ")
                )
            }
            StepWork::Rust(_) => writeln!(f, "step {} {}  rust", self.version, self.name),
        }
    }
}

impl Migration {
    /// Adds a step in SQL, which runs once in each database, before the tables are compared with the structs. Steps run in
    /// the order of their versions, each in a transaction of its own.
    ///
    /// A step runs in a new, empty database too, before the structs have their tables there, since it may bring what every
    /// database needs. One that moves old data asks first whether it is there, as [`rust_step`](Migration::rust_step) shows.
    ///
    /// Foreign keys are not enforced while a step runs, so that it may rebuild a parent table, and do not cascade; at its
    /// end they have to hold as before. The text is part of the history by its checksum: a step that was applied somewhere
    /// is never edited, a new one follows it.
    ///
    /// ```
    /// use orm_core::Engine;
    ///
    /// let engine = Engine::open_in_memory()?;
    /// engine.session()?.execute_batch("CREATE TABLE users (name TEXT); INSERT INTO users VALUES (' Ann ')")?;
    /// for _ in 0..2 {
    ///     let migration = engine.migration(&[]).sql_step(1, "trim names", "UPDATE users SET name = trim(name) || '.'");
    ///     migration.plan()?.apply()?;
    /// }
    /// assert_eq!(engine.session()?.raw("SELECT name FROM users", ()).one::<String>()?, "Ann.");
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    pub fn sql_step(self, version: i64, name: &str, sql: &str) -> Self {
        let lines: Vec<&str> = sql.lines().map(str::trim_end).collect();
        let checksum = sha256(lines.join("\n").trim().as_bytes());
        self.step(Versioned { version, name: name.to_owned(), checksum, work: StepWork::Sql(sql.to_owned()) })
    }

    /// Adds a step in Rust; all else is as for [`sql_step`](Migration::sql_step). A closure has no text to compare, so
    /// `revision` stands for it: any word that changes when what the closure does changes.
    ///
    /// ```
    /// use orm_core::Engine;
    ///
    /// fn migrate(engine: &Engine) -> orm_core::Result<()> {
    ///     let migration = engine.migration(&[]).rust_step(1, "shout", "a", |tx| {
    ///         if !tx.raw("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'users')", ()).one::<bool>()? {
    ///             return Ok(()); // a new database
    ///         }
    ///         for name in tx.raw("SELECT name FROM users", ()).all::<String>()? {
    ///             tx.raw("UPDATE users SET name = ?1 WHERE name = ?2", (name.to_uppercase(), &name)).execute()?;
    ///         }
    ///         Ok(())
    ///     });
    ///     migration.plan()?.apply()
    /// }
    ///
    /// let engine = Engine::open_in_memory()?;
    /// engine.session()?.execute_batch("CREATE TABLE users (name TEXT); INSERT INTO users VALUES ('Ann')")?;
    /// migrate(&engine)?;
    /// assert_eq!(engine.session()?.raw("SELECT name FROM users", ()).one::<String>()?, "ANN");
    /// migrate(&Engine::open_in_memory()?)?;
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    pub fn rust_step(
        self,
        version: i64,
        name: &str,
        revision: &str,
        work: impl Fn(&Transaction<'_>) -> Result<()> + Send + Sync + 'static,
    ) -> Self {
        let checksum = sha256(revision.as_bytes());
        self.step(Versioned {
            version,
            name: name.to_owned(),
            checksum,
            work: StepWork::Rust(Arc::new(work)),
        })
    }

    /// Copies the database to `path` before a plan that loses or converts values is applied, and before
    /// [steps](Migration::sql_step) run, since nobody knows what they lose. A database without tables is not copied. Nothing
    /// is overwritten: where the file is there, nothing is applied either.
    pub fn backup_to(mut self, path: impl Into<PathBuf>) -> Self {
        self.backup = Some(path.into());
        self
    }

    fn step(mut self, step: Versioned) -> Self {
        self.steps.push(step);
        self.steps.sort_by_key(|step| step.version);
        self
    }
}

/// The steps that wait.
///
/// # Errors
///
/// What the history and the steps contradict each other in.
pub(super) fn pending(steps: &[Versioned], connection: &Connection) -> Result<Vec<Versioned>> {
    if let Some(pair) = steps.windows(2).find(|pair| pair[0].version == pair[1].version) {
        return Err(Error::new(
            ErrorKind::InvalidModel,
            format!("steps `{}` and `{}` have the same version", pair[0].name, pair[1].name),
        ));
    }
    if steps.is_empty() {
        return Ok(Vec::new());
    }
    let done = history::done(connection)?;
    for it in &done {
        let Some(step) = steps.iter().find(|step| step.version == it.version) else {
            return Err(Error::new(
                ErrorKind::NewerDatabase,
                format!(
                    "step {} `{}` was applied to this database, and this program does not know it; use a program that is \
                     not older than the database",
                    it.version, it.name
                ),
            ));
        };
        unchanged(step, it)?;
    }
    let newest = done.iter().map(|it| it.version).max();
    let waiting = steps.iter().filter(|step| done.iter().all(|it| it.version != step.version));
    waiting.map(|step| in_order(step, newest)).collect()
}

fn unchanged(step: &Versioned, done: &Done) -> Result<()> {
    if step.checksum == done.checksum {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::ChecksumMismatch,
        format!(
            "step {} `{}` was changed after it was applied to this database; leave it as it was, and add a new step",
            step.version, done.name
        ),
    ))
}

fn in_order(step: &Versioned, newest: Option<i64>) -> Result<Versioned> {
    match newest.filter(|newest| step.version < *newest) {
        None => Ok(step.clone()),
        Some(newest) => Err(Error::new(
            ErrorKind::OutOfOrder,
            format!(
                "step {} `{}` comes before step {newest}, which was applied to this database already; give it a higher \
                 version",
                step.version, step.name
            ),
        )),
    }
}

/// Runs the steps that wait, each in its transaction. Another program may be faster: what it did is not done again.
pub(super) fn run(engine: &Engine, steps: &[Versioned], observer: Option<&Observer>) -> Result<()> {
    free_to_write(engine)?;
    loop {
        let session = engine.session()?;
        let settings = Settings::enter(session.connection())?;
        let transaction = session.begin()?;
        let Some(step) = pending(steps, session.connection())?.into_iter().next() else {
            return Ok(());
        };
        let reporter = Reporter::start(session.connection(), observer);
        let reached = reporter.reach(Progress::Versioned { version: step.version, name: step.name.clone() });
        let ran = reached.and_then(|()| step.run(&transaction).map_err(|error| step.failed(error)));
        reporter.outcome(ran)?;
        transaction.commit()?;
        engine.mark_stale(session.connection());
        drop(settings);
    }
}

impl Versioned {
    fn run(&self, transaction: &Transaction<'_>) -> Result<()> {
        let connection: &Connection = transaction.connection();
        let (started, before) = (Instant::now(), ForeignKeys::record(connection)?);
        let schema_before = history::fingerprint(connection)?;
        let (kind, sql) = match &self.work {
            StepWork::Sql(sql) => {
                transaction.execute_batch(sql)?;
                (Kind::Sql, sql.as_str())
            }
            StepWork::Rust(work) => {
                work(transaction)?;
                (Kind::Rust, "")
            }
        };
        before.compare(connection)?;
        let record =
            Record { schema_before: &schema_before, sql, duration: started.elapsed(), ..self.record(kind) };
        history::record(connection, &record)
    }

    /// As done without having run here.
    pub(super) fn adopt(&self, connection: &Connection) -> Result<()> {
        let kind = match &self.work {
            StepWork::Sql(_) => Kind::Sql,
            StepWork::Rust(_) => Kind::Rust,
        };
        history::record(connection, &self.record(kind))
    }

    fn record(&self, kind: Kind) -> Record<'_> {
        Record { step: Some((self.version, &self.name, &self.checksum)), ..Record::of(kind) }
    }

    fn failed(&self, error: Error) -> Error {
        let message = format!("step {} `{}` failed, and was rolled back: {error}", self.version, self.name);
        Error::new(error.kind(), message).with_source(error)
    }
}
