//! What the library can do, one folder or file for each capability.
#![allow(clippy::unwrap_used, reason = "a test stops where it finds something else")]

mod after_commit;
mod batches;
mod chinook;
mod context;
mod engine;
mod faults;
mod iterating;
mod logging;
mod memory;
mod parameters;
mod pool;
mod queries;
mod raw_sql;
mod savepoints;
mod serde_rows;
mod snapshots;
mod statements;
mod support;
mod transactions;
mod waiting;
