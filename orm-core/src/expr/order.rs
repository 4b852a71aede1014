use std::fmt;
use std::marker::PhantomData;

use crate::sql::{self, Nulls};

/// One term of an order: what [`asc`](crate::Column::asc) and [`desc`](crate::Column::desc) give.
///
/// NULL comes first going up and last going down, as in SQLite, unless said otherwise.
///
/// ```
/// use orm_core::{Model, Order};
///
/// #[derive(Model)]
/// struct User {
///     #[orm(primary_key, auto)]
///     id: i64,
///     age: i64,
/// }
///
/// let order: Order<User> = User::AGE.desc().nulls_last();
/// assert_eq!(format!("{order:?}"), "Order(desc)");
/// ```
pub struct Order<M> {
    pub(crate) inner: sql::Order,
    marker: PhantomData<fn() -> M>,
}

impl<M> Order<M> {
    pub(super) fn new(expr: sql::Expr, descending: bool) -> Self {
        Self { inner: sql::Order { expr, descending, nulls: None }, marker: PhantomData }
    }

    /// NULL before everything else.
    #[must_use]
    pub fn nulls_first(mut self) -> Self {
        self.inner.nulls = Some(Nulls::First);
        self
    }

    /// NULL after everything else.
    #[must_use]
    pub fn nulls_last(mut self) -> Self {
        self.inner.nulls = Some(Nulls::Last);
        self
    }
}

impl<M> Clone for Order<M> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), marker: PhantomData }
    }
}

impl<M> fmt::Debug for Order<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.inner.descending { "Order(desc)" } else { "Order(asc)" })
    }
}
