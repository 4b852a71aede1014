use super::{AnyColumn, Column};
use crate::value::for_each_tuple;

/// Writable columns of `M`: one, a tuple of them, or an array, slice or vector of [`any`](Column::any) columns.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of writable columns of `{M}`",
    label = "expected a column of `{M}`, a tuple of them, or a slice of `any()` columns"
)]
pub trait ColumnSet<M> {
    /// The columns' positions in `TABLE.columns`.
    #[doc(hidden)]
    fn positions(&self) -> Vec<usize>;
}

impl<M, T> ColumnSet<M> for Column<M, T> {
    fn positions(&self) -> Vec<usize> {
        vec![self.any().position]
    }
}

impl<M> ColumnSet<M> for AnyColumn<M> {
    fn positions(&self) -> Vec<usize> {
        vec![self.position]
    }
}

impl<M> ColumnSet<M> for [AnyColumn<M>] {
    fn positions(&self) -> Vec<usize> {
        self.iter().map(|column| column.position).collect()
    }
}

impl<M, const N: usize> ColumnSet<M> for [AnyColumn<M>; N] {
    fn positions(&self) -> Vec<usize> {
        self.as_slice().positions()
    }
}

impl<M> ColumnSet<M> for Vec<AnyColumn<M>> {
    fn positions(&self) -> Vec<usize> {
        self.as_slice().positions()
    }
}

impl<M, C: ColumnSet<M> + ?Sized> ColumnSet<M> for &C {
    fn positions(&self) -> Vec<usize> {
        (**self).positions()
    }
}

macro_rules! tuples {
    ($($name:ident $position:tt)+; $count:tt) => {
        #[diagnostic::do_not_recommend]
        impl<M, $($name),+> ColumnSet<M> for ($(Column<M, $name>,)+) {
            fn positions(&self) -> Vec<usize> {
                #[allow(non_snake_case, reason = "one name for the type and its value")]
                let ($($name,)+) = self;
                vec![$($name.any().position),+]
            }
        }
    };
}

for_each_tuple!(tuples);
