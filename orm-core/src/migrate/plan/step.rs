use std::fmt;

use serde::{Deserialize, Serialize};

use super::check::counted;
use crate::migrate::parse::closed;

/// One step of a [`Plan`](crate::migrate::Plan): what happens to one table, with the SQL that does it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Step {
    /// The table.
    pub table: String,
    /// How it is done.
    pub strategy: Strategy,
    /// What may happen to data: the gravest class among the changes.
    pub class: StepClass,
    /// What changes, one line each.
    pub changes: Vec<StepChange>,
    /// The statements, in order.
    pub sql: Vec<String>,
    /// How many rows are copied or dropped; 0 where none are.
    pub rows: u64,
    /// What a table that is rebuilt takes up with its indexes, in bytes: `None` for any other step, and where the linked
    /// SQLite has no [dbstat](https://sqlite.org/dbstat.html) to ask.
    ///
    /// Old and new table stand in the file together until COMMIT, and with the write-ahead log the new one is in there
    /// too until the next checkpoint. So this much must be free on the disk, and twice as much with the write-ahead log;
    /// less where the change makes rows smaller. Rust's standard library cannot ask a disk how much is free; where it is
    /// not enough, the migration ends with [`DiskFull`](crate::ErrorKind::DiskFull), and the database is as before.
    pub bytes: Option<u64>,
}

/// One change within a [`Step`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StepChange {
    /// What may happen to data.
    pub class: StepClass,
    /// The change, for a person.
    pub text: String,
}

/// How a step is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Strategy {
    /// The table is new.
    Create,
    /// ALTER TABLE or CREATE INDEX: no row is copied.
    InPlace,
    /// DROP TABLE, DROP VIEW or DROP TRIGGER.
    Drop,
    /// A new table takes over every row, then the name (<https://sqlite.org/lang_altertable.html#otheralter>).
    Rebuild,
}

/// What a change may do to data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum StepClass {
    /// Nothing is lost, and nothing can fail because of the rows that are there.
    Safe,
    /// Nothing is lost and no row can be in the way; a rule, an index, a view or a trigger goes.
    Loosening,
    /// Nothing is lost; the rows that are there were checked against the new rule, and are checked again.
    Checked,
    /// Values are converted, with consent or by an expression that the struct gives.
    Lossy,
    /// Values are lost, with consent.
    Destructive,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.strategy {
            Strategy::Create => writeln!(f, "{}  create", self.table)?,
            Strategy::InPlace => writeln!(f, "{}  in place", self.table)?,
            // a view or a trigger goes without a row
            Strategy::Drop if self.class == StepClass::Loosening => writeln!(f, "{}  drop", self.table)?,
            Strategy::Drop => writeln!(f, "{}  drop ({})", self.table, counted(self.rows, "row"))?,
            Strategy::Rebuild => {
                let rows = counted(self.rows, "row");
                writeln!(f, "{}  rebuild ({rows}{}, write lock)", self.table, megabytes(self.bytes))?;
            }
        }
        for change in &self.changes {
            let sign = match change.class {
                StepClass::Safe => '+',
                StepClass::Loosening => '-',
                StepClass::Checked => '~',
                StepClass::Lossy => '?',
                StepClass::Destructive => '!',
            };
            writeln!(f, "  {sign} {}", change.text)?;
        }
        self.sql.iter().try_for_each(|sql| writeln!(f, "      {};", closed(sql).replace('\n', "\n      ")))
    }
}

/// What is worth a thought before it is needed on the disk.
fn megabytes(bytes: Option<u64>) -> String {
    match bytes.map(|bytes| bytes / 1_000_000) {
        None | Some(0) => String::new(),
        Some(megabytes) => format!(", {megabytes} MB"),
    }
}
