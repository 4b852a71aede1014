//! What the library can do, one folder or file for each capability.

mod engine;
mod iterating;
mod serde_rows;
mod statements;
mod support;
