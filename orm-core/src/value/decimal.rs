use rust_decimal::Decimal;

use super::{Field, LogicalType, ToValue, ToValueOutput, ValueRef, class};
use crate::error::ConversionError;

const EXPECTED: &str = "a decimal number as text or an integer";

impl ToValue for Decimal {
    /// In normal form, so that SQL's `=` is right on the text.
    fn to_value(&self) -> Result<ToValueOutput<'_>, ConversionError> {
        Ok(ToValueOutput::Owned(self.normalize().to_string().into()))
    }
}

impl Field for Decimal {
    type Inner = Self;
    type Rel<P> = P;
    type Class = class::Decimal;
    const TYPE: LogicalType = LogicalType::Decimal;

    fn from_value(value: ValueRef<'_>) -> Result<Self, ConversionError> {
        match value {
            ValueRef::Text(text) if is_plain(text) => Self::from_str_exact(text).map_err(|_| too_long()),
            ValueRef::Text(_) => Err(ConversionError::new(EXPECTED, "text of another form")),
            ValueRef::Integer(integer) => Ok(integer.into()),
            other => Err(other.instead_of(EXPECTED)),
        }
    }
}

/// Digits, maybe with a minus before them and a point among them.
fn is_plain(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    match unsigned.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => digits(unsigned),
    }
}

#[cold]
fn too_long() -> ConversionError {
    ConversionError::new("a number that `Decimal` can hold exactly", "one with more digits")
}
