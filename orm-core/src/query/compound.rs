use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::aggregate::only_value;
use super::lower::invalid;
use super::rows::Rows;
use super::{Query, Scalar, Shape};
use crate::dialect::{Dialect, Sqlite};
use crate::error::Result;
use crate::expr::{Candidates, Subquery};
use crate::model::Model;
use crate::session::Session;
use crate::sql::{self, Body, Expr, Nested, Nth, Rendered, Select, SetOperator, row_count};
use crate::value::{Field, LogicalType};

/// The rows of several queries as those of one: what [`union`](Query::union), [`intersect`](Query::intersect) … give.
/// All have rows of the same type, whatever tables they come from. See
/// <https://sqlite.org/lang_select.html#compound>.
///
/// ```
/// use orm_core::{Compound, Engine, Model, Scalar};
///
/// #[derive(Model)]
/// struct Customer {
///     #[orm(primary_key, auto)]
///     id: i64,
///     city: String,
/// }
///
/// #[derive(Model)]
/// struct Shop {
///     #[orm(primary_key, auto)]
///     id: i64,
///     city: String,
/// }
///
/// let session = Engine::open_in_memory()?.session()?;
/// session.create_table::<Customer>()?;
/// session.create_table::<Shop>()?;
/// for city in ["Oslo", "Rome", "Oslo"] {
///     session.create(Customer { id: 0, city: city.into() })?;
/// }
/// session.create(Shop { id: 0, city: "Rome".into() })?;
/// let customers = session.find::<Customer>().select(Customer::CITY);
/// let shops = session.find::<Shop>().select(Shop::CITY);
/// let everywhere: Compound<'_, Scalar<String>> = customers.clone().union(shops.clone());
/// assert_eq!(everywhere.desc(1).all()?, ["Rome", "Oslo"]);
/// assert_eq!(customers.except(shops).all()?, ["Oslo"]);
/// # Ok::<(), orm_core::Error>(())
/// ```
#[must_use = "a query does nothing until a terminal such as `all` runs it"]
pub struct Compound<'s, S: Shape> {
    session: &'s Session,
    parts: Several,
    marker: PhantomData<fn() -> S>,
}

/// What has been said of it so far.
#[derive(Debug, Clone)]
struct Several {
    first: sql::Subquery,
    others: Vec<(SetOperator, sql::Subquery)>,
    order_by: Vec<Nth>,
    limit: Option<u64>,
    offset: Option<u64>,
    /// What cannot be done, and is reported when the statement is written.
    problem: Option<&'static str>,
}

impl Nested for Several {
    fn body(&self, context: &dyn Any) -> Result<Body<'_>> {
        if let Some(problem) = self.problem {
            return Err(invalid(problem));
        }
        let others = self.others.iter().map(|(operator, query)| Ok((*operator, query.0.body(context)?)));
        Ok(Body::Compound(sql::Compound {
            first: Box::new(self.first.0.body(context)?),
            others: others.collect::<Result<_>>()?,
            order_by: self.order_by.clone(),
            limit: self.limit.map(row_count),
            offset: self.offset.map(row_count),
        }))
    }
}

/// The operators, on a query and on what they made of others.
macro_rules! operators {
    ($([$($generics:tt)*] $left:ty;)+) => {$(
        impl<'s, $($generics)*> $left {
            /// The rows of both, without repeated ones.
            pub fn union(self, other: impl Subquery<Shape = S>) -> Compound<'s, S> {
                self.combined(SetOperator::Union, other)
            }

            /// The rows of both.
            pub fn union_all(self, other: impl Subquery<Shape = S>) -> Compound<'s, S> {
                self.combined(SetOperator::UnionAll, other)
            }

            /// The rows that both have, without repeated ones.
            pub fn intersect(self, other: impl Subquery<Shape = S>) -> Compound<'s, S> {
                self.combined(SetOperator::Intersect, other)
            }

            /// The rows that the other has not, without repeated ones.
            pub fn except(self, other: impl Subquery<Shape = S>) -> Compound<'s, S> {
                self.combined(SetOperator::Except, other)
            }
        }
    )+};
}

operators! {
    [M: Model, S: Shape] Query<'s, M, S>;
    [S: Shape] Compound<'s, S>;
}

impl<'s, M: Model, S: Shape> Query<'s, M, S> {
    fn combined(self, operator: SetOperator, other: impl Subquery<Shape = S>) -> Compound<'s, S> {
        let session = self.session;
        Compound::of(session, self.into_subquery()).combined(operator, other)
    }
}

impl<'s, S: Shape> Compound<'s, S> {
    fn of(session: &'s Session, first: sql::Subquery) -> Self {
        let problem =
            S::LOADS.then_some("related rows are loaded beside one query: leave `with` out of the others");
        let parts =
            Several { first, others: Vec::new(), order_by: Vec::new(), limit: None, offset: None, problem };
        Self { session, parts, marker: PhantomData }
    }

    fn combined(self, operator: SetOperator, other: impl Subquery<Shape = S>) -> Self {
        let parts = &self.parts;
        let ordered = !parts.order_by.is_empty() || parts.limit.is_some() || parts.offset.is_some();
        // an order and a limit are of what they were said of, not of the whole
        let mut whole = if ordered { Self::of(self.session, self.into_subquery()) } else { self };
        whole.parts.others.push((operator, other.into_subquery()));
        whole
    }

    /// Ordered by the column at that position, counted from 1, going up. A further call adds to the order.
    pub fn asc(self, position: usize) -> Self {
        self.ordered(Nth { position, descending: false })
    }

    /// Ordered by the column at that position, counted from 1, going down. A further call adds to the order.
    pub fn desc(self, position: usize) -> Self {
        self.ordered(Nth { position, descending: true })
    }

    fn ordered(mut self, term: Nth) -> Self {
        self.parts.order_by.push(term);
        self
    }

    /// At most so many rows of the whole.
    pub fn limit(mut self, rows: u64) -> Self {
        self.parts.limit = Some(rows);
        self
    }

    /// Without the first so many rows of the whole.
    pub fn offset(mut self, rows: u64) -> Self {
        self.parts.offset = Some(rows);
        self
    }

    /// All rows.
    ///
    /// # Errors
    ///
    /// `InvalidQuery` for an order by a position that the rows have not, or by what has no order in the database; otherwise
    /// as [`Query::all`].
    pub fn all(&self) -> Result<Vec<S::Output>> {
        let body = self.body()?;
        let (mut ready, values) = self.session.ready_composed(&body)?;
        let mut rows = Vec::new();
        ready.for_each(&values, |row| {
            rows.push(S::decode(row, 0)?);
            Ok(ControlFlow::Continue(()))
        })?;
        // the statement is free for what hooks do
        drop(ready);
        if S::HOOKED {
            rows.iter_mut().try_for_each(|row| S::after_find(row, self.session))?;
        }
        Ok(rows)
    }

    /// The first row, where there is one.
    ///
    /// # Errors
    ///
    /// As [`all`](Self::all).
    pub fn first(&self) -> Result<Option<S::Output>> {
        Ok(self.at_most_one().all()?.pop())
    }

    /// How many rows there are: a limit counts.
    ///
    /// # Errors
    ///
    /// As [`all`](Self::all).
    pub fn count(&self) -> Result<u64> {
        let rows = self.body()?.into_source();
        let count = Select::new(rows, Cow::Owned(vec![Expr::count_all()]));
        let (ready, values) = self.session.ready_composed(&count)?;
        only_value(ready, &values)
    }

    /// Whether there is a row.
    ///
    /// # Errors
    ///
    /// As [`all`](Self::all).
    pub fn exists(&self) -> Result<bool> {
        Ok(self.at_most_one().count()? > 0)
    }

    /// The rows one after the other, read as they are asked for, as [`Query::iter`] does.
    ///
    /// # Errors
    ///
    /// As [`all`](Self::all), here or at the row concerned.
    pub fn iter(&self) -> Result<Rows<'s, S>> {
        let body = self.body()?;
        let (ready, values) = self.session.ready_composed(&body)?;
        Ok(Rows::new(ready.cursor_with(values.into_owned())?))
    }

    /// The statement that [`all`](Self::all) sends, with the values of its parameters. Where it cannot be written, the text
    /// is a comment that says why.
    #[must_use]
    pub fn to_sql(&self) -> Rendered {
        self.to_sql_in(&Sqlite).unwrap_or_else(|error| Rendered {
            sql: format!("-- {}", error.to_string().replace('\n', " ")),
            params: Vec::new(),
        })
    }

    /// The same in another dialect.
    ///
    /// # Errors
    ///
    /// As [`all`](Self::all), as far as no row is read.
    pub fn to_sql_in(&self, dialect: &dyn Dialect) -> Result<Rendered> {
        sql::write(&self.body()?, dialect, self.session).map(|written| written.rendered)
    }

    fn at_most_one(&self) -> Self {
        self.clone().limit(self.parts.limit.map_or(1, |limit| limit.min(1)))
    }

    fn body(&self) -> Result<Body<'_>> {
        for term in &self.parts.order_by {
            term.check(S::width())?;
            // their text would be compared
            if matches!(
                S::type_at(term.position - 1),
                Some(LogicalType::Decimal | LogicalType::Json | LogicalType::Any)
            ) {
                let message = "decimals, JSON and values of any type have no order in the database: order by another column";
                return Err(invalid(message));
            }
        }
        self.parts.body(self.session)
    }
}

impl<S: Shape> Subquery for Compound<'_, S> {
    type Shape = S;

    fn into_subquery(self) -> sql::Subquery {
        sql::Subquery(Arc::new(self.parts))
    }
}

impl<N, I, T: Field<Inner = I>> Candidates<N, I> for Compound<'_, Scalar<T>> {
    fn among(self, tested: Expr) -> Expr {
        tested.in_query(self.into_subquery(), T::NULLABLE)
    }
}

impl<S: Shape> Clone for Compound<'_, S> {
    fn clone(&self) -> Self {
        Self { session: self.session, parts: self.parts.clone(), marker: PhantomData }
    }
}

impl<S: Shape> fmt::Debug for Compound<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Compound({})", self.to_sql().sql)
    }
}
