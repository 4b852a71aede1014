use std::borrow::Cow;

use super::{Column, Expr, Expression};
use crate::sql;
use crate::value::{Field, ToValue};

/// What an operator of `M` accepts beside a column or expression of inner type `I`: an `I`, a borrowed form of it, an
/// `Option`, another column or expression of `M`.
#[diagnostic::on_unimplemented(
    message = "expected `{I}`, found `{Self}`",
    label = "not a `{I}`, nor a column or expression of `{M}` that holds one"
)]
pub trait Operand<M, I> {
    /// Without types.
    #[doc(hidden)]
    fn into_operand(self) -> sql::Expr;
}

/// What a column of type `T` can be set to and be added to: a `T`, or for an optional column what is under the `Option`;
/// as a value, a borrowed form of it, a column or an expression of `M`.
#[diagnostic::on_unimplemented(
    message = "expected `{T}`, found `{Self}`",
    label = "not a `{T}`, nor a column or expression of `{M}` that holds one",
    note = "an `Option` fits only where the column is one"
)]
pub trait Assign<M, T> {
    /// Without types.
    #[doc(hidden)]
    fn into_assigned(self) -> sql::Expr;
}

/// A value as a parameter. One that no database can hold is reported when the statement is rendered.
pub(super) fn parameter(value: &(impl ToValue + ?Sized)) -> sql::Expr {
    match value.to_value() {
        Ok(output) => sql::Expr::value(output.into()),
        Err(error) => sql::Expr::invalid(error),
    }
}

impl<M, I: Field> Operand<M, I> for I {
    fn into_operand(self) -> sql::Expr {
        parameter(&self)
    }
}

#[diagnostic::do_not_recommend]
impl<M, I: Field> Operand<M, I> for &I {
    fn into_operand(self) -> sql::Expr {
        parameter(self)
    }
}

// the only `Option` by value, so that `eq(None)` needs no annotation
#[diagnostic::do_not_recommend]
impl<M, I: Field> Operand<M, I> for Option<I> {
    fn into_operand(self) -> sql::Expr {
        parameter(&self)
    }
}

#[diagnostic::do_not_recommend]
impl<M, I: Field> Operand<M, I> for &Option<I> {
    fn into_operand(self) -> sql::Expr {
        parameter(self)
    }
}

#[diagnostic::do_not_recommend]
impl<M, U: Field, K> Operand<M, U::Inner> for Column<M, U, K> {
    fn into_operand(self) -> sql::Expr {
        self.lower()
    }
}

#[diagnostic::do_not_recommend]
impl<M, U: Field> Operand<M, U::Inner> for Expr<M, U> {
    fn into_operand(self) -> sql::Expr {
        self.inner
    }
}

impl<M, T: Field> Assign<M, T> for T {
    fn into_assigned(self) -> sql::Expr {
        parameter(&self)
    }
}

#[diagnostic::do_not_recommend]
impl<M, T: Field> Assign<M, T> for &T {
    fn into_assigned(self) -> sql::Expr {
        parameter(self)
    }
}

#[diagnostic::do_not_recommend]
impl<M, T: Field> Assign<M, Option<T>> for T {
    fn into_assigned(self) -> sql::Expr {
        parameter(&self)
    }
}

#[diagnostic::do_not_recommend]
impl<M, T: Field> Assign<M, Option<T>> for &T {
    fn into_assigned(self) -> sql::Expr {
        parameter(self)
    }
}

#[diagnostic::do_not_recommend]
impl<M, T: Field, K> Assign<M, T> for Column<M, T, K> {
    fn into_assigned(self) -> sql::Expr {
        self.lower()
    }
}

#[diagnostic::do_not_recommend]
impl<M, T: Field, K> Assign<M, Option<T>> for Column<M, T, K> {
    fn into_assigned(self) -> sql::Expr {
        self.lower()
    }
}

#[diagnostic::do_not_recommend]
impl<M, T> Assign<M, T> for Expr<M, T> {
    fn into_assigned(self) -> sql::Expr {
        self.inner
    }
}

#[diagnostic::do_not_recommend]
impl<M, T> Assign<M, Option<T>> for Expr<M, T> {
    fn into_assigned(self) -> sql::Expr {
        self.inner
    }
}

/// Other Rust types whose values are those of a column's type.
macro_rules! other_forms {
    ($($inner:ty: $($form:ty),+;)+) => {$($(
        #[diagnostic::do_not_recommend]
        impl<M> Operand<M, $inner> for $form {
            fn into_operand(self) -> sql::Expr {
                parameter(&self)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<M> Assign<M, $inner> for $form {
            fn into_assigned(self) -> sql::Expr {
                parameter(&self)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<M> Assign<M, Option<$inner>> for $form {
            fn into_assigned(self) -> sql::Expr {
                parameter(&self)
            }
        }
    )+)+};
}

other_forms! {
    String: &str, Box<str>, Cow<'_, str>;
    Box<str>: &str, &String, String;
    Cow<'static, str>: &str, &String, String;
    Vec<u8>: &[u8];
}

macro_rules! byte_arrays {
    ($($trait:ident $method:ident $target:ty;)+) => {$(
        /// Byte strings: `b"…"`.
        #[diagnostic::do_not_recommend]
        impl<M, const N: usize> $trait<M, $target> for &[u8; N] {
            fn $method(self) -> sql::Expr {
                parameter(self.as_slice())
            }
        }
    )+};
}

byte_arrays! {
    Operand into_operand Vec<u8>;
    Assign into_assigned Vec<u8>;
    Assign into_assigned Option<Vec<u8>>;
}
