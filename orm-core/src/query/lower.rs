//! From a query to a statement.

use std::borrow::Cow;

use super::{Parts, Query, Shape};
use crate::dialect::{Dialect, Sqlite};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Model, Plan};
use crate::session::Session;
use crate::sql::{self, Chosen, Expr, Limited, Rendered, Select, Source, Terms, row_count};

impl<'s, M: Model, S: Shape> Query<'s, M, S> {
    /// The SELECT that [`all`](Query::all) sends, with the values of its parameters. Where it cannot be written, the text
    /// is a comment that says why.
    ///
    /// ```
    /// use orm_core::{Engine, Model};
    ///
    /// #[derive(Model)]
    /// #[orm(table = "users")]
    /// struct User {
    ///     #[orm(primary_key, auto)]
    ///     id: i64,
    ///     name: String,
    /// }
    ///
    /// let session = Engine::open_in_memory()?.session()?;
    /// let query = session.find::<User>().filter(User::NAME.eq("Ann")).limit(3).to_sql();
    /// assert_eq!(query.sql, r#"SELECT "id", "name" FROM "main"."users" WHERE "name" = ?1 LIMIT ?2"#);
    /// assert_eq!(query.params, ["Ann".into(), 3.into()]);
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    #[must_use]
    pub fn to_sql(&self) -> Rendered {
        self.to_sql_in(&Sqlite).unwrap_or_else(|error| Rendered {
            sql: format!("-- {}", error.to_string().replace('\n', " ")),
            params: Vec::new(),
        })
    }

    /// The same in another dialect.
    ///
    /// # Errors
    ///
    /// A value that no database can hold, an SQL fragment that cannot be used, and what the model's scope says.
    pub fn to_sql_in(&self, dialect: &dyn Dialect) -> Result<Rendered> {
        sql::write(&self.to_select()?, dialect, self.session).map(|written| written.rendered)
    }

    pub(super) fn session(&self) -> &'s Session {
        self.session
    }

    pub(super) fn plan(&self) -> &'static Plan {
        M::slot().plan(M::TABLE)
    }

    /// Whether nothing was said that changes what is read, so that one kept statement serves: every part is looked at.
    #[inline]
    pub(super) fn is_whole_table(&self) -> bool {
        let Parts {
            columns,
            distinct,
            filter,
            group_by,
            having,
            order_by,
            limit,
            offset,
            all_rows: _,
            unscoped: _,
            with_deleted,
            attached,
        } = &self.parts;
        !(M::HOOKED || S::LOADS || *distinct || *with_deleted)
            && attached.is_empty()
            && columns.is_none()
            && filter.is_none()
            && group_by.is_empty()
            && having.is_none()
            && order_by.is_empty()
            && limit.is_none()
            && offset.is_none()
    }

    pub(super) fn to_select(&self) -> Result<Select<'_>> {
        self.parts.to_select::<M>(Some(self.session))
    }

    /// A statement's text.
    pub(super) fn render(&self, select: &Select<'_>) -> Result<Rendered> {
        sql::write(select, &Sqlite, self.session).map(|written| written.rendered)
    }

    /// The rows that a set-based write changes.
    pub(super) fn to_chosen(&self) -> Result<Chosen<'_>> {
        let parts = &self.parts;
        if parts.distinct || !parts.group_by.is_empty() || parts.having.is_some() {
            return Err(invalid("a write changes rows, and not groups or distinct ones: leave those out"));
        }
        // all of an empty list excludes nothing, which is what the guard is against
        if !parts.all_rows && parts.filter.as_ref().is_none_or(Expr::is_true) {
            return Err(invalid(
                "this would change every row: add a filter, or `all_rows()` if that is meant",
            )
            .with_table(M::NAME));
        }
        let limited = (parts.limit.is_some() || parts.offset.is_some()).then(|| Limited {
            key: Cow::Borrowed(&*self.plan().table.primary_key),
            order_by: Cow::Borrowed(&parts.order_by),
            limit: parts.limit.map(row_count),
            offset: parts.offset.map(row_count),
        });
        Ok(Chosen { table: M::NAME.into(), filter: parts.whole_filter::<M>(Some(self.session))?, limited })
    }
}

impl Parts {
    /// The SELECT over the table of `M`. Without a session there is no scope.
    pub(super) fn to_select<M: Model>(&self, session: Option<&Session>) -> Result<Select<'_>> {
        let Parts {
            columns,
            attached,
            distinct,
            // see `whole_filter`
            filter: _,
            unscoped: _,
            with_deleted: _,
            group_by,
            having,
            order_by,
            limit,
            offset,
            // what is meant by a write
            all_rows: _,
        } = self;
        if let Some(problem) = attached.problem {
            return Err(invalid(problem));
        }
        let mut select = match columns {
            Some(columns) => Select::new(Source::Table(M::NAME.into()), Cow::Borrowed(columns)),
            None => Select::of_table(M::TABLE, &attached.columns),
        };
        select.joins = Cow::Borrowed(&attached.joins);
        select.distinct = *distinct;
        select.filter = self.whole_filter::<M>(session)?;
        select.group_by = Cow::Borrowed(group_by);
        select.having = having.as_ref().map(Cow::Borrowed);
        select.order_by = Terms::new(order_by, &attached.order_by);
        select.limit = limit.map(row_count);
        select.offset = offset.map(row_count);
        Ok(select)
    }

    /// What the query asks for, without rows that are marked deleted, inside the model's scope.
    fn whole_filter<M: Model>(&self, session: Option<&Session>) -> Result<Option<Cow<'_, Expr>>> {
        let alive = if self.with_deleted { None } else { M::slot().plan(M::TABLE).alive() };
        let alive = alive.map(|column| Expr::column(column, true).null_test());
        let scope = match session {
            Some(session) if M::HOOKED && !self.unscoped && !session.is_unscoped() => {
                M::scope(session)?.map(|filter| filter.inner)
            }
            Some(_) | None => None,
        };
        let own = self.filter.as_ref();
        let whole = match [alive, scope].into_iter().flatten().reduce(Expr::and) {
            None => own.map(Cow::Borrowed),
            Some(more) => Some(Cow::Owned(match own {
                Some(own) => own.clone().and(more),
                None => more,
            })),
        };
        Ok(whole.filter(|filter| !filter.is_true()))
    }
}

/// All columns of a model's table.
pub(crate) fn own_columns<M: Model>() -> Vec<Expr> {
    let columns = M::TABLE.columns.iter();
    columns.map(|column| Expr::column(column.name.clone(), column.nullable)).collect()
}

#[cold]
pub(crate) fn invalid(message: &str) -> Error {
    Error::new(ErrorKind::InvalidQuery, message)
}
