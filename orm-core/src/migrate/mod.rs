//! From any SQLite schema to the structs, nothing lost: introspect → diff → plan → apply.
//!
//! - `introspect` reads a database as data. The structs' own DDL is run in memory and read by the same code, so that like
//!   is compared with like.
//! - `diff` compares by meaning. What is in the database and not in the structs is foreign, and stays.
//! - `plan` finds the way, asks the rows that are there, and rehearses it all on a copy of the schema.
//! - `history` holds what was applied, and the base of the next comparison.
//! - `apply` does it in one transaction, and compares what has to be the same after.
//! - `progress` tells how far it is, and lets it be stopped.

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
