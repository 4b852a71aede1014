use std::fmt;
use std::marker::PhantomData;

use super::key::ForeignKey;
use super::number::Many;
use super::route::Route;
use super::target::LeadsTo;
use super::{BelongsTo, Children, Counted, Relation};
use crate::expr::{Expr, Filter, Order, Several};
use crate::model::Model;
use crate::query::{Append, Scalar};

/// The rows of `C` that refer to a row of `M`: the other end of a [`BelongsTo`], declared on the parent.
///
/// ```
/// use orm_core::{HasMany, Model};
///
/// #[derive(Model)]
/// #[orm(has_many(posts: Post::AUTHOR))]
/// struct User {
///     #[orm(primary_key, auto)]
///     id: i64,
/// }
///
/// #[derive(Model)]
/// struct Post {
///     #[orm(primary_key, auto)]
///     id: i64,
///     #[orm(references = User, index)]
///     author_id: i64,
/// }
///
/// let posts: HasMany<User, Post> = User::POSTS;
/// assert_eq!(format!("{posts:?}"), r#"HasMany(author: ["author_id"])"#);
/// ```
pub struct HasMany<M, C> {
    pub(super) key: ForeignKey,
    marker: PhantomData<fn() -> (M, C)>,
}

impl<M, C> HasMany<M, C> {
    /// For the derive: the other end of a relation of the child.
    #[doc(hidden)]
    #[must_use]
    pub const fn __new<P: LeadsTo<M>>(child: BelongsTo<C, P>) -> Self {
        Self { key: child.key, marker: PhantomData }
    }
}

impl<M: Model, C: Model> HasMany<M, C> {
    pub(super) fn children(self) -> Children<M, C, C, Many> {
        Children::new(self.route())
    }

    fn route(self) -> Route {
        Route::to_children::<M, C>(self.key)
    }

    /// Whether there is a related row where the condition holds.
    #[must_use]
    pub fn any(self, filter: Filter<C>) -> Filter<M> {
        self.route().any(filter)
    }

    /// Whether there is no related row where the condition holds.
    #[must_use]
    pub fn none(self, filter: Filter<C>) -> Filter<M> {
        self.any(filter).not()
    }

    /// Whether the condition holds for every related row; where there is none, it does.
    #[must_use]
    pub fn all(self, filter: Filter<C>) -> Filter<M> {
        self.route().all(filter)
    }

    /// How many related rows there are.
    #[must_use]
    pub fn count(self) -> Expr<M, u64> {
        self.route().count()
    }

    /// Those where the condition holds.
    pub fn filter(self, filter: Filter<C>) -> Children<M, C, C, Many> {
        self.children().filter(filter)
    }

    /// In that order.
    pub fn order_by(self, order: impl Several<Order<C>>) -> Children<M, C, C, Many> {
        self.children().order_by(order)
    }

    /// At most so many for each row: the first in their order.
    pub fn limit(self, rows: u64) -> Children<M, C, C, Many> {
        self.children().limit(rows)
    }

    /// With a relation of theirs: each becomes a tuple.
    pub fn with<R: Relation<C>>(self, relation: R) -> Children<M, C, <C as Append>::With<R::Part>, Many> {
        self.children().with(relation)
    }

    /// With the number of rows that are related to each of them: each becomes a tuple.
    pub fn with_count<R: Counted<C>>(
        self,
        relation: R,
    ) -> Children<M, C, <C as Append>::With<Scalar<u64>>, Many> {
        self.children().with_count(relation)
    }
}

impl<M, C> Clone for HasMany<M, C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, C> Copy for HasMany<M, C> {}

impl<M, C> fmt::Debug for HasMany<M, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HasMany({}: {:?})", self.key.name, self.key.child)
    }
}
