use super::bind::Row;
use super::draft::Draft;
use super::insert::stamp;
use super::plan::Plan;
use super::read::{Rows, value_of, version_there};
use super::record::Record;
use super::{Model, kind, scoped};
use crate::dialect::Sqlite;
use crate::error::{Error, ErrorKind, Result};
use crate::expr::ColumnSet;
use crate::session::Session;
use crate::sql::{self, Expr};
use crate::value::{Value, ValueRef};

impl Session {
    /// Writes every column of the struct into the row with its key. A row that the model's
    /// [`scope`](crate::Hooks::scope) leaves out is not there.
    ///
    /// `updated_at` is set to now; a `version` is compared with the row's and counted up.
    ///
    /// # Errors
    ///
    /// [`is_not_found`](Error::is_not_found) where the row is gone, [`is_stale`](Error::is_stale) where somebody changed
    /// it since it was read, [`constraint`](Error::constraint) where the row would violate one, and what the hooks say.
    /// `updated_at` and `version` of the struct are as before then; what a hook wrote into it stays.
    pub fn update<M: Model>(&self, model: &mut M) -> Result<()> {
        let plan = M::slot().plan(M::TABLE);
        self.update_columns(model, plan, &plan.updated, Statement::Kept)
    }

    /// [`update`](Session::update) of some columns: one, a tuple of them, or a slice of
    /// [`any`](crate::Column::any) columns. `updated_at` and `version` are written too. Without a column nothing is sent.
    ///
    /// ```
    /// use orm_core::{Engine, Model};
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
    /// let mut ann = session.create(User { id: 0, name: "Ann".into(), age: 30 })?;
    /// ann.age = 31;
    /// ann.name = "not written".into();
    /// session.update_only(&mut ann, User::AGE)?;
    /// let row = session.raw("SELECT name, age FROM user", ()).one::<(String, u8)>()?;
    /// assert_eq!(row, ("Ann".to_owned(), 31));
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`update`](Session::update); `InvalidQuery` where a column belongs to the key.
    pub fn update_only<M: Model>(&self, model: &mut M, columns: impl ColumnSet<M>) -> Result<()> {
        let plan = M::slot().plan(M::TABLE);
        let mut chosen = columns.positions();
        if chosen.is_empty() {
            return Ok(());
        }
        if let Some(&key) = chosen.iter().find(|column| plan.key.contains(column)) {
            return Err(key_is_fixed::<M>(plan, key));
        }
        chosen.extend([plan.updated_at, plan.version].into_iter().flatten());
        chosen.sort_unstable();
        chosen.dedup();
        self.update_columns(model, plan, &chosen, Statement::ByColumns)
    }

    fn update_columns<M: Model>(
        &self,
        model: &mut M,
        plan: &Plan,
        columns: &[usize],
        statement: Statement,
    ) -> Result<()> {
        let mut draft = Draft::new(model, plan);
        if M::HOOKED {
            // one unit with what hooks write
            self.transaction(|tx| update_with_hooks(tx, plan, &mut draft, columns, statement))?;
        } else {
            update_draft(self, plan, &mut draft, columns, statement)?;
        }
        draft.keep();
        Ok(())
    }
}

/// Where the statement is kept.
#[derive(Clone, Copy)]
enum Statement {
    /// Under the model's number: the update of all columns.
    Kept,
    /// By the columns it writes.
    ByColumns,
}

fn update_with_hooks<M: Model>(
    session: &Session,
    plan: &Plan,
    draft: &mut Draft<'_, M>,
    columns: &[usize],
    statement: Statement,
) -> Result<()> {
    draft.model().before_update(session)?;
    update_draft(session, plan, draft, columns, statement)?;
    draft.model().after_update(session)
}

fn update_draft<M: Model>(
    session: &Session,
    plan: &Plan,
    draft: &mut Draft<'_, M>,
    columns: &[usize],
    statement: Statement,
) -> Result<()> {
    stamp(session, draft, &[plan.updated_at])?;
    let previous = count_version(plan, draft)?;
    update_row(session, plan, &**draft, columns, statement, previous)
}

/// Counts the version up; gives what it was.
fn count_version<M: Record>(plan: &Plan, draft: &mut Draft<'_, M>) -> Result<Option<Value>> {
    let Some(version) = plan.version else { return Ok(None) };
    let previous = value_of(&**draft, plan, version)?;
    let next = match previous {
        Value::Integer(number) => number.checked_add(1),
        Value::Null | Value::Real(_) | Value::Text(_) | Value::Blob(_) => None,
    };
    let next = next.ok_or_else(|| no_more_versions::<M>(plan, version))?;
    draft.assign(version, ValueRef::Integer(next))?;
    Ok(Some(previous))
}

fn update_row<M: Model>(
    session: &Session,
    plan: &Plan,
    model: &M,
    columns: &[usize],
    statement: Statement,
    version: Option<Value>,
) -> Result<()> {
    let scope = session.scope_of::<M>()?;
    if columns.is_empty() {
        // a table of key columns only: there is nothing to write, but the row has to be there
        let there = version_there(session, plan, model, Rows::Alive, scope.as_ref())?;
        return there.map(|_| ()).ok_or_else(gone::<M>);
    }
    let changed = match &scope {
        Some(scope) => scoped::update(session, plan, model, columns, version.as_ref(), scope),
        None => update_by_key(session, plan, model, columns, statement, version.as_ref()),
    };
    let changed = changed.map_err(|error| error.with_constraint_table(M::NAME))?;
    if changed > 0 {
        Ok(())
    } else {
        Err(missed(session, plan, model, version, Rows::Alive, scope.as_ref())?)
    }
}

fn update_by_key<M: Model>(
    session: &Session,
    plan: &Plan,
    model: &M,
    columns: &[usize],
    statement: Statement,
    version: Option<&Value>,
) -> Result<u64> {
    let params = Row::new(model, plan, columns).with_key().with_last(version);
    let text = || sql::update_by_key(&Sqlite, M::NAME, &plan.names(columns), &plan.matched(), plan.alive());
    let ready = match statement {
        Statement::Kept => session.ready_kept(M::slot().number(), kind::UPDATE, text),
        Statement::ByColumns => session.ready_structured(&sql::row_update(M::slot().number(), columns), text),
    };
    ready.and_then(|mut ready| ready.execute(&params))
}

/// Why a write by key, and by that version, met no row.
pub(super) fn missed<M: Model>(
    session: &Session,
    plan: &Plan,
    model: &M,
    version: Option<Value>,
    rows: Rows,
    scope: Option<&Expr>,
) -> Result<Error> {
    let Some(found) = version_there(session, plan, model, rows, scope)? else { return Ok(gone::<M>()) };
    Ok(if version.is_some_and(|version| version != found) { stale::<M>() } else { ignored::<M>() })
}

#[cold]
fn stale<M: Record>() -> Error {
    let message = "somebody changed the row since it was read: read it again and repeat the change";
    Error::new(ErrorKind::Stale, message).with_table(M::NAME)
}

#[cold]
fn ignored<M: Record>() -> Error {
    let message =
        "a trigger or an `ON CONFLICT` clause of the table ignored the write, so the row is as before";
    Error::new(ErrorKind::Constraint, message).with_table(M::NAME)
}

#[cold]
fn no_more_versions<M: Record>(plan: &Plan, version: usize) -> Error {
    Error::new(ErrorKind::Limit, "the version cannot count any further")
        .with_table(M::NAME)
        .with_column(plan.name(version))
}

#[cold]
fn gone<M: Record>() -> Error {
    Error::new(ErrorKind::NotFound, "there is no row with this key").with_table(M::NAME)
}

#[cold]
fn key_is_fixed<M: Record>(plan: &Plan, column: usize) -> Error {
    Error::new(ErrorKind::InvalidQuery, "the key finds the row, so it cannot be written by `update_only`")
        .with_table(M::NAME)
        .with_column(plan.name(column))
}
