use std::fmt;

use serde::de::{self, Expected, Unexpected};

use super::row::Names;
use crate::error::{ConversionError, Error, ErrorKind};

/// What goes wrong while serde reads a row: serde's own errors without the values that they would show.
#[derive(Debug)]
pub(super) enum Failure {
    /// A value that does not fit.
    Value(Error),
    /// The result has not the columns that are asked for.
    Columns(String),
    /// A field without a column.
    Missing(&'static str),
}

impl Failure {
    /// A value of `column` that is not a `T`.
    #[cold]
    pub(super) fn of_value<T>(column: &str, error: ConversionError) -> Self {
        Self::Value(Error::conversion_in_result::<T>(column, error))
    }

    /// Says which column it was, where nobody has said so.
    #[cold]
    pub(super) fn at(self, name: &str) -> Self {
        match self {
            Self::Value(error) => Self::Value(error.with_column(name)),
            Self::Columns(message) => Self::Columns(message),
            Self::Missing(field) => Self::Missing(field),
        }
    }

    #[cold]
    pub(super) fn into_error(self, names: &Names) -> Error {
        match self {
            Self::Value(error) => match names.only() {
                Some(name) => error.with_column(name),
                None => error,
            },
            Self::Columns(message) => Error::new(ErrorKind::Columns, message),
            Self::Missing(field) => Error::new(
                ErrorKind::Columns,
                format!("the result has no column `{field}`, only {}", names.listed()),
            ),
        }
    }
}

/// The expectation, and what kind of thing was found.
#[cold]
fn unexpected(found: &Unexpected<'_>, expected: &dyn Expected) -> Failure {
    let found = match found {
        Unexpected::Bool(_) => "a boolean",
        Unexpected::Unsigned(_) | Unexpected::Signed(_) => "an integer",
        Unexpected::Float(_) => "a real number",
        Unexpected::Char(_) => "a character",
        Unexpected::Str(_) => "text",
        Unexpected::Bytes(_) => "a blob",
        Unexpected::Unit | Unexpected::Option => "NULL",
        Unexpected::Seq => "columns by position",
        Unexpected::Map => "columns by name",
        Unexpected::NewtypeStruct => "one value",
        Unexpected::Enum
        | Unexpected::UnitVariant
        | Unexpected::NewtypeVariant
        | Unexpected::TupleVariant
        | Unexpected::StructVariant
        | Unexpected::Other(_) => "something else",
    };
    refused(&ConversionError::new(expected.to_string(), found))
}

fn refused(error: &ConversionError) -> Failure {
    Failure::Value(Error::new(ErrorKind::Conversion, error.to_string()))
}

impl de::Error for Failure {
    #[cold]
    fn custom<T: fmt::Display>(message: T) -> Self {
        let error = Error::new(ErrorKind::Conversion, "its `Deserialize` refused what was found");
        Self::Value(error.with_source(message.to_string()))
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        unexpected(&found, expected)
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        unexpected(&found, expected)
    }

    #[cold]
    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        refused(&ConversionError::new(expected.to_string(), format!("a length of {length}")))
    }

    #[cold]
    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        refused(&ConversionError::new(format!("one of `{}`", expected.join("`, `")), "another text"))
    }

    #[cold]
    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self::Columns(format!(
            "the result has a column `{field}`, and no field but `{}` is known",
            expected.join("`, `")
        ))
    }

    #[cold]
    fn missing_field(field: &'static str) -> Self {
        Self::Missing(field)
    }

    #[cold]
    fn duplicate_field(field: &'static str) -> Self {
        Self::Columns(format!("the result has several columns `{field}`: name one with AS"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(error) => error.fmt(f),
            Self::Columns(message) => f.write_str(message),
            Self::Missing(field) => write!(f, "the result has no column `{field}`"),
        }
    }
}

impl std::error::Error for Failure {}
