//! What the library can do, one folder or file for each capability.
#![allow(clippy::unwrap_used, reason = "a test stops where it finds something else")]

mod after_commit;
mod batches;
mod chinook;
mod constraints;
mod context;
mod deleting;
mod engine;
mod errors;
mod faults;
mod hooks;
mod inserting;
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
mod savepoints;
mod saving;
mod serde_rows;
mod snapshots;
mod soft_deletion;
mod statements;
mod support;
mod timestamps;
mod transactions;
mod updating;
mod versions;
mod waiting;
