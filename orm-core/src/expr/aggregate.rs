use std::fmt;
use std::marker::PhantomData;

use super::{Assign, Expr, Expression, Filter, Operand, Order, Several, Window, Windowed};
use crate::dialect::Dialect;
use crate::error::Result;
use crate::sql::{self, Rendered};
use crate::value::{Field, Value};

/// A value made of many rows: what [`count`](crate::func::count), [`sum`](crate::func::sum) … give.
///
/// It is used as an [`Expr`] is, and becomes one by `into()`. Before that it can be limited to some rows, put in an order,
/// or computed beside each row over a window (<https://sqlite.org/lang_aggfunc.html>).
///
/// ```
/// use orm_core::{Aggregate, Engine, Model, func};
///
/// #[derive(Model)]
/// struct Sale {
///     #[orm(primary_key, auto)]
///     id: i64,
///     region: String,
///     cents: i64,
/// }
///
/// let session = Engine::open_in_memory()?.session()?;
/// session.create_table::<Sale>()?;
/// for (region, cents) in [("north", 100), ("north", 300), ("south", 50)] {
///     session.create(Sale { id: 0, region: region.into(), cents })?;
/// }
/// let large: Aggregate<Sale, u64> = func::count().filter(Sale::CENTS.ge(100));
/// let regions = session.find::<Sale>().group_by(Sale::REGION).order_by(Sale::REGION.asc());
/// let query = regions.select((Sale::REGION, func::sum(Sale::CENTS), large));
/// assert_eq!(query.all()?, [("north".to_owned(), 400, 2), ("south".to_owned(), 50, 0)]);
/// # Ok::<(), orm_core::Error>(())
/// ```
pub struct Aggregate<M, T> {
    function: sql::Expr,
    filter: Option<sql::Expr>,
    order_by: Vec<sql::Order>,
    /// What it is where there are no rows, if that is not NULL.
    of_none: Option<Value>,
    marker: PhantomData<fn() -> (M, T)>,
}

impl<M, T> Aggregate<M, T> {
    pub(super) fn new(function: sql::Expr) -> Self {
        Self { function, filter: None, order_by: Vec::new(), of_none: None, marker: PhantomData }
    }

    pub(super) fn or_else(self, of_none: Value) -> Self {
        Self { of_none: Some(of_none), ..self }
    }

    /// Over the rows alone where the condition holds: `FILTER (WHERE …)`. Several are joined by AND.
    #[must_use]
    pub fn filter(mut self, filter: Filter<M>) -> Self {
        self.filter = Some(match self.filter.take() {
            Some(before) => before.and(filter.inner),
            None => filter.inner,
        });
        self
    }

    /// In which order it takes the rows, which matters to [`group_concat`](crate::func::group_concat). A further call adds
    /// to it.
    #[must_use]
    pub fn order_by(mut self, order: impl Several<Order<M>>) -> Self {
        self.order_by.extend(order.into_list().into_iter().map(|order| order.inner));
        self
    }

    /// Beside each row, over the rows of its window: `OVER (…)`. It takes no order of its own then.
    #[must_use]
    pub fn over(self, window: Window<M>) -> Windowed<M, T> {
        let of_none = self.of_none.clone();
        Windowed::new(or_else(self.whole().over(window.inner), of_none))
    }

    /// The same, where NULL is one of the values.
    #[must_use]
    pub fn nullable(self) -> Expr<M, Option<T::Inner>>
    where
        T: Field,
    {
        Expr::new(self.lowered())
    }

    pub(super) fn lowered(self) -> sql::Expr {
        let of_none = self.of_none.clone();
        or_else(self.whole(), of_none)
    }

    fn whole(self) -> sql::Expr {
        let function = self.function.in_order(self.order_by);
        match self.filter {
            Some(filter) => function.filtered(filter),
            None => function,
        }
    }
}

fn or_else(expr: sql::Expr, of_none: Option<Value>) -> sql::Expr {
    match of_none {
        Some(value) => sql::Expr::function("coalesce", [expr, sql::Expr::value(value)], false, false),
        None => expr,
    }
}

impl<M, T: Field> Aggregate<M, T> {
    /// The SQL text and its parameters.
    ///
    /// # Errors
    ///
    /// A value that no database can hold, an SQL fragment that cannot be used.
    pub fn to_sql_in(&self, dialect: &dyn Dialect) -> Result<Rendered> {
        Expr::from(self.clone()).to_sql_in(dialect)
    }
}

impl<M, T: Field> Expression<M> for Aggregate<M, T> {
    type Type = T;

    fn lower(self) -> sql::Expr {
        self.lowered()
    }
}

impl<M, T> From<Aggregate<M, T>> for Expr<M, T> {
    fn from(aggregate: Aggregate<M, T>) -> Self {
        Self::new(aggregate.lowered())
    }
}

#[diagnostic::do_not_recommend]
impl<M, U: Field> Operand<M, U::Inner> for Aggregate<M, U> {
    fn into_operand(self) -> sql::Expr {
        self.lowered()
    }
}

#[diagnostic::do_not_recommend]
impl<M, T> Assign<M, T> for Aggregate<M, T> {
    fn into_assigned(self) -> sql::Expr {
        self.lowered()
    }
}

#[diagnostic::do_not_recommend]
impl<M, T> Assign<M, Option<T>> for Aggregate<M, T> {
    fn into_assigned(self) -> sql::Expr {
        self.lowered()
    }
}

impl<M, T> Clone for Aggregate<M, T> {
    fn clone(&self) -> Self {
        Self {
            function: self.function.clone(),
            filter: self.filter.clone(),
            order_by: self.order_by.clone(),
            of_none: self.of_none.clone(),
            marker: PhantomData,
        }
    }
}

/// The SQL without its values.
impl<M, T> fmt::Debug for Aggregate<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&Expr::from(self.clone()), f)
    }
}
