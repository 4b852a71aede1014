use std::fmt;
use std::marker::PhantomData;

use super::key::ForeignKey;

/// The relation of a foreign key: each row of `M` refers to a row of `P`, or with an optional key `P` is an `Option` and
/// it refers to at most one. The derive makes such a constant for each `references` and each named `foreign_key`.
///
/// ```
/// use orm_core::{BelongsTo, Engine, Model};
///
/// #[derive(Debug, Clone, PartialEq, Model)]
/// struct User {
///     #[orm(primary_key, auto)]
///     id: i64,
///     name: String,
/// }
///
/// #[derive(Debug, PartialEq, Model)]
/// struct Post {
///     #[orm(primary_key, auto)]
///     id: i64,
///     #[orm(references = User)]
///     author_id: i64,
///     #[orm(references = User)]
///     editor_id: Option<i64>,
/// }
///
/// let _: [BelongsTo<Post, User>; 1] = [Post::AUTHOR];
/// let _: [BelongsTo<Post, Option<User>>; 1] = [Post::EDITOR];
/// assert_eq!(format!("{:?}", Post::AUTHOR), r#"BelongsTo(author: ["author_id"])"#);
/// ```
pub struct BelongsTo<M, P> {
    pub(super) key: ForeignKey,
    marker: PhantomData<fn() -> (M, P)>,
}

impl<M, P> BelongsTo<M, P> {
    /// For the derive: the relation's name, the columns of both sides, and whether a parent has at most one child.
    #[doc(hidden)]
    #[must_use]
    pub const fn __new(
        name: &'static str,
        child: &'static [&'static str],
        parent: &'static [&'static str],
        unique: bool,
    ) -> Self {
        Self { key: ForeignKey { name, child, parent, unique }, marker: PhantomData }
    }

    /// For the derive: whether a parent has at most one child.
    #[doc(hidden)]
    #[must_use]
    pub const fn __is_unique(&self) -> bool {
        self.key.unique
    }
}

impl<M, P> Clone for BelongsTo<M, P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, P> Copy for BelongsTo<M, P> {}

impl<M, P> fmt::Debug for BelongsTo<M, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BelongsTo({}: {:?})", self.key.name, self.key.child)
    }
}
