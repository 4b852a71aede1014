use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use super::relation::{Counted, Relation};
use super::request::Request;
use super::{BelongsTo, Target};
use crate::error::Result;
use crate::model::Model;
use crate::query::{Append, Attached, Beside, BorrowRow, Scalar, Shape};
use crate::session::Session;
use crate::sql::{Further, Join, Path, Step};
use crate::value::Row;

/// A parent with what is loaded beside it: what [`BelongsTo::with`] gives.
///
/// ```
/// use orm_core::{Engine, Model};
///
/// #[derive(Debug, PartialEq, Model)]
/// struct Team {
///     #[orm(primary_key, auto)]
///     id: i64,
/// }
///
/// #[derive(Debug, PartialEq, Model)]
/// struct User {
///     #[orm(primary_key, auto)]
///     id: i64,
///     #[orm(references = Team)]
///     team_id: i64,
/// }
///
/// #[derive(Debug, PartialEq, Model)]
/// struct Post {
///     #[orm(primary_key, auto)]
///     id: i64,
///     #[orm(references = User)]
///     author_id: i64,
/// }
///
/// let session = Engine::open_in_memory()?.session()?;
/// session.create_table::<Team>()?;
/// session.create_table::<User>()?;
/// session.create_table::<Post>()?;
/// session.create(Team { id: 1 })?;
/// session.create(User { id: 2, team_id: 1 })?;
/// session.create(Post { id: 3, author_id: 2 })?;
/// let posts = session.find::<Post>().with(Post::AUTHOR.with(User::TEAM)).all()?;
/// assert_eq!(posts, [(Post { id: 3, author_id: 2 }, (User { id: 2, team_id: 1 }, Team { id: 1 }))]);
/// # Ok::<(), orm_core::Error>(())
/// ```
#[must_use = "hand it to `with` or `load`"]
pub struct Parent<M, P, S: Shape> {
    /// The relation's name.
    pub(super) relation: &'static str,
    step: Arc<Step>,
    attached: Attached,
    loads: S::Loads,
    marker: PhantomData<fn() -> (M, P)>,
}

impl<M: Model, P: Target> BelongsTo<M, P> {
    pub(super) fn parent(self) -> Parent<M, P, P::Model> {
        Parent {
            relation: self.key.name,
            step: self.step(),
            attached: Attached::default(),
            loads: (),
            marker: PhantomData,
        }
    }

    /// Loads a relation of the parent too: it becomes a tuple.
    pub fn with<R: Relation<P::Model>>(
        self,
        relation: R,
    ) -> Parent<M, P, <P::Model as Append>::With<R::Part>> {
        self.parent().with(relation)
    }

    /// How many rows are related to the parent: it becomes a tuple.
    pub fn with_count<R: Counted<P::Model>>(
        self,
        relation: R,
    ) -> Parent<M, P, <P::Model as Append>::With<Scalar<u64>>> {
        self.parent().with_count(relation)
    }
}

impl<M, P: Target, S: Append> Parent<M, P, S> {
    /// Loads a relation of the parent too: one more part beside it.
    pub fn with<R: Relation<P::Model>>(self, relation: R) -> Parent<M, P, S::With<R::Part>> {
        self.appending::<R::Part>(|attached| relation.attach(attached))
    }

    /// How many rows are related to the parent: one more part beside it.
    pub fn with_count<R: Counted<P::Model>>(self, relation: R) -> Parent<M, P, S::With<Scalar<u64>>> {
        self.appending::<Scalar<u64>>(|attached| attached.columns.push(Further::Expr(relation.counted())))
    }

    fn appending<T: Shape>(
        mut self,
        attach: impl FnOnce(&mut Attached) -> T::Loads,
    ) -> Parent<M, P, S::With<T>> {
        let more = attach(&mut self.attached);
        let loads = S::append::<T>(self.loads, more);
        Parent {
            relation: self.relation,
            step: self.step,
            attached: self.attached,
            loads,
            marker: PhantomData,
        }
    }
}

impl<M: Model, P: Target, S: Shape> Parent<M, P, S> {
    pub(super) fn into_request(self) -> Request<S> {
        // an index out of range is an error when it is asked for
        let from = self.step.here.iter().map(|name| M::TABLE.position(name).unwrap_or(usize::MAX)).collect();
        let steps = vec![self.step];
        Request::new::<P::Model>(from, steps, None, Vec::new(), None, self.attached, self.loads)
    }
}

/// Everything is joined by way of the parent; behind one that may not be there, nothing leaves a row out.
impl<M: Model, P: Target, S: Shape> Relation<M> for Parent<M, P, S> {
    type Part = P::Part<S>;

    fn attach(self, attached: &mut Attached) -> S::Loads {
        let path = Path::new(vec![self.step]);
        attached.columns.push(Further::Joined(path.clone(), P::Model::TABLE));
        attached.columns.extend(self.attached.columns.into_iter().map(|column| column.through(&path)));
        let joins = self.attached.joins.into_iter();
        let joins =
            joins.map(|join| Join { path: join.path.behind(&path), inner: join.inner && !P::OPTIONAL });
        attached.joins.extend(std::iter::once(Join { path: path.clone(), inner: !P::OPTIONAL }).chain(joins));
        attached.problem = attached.problem.or(self.attached.problem);
        self.loads
    }
}

impl<M, P, S: Shape> Clone for Parent<M, P, S> {
    fn clone(&self) -> Self {
        let (attached, loads) = (self.attached.clone(), self.loads.clone());
        Self { relation: self.relation, step: Arc::clone(&self.step), attached, loads, marker: PhantomData }
    }
}

impl<M, P, S: Shape> fmt::Debug for Parent<M, P, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parent").finish_non_exhaustive()
    }
}

/// The shape of a joined parent that may not be there, with what stands beside it.
#[doc(hidden)]
#[derive(Debug)]
pub struct Maybe<S>(PhantomData<fn() -> S>);

impl<S: BorrowRow> BorrowRow for Maybe<S> {
    type Borrowed<'r> = Option<S::Borrowed<'r>>;

    fn borrow_row<R: Row>(row: &R, start: usize) -> Result<Self::Borrowed<'_>> {
        if S::is_absent(row, start) { Ok(None) } else { S::borrow_row(row, start).map(Some) }
    }
}

impl<S: Shape> Shape for Maybe<S> {
    type Output = Option<S::Output>;
    type Loads = S::Loads;
    const LOADS: bool = S::LOADS;
    const HOOKED: bool = S::HOOKED;

    fn width() -> usize {
        S::width()
    }

    fn decode<R: Row>(row: &R, start: usize) -> Result<Self::Output> {
        if S::is_absent(row, start) { Ok(None) } else { S::decode(row, start).map(Some) }
    }

    fn after_find(output: &mut Self::Output, session: &Session) -> Result<()> {
        output.as_mut().map_or(Ok(()), |output| S::after_find(output, session))
    }

    fn load(
        rows: &mut [&mut Self::Output],
        beside: &Beside<'_>,
        loads: &Self::Loads,
        session: &Session,
    ) -> Result<()> {
        let mut present: Vec<_> = rows.iter_mut().filter_map(|row| row.as_mut()).collect();
        S::load(&mut present, beside, loads, session)
    }
}
