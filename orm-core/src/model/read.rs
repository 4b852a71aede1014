use std::ops::ControlFlow;

use super::bind::{KeyParams, Row};
use super::key::{IntoKey, Key};
use super::plan::Plan;
use super::record::Record;
use super::{Model, kind};
use crate::dialect::Sqlite;
use crate::driver::Bind;
use crate::error::{Error, ErrorKind, Result};
use crate::session::{Ready, Session};
use crate::sql::{self, Comparison, Expr, Select, Source};
use crate::value::Value;

impl Session {
    /// The row with that key, where there is one: a value for a single key, a tuple in key order for a composite one.
    ///
    /// ```
    /// use orm_core::{Engine, Model};
    ///
    /// #[derive(Debug, PartialEq, Model)]
    /// #[orm(primary_key(user, day))]
    /// struct Visit {
    ///     user: i64,
    ///     day: String,
    ///     pages: u32,
    /// }
    ///
    /// let session = Engine::open_in_memory()?.session()?;
    /// session.create_table::<Visit>()?;
    /// let visit = session.create(Visit { user: 7, day: "2026-11-21".into(), pages: 3 })?;
    /// assert_eq!(session.get::<Visit>((7, "2026-11-21"))?, Some(visit));
    /// assert_eq!(session.get::<Visit>((8, "2026-11-21"))?, None);
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// `Conversion` where a column holds what its field cannot, and what `after_find` and `scope` say.
    pub fn get<M: Model>(&self, key: impl IntoKey<M::Key>) -> Result<Option<M>> {
        let plan = M::slot().plan(M::TABLE);
        let key = key.into_key();
        if M::HOOKED && !self.is_unscoped() {
            if let Some(scope) = M::scope(self)? {
                return self.get_scoped(plan, &key, scope.inner);
            }
        }
        let ready = self.ready_kept(M::slot().number(), kind::SELECT, || select_text::<M>(plan))?;
        self.first_row(ready, &KeyParams(key))
    }

    /// The rows with those keys, in the order of the keys; a key without a row is passed over. All are read from one
    /// snapshot, by one kept statement.
    ///
    /// ```
    /// use orm_core::{Engine, Model};
    ///
    /// #[derive(Debug, PartialEq, Model)]
    /// struct Country {
    ///     #[orm(primary_key)]
    ///     code: String,
    /// }
    ///
    /// let session = Engine::open_in_memory()?.session()?;
    /// session.create_table::<Country>()?;
    /// session.insert_all(&mut ["CH", "NO"].map(|code| Country { code: code.into() }))?;
    /// let found = session.get_many::<Country, _>(["NO", "XX", "CH"])?;
    /// assert_eq!(found, ["NO", "CH"].map(|code| Country { code: code.into() }));
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`get`](Session::get).
    pub fn get_many<M: Model, K: IntoKey<M::Key>>(
        &self,
        keys: impl IntoIterator<Item = K>,
    ) -> Result<Vec<M>> {
        self.read(|snapshot| {
            let found = keys.into_iter().filter_map(|key| snapshot.get::<M>(key).transpose());
            found.collect()
        })
    }

    fn get_scoped<M: Model>(&self, plan: &Plan, key: &M::Key, scope: Expr) -> Result<Option<M>> {
        let columns = plan.all_names().into_iter().map(|name| Expr::column(name, false)).collect();
        let mut select = Select::new(Source::Table(M::NAME.into()), columns);
        let matched =
            plan.names(&plan.key).into_iter().zip(key.values()?).map(|(name, value)| equal(name, value));
        let alive = plan.alive().map(|name| Expr::column(name, true).null_test());
        select.filter = Some(Expr::all(matched.chain(alive).chain([scope])));
        let rendered = select.render_in(&Sqlite, self)?;
        self.first_row(self.ready_text(&rendered.sql)?, &rendered.params[..])
    }

    fn first_row<M: Model, P: Bind + ?Sized>(&self, mut ready: Ready<'_>, params: &P) -> Result<Option<M>> {
        let mut found = None;
        ready.for_each(params, |row| {
            found = Some(M::decode(row, &0)?);
            Ok(ControlFlow::Break(()))
        })?;
        // the statement is free before the hook runs
        drop(ready);
        if M::HOOKED
            && let Some(model) = &mut found
        {
            model.after_find(self)?;
        }
        Ok(found)
    }
}

fn equal(column: &'static str, value: Value) -> Expr {
    Expr::column(column, false).compare(Comparison::Eq, Expr::value(value))
}

fn select_text<M: Record>(plan: &Plan) -> Result<String> {
    sql::select_by_key(&Sqlite, M::NAME, &plan.all_names(), &plan.names(&plan.key), plan.alive())
}

/// Whether the struct's row is there.
pub(super) fn key_exists<M: Model>(session: &Session, model: &M, plan: &Plan) -> Result<bool> {
    let mut found = false;
    session.ready_kept(M::slot().number(), kind::SELECT, || select_text::<M>(plan))?.for_each(
        &Row::new(model, plan, &plan.key),
        |_| {
            found = true;
            Ok(ControlFlow::Break(()))
        },
    )?;
    Ok(found)
}

/// `one` without a row.
#[cold]
pub(crate) fn none_found() -> Error {
    Error::new(ErrorKind::NotFound, "no row was found where there has to be one: `first` makes it an option")
}

/// `one` with more than one row.
#[cold]
pub(crate) fn several_found() -> Error {
    Error::new(
        ErrorKind::TooManyRows,
        "more than one row was found where there has to be one: `first` takes the first",
    )
}
