//! What separates a database from the structs, compared by meaning.
//!
//! The struct always states type, nullability and primary key; there it is right. What it does not mention (a default, a
//! collation, a CHECK, an index, a unique constraint, a foreign key) goes where it came from the structs, as the base says,
//! or where a person allows it; else it is foreign: kept, and reported as a note.

mod change;
mod column;
mod compare;
mod full_text;
mod intent;

pub(crate) use self::change::{Alteration, Change, KeyChange, TableDiff};
pub(crate) use self::compare::{diff, same_reference};
pub(crate) use self::intent::Intent;
