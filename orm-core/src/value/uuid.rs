use uuid::Uuid;

use super::{Field, LogicalType, ToValue, ToValueOutput, ValueRef, class};
use crate::error::ConversionError;

impl ToValue for Uuid {
    #[inline]
    fn to_value(&self) -> Result<ToValueOutput<'_>, ConversionError> {
        self.as_bytes().to_value()
    }
}

impl Field for Uuid {
    type Inner = Self;
    type Rel<P> = P;
    type Class = class::Blob;
    const TYPE: LogicalType = LogicalType::Uuid;

    #[inline]
    fn from_value(value: ValueRef<'_>) -> Result<Self, ConversionError> {
        <[u8; 16]>::from_value(value).map(Self::from_bytes)
    }
}
