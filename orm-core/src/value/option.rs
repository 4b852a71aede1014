use super::{Field, LogicalType, ToValue, ToValueOutput, ValueRef};
use crate::error::ConversionError;

impl<T: ToValue> ToValue for Option<T> {
    #[inline]
    fn to_value(&self) -> Result<ToValueOutput<'_>, ConversionError> {
        match self {
            Some(value) => value.to_value(),
            None => Ok(ToValueOutput::Borrowed(ValueRef::Null)),
        }
    }
}

// `Inner = T` keeps out `Option<Option<T>>`: NULL could not say which of the two is `None`.
impl<T: Field<Inner = T>> Field for Option<T> {
    type Inner = T;
    type Rel<P> = Option<P>;
    type Class = T::Class;
    const TYPE: LogicalType = T::TYPE;
    const NULLABLE: bool = {
        assert!(!T::NULLABLE, "an `Option` of a type that holds NULL itself: NULL could be `None` or `Some`");
        true
    };

    #[inline]
    fn from_value(value: ValueRef<'_>) -> Result<Self, ConversionError> {
        const { assert!(Self::NULLABLE) };
        match value {
            ValueRef::Null => Ok(None),
            other => T::from_value(other).map(Some),
        }
    }
}
