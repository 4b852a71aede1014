//! Structs as rows: [`Model`], [`FromRow`], [`Hooks`], and the session's verbs for whole structs.

mod bind;
mod bulk;
mod delete;
mod delete_many;
mod deserialize;
mod draft;
mod from_row;
mod hooks;
mod insert;
mod inserting;
mod key;
mod plan;
mod raw;
mod read;
mod record;
mod reflect;
mod scoped;
mod table;
mod update;

pub use self::from_row::{Columns, FromRow};
pub use self::hooks::Hooks;
pub use self::inserting::Upserted;
pub(crate) use self::inserting::{Clash, Insertion, Unchanged, hidden};
pub use self::key::{IntoKey, Key};
pub(crate) use self::plan::Plan;
pub use self::raw::RawRows;
pub(crate) use self::read::{none_found, several_found};
pub use self::record::{AutoKeyed, Positions, Record, Searchable, Slot};
pub use self::reflect::Reflect;

use crate::schema::TableDef;

/// A struct that is a table's row. `#[derive(Model)]` writes it.
///
/// ```
/// use orm_core::Model;
///
/// #[derive(Debug, Model)]
/// #[orm(table = "users")]
/// struct User {
///     #[orm(primary_key, auto)]
///     id: i64,
///     #[orm(unique)]
///     email: String,
/// }
///
/// assert_eq!(User::TABLE.name, "users");
/// assert_eq!(User::EMAIL.name(), "email");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a model",
    label = "not a model",
    note = "add `#[derive(orm_core::Model)]` to the struct"
)]
pub trait Model: Record + Hooks {
    /// The table: names, types, keys, indexes, foreign keys.
    const TABLE: &'static TableDef;
}

/// The kept statements of a model.
pub(crate) mod kind {
    pub(crate) const INSERT: usize = 0;
    pub(crate) const INSERT_UNKEYED: usize = 1;
    pub(crate) const SELECT: usize = 2;
    pub(crate) const UPDATE: usize = 3;
    pub(crate) const DELETE: usize = 4;
    pub(crate) const DELETE_ROW: usize = 5;
    pub(crate) const INSERT_16: usize = 6;
    pub(crate) const INSERT_64: usize = 7;
    pub(crate) const INSERT_256: usize = 8;
    pub(crate) const LARGEST_KEY: usize = 9;
    pub(crate) const SELECT_ALL: usize = 10;
    pub(crate) const COUNT_ALL: usize = 11;
    pub(crate) const MARK: usize = 12;
    pub(crate) const MARK_ROW: usize = 13;
}
