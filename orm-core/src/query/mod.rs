//! Queries: values that say what to read or change, and lower themselves into [`sql`](mod@crate::sql).

mod aggregate;
mod append;
mod chunks;
mod compound;
mod explain;
mod for_each;
mod inserting;
mod lower;
mod read;
mod returning;
mod rows;
mod search;
mod selection;
mod shape;
mod subquery;
mod write;

pub use self::append::{Append, Attached};
pub use self::chunks::Chunks;
pub use self::compound::Compound;
pub use self::for_each::{BorrowRow, Proceed};
pub use self::inserting::{ChangesRows, Ignores, Inserting, OnConflict, Receives, Updates, Upserting};
pub(crate) use self::lower::{invalid, own_columns};
pub use self::rows::Rows;
pub use self::search::{Hit, Search};
pub use self::selection::Selection;
pub use self::shape::{Beside, Scalar, Shape};

use std::fmt;
use std::marker::PhantomData;

use crate::expr::{Filter, Order, Several};
use crate::model::Model;
use crate::session::Session;
use crate::sql;

/// A query over the table of `M`, whose rows become what `S` says: the model itself, or what [`select`](Query::select)
/// chose.
///
/// A query is a value. Its terminals (`all`, `first`, `one`, `count`, `exists`, `iter`, `update`, `delete` …) take
/// `&self`, so a base query can be kept, cloned and used again.
///
/// ```
/// use orm_core::{Engine, Model};
///
/// #[derive(Debug, PartialEq, Model)]
/// struct User {
///     #[orm(primary_key, auto)]
///     id: i64,
///     name: Option<String>,
///     age: u8,
/// }
///
/// let session = Engine::open_in_memory()?.session()?;
/// session.create_table::<User>()?;
/// for (name, age) in [("Ann", 30), ("Bob", 17), ("Amy", 18)] {
///     session.create(User { id: 0, name: Some(name.into()), age })?;
/// }
///
/// let adults = session.find::<User>().filter(User::AGE.ge(18));
/// assert_eq!(adults.count()?, 2);
/// let names = adults.clone().order_by(User::AGE.desc()).select((User::NAME, User::AGE)).all()?;
/// assert_eq!(names, [(Some("Ann".to_owned()), 30), (Some("Amy".to_owned()), 18)]);
/// assert_eq!(adults.filter(User::NAME.ends_with("y")).one()?.age, 18);
/// # Ok::<(), orm_core::Error>(())
/// ```
#[must_use = "a query does nothing until a terminal such as `all` runs it"]
pub struct Query<'s, M, S: Shape = M> {
    session: &'s Session,
    parts: Parts,
    loads: S::Loads,
    marker: PhantomData<fn() -> (M, S)>,
}

/// What has been said of a query so far.
#[derive(Debug, Clone, Default)]
struct Parts {
    /// What is read; the model's columns where nothing was selected.
    columns: Option<Vec<sql::Expr>>,
    attached: Attached,
    distinct: bool,
    filter: Option<sql::Expr>,
    group_by: Vec<sql::Expr>,
    having: Option<sql::Expr>,
    order_by: Vec<sql::Order>,
    limit: Option<u64>,
    offset: Option<u64>,
    all_rows: bool,
    unscoped: bool,
    with_deleted: bool,
}

impl Session {
    /// A query over the table of `M`: all its rows, until a filter says otherwise.
    ///
    /// Rows marked deleted are left out, and the model's [`scope`](crate::Hooks::scope) applies.
    pub fn find<M: Model>(&self) -> Query<'_, M> {
        Query { session: self, parts: Parts::default(), loads: (), marker: PhantomData }
    }
}

impl<'s, M: Model, S: Shape> Query<'s, M, S> {
    /// Keeps the rows where the condition holds. Several filters are joined by AND. A condition on an aggregate, such as
    /// `func::count().gt(1)`, is for [`having`](Query::having).
    pub fn filter(mut self, filter: Filter<M>) -> Self {
        self.parts.filter = Some(joined(self.parts.filter.take(), filter.inner));
        self
    }

    /// The order of the rows: one [`Order`], an array, a vector or a tuple of them. A further call adds to it.
    pub fn order_by(mut self, order: impl Several<Order<M>>) -> Self {
        let order = order.into_list().into_iter().map(|order| order.inner);
        if self.parts.order_by.is_empty() {
            self.parts.order_by = order.collect();
        } else {
            self.parts.order_by.extend(order);
        }
        self
    }

    /// At most so many rows.
    pub fn limit(mut self, rows: u64) -> Self {
        self.parts.limit = Some(rows);
        self
    }

    /// Without the first so many rows.
    pub fn offset(mut self, rows: u64) -> Self {
        self.parts.offset = Some(rows);
        self
    }

    /// Without repeated rows.
    pub fn distinct(mut self) -> Self {
        self.parts.distinct = true;
        self
    }

    /// One row for each value of a column or an expression, or of a tuple of them: [`select`](Query::select) says what it
    /// shows, aggregates of [`func`](crate::func) among it.
    ///
    /// ```
    /// use orm_core::{Engine, Model, func};
    ///
    /// #[derive(Model)]
    /// struct Visit {
    ///     #[orm(primary_key, auto)]
    ///     id: i64,
    ///     page: String,
    /// }
    ///
    /// let session = Engine::open_in_memory()?.session()?;
    /// session.create_table::<Visit>()?;
    /// for page in ["a", "b", "a"] {
    ///     session.create(Visit { id: 0, page: page.into() })?;
    /// }
    /// let often = session
    ///     .find::<Visit>()
    ///     .group_by(Visit::PAGE)
    ///     .having(func::count().gt(1))
    ///     .select((Visit::PAGE, func::count()))
    ///     .all()?;
    /// assert_eq!(often, [("a".to_owned(), 2)]);
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    pub fn group_by(mut self, terms: impl Selection<M>) -> Self {
        terms.append_to(&mut self.parts.group_by);
        self
    }

    /// Keeps the groups where the condition holds. Several are joined by AND.
    pub fn having(mut self, filter: Filter<M>) -> Self {
        self.parts.having = Some(joined(self.parts.having.take(), filter.inner));
        self
    }

    /// Reads a column or an expression, or a tuple of up to twelve of them, in place of whole models. A hook that runs
    /// after models are found does not run then.
    pub fn select<T: Selection<M>>(mut self, selection: T) -> Query<'s, M, T::Shape> {
        let mut columns = Vec::new();
        selection.append_to(&mut columns);
        self.parts.columns = Some(columns);
        Query { session: self.session, parts: self.parts, loads: Default::default(), marker: PhantomData }
    }

    /// With one more part in each row.
    pub(crate) fn appending<P: Shape>(
        mut self,
        attach: impl FnOnce(&mut Attached) -> P::Loads,
    ) -> Query<'s, M, S::With<P>>
    where
        S: Append,
    {
        let loads = S::append::<P>(self.loads, attach(&mut self.parts.attached));
        Query { session: self.session, parts: self.parts, loads, marker: PhantomData }
    }

    /// Says that an update or delete without a filter is meant.
    pub fn all_rows(mut self) -> Self {
        self.parts.all_rows = true;
        self
    }

    /// Leaves the model's [`scope`](crate::Hooks::scope) out.
    pub fn unscoped(mut self) -> Self {
        self.parts.unscoped = true;
        self
    }

    /// Takes rows in that are marked deleted.
    pub fn with_deleted(mut self) -> Self {
        self.parts.with_deleted = true;
        self
    }
}

fn joined(before: Option<sql::Expr>, filter: sql::Expr) -> sql::Expr {
    match before {
        Some(before) => before.and(filter),
        None => filter,
    }
}

impl<M, S: Shape> Clone for Query<'_, M, S> {
    fn clone(&self) -> Self {
        Self {
            session: self.session,
            parts: self.parts.clone(),
            loads: self.loads.clone(),
            marker: PhantomData,
        }
    }
}

impl<M: Model, S: Shape> fmt::Debug for Query<'_, M, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Query({})", self.to_sql().sql)
    }
}
