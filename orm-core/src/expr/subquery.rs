use super::Operand;
use crate::sql;

/// A query that can stand inside another one: what [`func::exists`](crate::func::exists) and the other side of a
/// [`union`](crate::Query::union) take. It sees nothing of the rows outside.
///
/// What its model's scope and marks of deletion let it show is decided when the whole is sent, by the session that sends
/// it.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a query", label = "expected a query, not yet run")]
pub trait Subquery {
    /// What its rows become.
    type Shape;

    /// Without types.
    #[doc(hidden)]
    fn into_subquery(self) -> sql::Subquery;
}

/// What [`is_in`](crate::Column::is_in) looks into: values of inner type `I`, or columns and expressions of `M`, in
/// anything that can be iterated over; or a query that selects one column of that type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a list nor a query of `{I}`",
    label = "expected a list of `{I}`, or a query that selects one column of that type"
)]
pub trait Candidates<M, I> {
    /// Whether the expression is among them.
    #[doc(hidden)]
    fn among(self, tested: sql::Expr) -> sql::Expr;
}

impl<M, I, V: Operand<M, I>, L: IntoIterator<Item = V>> Candidates<M, I> for L {
    fn among(self, tested: sql::Expr) -> sql::Expr {
        tested.one_of(self.into_iter().map(Operand::into_operand))
    }
}
