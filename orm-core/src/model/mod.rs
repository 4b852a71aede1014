//! Structs as rows: [`Model`], [`FromRow`], [`Hooks`], and the session's verbs for whole structs.

mod from_row;
mod hooks;
mod key;
mod record;

pub use self::from_row::{Columns, FromRow};
pub use self::hooks::Hooks;
pub use self::key::{IntoKey, Key};
pub use self::record::{AutoKeyed, Positions, Record, Slot};

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
