use std::sync::PoisonError;
use std::time::Instant;

use super::Engine;
use super::opening::{Place, Source};
use crate::driver::Connection;
use crate::error::{Error, ErrorKind, Result};

impl Engine {
    /// Refreshes the planner's statistics where they are out of date, moves the write-ahead log into the file, closes
    /// every connection, and says what failed. Whatever failed, the engine is closed then and no commit is lost.
    ///
    /// Dropping the last clone closes as well, but tells nobody what failed. After a close, every clone's calls fail with
    /// [`ErrorKind::Closed`].
    ///
    /// ```text
    /// PRAGMA optimize
    /// PRAGMA wal_checkpoint(TRUNCATE)
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Closed`] while sessions are alive, with their number: the engine stays open for its other clones. An
    /// error that [is busy](Error::is_busy) where another process was using the database, so that the write-ahead log
    /// stays beside the file.
    pub fn close(self) -> Result<()> {
        let mut connections = self.core.pool.close()?;
        let source = self.core.pool.source();
        let mut outcome = if source.is_writable_file() { tidy(source, &mut connections) } else { Ok(()) };
        let keeper = self.core.keeper.lock().unwrap_or_else(PoisonError::into_inner).take();
        for connection in connections.into_iter().chain(keeper) {
            outcome = outcome.and(connection.close());
        }
        tracing::debug!(place = %source.place(), "closed the engine");
        outcome
    }
}

impl Source {
    fn is_writable_file(&self) -> bool {
        matches!(self.place(), Place::File(_)) && !self.options().read_only
    }
}

fn tidy(source: &Source, connections: &mut Vec<Connection>) -> Result<()> {
    if connections.is_empty() {
        connections.push(source.open_another(Instant::now() + source.options().busy_timeout)?);
    }
    let Some(last) = connections.last() else { return Ok(()) };
    // the second runs whatever becomes of the first
    last.execute_batch("PRAGMA optimize").and(checkpoint(last))
}

/// The pragma is no error where it could not finish: its first column says so.
fn checkpoint(connection: &Connection) -> Result<()> {
    match connection.query_text("PRAGMA wal_checkpoint(TRUNCATE)")?.as_deref() {
        Some("0") | None => Ok(()),
        Some(_) => Err(Error::new(
            ErrorKind::Busy,
            "the engine is closed, but another process uses the database, so its write-ahead log stays beside the file; \
             nothing is lost, and whoever closes last removes it",
        )),
    }
}
