//! Values on their way between Rust and the database.
//!
//! [`Value`] owns, [`ValueRef`] borrows; both have SQLite's five storage classes
//! (<https://sqlite.org/datatype3.html>). [`ToValue`] gives a value to bind, [`Field`] adds reading and the logical type.

mod any;
mod blob;
mod boolean;
pub mod class;
mod field;
mod float;
mod integer;
mod logical;
mod option;
mod reference;
mod row;
mod storage;
mod text;

pub use self::field::{Field, ToValue, ToValueOutput};
pub use self::logical::LogicalType;
pub use self::row::Row;
pub(crate) use self::row::Sealed;
pub use self::storage::{Value, ValueRef};
