//! Tables as plain data: what the derive writes as constants, introspection reads from a database, and a builder makes
//! at run time are all the same [`TableDef`].

mod builder;
mod column;
mod foreign_key;
mod fts;
mod index;
mod table;

pub use self::builder::{ColumnBuilder, ForeignKeyBuilder, IndexBuilder, TableBuilder};
pub use self::column::{ColumnDef, ColumnRole, DefaultDef, GeneratedDef, KeyGeneration};
pub use self::foreign_key::{Action, ForeignKeyDef};
pub use self::fts::{FtsBuilder, FtsDef};
pub use self::index::{IndexColumn, IndexDef, IndexTarget};
pub use self::table::{CheckDef, TableDef, UniqueDef};

use std::borrow::Cow;

/// Text that is a constant in derived definitions and owned in those made at run time.
pub type Text = Cow<'static, str>;
/// Likewise for lists.
pub type List<T> = Cow<'static, [T]>;
