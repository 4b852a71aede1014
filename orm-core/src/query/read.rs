use std::borrow::Cow;
use std::ops::ControlFlow;

use super::aggregate::only_value;
use super::lower::invalid;
use super::rows::Rows;
use super::{Query, Shape};
use crate::driver::Bind;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Model, kind, none_found, several_found};
use crate::session::{Ready, RunningCursor};
use crate::sql::{Expr, Select, Source, Terms, row_count};

impl<'s, M: Model, S: Shape> Query<'s, M, S> {
    /// All rows.
    ///
    /// # Errors
    ///
    /// `Conversion` where a column holds what its field cannot, or a value of the query is none that a database can hold;
    /// what the model's `scope` and `after_find` say; what SQLite says.
    pub fn all(&self) -> Result<Vec<S::Output>> {
        if self.is_whole_table() {
            return self.collect(self.ready_whole_table()?, &());
        }
        self.run(&self.to_select()?)
    }

    /// The first row, where there is one.
    ///
    /// # Errors
    ///
    /// As [`all`](Query::all).
    pub fn first(&self) -> Result<Option<S::Output>> {
        Ok(self.run(&self.at_most(1)?)?.pop())
    }

    /// The only row.
    ///
    /// # Errors
    ///
    /// [`is_not_found`](crate::Error::is_not_found) where there is none, `TooManyRows` where there are more, and as
    /// [`all`](Query::all).
    pub fn one(&self) -> Result<S::Output> {
        let select = self.at_most(2)?;
        let mut rows = self.run(&select)?;
        let error = match (rows.pop(), rows.is_empty()) {
            (Some(row), true) => return Ok(row),
            (Some(_), false) => several_found(),
            (None, _) => none_found(),
        };
        Err(error.with_table(M::NAME).with_sql(&self.render(&select)?.sql))
    }

    /// How many rows [`all`](Query::all) would give: a limit counts.
    ///
    /// # Errors
    ///
    /// As [`all`](Query::all).
    pub fn count(&self) -> Result<u64> {
        if self.is_whole_table() {
            let text = || Ok(self.render(&self.to_count()?)?.sql);
            let ready = self.session().ready_kept(M::slot().number(), kind::COUNT_ALL, text)?;
            return only_value(ready, &());
        }
        self.only_value_of(&self.to_count()?)
    }

    fn to_count(&self) -> Result<Select<'_>> {
        let parts = &self.parts;
        let mut rows = self.to_select()?;
        rows.order_by = Terms::default();
        let plain =
            parts.limit.is_none() && parts.offset.is_none() && !parts.distinct && parts.group_by.is_empty();
        // with a condition on groups or an aggregate there is one row, or none, for the whole table
        if plain && parts.having.is_none() && parts.columns.is_none() {
            rows.columns = Expr::count_all().into();
            return Ok(rows);
        }
        if parts.columns.is_none() && !parts.distinct {
            rows.columns = Expr::bool(true).into();
        }
        Ok(Select::new(Source::Select(Box::new(rows)), Cow::Owned(vec![Expr::count_all()])))
    }

    /// Whether there is a row.
    ///
    /// # Errors
    ///
    /// As [`all`](Query::all).
    pub fn exists(&self) -> Result<bool> {
        let mut select = self.to_select()?;
        select.order_by = Terms::default();
        select.limit = Some(row_count(self.parts.limit.map_or(1, |limit| limit.min(1))));
        if self.parts.columns.is_none() && !select.distinct {
            select.columns = Expr::bool(true).into();
        }
        let mut found = false;
        let (mut ready, values) = self.session().ready_composed(&select)?;
        ready.for_each(&values, |_| {
            found = true;
            Ok(ControlFlow::Break(()))
        })?;
        Ok(found)
    }

    /// The rows one after the other, read as they are asked for. While the iterator is alive, the session writes only
    /// inside a transaction that surrounds both; hooks after finding that write need that too.
    ///
    /// ```
    /// use orm_core::{Engine, Model};
    ///
    /// #[derive(Model)]
    /// struct Number {
    ///     #[orm(primary_key)]
    ///     value: i64,
    /// }
    ///
    /// let session = Engine::open_in_memory()?.session()?;
    /// session.create_table::<Number>()?;
    /// session.insert_all(&mut [1, 2, 3].map(|value| Number { value }))?;
    /// let mut sum = 0;
    /// for number in session.find::<Number>().iter()? {
    ///     sum += number?.value;
    /// }
    /// assert_eq!(sum, 6);
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`all`](Query::all), here or at the row concerned.
    pub fn iter(&self) -> Result<Rows<'s, S>> {
        self.cursor().map(Rows::new)
    }

    /// The statement, for one row after the other.
    pub(super) fn cursor(&self) -> Result<RunningCursor<'s>> {
        if S::LOADS {
            return Err(invalid("related rows are loaded for all rows at once: use `all`"));
        }
        if self.is_whole_table() {
            return self.ready_whole_table()?.cursor_with(Vec::new());
        }
        let select = self.to_select()?;
        let (ready, values) = self.session().ready_composed(&select)?;
        ready.cursor_with(values.into_owned())
    }

    /// The kept statement of a query of which nothing was said.
    #[inline]
    fn ready_whole_table(&self) -> Result<Ready<'s>> {
        let text = || Ok(self.render(&self.to_select()?)?.sql);
        self.session().ready_kept(M::slot().number(), kind::SELECT_ALL, text)
    }

    fn at_most(&self, rows: u64) -> Result<Select<'_>> {
        let mut select = self.to_select()?;
        select.limit = Some(row_count(self.parts.limit.map_or(rows, |limit| limit.min(rows))));
        Ok(select)
    }

    fn run(&self, select: &Select<'_>) -> Result<Vec<S::Output>> {
        if S::LOADS {
            // several statements, one view of the database
            return self.found(self.session().read(|_| self.rows_with_related(select))?);
        }
        let (ready, values) = self.session().ready_composed(select)?;
        self.collect(ready, &values)
    }

    #[inline]
    fn collect<P: Bind + ?Sized>(&self, ready: Ready<'_>, params: &P) -> Result<Vec<S::Output>> {
        self.found(rows::<S, P>(ready, params)?)
    }

    /// What hooks make of the rows; the statements are free by then.
    #[inline]
    fn found(&self, mut rows: Vec<S::Output>) -> Result<Vec<S::Output>> {
        if S::HOOKED {
            rows.iter_mut().try_for_each(|row| S::after_find(row, self.session()))?;
        }
        Ok(rows)
    }

    fn rows_with_related(&self, select: &Select<'_>) -> Result<Vec<S::Output>> {
        let (ready, values) = self.session().ready_composed(select)?;
        let mut rows = rows::<S, _>(ready, &values)?;
        let mut parts: Vec<&mut S::Output> = rows.iter_mut().collect();
        S::load(&mut parts, &|_, _| Err(no_model()), &self.loads, self.session())?;
        Ok(rows)
    }
}

#[inline]
fn rows<S: Shape, P: Bind + ?Sized>(mut ready: Ready<'_>, params: &P) -> Result<Vec<S::Output>> {
    let mut rows = Vec::new();
    ready.for_each(params, |row| {
        rows.push(S::decode(row, 0)?);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(rows)
}

#[cold]
fn no_model() -> Error {
    Error::new(ErrorKind::Internal, "a relation stands beside no model: please report it")
}
