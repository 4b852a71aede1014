//! From any SQLite schema to the structs, nothing lost: introspect → diff → plan → apply.

mod apply;
mod diff;
mod introspect;
mod names;
mod parse;
mod plan;
