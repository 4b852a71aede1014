use super::{Field, LogicalType, ToValue, ToValueOutput, ValueRef, class};
use crate::error::ConversionError;

impl ToValue for bool {
    #[inline]
    fn to_value(&self) -> Result<ToValueOutput<'_>, ConversionError> {
        Ok(ToValueOutput::Borrowed(ValueRef::Integer(i64::from(*self))))
    }
}

impl Field for bool {
    type Inner = Self;
    type Rel<P> = P;
    type Class = class::Bool;
    const TYPE: LogicalType = LogicalType::Bool;

    #[inline]
    fn from_value(value: ValueRef<'_>) -> Result<Self, ConversionError> {
        match value {
            ValueRef::Integer(0) => Ok(false),
            ValueRef::Integer(1) => Ok(true),
            ValueRef::Integer(_) => Err(neither()),
            other => Err(other.instead_of("0 or 1")),
        }
    }
}

#[cold]
fn neither() -> ConversionError {
    ConversionError::new("0 or 1", "another integer")
}
