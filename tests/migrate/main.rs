//! Migrations: cases as data, and what they must never do. `README.md` says which mistakes these tests find.
#![allow(clippy::unwrap_used, reason = "a test stops where it finds something else")]

mod big;
mod case;
mod cases;
mod chinook;
mod concurrent;
mod crash;
mod definition;
mod dependents;
mod full_text;
mod history;
mod hostile;
mod in_progress;
mod inspect;
mod killed;
mod options;
mod plan;
mod process;
mod progress;
mod random;
mod refusals;
mod rowids;
mod scenario;
mod space;
mod verify;
mod versioned;

use orm_core::LogicalType;
use orm_core::schema::{ColumnBuilder, KeyGeneration, TableBuilder, TableDef};

pub(crate) const INTEGER: LogicalType = LogicalType::Integer { bits: 64, signed: true };

/// `users (id, name)`, not STRICT.
pub(crate) fn users() -> TableBuilder {
    TableDef::builder("users")
        .column("id", INTEGER, |c| c.primary_key().key_generation(KeyGeneration::Auto))
        .column("name", LogicalType::Text, ColumnBuilder::nullable)
        .strict(false)
}

pub(crate) const USERS: &str = "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, nick TEXT UNIQUE); \
                                INSERT INTO users VALUES (1, 'Ann', 'a'), (2, 'Bob', NULL);";
