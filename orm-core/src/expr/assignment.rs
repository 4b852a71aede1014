use std::fmt;
use std::marker::PhantomData;

use crate::sql;

/// A change of one column: what [`set`](crate::Column::set) gives and a set-based `update` takes.
///
/// ```
/// use orm_core::{Assignment, Model};
///
/// #[derive(Model)]
/// struct User {
///     #[orm(primary_key, auto)]
///     id: i64,
///     age: i64,
/// }
///
/// let birthday: Assignment<User> = User::AGE.set(User::AGE + 1);
/// assert_eq!(format!("{birthday:?}"), "Assignment(age)");
/// ```
pub struct Assignment<M> {
    pub(crate) inner: sql::Assignment,
    marker: PhantomData<fn() -> M>,
}

impl<M> Assignment<M> {
    pub(crate) fn new(column: &'static str, value: sql::Expr) -> Self {
        Self { inner: sql::Assignment { column: column.into(), value }, marker: PhantomData }
    }
}

impl<M> Clone for Assignment<M> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), marker: PhantomData }
    }
}

impl<M> fmt::Debug for Assignment<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Assignment({})", self.inner.column)
    }
}
