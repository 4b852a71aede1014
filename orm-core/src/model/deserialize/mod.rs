//! Rows as any type that serde can deserialize.

mod failure;
mod row;
mod value;

use serde::de::DeserializeOwned;

use self::row::{Names, RowDeserializer};
use super::from_row::{Columns, FromRow};
use crate::error::Result;
use crate::session::{Params, Raw};
use crate::value::Row;

impl<P: Params> Raw<'_, P> {
    /// All rows as any type with serde's `Deserialize`.
    ///
    /// Structs and maps take columns by name, in the very spelling; a column that no field asks for is passed over, and an
    /// `Option` whose column is not there is `None`, as always in serde. Tuples and sequences take columns by position, and
    /// anything else is the value of a single column: numbers, text, bytes from a blob, an `Option` for NULL, an enum of
    /// unit variants from text. Values are converted as [`Field`](crate::Field) does it, so nothing is rounded or cut off.
    ///
    /// ```
    /// use orm_core::Engine;
    /// use serde::Deserialize;
    ///
    /// #[derive(Debug, PartialEq, Deserialize)]
    /// #[serde(rename_all = "lowercase")]
    /// enum Colour {
    ///     Red,
    ///     Blue,
    /// }
    ///
    /// #[derive(Debug, PartialEq, Deserialize)]
    /// struct Car {
    ///     colour: Colour,
    ///     doors: Option<u8>,
    /// }
    ///
    /// let session = Engine::open_in_memory()?.session()?;
    /// let cars = session.raw("SELECT 'red' AS colour, 5 AS doors UNION ALL SELECT 'blue', NULL", ()).all_as::<Car>()?;
    /// assert_eq!(cars, [Car { colour: Colour::Red, doors: Some(5) }, Car { colour: Colour::Blue, doors: None }]);
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`all`](Raw::all): `Columns` where the result has not the columns that are asked for, `Conversion` where one
    /// holds what its field cannot. What a type's own `Deserialize` says is the error's source, since it may show values.
    pub fn all_as<T: DeserializeOwned>(&self) -> Result<Vec<T>> {
        let rows = self.all::<Deserialized<T>>()?;
        Ok(rows.into_iter().map(|Deserialized(row)| row).collect())
    }

    /// The first row, where there is one, as any type with serde's `Deserialize`: see [`all_as`](Raw::all_as).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn first_as<T: DeserializeOwned>(&self) -> Result<Option<T>> {
        Ok(self.first::<Deserialized<T>>()?.map(|Deserialized(row)| row))
    }

    /// The only row as any type with serde's `Deserialize`: see [`all_as`](Raw::all_as).
    ///
    /// # Errors
    ///
    /// As [`one`](Raw::one).
    pub fn one_as<T: DeserializeOwned>(&self) -> Result<T> {
        self.one::<Deserialized<T>>().map(|Deserialized(row)| row)
    }
}

/// A row that serde has read.
struct Deserialized<T>(T);

impl<T: DeserializeOwned> FromRow for Deserialized<T> {
    type Positions = Names;

    fn positions(columns: &Columns) -> Result<Names> {
        Ok(Names::new(columns.clone()))
    }

    fn from_row<R: Row>(row: &R, names: &Names) -> Result<Self> {
        T::deserialize(RowDeserializer::new(row, names))
            .map(Self)
            .map_err(|failure| failure.into_error(names))
    }
}
