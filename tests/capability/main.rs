//! What the library can do, one folder or file for each capability.

mod batches;
mod engine;
mod iterating;
mod parameters;
mod raw_sql;
mod savepoints;
mod serde_rows;
mod snapshots;
mod statements;
mod support;
mod transactions;
