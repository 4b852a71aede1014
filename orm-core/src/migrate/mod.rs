//! From any SQLite schema to the structs, nothing lost: introspect → diff → plan → apply.
//!
//! - `introspect` reads a database as data. The structs' own DDL is run in memory and read by the same code, so that like
//!   is compared with like.
//! - `diff` compares by meaning. What is in the database and not in the structs is foreign, and stays.
//! - `plan` finds the way, asks the rows that are there, and rehearses it all on a copy of the schema.
//! - `history` holds what was applied, and the base of the next comparison.
//! - `apply` does it in one transaction, and compares what has to be the same after.
//! - `progress` tells how far it is, and lets it be stopped.
//!
//! # What it costs
//!
//! Measured once with ten million rows (440 MB, with the write-ahead log, a release build), in seconds of one processor; the
//! clock adds the disk. `ORM_BIG_ROWS=10000000 cargo test --release -p orm-tests --test migrate big::` measures it again.
//!
//! | | plan | plan and apply | file | log | peak memory |
//! |---|---|---|---|---|---|
//! | add a column with a default, in place | 0.0 | 0.0 | as before | none | 9 MB |
//! | drop a column, in place | 0.3 | 4.1 | as before | 442 MB | 25 MB |
//! | NOT NULL and STRICT: a rebuild with one index | 3.8 | 16.1 | 551 to 992 MB | 555 MB | 42 MB |
//! | a foreign key and UNIQUE: a rebuild and a new index | 5.6 | 22.2 | 440 to 881 MB | 656 MB | 40 MB |
//!
//! A plan is made again under the write lock, so what it reads is read twice.

mod apply;
mod baseline;
mod consent;
mod diff;
mod history;
mod introspect;
mod migration;
mod names;
mod parse;
mod plan;
mod progress;
mod sha256;
mod verify;
mod versioned;

pub use self::migration::{Migration, Plan};
pub use self::plan::{Step, StepChange, StepClass, Strategy};
pub use self::progress::Progress;
