use std::fmt;
use std::marker::PhantomData;

use super::Column;
use crate::dialect::{Dialect, Sqlite};
use crate::error::Result;
use crate::sql::{self, Rendered};
use crate::value::{Field, LogicalType};

/// An expression over the columns of model `M` that gives a `T`.
///
/// Columns become expressions by their operators and by the functions in [`func`](crate::func). An expression is a
/// value: it can be cloned, kept, passed around, and built at run time. It belongs to its model, so that a filter of
/// another table does not compile.
///
/// ```
/// use orm_core::{Expr, Filter, Model};
///
/// #[derive(Model)]
/// struct User {
///     #[orm(primary_key, auto)]
///     id: i64,
///     age: i64,
/// }
///
/// let next: Expr<User, i64> = User::AGE + 1;
/// let adult: Filter<User> = next.gt(18);
/// assert_eq!(format!("{adult:?}"), r#"Expr("age" + ?1 > ?2)"#);
/// ```
pub struct Expr<M, T> {
    pub(crate) inner: sql::Expr,
    marker: PhantomData<fn() -> (M, T)>,
}

/// A condition on rows of `M`.
///
/// ```
/// use orm_core::{Filter, Model};
///
/// #[derive(Model)]
/// struct User {
///     #[orm(primary_key, auto)]
///     id: i64,
///     age: i64,
/// }
///
/// // built at run time: all of none is true
/// let wanted = [18, 19, 20].map(|age| User::AGE.eq(age));
/// let filter: Filter<User> = Filter::any_of(wanted).and(!User::ID.eq(1));
/// assert_eq!(format!("{filter:?}"), r#"Expr(("age" = ?1 OR "age" = ?2 OR "age" = ?3) AND "id" <> ?4)"#);
/// ```
pub type Filter<M> = Expr<M, bool>;

/// What has a value in every row of `M`: columns and expressions.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an expression over `{M}`",
    label = "expected a column or an expression of `{M}`"
)]
pub trait Expression<M> {
    /// The type of the value.
    type Type: Field;

    /// Without types.
    #[doc(hidden)]
    fn lower(self) -> sql::Expr;
}

impl<M, T: Field> Expression<M> for Expr<M, T> {
    type Type = T;

    fn lower(self) -> sql::Expr {
        self.inner
    }
}

impl<M, T: Field, K> Expression<M> for Column<M, T, K> {
    type Type = T;

    fn lower(self) -> sql::Expr {
        sql::Expr::column(self.name(), T::NULLABLE)
    }
}

impl<M, T> Expr<M, T> {
    pub(crate) fn new(inner: sql::Expr) -> Self {
        Self { inner, marker: PhantomData }
    }

    /// The same, where NULL is one of the values.
    #[must_use]
    pub fn nullable(self) -> Expr<M, Option<T::Inner>>
    where
        T: Field,
    {
        Expr::new(self.inner)
    }
}

impl<M, T: Field> Expr<M, T> {
    /// The SQL text and its parameters; a condition as a filter writes it.
    ///
    /// # Errors
    ///
    /// A value that no database can hold, an SQL fragment that cannot be used.
    pub fn to_sql_in(&self, dialect: &dyn Dialect) -> Result<Rendered> {
        self.inner.render(dialect, T::TYPE == LogicalType::Bool)
    }
}

impl<M> Filter<M> {
    /// All of them; none of them makes it true, which excludes no row.
    #[must_use]
    pub fn all_of(filters: impl IntoIterator<Item = Self>) -> Self {
        Self::new(sql::Expr::all(filters.into_iter().map(|filter| filter.inner)))
    }

    /// Any of them; none of them makes it false, which excludes every row.
    #[must_use]
    pub fn any_of(filters: impl IntoIterator<Item = Self>) -> Self {
        Self::new(sql::Expr::any(filters.into_iter().map(|filter| filter.inner)))
    }
}

impl<M, K> From<Column<M, bool, K>> for Filter<M>
where
    bool: Field,
{
    fn from(column: Column<M, bool, K>) -> Self {
        Self::new(column.lower())
    }
}

impl<M, T> Clone for Expr<M, T> {
    fn clone(&self) -> Self {
        Self::new(self.inner.clone())
    }
}

/// The SQL without its values.
impl<M, T> fmt::Debug for Expr<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.inner.render(&Sqlite, true) {
            Ok(rendered) => write!(f, "Expr({})", rendered.sql),
            Err(error) => write!(f, "Expr({error})"),
        }
    }
}
