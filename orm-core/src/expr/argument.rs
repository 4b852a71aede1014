use super::operand::parameter;
use super::{Aggregate, Column, Expr};
use crate::sql;
use crate::value::{Field, for_each_tuple};

/// A value in each row of `M` whose type it says itself: a column, an expression, a value.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no value in a row of `{M}`",
    label = "expected a column or an expression of `{M}`, or a value"
)]
pub trait Argument<M> {
    /// Its type; that of `&str` is `String`.
    type Type: Field;

    /// Without types.
    #[doc(hidden)]
    fn into_argument(self) -> sql::Expr;
}

impl<M, T: Field> Argument<M> for T {
    type Type = T;

    fn into_argument(self) -> sql::Expr {
        parameter(&self)
    }
}

#[diagnostic::do_not_recommend]
impl<M> Argument<M> for &str {
    type Type = String;

    fn into_argument(self) -> sql::Expr {
        parameter(self)
    }
}

/// Several values in each row of `M`: a column, an expression, or a tuple of up to twelve columns, expressions and values.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of values in a row of `{M}`",
    label = "expected a column, an expression, or a tuple such as `(User::NAME, \"x\")`"
)]
pub trait Arguments<M> {
    /// Without types, in order.
    #[doc(hidden)]
    fn into_arguments(self) -> Vec<sql::Expr>;
}

macro_rules! expressions {
    ($([$($generics:tt)*] $model:ty, $type:ty;)+) => {$(
        #[diagnostic::do_not_recommend]
        impl<$($generics)*> Argument<$model> for $type {
            type Type = T;

            fn into_argument(self) -> sql::Expr {
                self.lower()
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$($generics)*> Arguments<$model> for $type {
            fn into_arguments(self) -> Vec<sql::Expr> {
                vec![self.lower()]
            }
        }
    )+};
}

use super::Expression as _;

expressions! {
    [M, T: Field, K] M, Column<M, T, K>;
    [M, T: Field] M, Expr<M, T>;
    [M, T: Field] M, Aggregate<M, T>;
}

macro_rules! tuples {
    ($($name:ident $position:tt)+; $count:tt) => {
        impl<M, $($name: Argument<M>),+> Arguments<M> for ($($name,)+) {
            fn into_arguments(self) -> Vec<sql::Expr> {
                #[allow(non_snake_case, reason = "one name for the type and its value")]
                let ($($name,)+) = self;
                vec![$($name.into_argument()),+]
            }
        }
    };
}

for_each_tuple!(tuples);
