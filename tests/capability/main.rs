//! What the library can do, one folder or file for each capability.

mod after_commit;
mod batches;
mod context;
mod engine;
mod faults;
mod iterating;
mod logging;
mod memory;
mod parameters;
mod pool;
mod raw_sql;
mod savepoints;
mod serde_rows;
mod snapshots;
mod statements;
mod support;
mod transactions;
mod waiting;
