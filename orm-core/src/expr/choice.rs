use std::fmt;
use std::marker::PhantomData;

use super::{Argument, Assign, Expr, Filter};
use crate::sql;
use crate::value::Field;

/// The beginning of a choice: [`func::case`](crate::func::case).
///
/// ```
/// use orm_core::{Case, Expr, Model, func};
///
/// #[derive(Model)]
/// struct User {
///     #[orm(primary_key, auto)]
///     id: i64,
///     age: u8,
/// }
///
/// let case: Case = func::case();
/// let adult: Expr<User, bool> = case.when(User::AGE.ge(18), true).otherwise(false);
/// assert_eq!(format!("{adult:?}"), r#"Expr(CASE WHEN "age" >= ?1 THEN ?2 ELSE ?3 END)"#);
/// ```
#[derive(Debug, Clone, Copy)]
#[must_use = "a choice needs at least one `when`"]
pub struct Case(pub(super) ());

impl Case {
    /// The value where the condition holds. It says what type the choice has: that of `&str` is `String`.
    pub fn when<M, V: Argument<M>>(self, condition: Filter<M>, value: V) -> Choice<M, V::Type> {
        let branches = vec![(condition.inner, value.into_argument())];
        Choice { branches, marker: PhantomData }
    }
}

/// A choice between values of one type: the value beside the first condition that holds. See
/// <https://sqlite.org/lang_expr.html#case>.
///
/// ```
/// use orm_core::{Expr, Model, func};
///
/// #[derive(Model)]
/// struct User {
///     #[orm(primary_key, auto)]
///     id: i64,
///     age: u8,
/// }
///
/// let group: Expr<User, String> = func::case()
///     .when(User::AGE.lt(13), "child")
///     .when(User::AGE.lt(18), "minor")
///     .otherwise("adult");
/// assert_eq!(format!("{group:?}"), r#"Expr(CASE WHEN "age" < ?1 THEN ?2 WHEN "age" < ?3 THEN ?4 ELSE ?5 END)"#);
///
/// let price: Expr<User, Option<f64>> = func::case().when(User::AGE.lt(18), 4.5).end();
/// assert_eq!(format!("{price:?}"), r#"Expr(CASE WHEN "age" < ?1 THEN ?2 END)"#);
/// ```
#[must_use = "a choice ends with `otherwise` or `end`"]
pub struct Choice<M, T> {
    branches: Vec<(sql::Expr, sql::Expr)>,
    marker: PhantomData<fn() -> (M, T)>,
}

impl<M, T: Field> Choice<M, T> {
    /// The value where this condition holds, and none before it did. It takes the type of the first value.
    pub fn when(mut self, condition: Filter<M>, value: impl Assign<M, T>) -> Self {
        self.branches.push((condition.inner, value.into_assigned()));
        self
    }

    /// The value where no condition holds.
    #[must_use]
    pub fn otherwise(self, value: impl Assign<M, T>) -> Expr<M, T> {
        Expr::new(sql::Expr::case(self.branches, Some(value.into_assigned()), T::NULLABLE))
    }

    /// NULL where no condition holds.
    #[must_use]
    pub fn end(self) -> Expr<M, Option<T::Inner>> {
        Expr::new(sql::Expr::case(self.branches, None, true))
    }
}

impl<M, T> Clone for Choice<M, T> {
    fn clone(&self) -> Self {
        Self { branches: self.branches.clone(), marker: PhantomData }
    }
}

impl<M, T> fmt::Debug for Choice<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Choice").field("branches", &self.branches.len()).finish_non_exhaustive()
    }
}
