use super::{Field, LogicalType, ToValue, ToValueOutput, ValueRef, class};
use crate::error::ConversionError;

impl ToValue for f64 {
    #[inline]
    fn to_value(&self) -> Result<ToValueOutput<'_>, ConversionError> {
        ValueRef::Real(*self).refuse_nan().map(ToValueOutput::Borrowed)
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
            other => exact_integer(other, Self::MANTISSA_DIGITS).map(|integer| integer as Self),
        }
    }
}

impl ToValue for f32 {
    #[inline]
    fn to_value(&self) -> Result<ToValueOutput<'_>, ConversionError> {
        ValueRef::Real(f64::from(*self)).refuse_nan().map(ToValueOutput::Borrowed)
    }
}

impl Field for f32 {
    type Inner = Self;
    type Rel<P> = P;
    type Class = class::Real;
    const TYPE: LogicalType = LogicalType::Real;

    #[inline]
    fn from_value(value: ValueRef<'_>) -> Result<Self, ConversionError> {
        match value {
            ValueRef::Real(real) if f64::from(real as Self) == real => Ok(real as Self),
            ValueRef::Real(_) => Err(too_precise()),
            other => exact_integer(other, Self::MANTISSA_DIGITS).map(|integer| integer as Self),
        }
    }
}

/// An integer of at most that many significant bits: SQLite keeps a whole number in a NUMERIC column as an integer.
fn exact_integer(value: ValueRef<'_>, bits: u32) -> Result<i64, ConversionError> {
    let ValueRef::Integer(integer) = value else {
        return Err(value.instead_of("a real number"));
    };
    let magnitude = integer.unsigned_abs();
    if magnitude >> magnitude.trailing_zeros().min(u64::BITS - 1) >> bits != 0 {
        return Err(ConversionError::new("a real number", "an integer that a float would round"));
    }
    Ok(integer)
}

#[cold]
fn too_precise() -> ConversionError {
    ConversionError::new(
        "a real number that `f32` can hold exactly",
        "one that it would round; read it as `f64`",
    )
}
