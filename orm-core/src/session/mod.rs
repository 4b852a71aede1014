//! A connection in autocommit or in a transaction: raw SQL, savepoints, snapshots.

mod batch;
mod composed;
mod context;
mod log;
mod params;
mod raw;
mod run;
mod snapshot;
mod state;
mod transaction;

use std::cell::Cell;
use std::fmt;
use std::time::Instant;

pub use self::params::{Param, Params};
pub use self::raw::Raw;
pub(crate) use self::run::{Ready, RunningCursor};
pub use self::snapshot::Snapshot;
pub use self::transaction::Transaction;

use self::context::Context;
use self::state::TransactionState;
use crate::engine::{Engine, Pooled};
use crate::error::Result;

/// A connection out of the engine's pool, given back on drop: what every read and write goes through.
///
/// All methods take `&self`. A session is `Send` and not `Sync`: one thread at a time. What it does outside a
/// transaction is committed at once; see [`transaction`](Session::transaction) and [`begin`](Session::begin).
///
/// ```
/// use orm_core::Engine;
///
/// let engine = Engine::open_in_memory()?;
/// let session = engine.session()?;
/// session.execute_batch("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT) STRICT")?;
/// session.raw("INSERT INTO users (name) VALUES (?1)", ("Ann",)).execute()?;
/// assert_eq!(session.raw("SELECT name FROM users", ()).one::<String>()?, "Ann");
/// # Ok::<(), orm_core::Error>(())
/// ```
pub struct Session {
    context: Context,
    // dropped before the turn that `transaction` holds, so that an open transaction is rolled back inside its turn
    connection: Pooled,
    transaction: TransactionState,
    engine: Engine,
    unscoped: Cell<u32>,
}

impl Engine {
    /// A session on a connection of the pool, waiting for one until the busy timeout where all are out.
    ///
    /// # Errors
    ///
    /// [`is_busy`](crate::Error::is_busy) where none came back in time, `Closed` where the engine is closed, and what
    /// opening a new connection can say.
    pub fn session(&self) -> Result<Session> {
        self.session_until(self.deadline())
    }

    fn session_until(&self, deadline: Instant) -> Result<Session> {
        Ok(Session {
            context: Context::default(),
            connection: self.check_out(deadline)?,
            transaction: TransactionState::default(),
            engine: self.clone(),
            unscoped: Cell::new(0),
        })
    }
}

impl Session {
    /// The engine it belongs to.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Runs the closure without any model's [`scope`](crate::Hooks::scope), such as for an administrator.
    ///
    /// ```
    /// use orm_core::Engine;
    ///
    /// let session = Engine::open_in_memory()?.session()?;
    /// assert_eq!(session.unscoped(|session| session.raw("SELECT 1", ()).one::<i64>())?, 1);
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    pub fn unscoped<T>(&self, work: impl FnOnce(&Self) -> T) -> T {
        let _unscoped = Unscoped::new(&self.unscoped);
        work(self)
    }

    /// Whether scopes are left out now.
    pub(crate) fn is_unscoped(&self) -> bool {
        self.unscoped.get() > 0
    }

    /// The driver's connection, for the layers above: whole statements of theirs go through
    /// [`ready`](Session::ready).
    pub(crate) fn connection(&self) -> &Pooled {
        &self.connection
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("transaction", &self.transaction).finish_non_exhaustive()
    }
}

/// Counts who asked for no scopes, also past a panic.
struct Unscoped<'a>(&'a Cell<u32>);

impl<'a> Unscoped<'a> {
    fn new(count: &'a Cell<u32>) -> Self {
        count.set(count.get() + 1);
        Self(count)
    }
}

impl Drop for Unscoped<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}
