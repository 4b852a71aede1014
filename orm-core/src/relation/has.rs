use std::fmt;
use std::marker::PhantomData;

use super::BelongsTo;
use super::key::ForeignKey;
use super::target::LeadsTo;

macro_rules! has {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        pub struct $name<M, C> {
            pub(super) key: ForeignKey,
            marker: PhantomData<fn() -> (M, C)>,
        }

        impl<M, C> $name<M, C> {
            /// For the derive: the other end of a relation of the child.
            #[doc(hidden)]
            #[must_use]
            pub const fn __new<P: LeadsTo<M>>(child: BelongsTo<C, P>) -> Self {
                Self { key: child.key, marker: PhantomData }
            }
        }

        impl<M, C> Clone for $name<M, C> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<M, C> Copy for $name<M, C> {}

        impl<M, C> fmt::Debug for $name<M, C> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({}: {:?})"), self.key.name, self.key.child)
            }
        }
    };
}

has! {
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
    HasMany
}

has! {
    /// The row of `C` that refers to a row of `M`, where there is one: the foreign key is unique.
    ///
    /// ```
    /// use orm_core::{HasOne, Model};
    ///
    /// #[derive(Model)]
    /// #[orm(has_one(card: Card::USER))]
    /// struct User {
    ///     #[orm(primary_key, auto)]
    ///     id: i64,
    /// }
    ///
    /// #[derive(Model)]
    /// struct Card {
    ///     #[orm(primary_key, auto)]
    ///     id: i64,
    ///     #[orm(references = User, unique)]
    ///     user_id: i64,
    /// }
    ///
    /// let card: HasOne<User, Card> = User::CARD;
    /// assert_eq!(format!("{card:?}"), r#"HasOne(user: ["user_id"])"#);
    /// ```
    HasOne
}
