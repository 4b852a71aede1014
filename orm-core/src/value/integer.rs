use super::{Field, LogicalType, ToValue, ToValueOutput, ValueRef, class};
use crate::error::ConversionError;

// `fits` for types whose every value is an `i64`, `checked` for those that may reach beyond `i64::MAX`.
macro_rules! integers {
    ($($integer:ty: $bits:literal $sign:ident $write:ident $expected:literal;)+) => {$(
        impl ToValue for $integer {
            #[inline]
            fn to_value(&self) -> Result<ToValueOutput<'_>, ConversionError> {
                Ok(ToValueOutput::Borrowed(ValueRef::Integer(integers!($write self))))
            }
        }

        impl Field for $integer {
            type Inner = Self;
            type Rel<P> = P;
            type Class = class::Integer;
            const TYPE: LogicalType = LogicalType::Integer { bits: $bits, signed: integers!($sign) };

            #[inline]
            fn from_value(value: ValueRef<'_>) -> Result<Self, ConversionError> {
                match value {
                    ValueRef::Integer(integer) => Self::try_from(integer).map_err(|_| out_of_range($expected)),
                    other => Err(other.instead_of($expected)),
                }
            }
        }
    )+};
    (signed) => { true };
    (unsigned) => { false };
    (fits $value:ident) => { i64::from(*$value) };
    (checked $value:ident) => { i64::try_from(*$value).map_err(|_| too_large())? };
}

// `isize` and `usize` are 64 bits wide in a schema, so that it does not depend on the machine that made it.
integers! {
    i8: 8 signed fits "an integer from -128 to 127";
    i16: 16 signed fits "an integer from -32768 to 32767";
    i32: 32 signed fits "an integer from -2147483648 to 2147483647";
    i64: 64 signed fits "an integer";
    isize: 64 signed checked "an integer";
    u8: 8 unsigned fits "an integer from 0 to 255";
    u16: 16 unsigned fits "an integer from 0 to 65535";
    u32: 32 unsigned fits "an integer from 0 to 4294967295";
    u64: 64 unsigned checked "an integer from 0";
    usize: 64 unsigned checked "an integer from 0";
}

#[cold]
fn out_of_range(expected: &'static str) -> ConversionError {
    ConversionError::new(expected, "an integer outside that range")
}

#[cold]
fn too_large() -> ConversionError {
    ConversionError::new("an integer up to 9223372036854775807", "a larger one")
}
