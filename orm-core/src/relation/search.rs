use super::relation::{Counted, Relation};
use crate::model::Model;
use crate::query::{Append, Scalar, Search};

impl<'s, M: Model, S: Append> Search<'s, M, S> {
    /// Loads a relation beside each hit, as [`Query::with`](crate::Query::with) does.
    ///
    /// ```
    /// use orm_core::{Engine, Model};
    ///
    /// #[derive(Debug, PartialEq, Model)]
    /// struct User {
    ///     #[orm(primary_key, auto)]
    ///     id: i64,
    ///     name: String,
    /// }
    ///
    /// #[derive(Debug, Model)]
    /// #[orm(fts(title))]
    /// struct Post {
    ///     #[orm(primary_key, auto)]
    ///     id: i64,
    ///     title: String,
    ///     #[orm(references = User)]
    ///     author_id: i64,
    /// }
    ///
    /// let session = Engine::open_in_memory()?.session()?;
    /// session.create_table::<User>()?;
    /// session.create_table::<Post>()?;
    /// let ann = session.create(User { id: 0, name: "Ann".into() })?;
    /// session.create(Post { id: 0, title: "Knots".into(), author_id: ann.id })?;
    /// let found = session.search::<Post>("knots").with(Post::AUTHOR).first()?;
    /// assert_eq!(found.map(|(_, author)| author), Some(ann));
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    pub fn with<R: Relation<M>>(self, relation: R) -> Search<'s, M, S::With<R::Part>> {
        self.with_query(|query| query.with(relation))
    }

    /// The number of related rows beside each hit, as [`Query::with_count`](crate::Query::with_count) gives it.
    pub fn with_count<R: Counted<M>>(self, relation: R) -> Search<'s, M, S::With<Scalar<u64>>> {
        self.with_query(|query| query.with_count(relation))
    }
}
