use std::borrow::Cow;
use std::ops::ControlFlow;

use super::lower::invalid;
use super::{Query, Scalar, Shape};
use crate::driver::Bind;
use crate::error::{Error, ErrorKind, Result};
use crate::expr::{Aggregate, Expr, Expression, func};
use crate::model::Model;
use crate::session::Ready;
use crate::sql::{self, Select, Source, Terms};
use crate::value::{Field, class};

/// The name of the only column of the rows that are aggregated.
const VALUE: &str = "value";

impl<M: Model> Query<'_, M> {
    /// The sum over the rows: `i64` for integers, `f64` for floats; 0 for no rows. A limit counts.
    ///
    /// ```
    /// use orm_core::{Engine, Model};
    ///
    /// #[derive(Model)]
    /// struct Number {
    ///     #[orm(primary_key)]
    ///     value: i64,
    /// }
    ///
    /// let session = Engine::open_in_memory()?.session()?;
    /// session.create_table::<Number>()?;
    /// assert_eq!(session.find::<Number>().sum(Number::VALUE)?, 0);
    /// session.insert_all(&mut [1, 2, 6].map(|value| Number { value }))?;
    /// let numbers = session.find::<Number>();
    /// assert_eq!(numbers.sum(Number::VALUE)?, 9);
    /// assert_eq!(numbers.avg(Number::VALUE)?, Some(3.0));
    /// assert_eq!((numbers.min(Number::VALUE)?, numbers.max(Number::VALUE)?), (Some(1), Some(6)));
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Where an integer sum overflows, `InvalidQuery` for a query with groups or distinct rows, and as
    /// [`all`](Query::all).
    pub fn sum<C: class::Number, E: Expression<M, Type: Field<Class = C>>>(&self, of: E) -> Result<C::Sum> {
        self.aggregate(of, func::sum)
    }

    /// The mean of what is not NULL; `None` where there is nothing. Otherwise as [`sum`](Query::sum).
    ///
    /// # Errors
    ///
    /// As [`sum`](Query::sum).
    pub fn avg<E: Expression<M, Type: Field<Class: class::Number>>>(&self, of: E) -> Result<Option<f64>> {
        self.aggregate(of, func::avg)
    }

    /// The least value; `None` where there is nothing. Otherwise as [`sum`](Query::sum).
    ///
    /// # Errors
    ///
    /// As [`sum`](Query::sum).
    pub fn min<E>(&self, of: E) -> Result<Option<<E::Type as Field>::Inner>>
    where
        E: Expression<M, Type: Field<Class: class::Ordered>>,
        Option<<E::Type as Field>::Inner>: Field,
    {
        self.aggregate(of, func::min)
    }

    /// The greatest value; `None` where there is nothing. Otherwise as [`sum`](Query::sum).
    ///
    /// # Errors
    ///
    /// As [`sum`](Query::sum).
    pub fn max<E>(&self, of: E) -> Result<Option<<E::Type as Field>::Inner>>
    where
        E: Expression<M, Type: Field<Class: class::Ordered>>,
        Option<<E::Type as Field>::Inner>: Field,
    {
        self.aggregate(of, func::max)
    }

    fn aggregate<E: Expression<M>, T: Field>(
        &self,
        of: E,
        function: impl FnOnce(Expr<M, E::Type>) -> Aggregate<M, T>,
    ) -> Result<T> {
        let parts = &self.parts;
        if parts.distinct || !parts.group_by.is_empty() || parts.having.is_some() {
            return Err(invalid("groups have a value each: select a function of `func` instead"));
        }
        let mut rows = self.to_select()?;
        if parts.limit.is_none() && parts.offset.is_none() {
            rows.order_by = Terms::default();
            rows.columns = function(Expr::new(of.lower())).lower().into();
            return self.only_value_of(&rows);
        }
        rows.columns = of.lower().into();
        rows.last_as = Some(VALUE);
        let column = sql::Expr::column(VALUE, E::Type::NULLABLE);
        let whole = function(Expr::new(column)).lower();
        self.only_value_of(&Select::new(Source::Select(Box::new(rows)), Cow::Owned(vec![whole])))
    }
}

impl<M: Model, S: Shape> Query<'_, M, S> {
    /// The only value of the only row.
    pub(super) fn only_value_of<T: Field>(&self, select: &Select<'_>) -> Result<T> {
        let (ready, values) = self.session().ready_composed(select)?;
        only_value(ready, &values)
    }
}

/// The only value of the only row.
pub(super) fn only_value<T: Field, P: Bind + ?Sized>(mut ready: Ready<'_>, params: &P) -> Result<T> {
    let mut value = None;
    ready.for_each(params, |row| {
        value = Some(Scalar::<T>::decode(row, 0)?);
        Ok(ControlFlow::Break(()))
    })?;
    value.ok_or_else(|| Error::new(ErrorKind::Internal, "an aggregate gave no row: please report it"))
}
