use std::borrow::Cow;

use super::{Field, LogicalType, ToValue, ToValueOutput, ValueRef, class};
use crate::error::ConversionError;

impl ToValue for str {
    #[inline]
    fn to_value(&self) -> Result<ToValueOutput<'_>, ConversionError> {
        Ok(ToValueOutput::Borrowed(ValueRef::Text(self)))
    }
}

impl ToValue for String {
    #[inline]
    fn to_value(&self) -> Result<ToValueOutput<'_>, ConversionError> {
        self.as_str().to_value()
    }
}

macro_rules! owned_text {
    ($($text:ty),+) => {$(
        impl Field for $text {
            type Inner = Self;
            type Rel<P> = P;
            type Class = class::Text;
            const TYPE: LogicalType = LogicalType::Text;

            #[inline]
            fn from_value(value: ValueRef<'_>) -> Result<Self, ConversionError> {
                match value {
                    ValueRef::Text(text) => Ok(Self::from(text.to_owned())),
                    other => Err(other.instead_of("text")),
                }
            }
        }
    )+};
}

owned_text!(String, Box<str>, Cow<'static, str>);

impl ToValue for char {
    fn to_value(&self) -> Result<ToValueOutput<'_>, ConversionError> {
        Ok(ToValueOutput::Owned(self.to_string().into()))
    }
}

impl Field for char {
    type Inner = Self;
    type Rel<P> = P;
    type Class = class::Text;
    const TYPE: LogicalType = LogicalType::Text;

    fn from_value(value: ValueRef<'_>) -> Result<Self, ConversionError> {
        let ValueRef::Text(text) = value else {
            return Err(value.instead_of("text of one character"));
        };
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (Some(only), None) => Ok(only),
            (None, _) => Err(ConversionError::new("text of one character", "empty text")),
            (Some(_), Some(_)) => Err(ConversionError::new("text of one character", "longer text")),
        }
    }
}
