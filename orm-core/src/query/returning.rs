use std::ops::ControlFlow;

use super::Query;
use crate::error::Result;
use crate::expr::{Assignment, Several};
use crate::model::Model;
use crate::session::Session;
use crate::sql::{Composed, Delete, Returning};

impl<M: Model> Query<'_, M> {
    /// [`update`](Query::update) that gives the rows as they are after it, in no promised order
    /// (<https://sqlite.org/lang_returning.html>).
    ///
    /// What `AFTER` triggers change is not in them. `after_find` runs for each, and an error of it undoes the update.
    ///
    /// ```
    /// use orm_core::{Engine, Model};
    ///
    /// #[derive(Debug, PartialEq, Model)]
    /// struct Job {
    ///     #[orm(primary_key, auto)]
    ///     id: i64,
    ///     worker: Option<String>,
    /// }
    ///
    /// let session = Engine::open_in_memory()?.session()?;
    /// session.create_table::<Job>()?;
    /// session.insert_all(&mut [1, 2].map(|id| Job { id, worker: None }))?;
    /// // takes the next job, whoever else asks
    /// let free = session.find::<Job>().filter(Job::WORKER.is_null()).order_by(Job::ID.asc()).limit(1);
    /// let taken = free.update_returning(Job::WORKER.set("me"))?;
    /// assert_eq!(taken, [Job { id: 1, worker: Some("me".into()) }]);
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`update`](Query::update) and [`all`](Query::all). Nothing is changed then.
    pub fn update_returning(&self, changes: impl Several<Assignment<M>>) -> Result<Vec<M>> {
        match self.to_update(changes)? {
            Some(update) => self.session().transaction(|tx| rows_of(tx, &update)),
            None => Ok(Vec::new()),
        }
    }

    /// [`delete`](Query::delete) that gives the rows that are gone, or with a `deleted_at` column are marked, in no
    /// promised order.
    ///
    /// `after_find` runs for each, and an error of it undoes the delete.
    ///
    /// ```
    /// use orm_core::{Engine, Model};
    ///
    /// #[derive(Debug, PartialEq, Model)]
    /// struct Message {
    ///     #[orm(primary_key, auto)]
    ///     id: i64,
    ///     text: String,
    /// }
    ///
    /// let session = Engine::open_in_memory()?.session()?;
    /// session.create_table::<Message>()?;
    /// session.create(Message { id: 0, text: "hello".into() })?;
    /// let outbox = session.find::<Message>().all_rows();
    /// assert_eq!(outbox.delete_returning()?, [Message { id: 1, text: "hello".into() }]);
    /// assert_eq!(outbox.delete_returning()?, []);
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`delete`](Query::delete) and [`all`](Query::all). Nothing is deleted then.
    pub fn delete_returning(&self) -> Result<Vec<M>> {
        if let Some(mark) = self.to_mark()? {
            return self.session().transaction(|tx| rows_of(tx, &mark));
        }
        let delete = Delete { rows: self.to_chosen()? };
        self.session().transaction(|tx| rows_of(tx, &delete))
    }
}

/// The rows that a write gives, and what hooks make of them. The statement has ended before those run.
fn rows_of<M: Model>(session: &Session, statement: &impl Composed) -> Result<Vec<M>> {
    let mut models = Vec::new();
    let statement = Returning { statement, table: M::TABLE };
    let read = session.ready_composed(&statement).and_then(|(mut ready, values)| {
        ready.for_each(&values, |row| {
            models.push(M::decode(row, &0)?);
            Ok(ControlFlow::Continue(()))
        })
    });
    read.map_err(|error| error.with_constraint_table(M::NAME))?;
    if M::HOOKED {
        models.iter_mut().try_for_each(|model| model.after_find(session))?;
    }
    Ok(models)
}
