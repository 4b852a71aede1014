use super::Model;
use crate::error::{ConversionError, Error, ErrorKind, Result};
use crate::value::{ToValue, Value};

/// Columns of a struct by name, for code that is written once for all models: forms, exports, audits.
///
/// ```
/// use orm_core::{Model, Reflect, Value};
///
/// #[derive(Model)]
/// struct User {
///     #[orm(primary_key, auto)]
///     id: i64,
///     name: Option<String>,
/// }
///
/// let mut ann = User { id: 1, name: Some("Ann".into()) };
/// assert_eq!(ann.values()?, [("id", Value::Integer(1)), ("name", Value::from("Ann"))]);
/// ann.set_value("name", Value::Null)?;
/// assert_eq!(ann.value("name")?, Value::Null);
/// let refused = ann.set_value("id", "one").unwrap_err();
/// assert_eq!(refused.to_string(), "column `id` of `user`: `i64`: expected an integer, found text");
/// # Ok::<(), orm_core::Error>(())
/// ```
pub trait Reflect: Model {
    /// All columns with their values, in the order of `TABLE.columns`.
    ///
    /// # Errors
    ///
    /// `Conversion` where the database could not hold a value.
    fn values(&self) -> Result<Vec<(&'static str, Value)>> {
        (0..Self::TABLE.columns.len())
            .map(|column| Ok((&*Self::TABLE.columns[column].name, value_at(self, column)?)))
            .collect()
    }

    /// The value of a column, by its name in the database.
    ///
    /// # Errors
    ///
    /// `Columns` where there is no such column, and as [`values`](Reflect::values).
    fn value(&self, column: &str) -> Result<Value> {
        value_at(self, find::<Self>(column)?)
    }

    /// Sets a column's field, by the column's name in the database.
    ///
    /// # Errors
    ///
    /// `Columns` where there is no such column, `Conversion` where the field cannot hold the value.
    fn set_value(&mut self, column: &str, value: impl ToValue) -> Result<()> {
        let position = find::<Self>(column)?;
        let unstorable = |error| unstorable::<Self>(position, error);
        let value = value.to_value().map_err(unstorable)?;
        self.assign(position, value.as_ref()).map_err(unstorable)
    }
}

impl<M: Model> Reflect for M {}

fn value_at<M: Model>(model: &M, column: usize) -> Result<Value> {
    match model.encode(column) {
        Ok(value) => Ok(value.into()),
        Err(error) => Err(unstorable::<M>(column, error)),
    }
}

#[cold]
fn unstorable<M: Model>(column: usize, error: ConversionError) -> Error {
    Error::unstorable(M::NAME, &M::TABLE.columns[column].name, M::type_name(column), error)
}

fn find<M: Model>(column: &str) -> Result<usize> {
    M::TABLE.position(column).ok_or_else(|| {
        Error::new(ErrorKind::Columns, format!("there is no column `{column}`")).with_table(M::NAME)
    })
}
