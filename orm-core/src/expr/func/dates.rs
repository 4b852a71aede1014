use std::fmt;
use std::marker::PhantomData;

use super::call;
use crate::expr::operand::parameter;
use crate::expr::{Aggregate, Assign, Column, Expr, Expression};
use crate::sql;
use crate::value::Field;

/// A moment that the functions of dates take: an expression, or [`now`], and what is to be done with it. See
/// <https://sqlite.org/lang_datefunc.html#modifiers>.
///
/// ```
/// use orm_core::{Engine, Model, func};
///
/// #[derive(Model)]
/// struct Bill {
///     #[orm(primary_key, auto)]
///     id: i64,
///     sent: String,
/// }
///
/// let session = Engine::open_in_memory()?.session()?;
/// session.create_table::<Bill>()?;
/// session.create(Bill { id: 0, sent: "2026-01-31".into() })?;
/// let end_of_month = func::moment(Bill::SENT).modify("start of month").modify("+1 month").modify("-1 day");
/// let due = func::date(func::moment(Bill::SENT).modify("+14 days"));
/// let found = session.find::<Bill>().select((func::date(end_of_month), due)).one()?;
/// assert_eq!(found, (Some("2026-01-31".to_owned()), Some("2026-02-14".to_owned())));
/// # Ok::<(), orm_core::Error>(())
/// ```
pub struct Moment<M> {
    arguments: Vec<sql::Expr>,
    marker: PhantomData<fn() -> M>,
}

impl<M> Moment<M> {
    fn new(moment: sql::Expr) -> Self {
        Self { arguments: vec![moment], marker: PhantomData }
    }

    /// Changed by a modifier such as `+1 month`, `-7 days`, `start of year`, `weekday 1`; they take effect in order. What
    /// is none makes the whole NULL.
    #[must_use]
    pub fn modify(mut self, modifier: impl Assign<M, String>) -> Self {
        self.arguments.push(modifier.into_assigned());
        self
    }
}

impl<M> Clone for Moment<M> {
    fn clone(&self) -> Self {
        Self { arguments: self.arguments.clone(), marker: PhantomData }
    }
}

impl<M> fmt::Debug for Moment<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Moment")
    }
}

/// A date or a time: a column or an expression, or a [`Moment`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no moment in a row of `{M}`",
    label = "expected a column or an expression of `{M}`, `func::now()` or `func::moment(…)`"
)]
pub trait IntoMoment<M> {
    /// Without types.
    #[doc(hidden)]
    fn into_arguments(self) -> Vec<sql::Expr>;
}

macro_rules! expressions {
    ($([$($generics:tt)*] $type:ty;)+) => {$(
        #[diagnostic::do_not_recommend]
        impl<$($generics)*> IntoMoment<M> for $type {
            fn into_arguments(self) -> Vec<sql::Expr> {
                vec![self.lower()]
            }
        }
    )+};
}

expressions! {
    [M, T: Field, K] Column<M, T, K>;
    [M, T: Field] Expr<M, T>;
    [M, T: Field] Aggregate<M, T>;
}

impl<M> IntoMoment<M> for Moment<M> {
    fn into_arguments(self) -> Vec<sql::Expr> {
        self.arguments
    }
}

/// The moment at which the statement runs, by SQLite's clock, which is not the one that an engine can be given.
#[must_use]
pub fn now<M>() -> Moment<M> {
    Moment::new(parameter("now"))
}

/// The moment that a column or an expression holds, to be [modified](Moment::modify).
pub fn moment<M>(moment: impl Expression<M>) -> Moment<M> {
    Moment::new(moment.lower())
}

/// The date, `YYYY-MM-DD`; NULL where the argument is none.
pub fn date<M>(moment: impl IntoMoment<M>) -> Expr<M, Option<String>> {
    call("date", moment.into_arguments(), true)
}

/// The time of day, `HH:MM:SS`; NULL where the argument is none.
pub fn time<M>(moment: impl IntoMoment<M>) -> Expr<M, Option<String>> {
    call("time", moment.into_arguments(), true)
}

/// Date and time, `YYYY-MM-DD HH:MM:SS`; NULL where the argument is none.
pub fn datetime<M>(moment: impl IntoMoment<M>) -> Expr<M, Option<String>> {
    call("datetime", moment.into_arguments(), true)
}

/// Days since noon of 24 November 4714 BC, so that a difference is one in days; NULL where the argument is no date.
pub fn julianday<M>(moment: impl IntoMoment<M>) -> Expr<M, Option<f64>> {
    call("julianday", moment.into_arguments(), true)
}

/// Whole seconds since 1970; NULL where the argument is no date.
pub fn unixepoch<M>(moment: impl IntoMoment<M>) -> Expr<M, Option<i64>> {
    call("unixepoch", moment.into_arguments(), true)
}

/// In a format such as `%Y-%m`; NULL where the argument is no date.
pub fn strftime<M>(format: impl Assign<M, String>, moment: impl IntoMoment<M>) -> Expr<M, Option<String>> {
    let format = std::iter::once(format.into_assigned());
    call("strftime", format.chain(moment.into_arguments()), true)
}
