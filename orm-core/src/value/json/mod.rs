//! Any serde type as JSON text.

mod finite;
mod write;

use std::ops::{Deref, DerefMut};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::error::Category;

use self::write::json_text;
use super::{BorrowValue, Field, LogicalType, ToValue, ToValueOutput, ValueRef, class};
use crate::error::ConversionError;

/// A value of any serde type, stored as JSON text.
///
/// It is what the column of a field with `#[orm(json)]` holds, and can be a field's type itself. `Json(None)` is the JSON
/// text `null`; `None::<Json<T>>` is SQL's NULL. A float that JSON has no number for, NaN or an infinity, is an error, and
/// so is nesting deeper than `serde_json` would read again, which is 127 levels.
///
/// SQLite's functions for it: <https://sqlite.org/json1.html>.
///
/// ```
/// use orm_core::{Field, Json, ToValue, ValueRef};
///
/// let tags = Json(vec!["red", "green"]);
/// assert_eq!(tags.to_value()?.as_ref(), ValueRef::Text(r#"["red","green"]"#));
/// assert_eq!(Json::<Vec<u8>>::from_value(ValueRef::Text("[1, 2]"))?, Json(vec![1, 2]));
/// # Ok::<(), orm_core::ConversionError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Json<T>(pub T);

impl<T> Json<T> {
    /// What is inside.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Json<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Json<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T> From<T> for Json<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T: Serialize> ToValue for Json<T> {
    fn to_value(&self) -> Result<ToValueOutput<'_>, ConversionError> {
        json_value(&self.0)
    }
}

impl<T: Serialize + DeserializeOwned + 'static> Field for Json<T> {
    type Inner = Self;
    type Rel<P> = P;
    type Class = class::Json;
    const TYPE: LogicalType = LogicalType::Json;

    fn from_value(value: ValueRef<'_>) -> Result<Self, ConversionError> {
        json_from(value).map(Self)
    }
}

impl<T: Serialize + DeserializeOwned + 'static> BorrowValue for Json<T> {
    type Borrowed<'r> = Self;

    fn borrow_value(value: ValueRef<'_>) -> Result<Self, ConversionError> {
        Self::from_value(value)
    }
}

impl ToValue for serde_json::Value {
    fn to_value(&self) -> Result<ToValueOutput<'_>, ConversionError> {
        json_value(self)
    }
}

impl Field for serde_json::Value {
    type Inner = Self;
    type Rel<P> = P;
    type Class = class::Json;
    const TYPE: LogicalType = LogicalType::Json;

    fn from_value(value: ValueRef<'_>) -> Result<Self, ConversionError> {
        json_from(value)
    }
}

/// What a field with `#[orm(json)]` writes.
///
/// # Errors
///
/// When JSON cannot hold the value.
pub fn json_value<T: Serialize + ?Sized>(value: &T) -> Result<ToValueOutput<'static>, ConversionError> {
    json_text(value).map(|text| ToValueOutput::Owned(text.into()))
}

/// What a field with `#[orm(json)]` reads.
///
/// # Errors
///
/// When it is not text, not JSON, or JSON of another shape.
pub fn json_from<T: DeserializeOwned>(value: ValueRef<'_>) -> Result<T, ConversionError> {
    let ValueRef::Text(text) = value else { return Err(value.instead_of("JSON text")) };
    serde_json::from_str(text).map_err(|error| unreadable(&error))
}

// serde's errors have the value in their text, so they are not the source.
#[cold]
fn unreadable(error: &serde_json::Error) -> ConversionError {
    let (line, column) = (error.line(), error.column());
    match error.classify() {
        Category::Data => {
            ConversionError::new("JSON of this type", format!("another shape at line {line} column {column}"))
        }
        Category::Syntax | Category::Io => {
            ConversionError::new("JSON text", format!("something else at line {line} column {column}"))
        }
        Category::Eof => ConversionError::new("JSON text", "text that ends too early"),
    }
}
