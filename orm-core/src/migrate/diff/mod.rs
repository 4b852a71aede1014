//! What separates a database from the structs, compared by meaning.
//!
//! The struct always states type, nullability and primary key; there it is right. What it does not mention (a default, a
//! collation, a CHECK, an index, a unique constraint, a foreign key) is foreign: kept, and reported as a note.

mod change;
mod column;
mod compare;

pub(crate) use self::change::{Alteration, Change, TableDiff};
pub(crate) use self::compare::{diff, same_reference};
