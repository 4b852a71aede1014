use super::Query;
use super::lower::invalid;
use crate::error::Result;
use crate::expr::{Assignment, Several};
use crate::model::Model;
use crate::sql::{self, Arithmetic, Composed, Delete, Expr, Update};
use crate::value::{Value, timestamp_text};

impl<M: Model> Query<'_, M> {
    /// Changes all rows of the query in one statement; gives how many there were. `updated_at` is set and `version`
    /// counted up. No hook but the scope runs. An empty list of changes sends nothing.
    ///
    /// ```
    /// use orm_core::{Engine, ErrorKind, Model};
    ///
    /// #[derive(Model)]
    /// struct User {
    ///     #[orm(primary_key, auto)]
    ///     id: i64,
    ///     name: String,
    ///     age: u8,
    /// }
    ///
    /// let session = Engine::open_in_memory()?.session()?;
    /// session.create_table::<User>()?;
    /// session.insert_all(&mut [17, 30].map(|age| User { id: 0, name: "x".into(), age }))?;
    /// let minors = session.find::<User>().filter(User::AGE.lt(18));
    /// assert_eq!(minors.update([User::AGE.set(User::AGE + 1), User::NAME.set("now 18")])?, 1);
    /// assert_eq!(minors.count()?, 0);
    ///
    /// let everybody = session.find::<User>();
    /// assert_eq!(everybody.update(User::AGE.set(1)).unwrap_err().kind(), ErrorKind::InvalidQuery);
    /// assert_eq!(everybody.all_rows().update(User::AGE.set(1))?, 2);
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// `InvalidQuery` without a filter, unless [`all_rows`](Query::all_rows) says that it is meant; for a column that is
    /// set twice; for groups and distinct rows.
    /// [`constraint`](crate::Error::constraint) where a row would violate one.
    pub fn update(&self, changes: impl Several<Assignment<M>>) -> Result<u64> {
        match self.to_update(changes)? {
            Some(update) => self.send(&update),
            None => Ok(0),
        }
    }

    /// The statement of an update; none where nothing changes.
    pub(super) fn to_update(&self, changes: impl Several<Assignment<M>>) -> Result<Option<Update<'_>>> {
        let changes: Vec<_> = changes.into_list().into_iter().map(|change| change.inner).collect();
        if changes.is_empty() {
            return Ok(None);
        }
        let rows = self.to_chosen()?;
        Ok(Some(Update { assignments: self.with_stamps(changes)?, rows }))
    }

    /// Deletes all rows of the query in one statement; gives how many there were. With a `deleted_at` column it marks
    /// them deleted. No hook but the scope runs.
    ///
    /// # Errors
    ///
    /// `InvalidQuery` as for [`update`](Query::update); [`constraint`](crate::Error::constraint) where children refer to
    /// a row.
    pub fn delete(&self) -> Result<u64> {
        match self.to_mark()? {
            Some(mark) => self.send(&mark),
            None => self.hard_delete(),
        }
    }

    /// The statement of a delete where rows are only marked.
    pub(super) fn to_mark(&self) -> Result<Option<Update<'_>>> {
        let Some(deleted_at) = self.plan().alive() else { return Ok(None) };
        let rows = self.to_chosen()?;
        Ok(Some(Update { assignments: vec![assignment(deleted_at, Expr::value(self.now()?))], rows }))
    }

    /// Deletes all rows of the query from the table, also where the model has a `deleted_at` column. Rows that are marked
    /// deleted are among them only after [`with_deleted`](Query::with_deleted).
    ///
    /// # Errors
    ///
    /// As [`delete`](Query::delete).
    pub fn hard_delete(&self) -> Result<u64> {
        self.send(&Delete { rows: self.to_chosen()? })
    }

    fn with_stamps(&self, mut changes: Vec<sql::Assignment>) -> Result<Vec<sql::Assignment>> {
        refuse_twice::<M>(&changes)?;
        let plan = self.plan();
        let unset = |column: Option<usize>| {
            column
                .map(|column| plan.name(column))
                .filter(|name| changes.iter().all(|change| change.column != *name))
        };
        let (updated_at, version) = (unset(plan.updated_at), unset(plan.version));
        if let Some(name) = updated_at {
            changes.push(assignment(name, Expr::value(self.now()?)));
        }
        if let Some(name) = version {
            let next = Expr::column(name, false).arithmetic(Arithmetic::Add, Expr::value(Value::Integer(1)));
            changes.push(assignment(name, next));
        }
        Ok(changes)
    }

    fn now(&self) -> Result<Value> {
        Ok(Value::Text(timestamp_text(self.session().engine().now())?))
    }

    fn send(&self, statement: &impl Composed) -> Result<u64> {
        self.session().execute_composed(statement).map_err(|error| error.with_constraint_table(M::NAME))
    }
}

/// Refuses changes of which two are of one column.
pub(super) fn refuse_twice<M: Model>(changes: &[sql::Assignment]) -> Result<()> {
    for (position, change) in changes.iter().enumerate() {
        if changes[..position].iter().any(|earlier| earlier.column == change.column) {
            let error = invalid("the column is set twice: set it once");
            return Err(error.with_table(M::NAME).with_column(&change.column));
        }
    }
    Ok(())
}

fn assignment(column: &'static str, value: Expr) -> sql::Assignment {
    sql::Assignment { column: column.into(), value }
}
