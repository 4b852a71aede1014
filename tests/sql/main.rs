//! The builder beside its SQL, in SQLite and in the spelling of a second database, and what SQLite makes of it.
#![allow(clippy::unwrap_used, reason = "a test stops where it finds something else")]

mod choices;
mod compounds;
mod definitions;
mod functions;
mod hostile;
mod json_paths;
mod long;
mod nulls;
mod operators;
mod postgres;
mod queries;
mod random_filters;
mod random_reports;
mod relations;
mod search;
mod subqueries;
mod support;
mod windows;
