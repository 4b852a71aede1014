use std::time::{Duration, Instant};

use tracing::Level;

use super::Session;
use crate::driver::{Bind, Statement};
use crate::error::Error;
use crate::value::{Value, ValueRef};

/// Measures one statement, where somebody wants to know.
pub(super) struct Stopwatch(Option<Measured>);

struct Measured {
    before: Duration,
    since: Option<Instant>,
}

impl Stopwatch {
    /// Whether somebody wants to know.
    #[inline]
    pub(super) fn runs(&self) -> bool {
        self.0.is_some()
    }

    /// Stops until [`go_on`](Self::go_on).
    #[inline]
    pub(super) fn pause(&mut self) {
        if let Some(measured) = &mut self.0 {
            measured.pause();
        }
    }

    /// Goes on after a [`pause`](Self::pause).
    #[inline]
    pub(super) fn go_on(&mut self) {
        if let Some(measured) = &mut self.0 {
            measured.go_on();
        }
    }
}

impl Measured {
    #[cold]
    fn pause(&mut self) {
        self.before = self.elapsed();
        self.since = None;
    }

    #[cold]
    fn go_on(&mut self) {
        self.since.get_or_insert_with(Instant::now);
    }

    fn elapsed(&self) -> Duration {
        self.before + self.since.map_or(Duration::ZERO, |since| since.elapsed())
    }
}

impl Session {
    #[inline]
    pub(super) fn stopwatch(&self) -> Stopwatch {
        let wanted = self.engine.options().slow_query.is_some()
            || tracing::enabled!(target: "orm_core::sql", Level::DEBUG);
        Stopwatch(wanted.then(|| Measured { before: Duration::ZERO, since: Some(Instant::now()) }))
    }

    /// Says what a statement did. Parameters only where they were asked for.
    #[inline]
    pub(super) fn log<P: Bind + ?Sized>(
        &self,
        watch: &Stopwatch,
        statement: &Statement<'_>,
        params: &P,
        rows: u64,
    ) {
        if let Some(measured) = &watch.0 {
            self.say(measured.elapsed(), statement.sql(), self.shown(statement, params).as_deref(), rows);
        }
    }

    #[cold]
    fn say(&self, elapsed: Duration, sql: &str, params: Option<&str>, rows: u64) {
        let params = params.map(tracing::field::display);
        tracing::debug!(target: "orm_core::sql", sql, ?elapsed, rows, params, "statement");
        if self.engine.options().slow_query.is_some_and(|threshold| elapsed >= threshold) {
            tracing::warn!(target: "orm_core::sql", sql, ?elapsed, rows, params, "slow statement");
        }
    }

    #[cold]
    fn shown<P: Bind + ?Sized>(&self, statement: &Statement<'_>, params: &P) -> Option<String> {
        if !self.engine.options().log_parameters {
            return None;
        }
        let values = statement.collect(params).ok()?;
        Some(values.iter().map(shown).collect::<Vec<_>>().join(", "))
    }

    /// Says that a statement failed. The caller gets the error too, so this is for those who watch the log at a fine
    /// level only.
    #[cold]
    pub(super) fn log_failure(&self, error: &Error) {
        tracing::trace!(target: "orm_core::sql", %error, "statement failed");
    }
}

fn shown(value: &Value) -> String {
    match value.as_ref() {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(integer) => integer.to_string(),
        ValueRef::Real(real) => format!("{real:?}"),
        ValueRef::Text(text) => format!("{text:?}"),
        ValueRef::Blob(bytes) => format!("<{} bytes>", bytes.len()),
    }
}
