use super::{Field, LogicalType, ToValue, ToValueOutput, ValueRef, class};
use crate::error::ConversionError;

macro_rules! small_integers {
    ($($integer:ty: $bits:literal $signed:literal $expected:literal;)+) => {$(
        impl ToValue for $integer {
            #[inline]
            fn to_value(&self) -> Result<ToValueOutput<'_>, ConversionError> {
                Ok(ToValueOutput::Borrowed(ValueRef::Integer(i64::from(*self))))
            }
        }

        impl Field for $integer {
            type Inner = Self;
            type Rel<P> = P;
            type Class = class::Integer;
            const TYPE: LogicalType = LogicalType::Integer { bits: $bits, signed: $signed };

            #[inline]
            fn from_value(value: ValueRef<'_>) -> Result<Self, ConversionError> {
                match value {
                    ValueRef::Integer(integer) => Self::try_from(integer)
                        .map_err(|_| ConversionError::new($expected, "an integer outside that range")),
                    other => Err(ConversionError::new($expected, other.storage_class())),
                }
            }
        }
    )+};
}

small_integers! {
    i8: 8 true "an integer from -128 to 127";
    i16: 16 true "an integer from -32768 to 32767";
    i32: 32 true "an integer of 32 bits";
    i64: 64 true "an integer";
    u8: 8 false "an integer from 0 to 255";
    u16: 16 false "an integer from 0 to 65535";
    u32: 32 false "an integer from 0 to 4294967295";
}

impl ToValue for f64 {
    #[inline]
    fn to_value(&self) -> Result<ToValueOutput<'_>, ConversionError> {
        if self.is_nan() {
            return Err(ConversionError::new("a number", "NaN, which SQLite would store as NULL"));
        }
        Ok(ToValueOutput::Borrowed(ValueRef::Real(*self)))
    }
}

impl Field for f64 {
    type Inner = Self;
    type Rel<P> = P;
    type Class = class::Real;
    const TYPE: LogicalType = LogicalType::Real;

    #[inline]
    fn from_value(value: ValueRef<'_>) -> Result<Self, ConversionError> {
        match value {
            ValueRef::Real(real) => Ok(real),
            other => Err(ConversionError::new("a real number", other.storage_class())),
        }
    }
}
