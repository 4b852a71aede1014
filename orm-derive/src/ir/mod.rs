//! What was said, with names resolved. A [`Table`] is complete even where something is wrong, as the stubs need it.

mod column;
mod row;
mod stored;
mod table;

pub(crate) use self::column::{Column, Skipped};
pub(crate) use self::row::RowStruct;
pub(crate) use self::stored::{Enumeration, Newtype, Stored};
pub(crate) use self::table::{Check, ForeignKey, Fts, Index, Table, Target, Unique};
