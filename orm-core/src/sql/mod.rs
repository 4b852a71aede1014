//! Statements as data, and their text in a [`Dialect`](crate::dialect::Dialect).

mod whole_row;
mod writer;

pub use self::whole_row::{delete_by_key, insert_rows, select_by_key, update_by_key};
pub use self::writer::Rendered;

pub(crate) use self::writer::Writer;
