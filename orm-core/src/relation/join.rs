use std::sync::Arc;

use super::children::Children;
use super::key::columns_through;
use super::number::Number;
use super::{BelongsTo, HasMany, HasOne, Target};
use crate::model::Model;
use crate::query::{Append, Attached, Query, Shape};
use crate::sql::{Join, Order, Path, Step};

/// What can be joined to rows of `M` in one statement: its relations to parents and children.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be joined to `{M}`",
    label = "expected a relation of `{M}`, without relations of its own"
)]
pub trait Joined<M> {
    /// What stands in each row of an inner join.
    type Inner: Shape;
    /// What stands in each row of a left join.
    type Outer: Shape;

    /// Adds the join; whether it is an inner one.
    #[doc(hidden)]
    fn join(self, attached: &mut Attached, inner: bool);
}

impl<M: Model, P: Target> Joined<M> for BelongsTo<M, P> {
    type Inner = P;
    type Outer = Option<P::Model>;

    fn join(self, attached: &mut Attached, inner: bool) {
        add::<P::Model>(attached, self.step(), inner && !P::OPTIONAL, Vec::new());
    }
}

impl<M: Model, C: Model, N: Number> Joined<M> for Children<M, C, C, N> {
    type Inner = C;
    type Outer = Option<C>;

    fn join(self, attached: &mut Attached, inner: bool) {
        if self.limit.is_some() {
            attached.problem = Some("a join knows no limit for each row: use `with`");
        }
        let [step] = self.route.steps.as_slice() else {
            attached.problem = Some("a relation over a linking table is not joined: use `with`");
            return;
        };
        // of its own, so that the same relation can be joined with another filter
        let step = Step {
            table: step.table.clone(),
            on: step.on.clone(),
            collations: step.collations.clone(),
            filter: Some(self.filter.unwrap_or_else(|| crate::sql::Expr::bool(true))),
            ..**step
        };
        add::<C>(attached, Arc::new(step), inner, self.order_by);
    }
}

macro_rules! unfiltered {
    ($relation:ident) => {
        impl<M: Model, C: Model> Joined<M> for $relation<M, C> {
            type Inner = C;
            type Outer = Option<C>;

            fn join(self, attached: &mut Attached, inner: bool) {
                self.children().join(attached, inner);
            }
        }
    };
}

unfiltered!(HasMany);
unfiltered!(HasOne);

fn add<M: Model>(attached: &mut Attached, step: Arc<Step>, inner: bool, order_by: Vec<Order>) {
    attached.columns.extend(columns_through::<M>(&step));
    let orders = order_by.into_iter().map(|order| Order { expr: order.expr.through(&step), ..order });
    attached.order_by.extend(orders);
    attached.joins.push(Join { path: Path::new(vec![step]), inner });
}

impl<'s, M: Model, S: Append> Query<'s, M, S> {
    /// A row for each pair of a row and a related one, in one statement: those without a partner are left out. A parent
    /// that an optional foreign key refers to is an `Option`, and no row is left out.
    ///
    /// The order of the relation comes behind that of the query.
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
    /// let pairs = session.find::<Post>().join(Post::AUTHOR).all()?;
    /// assert_eq!(pairs, [(Post { id: 7, author_id: 1 }, User { id: 1 })]);
    /// let users = session.find::<User>().order_by(User::ID.asc()).left_join(User::POSTS).all()?;
    /// assert_eq!(users, [(User { id: 1 }, Some(Post { id: 7, author_id: 1 })), (User { id: 2 }, None)]);
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    pub fn join<R: Joined<M>>(self, relation: R) -> Query<'s, M, S::With<R::Inner>>
    where
        <R::Inner as Shape>::Loads: Default,
    {
        self.appending::<R::Inner>(|attached| {
            relation.join(attached, true);
            Default::default()
        })
    }

    /// [`join`](Query::join) that leaves no row out: one without a partner stands beside `None`. A filter of the relation
    /// says which partners there are.
    pub fn left_join<R: Joined<M>>(self, relation: R) -> Query<'s, M, S::With<R::Outer>> {
        self.appending::<R::Outer>(|attached| {
            relation.join(attached, false);
            Default::default()
        })
    }
}
