//! What the library can do, one folder or file for each capability.
#![allow(clippy::unwrap_used, reason = "a test stops where it finds something else")]

mod chinook;
mod engine;
mod queries;
mod relations;
