//! What derived code names. Not for use by hand: it changes without notice.

#[path = "private/checks.rs"]
mod checks;
#[cfg(not(feature = "serde_json"))]
#[path = "private/no_json.rs"]
mod no_json;
#[path = "private/shown.rs"]
mod shown;

pub use self::checks::{
    Choose, Chosen, Literal, ParentKey, RefersTo, fits, is_integer, is_key, is_text, key_column,
    no_such_column, not_a_variant, same_table,
};
#[cfg(not(feature = "serde_json"))]
pub use self::no_json::{Json, json_from, json_value};
pub use self::shown::{NotShown, Shown};
pub use crate::driver::{Binder, Unbound};
pub use crate::error::{ConversionError, Error, Result};
pub use crate::expr::{Column, Generated, Writable};
pub use crate::model::{AutoKeyed, Columns, FromRow, Hooks, Key, Model, Positions, Record, Searchable, Slot};
pub use crate::query::{Attached, Beside, BorrowRow};
pub use crate::relation::{BelongsTo, HasMany, HasOne, ManyToMany};
pub use crate::schema::{
    Action, CheckDef, ColumnDef, ColumnRole, DefaultDef, ForeignKeyDef, FtsDef, GeneratedDef, IndexColumn,
    IndexDef, IndexTarget, KeyGeneration, TableDef, UniqueDef,
};
#[cfg(feature = "serde_json")]
pub use crate::value::json::{Json, json_from, json_value};
pub use crate::value::{
    BorrowValue, Field, LogicalType, Row, ToValue, ToValueOutput, Value, ValueRef, class,
};

/// Whether `#[orm(json)]` works.
pub const HAS_JSON: bool = cfg!(feature = "serde_json");

/// A column's value that does not fit its field.
#[cold]
pub fn column_error<T>(table: &str, column: &str, error: ConversionError) -> Error {
    Error::conversion::<T>(table, column, error)
}

/// A result's value that does not fit its field, in a struct that is no table.
#[cold]
pub fn result_error<T>(column: &str, error: ConversionError) -> Error {
    Error::conversion_in_result::<T>(column, error)
}
