use serde::de::value::{SeqDeserializer, StrDeserializer};
use serde::de::{Deserializer, Visitor};

use super::failure::Failure;
use crate::error::ConversionError;
use crate::value::{Field, ValueRef};

/// The value of one column, converted as [`Field`] does it.
pub(super) struct ValueDeserializer<'r> {
    value: ValueRef<'r>,
    name: &'r str,
}

impl<'r> ValueDeserializer<'r> {
    pub(super) fn new(value: ValueRef<'r>, name: &'r str) -> Self {
        Self { value, name }
    }

    /// The name of its column.
    pub(super) fn name(&self) -> &'r str {
        self.name
    }

    fn field<F: Field>(&self) -> Result<F, Failure> {
        F::from_value(self.value).map_err(|error| Failure::of_value::<F>(self.name, error))
    }

    fn text<T>(&self) -> Result<&'r str, Failure> {
        match self.value {
            ValueRef::Text(text) => Ok(text),
            other => Err(self.instead_of::<T>("text", other)),
        }
    }

    fn blob<T>(&self) -> Result<&'r [u8], Failure> {
        match self.value {
            ValueRef::Blob(bytes) => Ok(bytes),
            other => Err(self.instead_of::<T>("blob", other)),
        }
    }

    #[cold]
    fn instead_of<T>(&self, expected: &'static str, found: ValueRef<'_>) -> Failure {
        Failure::of_value::<T>(self.name, ConversionError::new(expected, found.storage_class()))
    }

    #[cold]
    fn never<T>(&self) -> Failure {
        self.instead_of::<T>("what one column can hold", self.value)
    }
}

macro_rules! fields {
    ($($method:ident $visit:ident $field:ty;)+) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
            visitor.$visit(self.field::<$field>()?)
        }
    )+};
}

impl<'de> Deserializer<'de> for ValueDeserializer<'_> {
    type Error = Failure;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.value {
            ValueRef::Null => visitor.visit_unit(),
            ValueRef::Integer(integer) => visitor.visit_i64(integer),
            ValueRef::Real(real) => visitor.visit_f64(real),
            ValueRef::Text(text) => visitor.visit_str(text),
            ValueRef::Blob(bytes) => visitor.visit_bytes(bytes),
        }
    }

    fields! {
        deserialize_bool visit_bool bool;
        deserialize_i8 visit_i8 i8;
        deserialize_i16 visit_i16 i16;
        deserialize_i32 visit_i32 i32;
        deserialize_i64 visit_i64 i64;
        deserialize_u8 visit_u8 u8;
        deserialize_u16 visit_u16 u16;
        deserialize_u32 visit_u32 u32;
        deserialize_u64 visit_u64 u64;
        deserialize_f32 visit_f32 f32;
        deserialize_f64 visit_f64 f64;
        deserialize_char visit_char char;
    }

    fn deserialize_i128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_i128(self.field::<i64>()?.into())
    }

    fn deserialize_u128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_u128(self.field::<u64>()?.into())
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_str(self.text::<V::Value>()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_bytes(self.blob::<V::Value>()?)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.value {
            ValueRef::Null => visitor.visit_none(),
            ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Text(_) | ValueRef::Blob(_) => {
                visitor.visit_some(self)
            }
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.value {
            ValueRef::Null => visitor.visit_unit(),
            other @ (ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Text(_) | ValueRef::Blob(_)) => {
                Err(self.instead_of::<V::Value>("NULL", other))
            }
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Failure> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Failure> {
        visitor.visit_newtype_struct(self)
    }

    /// `Vec<u8>` asks for a sequence: that is the bytes of a blob.
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_seq(SeqDeserializer::new(self.blob::<V::Value>()?.iter().copied()))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Failure> {
        let bytes = self.blob::<V::Value>()?;
        if bytes.len() != length {
            let expected = format!("a blob of {length} bytes");
            let error = ConversionError::new(expected, format!("one of {}", bytes.len()));
            return Err(Failure::of_value::<V::Value>(self.name, error));
        }
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Failure> {
        self.deserialize_tuple(length, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Failure> {
        Err(self.never::<V::Value>())
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Failure> {
        Err(self.never::<V::Value>())
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        visitor.visit_enum(StrDeserializer::new(self.text::<V::Value>()?))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_unit()
    }
}
