use std::sync::Arc;

use super::{BelongsTo, Target};
use crate::expr::{Expr, Expression, Filter};
use crate::model::Model;
use crate::sql::{self, Path, Question, Step};

impl<M: Model, P: Target> BelongsTo<M, P> {
    pub(super) fn step(self) -> Arc<Step> {
        Arc::new(self.key.to_parent::<P::Model>(P::OPTIONAL))
    }

    /// A column or an expression of the other model, seen from this one: in filters, orders, groups and selections, also
    /// through several relations. The table is joined once, however often it is named, and a path never removes a row.
    ///
    /// Through an optional key it is an `Option`: the columns of a parent that is not there are NULL, and an expression is
    /// made of those, so that a count is 0. A parent that is marked deleted or outside its model's
    /// [`scope`](crate::Hooks::scope) is not there: select what leads to it as
    /// [`nullable`](crate::Expr::nullable). For conditions on the parent as a whole there is [`any`](Self::any).
    ///
    /// ```
    /// use orm_core::{Engine, Model};
    ///
    /// #[derive(Model)]
    /// struct User {
    ///     #[orm(primary_key, auto)]
    ///     id: i64,
    ///     name: String,
    /// }
    ///
    /// #[derive(Model)]
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
    /// for name in ["Ann", "Bob"] {
    ///     let user = session.create(User { id: 0, name: name.into() })?;
    ///     session.create(Post { id: 0, title: format!("by {name}"), author_id: user.id })?;
    /// }
    /// let name = Post::AUTHOR.at(User::NAME);
    /// let titles = session.find::<Post>().order_by(name.clone().desc()).select((Post::TITLE, name)).all()?;
    /// assert_eq!(titles, [("by Bob".to_owned(), "Bob".to_owned()), ("by Ann".to_owned(), "Ann".to_owned())]);
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    pub fn at<E: Expression<P::Model>>(self, expression: E) -> Expr<M, P::At<E::Type>> {
        Expr::new(expression.lower().through(&Path::new(vec![self.step()])))
    }

    /// Whether there is a parent where the condition holds.
    #[must_use]
    pub fn any(self, filter: Filter<P::Model>) -> Filter<M> {
        let steps = vec![self.step()];
        Expr::new(sql::Expr::related(sql::Related {
            steps,
            filter: Some(filter.inner),
            question: Question::Exists,
        }))
    }

    /// Whether there is no parent where the condition holds.
    #[must_use]
    pub fn none(self, filter: Filter<P::Model>) -> Filter<M> {
        self.any(filter).not()
    }
}
