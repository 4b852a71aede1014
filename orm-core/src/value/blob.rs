use super::{Field, LogicalType, ToValue, ToValueOutput, ValueRef, class};
use crate::error::ConversionError;

impl ToValue for [u8] {
    #[inline]
    fn to_value(&self) -> Result<ToValueOutput<'_>, ConversionError> {
        Ok(ToValueOutput::Borrowed(ValueRef::Blob(self)))
    }
}

impl ToValue for Vec<u8> {
    #[inline]
    fn to_value(&self) -> Result<ToValueOutput<'_>, ConversionError> {
        self.as_slice().to_value()
    }
}

impl Field for Vec<u8> {
    type Inner = Self;
    type Rel<P> = P;
    type Class = class::Blob;
    const TYPE: LogicalType = LogicalType::Blob;

    #[inline]
    fn from_value(value: ValueRef<'_>) -> Result<Self, ConversionError> {
        match value {
            ValueRef::Blob(bytes) => Ok(bytes.to_vec()),
            other => Err(other.instead_of("a blob")),
        }
    }
}

impl<const N: usize> ToValue for [u8; N] {
    #[inline]
    fn to_value(&self) -> Result<ToValueOutput<'_>, ConversionError> {
        self.as_slice().to_value()
    }
}

impl<const N: usize> Field for [u8; N] {
    type Inner = Self;
    type Rel<P> = P;
    type Class = class::Blob;
    const TYPE: LogicalType = LogicalType::Blob;

    #[inline]
    fn from_value(value: ValueRef<'_>) -> Result<Self, ConversionError> {
        match value {
            ValueRef::Blob(bytes) => Self::try_from(bytes).map_err(|_| wrong_length(N, bytes.len())),
            other => Err(other.instead_of("a blob")),
        }
    }
}

#[cold]
fn wrong_length(expected: usize, found: usize) -> ConversionError {
    ConversionError::new(format!("a blob of {expected} bytes"), format!("one of {found}"))
}
