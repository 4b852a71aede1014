use super::{BelongsTo, Target};
use crate::model::Model;
use crate::query::{Append, Attached, Query, Scalar, Shape};
use crate::sql::{Expr, Further, Join, Path};

/// What can be loaded beside rows of `M`: its relations.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no relation of `{M}`",
    label = "expected a relation of `{M}`"
)]
pub trait Relation<M> {
    /// What stands in each row.
    type Part: Shape;

    /// Adds what the statement reads, and gives what further ones load.
    #[doc(hidden)]
    fn attach(self, attached: &mut Attached) -> <Self::Part as Shape>::Loads;
}

/// The parent is joined: there is no further statement.
impl<M: Model, P: Target> Relation<M> for BelongsTo<M, P> {
    type Part = P;

    fn attach(self, attached: &mut Attached) {
        let path = Path::new(vec![self.step()]);
        attached.columns.push(Further::Joined(path.clone(), P::Model::TABLE));
        attached.joins.push(Join { path, inner: !P::OPTIONAL });
    }
}

/// Relations whose rows can be counted beside a row of `M`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be counted beside `{M}`",
    label = "expected a relation of `{M}` to many rows"
)]
pub trait Counted<M> {
    #[doc(hidden)]
    fn counted(self) -> Expr;
}

impl<M: Model, C: Model> Counted<M> for super::HasMany<M, C> {
    fn counted(self) -> Expr {
        self.count().inner
    }
}

impl<M: Model, T: Model, L: Model> Counted<M> for super::ManyToMany<M, T, L> {
    fn counted(self) -> Expr {
        self.count().inner
    }
}

// `T` is no choice: with `S::With<…>` in the return type rustc would not find the method at all where `S` is no `Append`, and
// would not say why.
impl<'s, M: Model, S: Shape> Query<'s, M, S> {
    /// Loads a relation: one more part in each row, beside those that there are.
    ///
    /// What a foreign key refers to is joined. Rows that refer to this one take one further statement for each relation,
    /// however many rows there are, and all are read from one snapshot. `filter`, `order_by`, `limit` (for each row) and
    /// `with` (of the related rows) are said on the relation. Where a required parent is marked deleted or outside its
    /// scope, the row is left out.
    ///
    /// ```
    /// use orm_core::{Engine, Model};
    ///
    /// #[derive(Debug, PartialEq, Model)]
    /// #[orm(has_many(posts: Post::AUTHOR))]
    /// struct User {
    ///     #[orm(primary_key, auto)]
    ///     id: i64,
    /// }
    ///
    /// #[derive(Debug, PartialEq, Model)]
    /// struct Post {
    ///     #[orm(primary_key, auto)]
    ///     id: i64,
    ///     #[orm(references = User, index)]
    ///     author_id: i64,
    /// }
    ///
    /// let session = Engine::open_in_memory()?.session()?;
    /// session.create_table::<User>()?;
    /// session.create_table::<Post>()?;
    /// session.insert_all(&mut [User { id: 1 }, User { id: 2 }])?;
    /// session.create(Post { id: 7, author_id: 1 })?;
    /// let users = session.find::<User>().with(User::POSTS).all()?;
    /// assert_eq!(users, [(User { id: 1 }, vec![Post { id: 7, author_id: 1 }]), (User { id: 2 }, vec![])]);
    /// let posts = session.find::<Post>().with(Post::AUTHOR).all()?;
    /// assert_eq!(posts, [(Post { id: 7, author_id: 1 }, User { id: 1 })]);
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    pub fn with<R: Relation<M>, T: Shape>(self, relation: R) -> Query<'s, M, T>
    where
        S: Append<With<R::Part> = T>,
    {
        self.appending::<R::Part>(|attached| relation.attach(attached))
    }

    /// How many related rows there are: one more part in each row, read by the same statement.
    pub fn with_count<R: Counted<M>, T: Shape>(self, relation: R) -> Query<'s, M, T>
    where
        S: Append<With<Scalar<u64>> = T>,
    {
        self.appending::<Scalar<u64>>(|attached| attached.columns.push(Further::Expr(relation.counted())))
    }
}
