//! What the library can do, one folder or file for each capability.
#![allow(clippy::unwrap_used, reason = "a test stops where it finds something else")]

mod chinook;
mod constraints;
mod deleting;
mod engine;
mod errors;
mod hooks;
mod inserting;
mod inserting_many;
mod metadata;
mod other_programs;
mod queries;
mod reading;
mod saving;
mod scopes;
mod soft_deletion;
mod support;
mod timestamps;
mod triggers;
mod updating;
mod versions;
