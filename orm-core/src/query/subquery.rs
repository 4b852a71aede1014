//! Queries inside other statements.

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use super::{Parts, Query, Scalar, Shape};
use crate::error::Result;
use crate::expr::{Candidates, Expr, Subquery};
use crate::model::Model;
use crate::session::Session;
use crate::sql::{self, Asked, Body, Nested};
use crate::value::Field;

/// A query without its session: that of the statement around it takes its place.
struct Inner<M> {
    parts: Parts,
    marker: PhantomData<fn() -> M>,
}

impl<M: Model> Nested for Inner<M> {
    fn body(&self, context: &dyn Any) -> Result<Body<'_>> {
        self.parts.to_select::<M>(context.downcast_ref::<Session>()).map(Body::Select)
    }
}

impl<M> fmt::Debug for Inner<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts.fmt(f)
    }
}

impl<M: Model, S: Shape> Subquery for Query<'_, M, S> {
    type Shape = S;

    fn into_subquery(self) -> sql::Subquery {
        sql::Subquery(Arc::new(Inner::<M> { parts: self.parts, marker: PhantomData }))
    }
}

impl<M: Model, T: Field> Query<'_, M, Scalar<T>> {
    /// The value in the first row as an expression in a query of any model; NULL where there is no row.
    ///
    /// It sees nothing of the rows outside, so it is computed once; what depends on them goes through relations:
    /// [`at`](crate::BelongsTo::at), [`any`](crate::HasMany::any), [`count`](crate::HasMany::count). An order and a limit
    /// count, and the model's scope applies.
    ///
    /// ```
    /// use orm_core::{Engine, Model, func};
    ///
    /// #[derive(Debug, PartialEq, Model)]
    /// struct Song {
    ///     #[orm(primary_key, auto)]
    ///     id: i64,
    ///     seconds: f64,
    /// }
    ///
    /// let session = Engine::open_in_memory()?.session()?;
    /// session.create_table::<Song>()?;
    /// for seconds in [100.0, 200.0, 600.0] {
    ///     session.create(Song { id: 0, seconds })?;
    /// }
    /// let mean = session.find::<Song>().select(func::avg(Song::SECONDS)).scalar();
    /// let long = session.find::<Song>().filter(Song::SECONDS.gt(mean));
    /// assert_eq!(long.one()?, Song { id: 3, seconds: 600.0 });
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    #[must_use]
    pub fn scalar<N>(self) -> Expr<N, Option<T::Inner>> {
        Expr::new(sql::Expr::subquery(self.into_subquery(), Asked::Value))
    }
}

impl<N, I, M: Model, T: Field<Inner = I>> Candidates<N, I> for Query<'_, M, Scalar<T>> {
    fn among(self, tested: sql::Expr) -> sql::Expr {
        tested.in_query(self.into_subquery(), T::NULLABLE)
    }
}
