//! From any SQLite schema to the structs, nothing lost: introspect → diff → plan → apply.

mod diff;
mod introspect;
mod parse;
