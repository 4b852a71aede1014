use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use super::number::{Many, Number, One};
use super::relation::{Counted, Relation};
use super::request::{Loaded, Request};
use super::route::Route;
use super::{HasMany, HasOne, ManyToMany};
use crate::expr::{Filter, Order, Several};
use crate::model::Model;
use crate::query::{Append, Attached, Scalar, Shape};
use crate::sql;

/// Related rows with what was said of them: which, in what order, how many for each row of `M`, and what is loaded with
/// them in turn.
///
/// ```
/// use orm_core::{Engine, Model};
///
/// #[derive(Debug, Model)]
/// #[orm(has_many(posts: Post::AUTHOR))]
/// struct User {
///     #[orm(primary_key, auto)]
///     id: i64,
/// }
///
/// #[derive(Debug, Model)]
/// struct Post {
///     #[orm(primary_key, auto)]
///     id: i64,
///     title: String,
///     #[orm(references = User, index)]
///     author_id: i64,
/// }
///
/// let session = Engine::open_in_memory()?.session()?;
/// session.create_table::<User>()?;
/// session.create_table::<Post>()?;
/// for _ in 0..2 {
///     let author_id = session.create(User { id: 0 })?.id;
///     for title in ["a", "b", "c"] {
///         session.create(Post { id: 0, title: title.into(), author_id })?;
///     }
/// }
/// let last = User::POSTS.filter(Post::TITLE.ne("c")).order_by(Post::TITLE.desc()).limit(1);
/// for (_, posts) in session.find::<User>().with(last).all()? {
///     assert_eq!(posts.iter().map(|post| post.title.as_str()).collect::<Vec<_>>(), ["b"]);
/// }
/// # Ok::<(), orm_core::Error>(())
/// ```
#[must_use = "hand it to `with`, `load` or `left_join`"]
pub struct Children<M, C, S: Shape = C, N = Many> {
    pub(super) route: Route,
    pub(super) filter: Option<sql::Expr>,
    pub(super) order_by: Vec<sql::Order>,
    pub(super) limit: Option<u64>,
    attached: Attached,
    loads: S::Loads,
    marker: Marker<M, C, N>,
}

/// It holds none of these.
type Marker<M, C, N> = PhantomData<fn() -> (M, C, N)>;

impl<M, C: Model, N> Children<M, C, C, N> {
    pub(super) fn new(route: Route) -> Self {
        Self {
            route,
            filter: None,
            order_by: Vec::new(),
            limit: None,
            attached: Attached::default(),
            loads: (),
            marker: PhantomData,
        }
    }
}

impl<M: Model, C: Model, S: Shape, N: Number> Children<M, C, S, N> {
    /// Keeps the rows where the condition holds. Several filters are joined by AND.
    pub fn filter(mut self, filter: Filter<C>) -> Self {
        self.filter = Some(match self.filter.take() {
            Some(before) => before.and(filter.inner),
            None => filter.inner,
        });
        self
    }

    /// The order of the rows that belong to one row. A further call adds to it.
    pub fn order_by(mut self, order: impl Several<Order<C>>) -> Self {
        let order = order.into_list().into_iter().map(|order| order.inner);
        if self.order_by.is_empty() {
            self.order_by = order.collect();
        } else {
            self.order_by.extend(order);
        }
        self
    }

    /// At most so many for each row: the first in their order.
    pub fn limit(mut self, rows: u64) -> Self {
        self.limit = Some(rows);
        self
    }

    /// Loads a relation of the related rows too: each becomes a tuple.
    pub fn with<R: Relation<C>>(self, relation: R) -> Children<M, C, S::With<R::Part>, N>
    where
        S: Append,
    {
        self.appending::<R::Part>(|attached| relation.attach(attached))
    }

    /// How many rows are related to each of the related rows: one more part in each of them.
    pub fn with_count<R: Counted<C>>(self, relation: R) -> Children<M, C, S::With<Scalar<u64>>, N>
    where
        S: Append,
    {
        self.appending::<Scalar<u64>>(|attached| {
            attached.columns.push(sql::Further::Expr(relation.counted()));
        })
    }

    fn appending<P: Shape>(
        mut self,
        attach: impl FnOnce(&mut Attached) -> P::Loads,
    ) -> Children<M, C, S::With<P>, N>
    where
        S: Append,
    {
        let more = attach(&mut self.attached);
        Children {
            route: self.route,
            filter: self.filter,
            order_by: self.order_by,
            limit: self.limit,
            attached: self.attached,
            loads: S::append::<P>(self.loads, more),
            marker: PhantomData,
        }
    }

    pub(super) fn into_request(self) -> Arc<Request<S>> {
        let route = self.route;
        // an index out of range is an error when it is asked for
        let from = route.from.iter().map(|name| M::TABLE.position(name).unwrap_or(usize::MAX)).collect();
        Arc::new(Request::new::<C>(
            from,
            route.steps,
            self.filter,
            self.order_by,
            self.limit,
            self.attached,
            self.loads,
        ))
    }
}

impl<M: Model, C: Model, S: Shape + 'static, N: Number> Relation<M> for Children<M, C, S, N> {
    type Part = Loaded<S, N>;

    fn attach(self, _: &mut Attached) -> Option<Arc<Request<S>>> {
        Some(self.into_request())
    }
}

impl<M, C, S: Shape, N> Clone for Children<M, C, S, N> {
    fn clone(&self) -> Self {
        Self {
            route: self.route.clone(),
            filter: self.filter.clone(),
            order_by: self.order_by.clone(),
            limit: self.limit,
            attached: self.attached.clone(),
            loads: self.loads.clone(),
            marker: PhantomData,
        }
    }
}

impl<M, C, S: Shape, N> fmt::Debug for Children<M, C, S, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Children").field("limit", &self.limit).finish_non_exhaustive()
    }
}

// written out, since an error that names a trait shows its implementations

impl<M: Model, C: Model> Relation<M> for HasMany<M, C> {
    type Part = Loaded<C, Many>;

    fn attach(self, _: &mut Attached) -> Option<Arc<Request<C>>> {
        Some(self.children().into_request())
    }
}

impl<M: Model, C: Model> Relation<M> for HasOne<M, C> {
    type Part = Loaded<C, One>;

    fn attach(self, _: &mut Attached) -> Option<Arc<Request<C>>> {
        Some(self.children().into_request())
    }
}

impl<M: Model, T: Model, L: Model> Relation<M> for ManyToMany<M, T, L> {
    type Part = Loaded<T, Many>;

    fn attach(self, _: &mut Attached) -> Option<Arc<Request<T>>> {
        Some(self.children().into_request())
    }
}
