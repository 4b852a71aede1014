use super::{Field, LogicalType, ToValue, ToValueOutput, Value, ValueRef, class};
use crate::error::ConversionError;

impl ToValue for ValueRef<'_> {
    #[inline]
    fn to_value(&self) -> Result<ToValueOutput<'_>, ConversionError> {
        self.refuse_nan().map(ToValueOutput::Borrowed)
    }
}

impl ToValue for Value {
    #[inline]
    fn to_value(&self) -> Result<ToValueOutput<'_>, ConversionError> {
        self.as_ref().refuse_nan().map(ToValueOutput::Borrowed)
    }
}

impl Field for Value {
    type Inner = Self;
    type Rel<P> = Option<P>;
    type Class = class::Any;
    const TYPE: LogicalType = LogicalType::Any;
    const NULLABLE: bool = true;

    #[inline]
    fn from_value(value: ValueRef<'_>) -> Result<Self, ConversionError> {
        Ok(value.to_owned())
    }
}
