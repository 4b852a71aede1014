//! What the library can do, one folder or file for each capability.
#![allow(clippy::unwrap_used, reason = "a test stops where it finds something else")]
#![allow(clippy::unit_arg, reason = "`Ok(assert_eq!(…))` in a closure that gives a `Result`")]

mod after_commit;
mod batches;
mod borrowed_rows;
mod chinook;
mod constraints;
mod context;
mod deleting;
mod deleting_many;
mod engine;
mod errors;
mod faults;
mod hidden;
mod hooks;
mod house;
mod inserting;
mod inserting_many;
mod iterating;
mod logging;
mod memory;
mod metadata;
mod other_programs;
mod parameters;
mod pool;
mod queries;
mod raw_sql;
mod reading;
mod relations;
mod returning;
mod savepoints;
mod saving;
mod scopes;
mod search;
mod serde_rows;
mod snapshots;
mod soft_deletion;
mod statements;
mod support;
mod timestamps;
mod transactions;
mod triggers;
mod updating;
mod upserts;
mod versions;
mod waiting;
