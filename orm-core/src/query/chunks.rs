use std::borrow::Cow;
use std::fmt;
use std::ops::ControlFlow;

use super::lower::invalid;
use super::{Query, Shape};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::sql::{Comparison, Expr, Order, row_count};
use crate::value::{Row, Value, ValueRef};

/// An iterator over pages of models, see [`Query::chunks`].
#[must_use = "an iterator reads only what is asked for"]
pub struct Chunks<'s, M: Model> {
    query: Query<'s, M>,
    rows: u64,
    /// The key of the last row.
    behind: Option<Vec<Value>>,
    ended: bool,
}

impl<'s, M: Model> Query<'s, M> {
    /// The rows in pages of so many, in the order of the primary key. Each page is a statement of its own that goes on
    /// behind the last key, so that the session may write in between, and a late page is as quick as the first.
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
    /// session.insert_all(&mut [1, 2, 3, 4, 5].map(|value| Number { value }))?;
    /// let mut pages = Vec::new();
    /// for page in session.find::<Number>().chunks(2)? {
    ///     pages.push(page?.iter().map(|number| number.value).collect::<Vec<_>>());
    /// }
    /// assert_eq!(pages, [vec![1, 2], vec![3, 4], vec![5]]);
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// `InvalidQuery` for pages of no rows, and for a query with an order, limit, offset, groups or distinct rows of its own.
    /// The pages give what [`all`](Query::all) can say.
    pub fn chunks(&self, rows: u64) -> Result<Chunks<'s, M>> {
        let parts = &self.parts;
        if rows == 0 {
            return Err(invalid("a page has at least one row"));
        }
        let ordered = !parts.order_by.is_empty() || parts.limit.is_some() || parts.offset.is_some();
        if ordered || parts.distinct || !parts.group_by.is_empty() || parts.having.is_some() {
            let message = "pages are in the order of the primary key: leave order, limit, offset, groups and distinct out";
            return Err(invalid(message));
        }
        Ok(Chunks { query: self.clone(), rows, behind: None, ended: false })
    }
}

impl<M: Model> Chunks<'_, M> {
    fn read(&mut self) -> Result<Vec<M>> {
        let plan = self.query.plan();
        let columns = || plan.key.iter().map(|&column| Expr::column(plan.name(column), false));
        let mut select = self.query.to_select()?;
        select.order_by =
            columns().map(|expr| Order { expr, descending: false, nulls: None }).collect::<Vec<_>>().into();
        select.limit = Some(row_count(self.rows));
        if let Some(key) = self.behind.take() {
            let key = key.into_iter().map(Expr::value);
            let behind = Expr::row(columns()).compare(Comparison::Gt, Expr::row(key));
            select.filter = Some(Cow::Owned(match select.filter.take() {
                Some(filter) => filter.into_owned().and(behind),
                None => behind,
            }));
        }
        let (mut ready, values) = self.query.session().ready_composed(&select)?;
        let (mut models, full) = (Vec::new(), usize::try_from(self.rows).unwrap_or(usize::MAX));
        ready.for_each(&values, |row| {
            models.push(M::decode(row, &0)?);
            if models.len() == full {
                // as it is stored, which the field's own form need not be
                let stored = |&column: &usize| row.value(column).map(ValueRef::to_owned);
                self.behind =
                    Some(plan.key.iter().map(stored).collect::<Result<_, _>>().map_err(Error::from)?);
            }
            Ok(ControlFlow::Continue(()))
        })?;
        self.ended = self.behind.is_none();
        if M::HOOKED {
            models.iter_mut().try_for_each(|model| <M as Shape>::after_find(model, self.query.session()))?;
        }
        Ok(models)
    }
}

impl<M: Model> Iterator for Chunks<'_, M> {
    type Item = Result<Vec<M>>;

    fn next(&mut self) -> Option<Result<Vec<M>>> {
        if self.ended {
            return None;
        }
        match self.read() {
            Ok(models) if models.is_empty() => None,
            Ok(models) => Some(Ok(models)),
            Err(error) => {
                self.ended = true;
                Some(Err(error))
            }
        }
    }
}

impl<M: Model> fmt::Debug for Chunks<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chunks").field("rows", &self.rows).field("ended", &self.ended).finish_non_exhaustive()
    }
}
