use std::fmt;
use std::marker::PhantomData;

use crate::error::{Error, Result};
use crate::model::Model;
use crate::session::Session;
use crate::value::{Field, Row};

/// What a row of a query becomes: a model, a value, a tuple of these.
pub trait Shape {
    /// The Rust type.
    type Output;
    /// Whether a model in it has hooks.
    #[doc(hidden)]
    const HOOKED: bool;

    /// How many columns it takes.
    #[doc(hidden)]
    fn width() -> usize;

    /// Reads it from the columns that begin at `start`.
    #[doc(hidden)]
    fn decode<R: Row>(row: &R, start: usize) -> Result<Self::Output>;

    /// Runs the hooks of the models in it.
    #[doc(hidden)]
    fn after_find(output: &mut Self::Output, session: &Session) -> Result<()>;
}

impl<M: Model> Shape for M {
    type Output = M;
    const HOOKED: bool = M::HOOKED;

    fn width() -> usize {
        M::TABLE.columns.len()
    }

    #[inline]
    fn decode<R: Row>(row: &R, start: usize) -> Result<M> {
        M::decode(row, &start)
    }

    fn after_find(output: &mut M, session: &Session) -> Result<()> {
        if M::HOOKED { output.after_find(session) } else { Ok(()) }
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
    const HOOKED: bool = false;

    fn width() -> usize {
        1
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
    ($($name:ident)+) => {
        impl<$($name: Shape),+> Shape for ($($name,)+) {
            type Output = ($($name::Output,)+);
            const HOOKED: bool = false $(|| $name::HOOKED)+;

            fn width() -> usize {
                0 $(+ $name::width())+
            }

            #[inline]
            #[allow(unused_assignments, reason = "the last part needs no next position")]
            fn decode<R: Row>(row: &R, start: usize) -> Result<Self::Output> {
                let mut at = start;
                Ok(($({
                    let part = $name::decode(row, at)?;
                    at += $name::width();
                    part
                },)+))
            }

            fn after_find(output: &mut Self::Output, session: &Session) -> Result<()> {
                #[allow(non_snake_case, reason = "one name for the type and its value")]
                let ($($name,)+) = output;
                $($name::after_find($name, session)?;)+
                Ok(())
            }
        }
    };
}

tuples!(A);
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);
tuples!(A B C D E F);
tuples!(A B C D E F G);
tuples!(A B C D E F G H);
tuples!(A B C D E F G H I);
tuples!(A B C D E F G H I J);
tuples!(A B C D E F G H I J K);
tuples!(A B C D E F G H I J K L);
