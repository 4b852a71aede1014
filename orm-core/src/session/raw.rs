use std::fmt;

use super::Session;
use super::params::Params;
use super::run::Ready;
use super::state::Mode;
use crate::driver::{Connection, Leading, Statement, leading, pragma_only_asks};
use crate::error::{Error, ErrorKind, Result};

/// One statement of raw SQL with its parameters, see [`Session::raw`].
#[must_use = "call `execute`, `all`, `first`, `one` or `iter`"]
pub struct Raw<'s, P> {
    session: &'s Session,
    sql: &'s str,
    params: P,
}

impl Session {
    /// One statement of raw SQL; `?1`, `?2` … or `:name` are its parameters.
    ///
    /// Tables and columns have their database names here. Hooks, scopes, timestamps and soft deletion do not apply.
    /// A connection that ran PRAGMA, ATTACH or CREATE TEMP is not given to another session.
    ///
    /// ```
    /// use orm_core::Engine;
    ///
    /// let session = Engine::open_in_memory()?.session()?;
    /// session.execute_batch("CREATE TABLE users (name TEXT, age INTEGER) STRICT")?;
    /// let changed = session.raw("INSERT INTO users VALUES (?1, ?2), ('Bob', 17)", ("Ann", 30)).execute()?;
    /// assert_eq!(changed, 2);
    /// let rows = session.raw("SELECT name, age FROM users WHERE age > ?1", (18,)).all::<(String, u8)>()?;
    /// assert_eq!(rows, [("Ann".to_owned(), 30)]);
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The terminals refuse several statements (`MultipleStatements`: `execute_batch` runs them), missing or surplus
    /// parameters (`Parameters`), and BEGIN, COMMIT, ROLLBACK, SAVEPOINT and RELEASE (`TransactionControl`).
    pub fn raw<'s, P: Params>(&'s self, sql: &'s str, params: P) -> Raw<'s, P> {
        Raw { session: self, sql, params }
    }
}

impl<'s, P: Params> Raw<'s, P> {
    /// Runs it to the end and gives how many rows were inserted, updated or deleted: 0 for anything else. Rows that it
    /// returns are passed over.
    ///
    /// # Errors
    ///
    /// What SQLite says, and those of [`Session::raw`].
    pub fn execute(&self) -> Result<u64> {
        self.ready()?.execute(&self.params)
    }

    /// The session it runs in.
    pub(crate) fn session(&self) -> &'s Session {
        self.session
    }

    /// The SQL.
    pub(crate) fn sql(&self) -> &'s str {
        self.sql
    }

    /// The parameters.
    pub(crate) fn params(&self) -> &P {
        &self.params
    }

    /// The statement, ready to run.
    pub(crate) fn ready(&self) -> Result<Ready<'s>> {
        self.session.ready(|connection| self.prepare(connection))
    }

    fn prepare(&self, connection: &'s Connection) -> Result<Statement<'s>> {
        match leading(self.sql) {
            Leading::Transaction(_) => Err(transaction_word(self.sql)),
            Leading::Pragma | Leading::Attach | Leading::CreateTemporary => {
                self.session.refuse_settings_in_snapshot(self.sql)?;
                connection.taint();
                connection.statement_once(self.sql)
            }
            Leading::Vacuum | Leading::Definition => connection.statement_once(self.sql),
            Leading::Other => connection.statement(self.sql),
        }
    }
}

impl Session {
    /// SQLite calls `PRAGMA x=y` and ATTACH read-only, and some act when they are merely prepared.
    pub(super) fn refuse_settings_in_snapshot(&self, sql: &str) -> Result<()> {
        let asks = leading(sql) == Leading::Pragma && pragma_only_asks(sql);
        if self.transaction.mode() == Mode::Snapshot && !asks {
            return Err(super::run::refused_in_snapshot(sql));
        }
        Ok(())
    }
}

impl<P> fmt::Debug for Raw<'_, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Raw").field("sql", &self.sql).finish_non_exhaustive()
    }
}

#[cold]
fn transaction_word(sql: &str) -> Error {
    Error::new(
        ErrorKind::TransactionControl,
        "the library has to know of transactions: use `transaction`, `begin` or `execute_batch`",
    )
    .with_sql(sql)
}
