use std::fmt;
use std::marker::PhantomData;

use crate::error::{Error, ErrorKind, Result};
use crate::model::Model;
use crate::session::Session;
use crate::value::{Field, LogicalType, Row, Value, ValueRef, for_each_tuple};

/// The value of a column, counted as in `TABLE.columns`, in the model beside which something stands in a row.
pub type Beside<'a> = dyn Fn(usize, usize) -> Result<Value> + 'a;

/// What a row of a query becomes: a model, a value, a tuple of these.
pub trait Shape {
    /// The Rust type.
    type Output;
    /// What further statements have to know that load a part of it.
    #[doc(hidden)]
    type Loads: Clone + Default;
    /// Whether there are such statements.
    #[doc(hidden)]
    const LOADS: bool = false;
    /// Whether a model in it has hooks.
    #[doc(hidden)]
    const HOOKED: bool;

    /// How many columns it takes.
    #[doc(hidden)]
    fn width() -> usize;

    /// The type of one of its columns, where it is known.
    #[doc(hidden)]
    fn type_at(column: usize) -> Option<LogicalType> {
        let _ = column;
        None
    }

    /// Reads it from the columns that begin at `start`.
    #[doc(hidden)]
    fn decode<R: Row>(row: &R, start: usize) -> Result<Self::Output>;

    /// Runs the hooks of the models in it.
    #[doc(hidden)]
    fn after_find(output: &mut Self::Output, session: &Session) -> Result<()>;

    /// Sends the further statements for these rows and fills in what they load.
    #[doc(hidden)]
    fn load(
        rows: &mut [&mut Self::Output],
        beside: &Beside<'_>,
        loads: &Self::Loads,
        session: &Session,
    ) -> Result<()> {
        let _ = (rows, beside, loads, session);
        Ok(())
    }

    /// Whether what has to be there is not: an outer join found no row.
    #[doc(hidden)]
    fn is_absent<R: Row>(row: &R, start: usize) -> bool {
        let _ = (row, start);
        false
    }

    /// The value of a model's column.
    #[doc(hidden)]
    fn value(output: &Self::Output, column: usize) -> Result<Value> {
        let _ = (output, column);
        Err(Error::new(
            ErrorKind::Internal,
            "a part of a row that is no model has relations: please report it",
        ))
    }
}

impl<M: Model> Shape for M {
    type Output = M;
    type Loads = ();
    const HOOKED: bool = M::HOOKED;

    fn width() -> usize {
        M::TABLE.columns.len()
    }

    fn type_at(column: usize) -> Option<LogicalType> {
        M::TABLE.columns.get(column).map(|column| column.logical_type)
    }

    #[inline]
    fn decode<R: Row>(row: &R, start: usize) -> Result<M> {
        M::decode(row, &start)
    }

    fn after_find(output: &mut M, session: &Session) -> Result<()> {
        if M::HOOKED { output.after_find(session) } else { Ok(()) }
    }

    fn is_absent<R: Row>(row: &R, start: usize) -> bool {
        let key = M::slot().plan(M::TABLE).key.first().copied().unwrap_or(0);
        // text that is none is reported with its column
        matches!(row.value(start + key), Ok(ValueRef::Null))
    }

    fn value(output: &M, column: usize) -> Result<Value> {
        match output.encode(column) {
            Ok(value) => Ok(value.into()),
            Err(error) => {
                Err(Error::unstorable(M::NAME, &M::TABLE.columns[column].name, M::type_name(column), error))
            }
        }
    }
}

/// A model that may not be there: what an outer join and an optional foreign key give. It is not there where its key is
/// NULL.
impl<M: Model> Shape for Option<M> {
    type Output = Option<M>;
    type Loads = ();
    const HOOKED: bool = M::HOOKED;

    fn width() -> usize {
        M::TABLE.columns.len()
    }

    fn type_at(column: usize) -> Option<LogicalType> {
        M::TABLE.columns.get(column).map(|column| column.logical_type)
    }

    #[inline]
    fn decode<R: Row>(row: &R, start: usize) -> Result<Option<M>> {
        if <M as Shape>::is_absent(row, start) { Ok(None) } else { M::decode(row, &start).map(Some) }
    }

    fn after_find(output: &mut Option<M>, session: &Session) -> Result<()> {
        output.as_mut().map_or(Ok(()), |model| <M as Shape>::after_find(model, session))
    }
}

/// The shape of a single value: what selecting a column or an expression of type `T` gives.
pub struct Scalar<T>(PhantomData<fn() -> T>);

impl<T> fmt::Debug for Scalar<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scalar")
    }
}

impl<T: Field> Shape for Scalar<T> {
    type Output = T;
    type Loads = ();
    const HOOKED: bool = false;

    fn width() -> usize {
        1
    }

    fn type_at(_: usize) -> Option<LogicalType> {
        Some(T::TYPE)
    }

    #[inline]
    fn decode<R: Row>(row: &R, start: usize) -> Result<T> {
        match row.value(start).and_then(T::from_value) {
            Ok(value) => Ok(value),
            Err(error) => Err(Error::conversion_in_result::<T>(&(start + 1).to_string(), error)),
        }
    }

    fn after_find(_: &mut T, _: &Session) -> Result<()> {
        Ok(())
    }
}

macro_rules! tuples {
    ($first:ident 0 $($name:ident $at:tt)*; $count:tt) => {
        impl<$first: Shape, $($name: Shape),*> Shape for ($first, $($name,)*) {
            type Output = ($first::Output, $($name::Output,)*);
            type Loads = ($first::Loads, $($name::Loads,)*);
            const LOADS: bool = $first::LOADS $(|| $name::LOADS)*;
            const HOOKED: bool = $first::HOOKED $(|| $name::HOOKED)*;

            fn width() -> usize {
                $first::width() $(+ $name::width())*
            }

            #[allow(unused_assignments, unused_mut, unused_variables, reason = "the last part needs no next position")]
            fn type_at(column: usize) -> Option<LogicalType> {
                let mut at = $first::width();
                if column < at {
                    return $first::type_at(column);
                }
                $(
                    if column < at + $name::width() {
                        return $name::type_at(column - at);
                    }
                    at += $name::width();
                )*
                None
            }

            #[inline]
            #[allow(unused_assignments, unused_mut, unused_variables, reason = "the last part needs no next position")]
            fn decode<R: Row>(row: &R, start: usize) -> Result<Self::Output> {
                let first = $first::decode(row, start)?;
                let mut at = start + $first::width();
                Ok((first, $({
                    let part = $name::decode(row, at)?;
                    at += $name::width();
                    part
                },)*))
            }

            #[allow(unused_assignments, unused_mut, unused_variables, reason = "the last part needs no next position")]
            fn is_absent<R: Row>(row: &R, start: usize) -> bool {
                let mut at = start + $first::width();
                $first::is_absent(row, start) $(|| {
                    let absent = $name::is_absent(row, at);
                    at += $name::width();
                    absent
                })*
            }

            fn after_find(output: &mut Self::Output, session: &Session) -> Result<()> {
                $first::after_find(&mut output.0, session)?;
                $($name::after_find(&mut output.$at, session)?;)*
                Ok(())
            }

            fn load(
                rows: &mut [&mut Self::Output],
                beside: &Beside<'_>,
                loads: &Self::Loads,
                session: &Session,
            ) -> Result<()> {
                if $first::LOADS {
                    let mut parts: Vec<_> = rows.iter_mut().map(|row| &mut row.0).collect();
                    $first::load(&mut parts, beside, &loads.0, session)?;
                }
                $(if $name::LOADS {
                    let halves = rows.iter_mut().map(|row| (&row.0, &mut row.$at));
                    let (models, mut parts): (Vec<_>, Vec<_>) = halves.unzip();
                    let value = |row: usize, column: usize| $first::value(models[row], column);
                    $name::load(&mut parts, &value, &loads.$at, session)?;
                })*
                Ok(())
            }
        }
    };
}

for_each_tuple!(tuples);
