use std::borrow::Cow;
use std::ops::ControlFlow;

use super::bind::{KeyParams, Row, unstorable};
use super::key::IntoKey;
use super::plan::Plan;
use super::record::Record;
use super::{Model, kind};
use crate::dialect::Sqlite;
use crate::driver::Bind;
use crate::error::{Error, ErrorKind, Result};
use crate::session::{Ready, Session};
use crate::sql::{self, Comparison, Expr, Select, Source};
use crate::value::{Row as _, Value};

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
        let mut found = self.find_key::<M>(plan, &key.into_key(), self.scope_of::<M>()?.as_ref())?;
        found.iter_mut().try_for_each(|model| self.found(model))?;
        Ok(found)
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
        let plan = M::slot().plan(M::TABLE);
        let keys: Vec<M::Key> = keys.into_iter().map(IntoKey::into_key).collect();
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let mut found = self.read(|snapshot| {
            let scope = snapshot.scope_of::<M>()?;
            let find = |key| snapshot.find_key::<M>(plan, key, scope.as_ref()).transpose();
            keys.iter().filter_map(find).collect::<Result<Vec<M>>>()
        })?;
        found.iter_mut().try_for_each(|model| self.found(model))?;
        Ok(found)
    }

    /// What the model's `scope` adds to a read or write of its table.
    pub(crate) fn scope_of<M: Model>(&self) -> Result<Option<Expr>> {
        if !M::HOOKED || self.is_unscoped() {
            return Ok(None);
        }
        Ok(M::scope(self)?.map(|scope| scope.inner))
    }

    /// The row with that key, before any hook.
    fn find_key<M: Model>(&self, plan: &Plan, key: &M::Key, scope: Option<&Expr>) -> Result<Option<M>> {
        let params = KeyParams::<M> { key, plan };
        let Some(scope) = scope else {
            let ready = self.ready_kept(M::slot().number(), kind::SELECT, || select_text::<M>(plan))?;
            return first_row(ready, &params);
        };
        let mut select = Select::of_table(M::TABLE, &[]);
        select.filter = Some(Cow::Owned(in_scope(plan, params.values()?, Rows::Alive, scope)));
        let (ready, values) = self.ready_composed(&select)?;
        first_row(ready, &values)
    }

    fn found<M: Model>(&self, model: &mut M) -> Result<()> {
        if M::HOOKED { model.after_find(self) } else { Ok(()) }
    }
}

fn first_row<M: Model, P: Bind + ?Sized>(mut ready: Ready<'_>, params: &P) -> Result<Option<M>> {
    let mut found = None;
    ready.for_each(params, |row| {
        found = Some(M::decode(row, &0)?);
        Ok(ControlFlow::Break(()))
    })?;
    Ok(found)
}

/// The row that these columns find, if it is one of those and in the scope.
pub(super) fn in_scope(
    plan: &Plan,
    found_by: impl IntoIterator<Item = (&'static str, Value)>,
    rows: Rows,
    scope: &Expr,
) -> Expr {
    let matched = found_by.into_iter().map(|(name, value)| equal(name, value));
    let alive = plan.alive().filter(|_| rows == Rows::Alive);
    let alive = alive.map(|name| Expr::column(name, true).null_test());
    Expr::all(matched.chain(alive).chain([scope.clone()]))
}

fn equal(column: &'static str, value: Value) -> Expr {
    Expr::column(column, false).compare(Comparison::Eq, Expr::value(value))
}

fn select_text<M: Record>(plan: &Plan) -> Result<String> {
    sql::select_by_key(&Sqlite, M::NAME, &plan.all_names(), &plan.names(&plan.key), plan.alive())
}

/// Which rows a statement by key looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rows {
    /// Those that are not marked deleted.
    Alive,
    /// All.
    All,
}

/// The version of the row with the struct's key, where there is such a row; without a `version` column, a part of its
/// key.
pub(super) fn version_there<M: Model>(
    session: &Session,
    plan: &Plan,
    model: &M,
    rows: Rows,
    scope: Option<&Expr>,
) -> Result<Option<Value>> {
    let (key, alive) = (plan.names(&plan.key), plan.alive().filter(|_| rows == Rows::Alive));
    let column = plan.version.map_or(key[0], |version| plan.name(version));
    let Some(scope) = scope else {
        let sql = sql::select_by_key(&Sqlite, M::NAME, &[column], &key, alive)?;
        return first_value(session.ready_text(&sql)?, &Row::new(model, plan, &plan.key));
    };
    let mut select = Select::new(Source::Table(M::NAME.into()), vec![Expr::column(column, false)].into());
    select.filter = Some(Cow::Owned(in_scope(plan, key_of(model, plan)?, rows, scope)));
    let (ready, values) = session.ready_composed(&select)?;
    first_value(ready, &values)
}

fn first_value<P: Bind + ?Sized>(mut ready: Ready<'_>, params: &P) -> Result<Option<Value>> {
    let mut found = None;
    ready.for_each(params, |row| {
        found = Some(row.value(0)?.to_owned());
        Ok(ControlFlow::Break(()))
    })?;
    Ok(found)
}

/// The key's columns with what a struct holds.
pub(super) fn key_of<M: Record>(model: &M, plan: &Plan) -> Result<Vec<(&'static str, Value)>> {
    plan.key.iter().map(|&column| Ok((plan.name(column), value_of(model, plan, column)?))).collect()
}

/// What a struct holds for a column.
pub(super) fn value_of<M: Record>(model: &M, plan: &Plan, column: usize) -> Result<Value> {
    match model.encode(column) {
        Ok(value) => Ok(value.into()),
        Err(error) => Err(unstorable::<M>(plan, column, error)),
    }
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
