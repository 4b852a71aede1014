use std::fmt;

use super::ToValueOutput;
use crate::error::ConversionError;

/// An owned value in one of SQLite's five storage classes.
///
/// `Debug` shows the storage class and the size only, so that a value does not slip into a log.
///
/// ```
/// use orm_core::Value;
///
/// assert_eq!(Value::from("Ann"), Value::Text("Ann".to_owned()));
/// assert_eq!(format!("{:?}", Value::from("Ann")), "Text(3 bytes)");
/// ```
#[derive(Clone, PartialEq, Default)]
pub enum Value {
    /// SQL's NULL.
    #[default]
    Null,
    /// A signed 64-bit integer.
    Integer(i64),
    /// An IEEE double; never NaN, which SQLite cannot store.
    Real(f64),
    /// UTF-8 text; it may contain NUL.
    Text(String),
    /// Bytes; an empty blob is not NULL.
    Blob(Vec<u8>),
}

/// A value borrowed from a row or from a Rust value: what a [`Field`](super::Field) reads.
///
/// ```
/// use orm_core::{Value, ValueRef};
///
/// assert_eq!(ValueRef::Text("Ann").to_owned(), Value::from("Ann"));
/// assert_eq!(ValueRef::Null.storage_class(), "NULL");
/// ```
#[derive(Clone, Copy, PartialEq)]
pub enum ValueRef<'a> {
    /// SQL's NULL.
    Null,
    /// A signed 64-bit integer.
    Integer(i64),
    /// An IEEE double.
    Real(f64),
    /// UTF-8 text, already checked.
    Text(&'a str),
    /// Bytes.
    Blob(&'a [u8]),
}

impl Value {
    /// The same value, borrowed.
    #[must_use]
    #[inline]
    pub fn as_ref(&self) -> ValueRef<'_> {
        match self {
            Self::Null => ValueRef::Null,
            Self::Integer(value) => ValueRef::Integer(*value),
            Self::Real(value) => ValueRef::Real(*value),
            Self::Text(text) => ValueRef::Text(text),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }
    }
}

impl ValueRef<'_> {
    /// The same value, owned.
    #[must_use]
    pub fn to_owned(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Integer(value) => Value::Integer(value),
            Self::Real(value) => Value::Real(value),
            Self::Text(text) => Value::Text(text.to_owned()),
            Self::Blob(bytes) => Value::Blob(bytes.to_vec()),
        }
    }

    /// The name of the storage class, as error messages say it: `NULL`, `integer`, `real`, `text` or `blob`.
    #[must_use]
    pub const fn storage_class(self) -> &'static str {
        match self {
            Self::Null => "NULL",
            Self::Integer(_) => "integer",
            Self::Real(_) => "real",
            Self::Text(_) => "text",
            Self::Blob(_) => "blob",
        }
    }

    /// The error for this value where another storage class was expected.
    #[cold]
    pub(super) fn instead_of(self, expected: &'static str) -> ConversionError {
        ConversionError::new(expected, self.storage_class())
    }
}

impl ValueRef<'_> {
    /// SQLite would store NaN as NULL.
    #[inline]
    pub(super) fn refuse_nan(self) -> Result<Self, ConversionError> {
        #[cold]
        fn nan() -> ConversionError {
            ConversionError::new("a number", "NaN, which SQLite would store as NULL: use an `Option`")
        }

        match self {
            Self::Real(real) if real.is_nan() => Err(nan()),
            Self::Null | Self::Integer(_) | Self::Real(_) | Self::Text(_) | Self::Blob(_) => Ok(self),
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_ref().fmt(f)
    }
}

impl fmt::Debug for ValueRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("Null"),
            Self::Integer(_) => f.write_str("Integer"),
            Self::Real(_) => f.write_str("Real"),
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::Blob(bytes) => write!(f, "Blob({} bytes)", bytes.len()),
        }
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Real(value)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Blob(bytes)
    }
}

impl From<ToValueOutput<'_>> for Value {
    fn from(output: ToValueOutput<'_>) -> Self {
        match output {
            ToValueOutput::Borrowed(value) => value.to_owned(),
            ToValueOutput::Owned(value) => value,
        }
    }
}
