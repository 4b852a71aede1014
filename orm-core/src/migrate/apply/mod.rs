//! A plan becomes the database's schema, in one transaction: all of it or nothing.

mod evidence;
mod settings;
#[cfg(test)]
mod tests;

use std::time::Instant;

use self::evidence::Evidence;
pub(super) use self::evidence::ForeignKeys;
pub(super) use self::settings::Settings;
use crate::dialect::{Dialect, Sqlite};
use crate::error::{Error, ErrorKind, Result};
use crate::migrate::history::{self, Kind, Record};
use crate::migrate::introspect::{broken, introspect};
use crate::migrate::parse::closed;
use crate::migrate::plan::{Draft, Planner, Step, Strategy, error_of, violated};
use crate::migrate::progress::{Observer, Progress, Reporter};
use crate::migrate::verify::differences;
use crate::migrate::versioned::{Versioned, pending};

/// What an application of a plan came to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Applied {
    /// The schema is as planned now.
    Changed,
    /// Somebody else had done it already.
    NothingToDo,
}

/// Plans anew under the write lock and applies. Where `expected` is what a person saw, another plan is refused.
pub(crate) fn apply(
    planner: &Planner<'_>,
    expected: Option<&Draft>,
    observer: Option<&Observer>,
) -> Result<Applied> {
    let _settings = Settings::enter(planner.connection)?;
    let reporter = Reporter::start(planner.connection, observer);
    let applied = under_lock(planner, expected, &reporter);
    reporter.outcome(applied)
}

fn under_lock(planner: &Planner<'_>, expected: Option<&Draft>, reporter: &Reporter<'_>) -> Result<Applied> {
    send(reporter, Sqlite.begin_write())?;
    reporter.ask()?;
    let draft = planner.draft()?;
    if let Some(error) = error_of(&draft.problems) {
        return Err(error);
    }
    if draft.steps.is_empty() {
        return Ok(Applied::NothingToDo);
    }
    if expected.is_some_and(|expected| !same_sql(&expected.steps, &draft.steps)) {
        return Err(Error::new(
            ErrorKind::StalePlan,
            "the database changed since this plan was made; make and read a new one",
        ));
    }
    change(planner, &draft, reporter)?;
    arrived(planner)?;
    reporter.ask()?;
    // where a reader makes this fail, the transaction stays open, and leaving rolls it back
    send(reporter, "COMMIT")?;
    Ok(Applied::Changed)
}

/// Runs the steps, compares what has to be as before, and writes the history.
fn change(planner: &Planner<'_>, draft: &Draft, reporter: &Reporter<'_>) -> Result<()> {
    let connection = planner.connection;
    let (started, schema_before) = (Instant::now(), history::fingerprint(connection)?);
    let broken = broken(connection, &introspect(connection)?)?;
    let (first, rest) = draft.steps.split_at(draft.first);
    run(reporter, first, 1, &draft.steps)?;
    let before = Evidence::record(connection, broken, &introspect(connection)?, rest)?;
    run(reporter, rest, draft.first + 1, &draft.steps)?;
    reporter.reach(Progress::Comparing)?;
    before.compare(connection, draft)?;
    let sql: Vec<_> = draft.steps.iter().flat_map(|step| &step.sql).map(|sql| closed(sql)).collect();
    let record = Record {
        schema_before: &schema_before,
        snapshot: Some(&draft.snapshot),
        sql: &sql.join(";\n"),
        duration: started.elapsed(),
        ..Record::of(Kind::Auto)
    };
    history::record(connection, &record)
}

/// Records the structs as the base, if the database has their shape.
pub(super) fn baseline(planner: &Planner<'_>, steps: &[Versioned]) -> Result<Applied> {
    let connection = planner.connection;
    let _settings = Settings::enter(connection)?;
    let reporter = Reporter::start(connection, None);
    send(&reporter, Sqlite.begin_write())?;
    let sides = planner.sides()?;
    let differences = differences(&sides, planner.consent);
    if !differences.is_empty() {
        return Err(Error::new(
            ErrorKind::SchemaMismatch,
            format!(
                "only a database that has the shape of the structs can be adopted; {}",
                differences.join("; ")
            ),
        ));
    }
    let snapshot = sides.snapshot();
    let waiting = pending(steps, connection)?;
    if waiting.is_empty() && history::snapshot(connection)?.as_ref() == Some(&snapshot) {
        return Ok(Applied::NothingToDo);
    }
    waiting.iter().try_for_each(|step| step.adopt(connection))?;
    let schema_before = history::fingerprint(connection)?;
    let record =
        Record { schema_before: &schema_before, snapshot: Some(&snapshot), ..Record::of(Kind::Baseline) };
    history::record(connection, &record)?;
    send(&reporter, "COMMIT")?;
    Ok(Applied::Changed)
}

fn same_sql(expected: &[Step], now: &[Step]) -> bool {
    let sql = |steps: &[Step]| steps.iter().flat_map(|step| step.sql.clone()).collect::<Vec<_>>();
    sql(expected) == sql(now)
}

/// Some of all the steps, from the one with that number on.
fn run(reporter: &Reporter<'_>, some: &[Step], first: usize, all: &[Step]) -> Result<()> {
    for (number, step) in (first..).zip(some) {
        reporter.reach(Progress::Step {
            table: step.table.clone(),
            step: number,
            steps: all.len(),
            rows: 0,
            total_rows: if step.strategy == Strategy::Rebuild { step.rows } else { 0 },
        })?;
        for sql in &step.sql {
            send(reporter, sql).map_err(|error| violated(error, &step.table, sql))?;
        }
    }
    Ok(())
}

/// Runs one statement and logs it as a session does.
fn send(reporter: &Reporter<'_>, sql: &str) -> Result<()> {
    let started = Instant::now();
    reporter.execute(sql)?;
    tracing::debug!(target: "orm_core::sql", sql, elapsed = ?started.elapsed(), "statement");
    Ok(())
}

/// The last question before COMMIT: a second migration would find nothing to do.
fn arrived(planner: &Planner<'_>) -> Result<()> {
    let draft = planner.draft()?;
    if draft.steps.is_empty() && draft.problems.is_empty() {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Internal,
        "the migration did not reach the shape of the structs; nothing was changed",
    ))
}
