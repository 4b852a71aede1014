use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::failure::Failure;
use super::value::ValueDeserializer;
use crate::model::from_row::Columns;
use crate::value::Row;

/// The names of a result's columns.
pub(super) struct Names {
    columns: Columns,
    /// A name that two columns have: a map would lose one of them.
    twice: Option<usize>,
}

impl Names {
    pub(super) fn new(columns: Columns) -> Self {
        let names = columns.names();
        let twice = (1..names.len()).find(|&at| names[..at].contains(&names[at]));
        Self { columns, twice }
    }

    pub(super) fn listed(&self) -> String {
        format!("`{}`", self.columns.names().join("`, `"))
    }

    /// The name where there is one column.
    pub(super) fn only(&self) -> Option<&str> {
        match self.columns.names() {
            [only] => Some(only),
            _ => None,
        }
    }

    fn expect(&self, count: usize) -> Result<(), Failure> {
        self.columns.expect(count).map_err(|error| Failure::Columns(error.to_string()))
    }

    fn refuse_twice(&self) -> Result<(), Failure> {
        match self.twice {
            None => Ok(()),
            Some(at) => Err(Failure::Columns(format!(
                "the result has several columns `{}`: name one with AS",
                self.columns.names()[at]
            ))),
        }
    }
}

/// A whole row: by name, by position, or its only column.
pub(super) struct RowDeserializer<'r, R> {
    row: &'r R,
    names: &'r Names,
}

impl<'r, R: Row> RowDeserializer<'r, R> {
    pub(super) fn new(row: &'r R, names: &'r Names) -> Self {
        Self { row, names }
    }

    fn columns(self) -> ColumnAccess<'r, R> {
        ColumnAccess { row: self.row, names: self.names.columns.names(), next: 0 }
    }

    fn only<T>(self) -> Result<ValueDeserializer<'r>, Failure> {
        self.names.expect(1)?;
        self.columns().value::<T>(0)
    }
}

/// What is the value of a single column.
macro_rules! single {
    ($($method:ident)+) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
            let value = self.only::<V::Value>()?;
            let name = value.name();
            value.$method(visitor).map_err(|failure| failure.at(name))
        }
    )+};
}

impl<'de, R: Row> Deserializer<'de> for RowDeserializer<'_, R> {
    type Error = Failure;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        self.deserialize_map(visitor)
    }

    single! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_u8 deserialize_u16
        deserialize_u32 deserialize_u64 deserialize_i128 deserialize_u128 deserialize_f32 deserialize_f64
        deserialize_char deserialize_str deserialize_string deserialize_bytes deserialize_byte_buf deserialize_unit
        deserialize_identifier
    }

    /// NULL in the only column; several columns are never `None`.
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        if self.names.columns.count() != 1 {
            return visitor.visit_some(self);
        }
        let value = self.only::<V::Value>()?;
        let name = value.name();
        value.deserialize_option(visitor).map_err(|failure| failure.at(name))
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

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_seq(self.columns())
    }

    /// By position a surplus column would go unseen.
    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Failure> {
        self.names.expect(length)?;
        visitor.visit_seq(self.columns())
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Failure> {
        self.deserialize_tuple(length, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        self.names.refuse_twice()?;
        visitor.visit_map(self.columns())
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        visitor.visit_map(self.columns())
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        let value = self.only::<V::Value>()?;
        let column = value.name();
        value.deserialize_enum(name, variants, visitor).map_err(|failure| failure.at(column))
    }

    forward_to_deserialize_any! { ignored_any }
}

/// The columns from left to right.
struct ColumnAccess<'r, R> {
    row: &'r R,
    names: &'r [String],
    next: usize,
}

impl<'r, R: Row> ColumnAccess<'r, R> {
    fn value<T>(&self, column: usize) -> Result<ValueDeserializer<'r>, Failure> {
        let name = &self.names[column];
        match self.row.value(column) {
            Ok(value) => Ok(ValueDeserializer::new(value, name)),
            Err(error) => Err(Failure::of_value::<T>(name, error)),
        }
    }

    fn read<'de, S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Failure> {
        let value = self.value::<S::Value>(self.next)?;
        self.next += 1;
        let name = value.name();
        seed.deserialize(value).map_err(|failure| failure.at(name))
    }
}

impl<'de, R: Row> SeqAccess<'de> for ColumnAccess<'_, R> {
    type Error = Failure;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Failure> {
        if self.next == self.names.len() { Ok(None) } else { self.read(seed).map(Some) }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.names.len() - self.next)
    }
}

impl<'de, R: Row> MapAccess<'de> for ColumnAccess<'_, R> {
    type Error = Failure;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Failure> {
        match self.names.get(self.next) {
            Some(name) => seed.deserialize(StrDeserializer::new(name)).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Failure> {
        self.read(seed)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.names.len() - self.next)
    }
}
