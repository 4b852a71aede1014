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

/// The rows of `T` that rows of `L` link with a row of `M`, declared on either side by the two relations of the link.
///
/// ```
/// use orm_core::{ManyToMany, Model};
///
/// #[derive(Model)]
/// #[orm(many_to_many(tags: Tag through PostTag::POST, PostTag::TAG))]
/// struct Post {
///     #[orm(primary_key, auto)]
///     id: i64,
/// }
///
/// #[derive(Model)]
/// #[orm(many_to_many(posts: Post through PostTag::TAG, PostTag::POST))]
/// struct Tag {
///     #[orm(primary_key)]
///     name: String,
/// }
///
/// #[derive(Model)]
/// #[orm(primary_key(post_id, tag_id))]
/// struct PostTag {
///     #[orm(references = Post, on_delete = "cascade")]
///     post_id: i64,
///     #[orm(references = Tag, on_delete = "cascade", index)]
///     tag_id: String,
/// }
///
/// let tags: ManyToMany<Post, Tag, PostTag> = Post::TAGS;
/// assert_eq!(format!("{tags:?}"), r#"ManyToMany(post: ["post_id"], tag: ["tag_id"])"#);
/// ```
pub struct ManyToMany<M, T, L> {
    pub(super) near: ForeignKey,
    pub(super) far: ForeignKey,
    marker: Marker<M, T, L>,
}

/// It holds none of these.
type Marker<M, T, L> = PhantomData<fn() -> (M, T, L)>;

impl<M, T, L> ManyToMany<M, T, L> {
    /// For the derive: the link's relation to this side, then that to the other.
    #[doc(hidden)]
    #[must_use]
    pub const fn __new<P: LeadsTo<M>, Q: LeadsTo<T>>(near: BelongsTo<L, P>, far: BelongsTo<L, Q>) -> Self {
        Self { near: near.key, far: far.key, marker: PhantomData }
    }
}

impl<M: Model, T: Model, L: Model> ManyToMany<M, T, L> {
    pub(super) fn children(self) -> Children<M, T, T, Many> {
        Children::new(self.route())
    }

    fn route(self) -> Route {
        Route::over_link::<M, T, L>(self.near, self.far)
    }

    /// Whether there is a related row where the condition holds.
    #[must_use]
    pub fn any(self, filter: Filter<T>) -> Filter<M> {
        self.route().any(filter)
    }

    /// Whether there is no related row where the condition holds.
    #[must_use]
    pub fn none(self, filter: Filter<T>) -> Filter<M> {
        self.any(filter).not()
    }

    /// Whether the condition holds for every related row; where there is none, it does.
    #[must_use]
    pub fn all(self, filter: Filter<T>) -> Filter<M> {
        self.route().all(filter)
    }

    /// How many related rows there are.
    #[must_use]
    pub fn count(self) -> Expr<M, u64> {
        self.route().count()
    }

    /// Those where the condition holds.
    pub fn filter(self, filter: Filter<T>) -> Children<M, T, T, Many> {
        self.children().filter(filter)
    }

    /// In that order.
    pub fn order_by(self, order: impl Several<Order<T>>) -> Children<M, T, T, Many> {
        self.children().order_by(order)
    }

    /// At most so many for each row: the first in their order.
    pub fn limit(self, rows: u64) -> Children<M, T, T, Many> {
        self.children().limit(rows)
    }

    /// With a relation of theirs: each becomes a tuple.
    pub fn with<R: Relation<T>>(self, relation: R) -> Children<M, T, <T as Append>::With<R::Part>, Many> {
        self.children().with(relation)
    }

    /// With the number of rows that are related to each of them: each becomes a tuple.
    pub fn with_count<R: Counted<T>>(
        self,
        relation: R,
    ) -> Children<M, T, <T as Append>::With<Scalar<u64>>, Many> {
        self.children().with_count(relation)
    }
}

impl<M, T, L> Clone for ManyToMany<M, T, L> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, T, L> Copy for ManyToMany<M, T, L> {}

impl<M, T, L> fmt::Debug for ManyToMany<M, T, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (near, far) = (self.near, self.far);
        write!(f, "ManyToMany({}: {:?}, {}: {:?})", near.name, near.child, far.name, far.child)
    }
}
