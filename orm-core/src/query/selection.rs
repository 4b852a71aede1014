use super::shape::{Scalar, Shape};
use crate::expr::{Aggregate, Column, Expr, Expression, Windowed};
use crate::sql;
use crate::value::{Field, for_each_tuple};

/// What [`select`](crate::Query::select) and [`group_by`](crate::Query::group_by) take: a column or an expression of `M`,
/// or a tuple of up to twelve of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be selected from `{M}`",
    label = "expected a column or an expression of `{M}`, or a tuple of them",
    note = "columns of another model are reached by a relation, as in `Post::AUTHOR.at(User::NAME)`; a function over a window needs its window, as in `func::rank().over(func::window())`"
)]
pub trait Selection<M> {
    /// What a row becomes.
    type Shape: Shape;

    /// Appends the expressions, in order.
    #[doc(hidden)]
    fn append_to(self, columns: &mut Vec<sql::Expr>);
}

impl<M, T: Field, K> Selection<M> for Column<M, T, K> {
    type Shape = Scalar<T>;

    fn append_to(self, columns: &mut Vec<sql::Expr>) {
        columns.push(self.lower());
    }
}

impl<M, T: Field> Selection<M> for Expr<M, T> {
    type Shape = Scalar<T>;

    fn append_to(self, columns: &mut Vec<sql::Expr>) {
        columns.push(self.inner);
    }
}

impl<M, T: Field> Selection<M> for Aggregate<M, T> {
    type Shape = Scalar<T>;

    fn append_to(self, columns: &mut Vec<sql::Expr>) {
        columns.push(self.lower());
    }
}

impl<M, T: Field> Selection<M> for Windowed<M, T> {
    type Shape = Scalar<T>;

    fn append_to(self, columns: &mut Vec<sql::Expr>) {
        columns.push(self.inner);
    }
}

macro_rules! tuples {
    ($($name:ident $position:tt)+; $count:tt) => {
        impl<M, $($name: Selection<M>),+> Selection<M> for ($($name,)+) {
            type Shape = ($($name::Shape,)+);

            fn append_to(self, columns: &mut Vec<sql::Expr>) {
                #[allow(non_snake_case, reason = "one name for the type and its value")]
                let ($($name,)+) = self;
                $($name.append_to(columns);)+
            }
        }
    };
}

for_each_tuple!(tuples);
