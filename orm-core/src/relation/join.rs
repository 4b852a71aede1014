use std::sync::Arc;

use super::children::Children;
use super::number::Number;
use super::{BelongsTo, HasMany, HasOne, ManyToMany, Target};
use crate::model::Model;
use crate::query::{Append, Attached, Query, Shape};
use crate::sql::{Expr, Further, Join, Order, Path, Question, Related, Step};

/// What can be joined to rows of `M` in one statement: its relations, also over a table that links.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be joined to `{M}`",
    label = "expected a relation of `{M}`",
    note = "with relations of their own, rows are loaded by `with`"
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
        add::<P::Model>(attached, vec![self.step()], inner && !P::OPTIONAL, Vec::new());
    }
}

impl<M: Model, C: Model, N: Number> Joined<M> for Children<M, C, C, N> {
    type Inner = C;
    type Outer = Option<C>;

    fn join(self, attached: &mut Attached, inner: bool) {
        if self.limit.is_some() {
            attached.problem = Some("a join knows no limit for each row: use `with`");
        }
        let steps = if inner {
            inner_steps(self.route.steps, self.filter)
        } else {
            outer_steps(self.route.steps, self.filter)
        };
        add::<C>(attached, steps, inner, self.order_by);
    }
}

/// The steps with the condition at their end.
fn inner_steps(mut steps: Vec<Arc<Step>>, filter: Option<Expr>) -> Vec<Arc<Step>> {
    for step in &mut steps {
        own(step);
    }
    if let (Some(last), Some(_)) = (steps.last_mut(), &filter) {
        Arc::make_mut(last).filter = filter;
    }
    steps
}

/// The same where rows without a partner stay: a link that leads to nothing must not count as one. Asking of the link
/// whether it leads somewhere lets SQLite use the indexes, which it does not inside a join in parentheses.
fn outer_steps(mut steps: Vec<Arc<Step>>, filter: Option<Expr>) -> Vec<Arc<Step>> {
    let [link, target] = &mut *steps else { return inner_steps(steps, filter) };
    let (link, target) = (own(link), own(target));
    if target.optional || filter.is_some() {
        let leads = Related { steps: vec![Arc::new(target.clone())], filter, question: Question::Exists };
        link.filter = Some(Expr::related(leads));
        target.visible = None;
    }
    steps
}

/// A step that is shared with no other, so that the same relation can be joined twice with other filters.
fn own(step: &mut Arc<Step>) -> &mut Step {
    let step = Arc::make_mut(step);
    step.filter = Some(Expr::bool(true));
    step
}

// written out, since an error that names a trait shows its implementations

impl<M: Model, C: Model> Joined<M> for HasMany<M, C> {
    type Inner = C;
    type Outer = Option<C>;

    fn join(self, attached: &mut Attached, inner: bool) {
        self.children().join(attached, inner);
    }
}

impl<M: Model, C: Model> Joined<M> for HasOne<M, C> {
    type Inner = C;
    type Outer = Option<C>;

    fn join(self, attached: &mut Attached, inner: bool) {
        self.children().join(attached, inner);
    }
}

impl<M: Model, T: Model, L: Model> Joined<M> for ManyToMany<M, T, L> {
    type Inner = T;
    type Outer = Option<T>;

    fn join(self, attached: &mut Attached, inner: bool) {
        self.children().join(attached, inner);
    }
}

fn add<M: Model>(attached: &mut Attached, steps: Vec<Arc<Step>>, inner: bool, order_by: Vec<Order>) {
    let path = Path::new(steps);
    let order_by = order_by.into_iter().map(|order| Order { expr: order.expr.through(&path), ..order });
    if attached.order_by.is_empty() {
        attached.order_by = order_by.collect();
    } else {
        attached.order_by.extend(order_by);
    }
    attached.joins.extend((1..=path.steps().len()).map(|length| Join { path: path.first(length), inner }));
    attached.columns.push(Further::Joined(path, M::TABLE));
}

// `T` as for `with`.
impl<'s, M: Model, S: Shape> Query<'s, M, S> {
    /// A row for each pair of a row and a related one, in one statement: those without a partner are left out. A parent
    /// that an optional foreign key refers to is an `Option`, and no row is left out. Rows that a table links are joined
    /// by way of it.
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
    pub fn join<R: Joined<M>, T: Shape>(self, relation: R) -> Query<'s, M, T>
    where
        S: Append<With<R::Inner> = T>,
        <R::Inner as Shape>::Loads: Default,
    {
        self.appending::<R::Inner>(|attached| {
            relation.join(attached, true);
            Default::default()
        })
    }

    /// [`join`](Query::join) that leaves no row out: one without a partner stands beside `None`. A filter of the relation
    /// says which partners there are.
    pub fn left_join<R: Joined<M>, T: Shape>(self, relation: R) -> Query<'s, M, T>
    where
        S: Append<With<R::Outer> = T>,
    {
        self.appending::<R::Outer>(|attached| {
            relation.join(attached, false);
            Default::default()
        })
    }
}
