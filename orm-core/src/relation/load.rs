use super::number::Number;
use super::request::Request;
use super::target::PartOf;
use super::{BelongsTo, Children, HasMany, HasOne, ManyToMany, Parent, Target};
use crate::error::{Error, ErrorKind, Result};
use crate::model::Model;
use crate::query::Shape;
use crate::session::Session;

/// What [`Session::load`] loads for rows of `M`: its relations.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no relation of `{M}`",
    label = "expected a relation of `{M}`"
)]
pub trait Loadable<M> {
    /// What belongs to one row.
    type Output;

    /// One entry for each row.
    #[doc(hidden)]
    fn load(self, session: &Session, rows: &[M]) -> Result<Vec<Self::Output>>;
}

impl<M: Model, C: Model, S: Shape, N: Number> Loadable<M> for Children<M, C, S, N> {
    type Output = N::Of<S::Output>;

    fn load(self, session: &Session, rows: &[M]) -> Result<Vec<Self::Output>> {
        let mut found: Vec<Self::Output> =
            fetch(session, rows, &self.into_request())?.into_iter().map(N::of).collect();
        if S::HOOKED {
            found.iter_mut().flat_map(N::each).try_for_each(|row| S::after_find(row, session))?;
        }
        Ok(found)
    }
}

// written out, since an error that names a trait shows its implementations

impl<M: Model, C: Model> Loadable<M> for HasMany<M, C> {
    type Output = Vec<C>;

    fn load(self, session: &Session, rows: &[M]) -> Result<Vec<Vec<C>>> {
        self.children().load(session, rows)
    }
}

impl<M: Model, C: Model> Loadable<M> for HasOne<M, C> {
    type Output = Option<C>;

    fn load(self, session: &Session, rows: &[M]) -> Result<Vec<Option<C>>> {
        self.children().load(session, rows)
    }
}

impl<M: Model, T: Model, L: Model> Loadable<M> for ManyToMany<M, T, L> {
    type Output = Vec<T>;

    fn load(self, session: &Session, rows: &[M]) -> Result<Vec<Vec<T>>> {
        self.children().load(session, rows)
    }
}

impl<M: Model, P: Target> Loadable<M> for BelongsTo<M, P> {
    type Output = P;

    fn load(self, session: &Session, rows: &[M]) -> Result<Vec<P>> {
        let relation = self.key.name;
        let found = parents(session, rows, self.parent())?;
        found.into_iter().map(|parent| P::of(parent).ok_or_else(|| gone::<M>(relation))).collect()
    }
}

impl<M: Model, P: Target, S: Shape> Loadable<M> for Parent<M, P, S> {
    type Output = PartOf<P, S>;

    fn load(self, session: &Session, rows: &[M]) -> Result<Vec<Self::Output>> {
        let relation = self.relation;
        let found = parents(session, rows, self)?;
        found.into_iter().map(|parent| P::part::<S>(parent).ok_or_else(|| gone::<M>(relation))).collect()
    }
}

fn parents<M: Model, P: Target, S: Shape>(
    session: &Session,
    rows: &[M],
    parent: Parent<M, P, S>,
) -> Result<Vec<Option<S::Output>>> {
    let found = fetch(session, rows, &parent.into_request())?;
    let mut found: Vec<Option<S::Output>> = found.into_iter().map(|mut parents| parents.pop()).collect();
    if S::HOOKED {
        found.iter_mut().flatten().try_for_each(|parent| S::after_find(parent, session))?;
    }
    Ok(found)
}

fn fetch<M: Model, S: Shape>(
    session: &Session,
    rows: &[M],
    request: &Request<S>,
) -> Result<Vec<Vec<S::Output>>> {
    let value = |row: usize, column: usize| <M as Shape>::value(&rows[row], column);
    // several statements, one view of the database
    session.read(|snapshot| request.fetch(snapshot, rows.len(), &value))
}

#[cold]
fn gone<M: Model>(relation: &str) -> Error {
    let message = format!("the `{relation}` of a row is marked deleted, outside its scope, or gone");
    Error::new(ErrorKind::NotFound, message).with_table(M::NAME)
}

impl Session {
    /// What belongs to rows already in hand: one entry for each, in order, by one statement, and one more for each
    /// relation to many of the related rows that is said with `with`. Where no row has a key, nothing is sent. It takes
    /// whatever [`Query::with`](crate::Query::with) takes.
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
    /// let mut users = [User { id: 1 }, User { id: 2 }];
    /// session.insert_all(&mut users)?;
    /// session.create(Post { id: 7, author_id: 2 })?;
    /// let posts = session.load(&users, User::POSTS)?;
    /// assert_eq!(posts, [vec![], vec![Post { id: 7, author_id: 2 }]]);
    /// assert_eq!(session.load(&posts[1], Post::AUTHOR)?, [User { id: 2 }]);
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`is_not_found`](Error::is_not_found) where a parent that has to be there is marked deleted or outside its
    /// [`scope`](crate::Hooks::scope); otherwise as [`Query::all`](crate::Query::all).
    pub fn load<M: Model, R: Loadable<M>>(&self, rows: &[M], relation: R) -> Result<Vec<R::Output>> {
        relation.load(self, rows)
    }
}
