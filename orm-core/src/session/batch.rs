use super::Session;
use super::run::Turn;
use super::state::Mode;
use crate::driver::{Batch, Leading, TransactionWord, leading};
use crate::error::{Error, ErrorKind, Result};

impl Session {
    /// Runs several statements, separated by semicolons and without parameters.
    ///
    /// Outside a transaction each statement is its own, so those before one that fails stay; `BEGIN; …; COMMIT;` in the
    /// batch makes it all or nothing. Inside a transaction the batch is all or nothing, and may use savepoints only.
    ///
    /// ```
    /// use orm_core::Engine;
    ///
    /// let session = Engine::open_in_memory()?.session()?;
    /// session.execute_batch("CREATE TABLE t (a INTEGER) STRICT; INSERT INTO t VALUES (1), (2);")?;
    /// assert_eq!(session.raw("SELECT sum(a) FROM t", ()).one::<i64>()?, 3);
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// What SQLite says of a statement; `TransactionControl` where the batch leaves a transaction or savepoint open, or
    /// ends one that it did not begin. What is open then is rolled back.
    pub fn execute_batch(&self, sql: &str) -> Result<()> {
        self.ensure_transaction_lives()?;
        match self.transaction.mode() {
            Mode::Autocommit => self.batch_in_autocommit(sql),
            Mode::Write => self.batch_in_transaction(sql),
            Mode::Snapshot => self.run_batch(sql, &mut Savepoints::inside()),
        }
    }

    fn batch_in_autocommit(&self, sql: &str) -> Result<()> {
        self.ensure_no_iterator()?;
        let _turn = if self.engine.gate().writers_wait() {
            let turn = self.engine.gate().write(self.deadline())?;
            turn.says(sql.into());
            Turn::Write(turn)
        } else {
            Turn::None
        };
        let outcome = self.run_batch(sql, &mut Savepoints::outside());
        self.connection.busy_until(None);
        if self.connection.is_autocommit() {
            return outcome;
        }
        let rolled_back = self.connection.rollback_if_open();
        self.notice_stuck_transaction();
        outcome.and(rolled_back)?;
        Err(left_open(sql))
    }

    fn batch_in_transaction(&self, sql: &str) -> Result<()> {
        let guard = self.begin()?;
        let mut savepoints = Savepoints::inside();
        self.run_batch(sql, &mut savepoints)?;
        if savepoints.open.is_empty() { guard.commit() } else { Err(left_open(sql)) }
    }

    fn run_batch(&self, sql: &str, savepoints: &mut Savepoints) -> Result<()> {
        let mut batch = Batch::new(sql)?;
        while let Some(rest) = batch.rest() {
            self.refuse_settings(rest)?;
            let mut statement = self.connection.next_statement(&mut batch)?;
            savepoints.follow(statement.sql())?;
            if !statement.is_read_only() && self.transaction.mode() == Mode::Snapshot {
                return Err(super::run::refused_in_snapshot(statement.sql()));
            }
            let watch = self.stopwatch();
            let changed = statement.execute(&()).inspect_err(|error| self.log_failure(error));
            self.after_statement();
            self.log(&watch, &statement, &(), changed?);
            self.ensure_transaction_lives()?;
        }
        Ok(())
    }

    /// Before SQLite prepares it, since preparing is enough for some.
    fn refuse_settings(&self, sql: &str) -> Result<()> {
        match leading(sql) {
            Leading::Pragma | Leading::Attach | Leading::CreateTemporary => {
                self.refuse_settings_in_snapshot(sql)?;
                self.connection.taint();
                Ok(())
            }
            Leading::Transaction(_) | Leading::Vacuum | Leading::Definition | Leading::Other => Ok(()),
        }
    }
}

/// The savepoints that a batch inside a transaction has open: it may end no others, and nothing else of a transaction.
struct Savepoints {
    inside: bool,
    open: Vec<String>,
}

impl Savepoints {
    fn outside() -> Self {
        Self { inside: false, open: Vec::new() }
    }

    fn inside() -> Self {
        Self { inside: true, open: Vec::new() }
    }

    fn follow(&mut self, sql: &str) -> Result<()> {
        let Leading::Transaction(word) = leading(sql) else { return Ok(()) };
        if !self.inside {
            // outside a transaction SQLite itself refuses what does not belong to the batch
            return Ok(());
        }
        let name = savepoint_name(sql);
        let opened = self.open.iter().rposition(|open| *open == name);
        match (word, opened) {
            (TransactionWord::Savepoint, _) => self.open.push(name),
            (TransactionWord::Release, Some(position)) => self.open.truncate(position),
            (TransactionWord::RollbackTo, Some(position)) => self.open.truncate(position + 1),
            (TransactionWord::Release | TransactionWord::RollbackTo, None)
            | (TransactionWord::Begin | TransactionWord::Commit | TransactionWord::Rollback, _) => {
                return Err(not_its_own(sql));
            }
        }
        Ok(())
    }
}

/// The last word of `SAVEPOINT a`, `RELEASE SAVEPOINT "a"`, `ROLLBACK TO a`.
fn savepoint_name(sql: &str) -> String {
    let end = sql.trim_end_matches(|c: char| c.is_ascii_whitespace() || c == ';');
    let name = end.rsplit(|c: char| c.is_ascii_whitespace()).next().unwrap_or_default();
    name.trim_matches(['"', '\'', '`', '[', ']']).to_ascii_lowercase()
}

#[cold]
fn left_open(sql: &str) -> Error {
    Error::new(
        ErrorKind::TransactionControl,
        "the batch left a transaction or savepoint open, so it was rolled back: end what it begins",
    )
    .with_sql(sql)
}

#[cold]
fn not_its_own(sql: &str) -> Error {
    Error::new(
        ErrorKind::TransactionControl,
        "inside a transaction a batch may use savepoints of its own only: the guard commits and rolls back",
    )
    .with_sql(sql)
}
