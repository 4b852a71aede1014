use std::fmt;
use std::marker::PhantomData;

use super::BelongsTo;
use super::key::ForeignKey;
use super::target::LeadsTo;

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
