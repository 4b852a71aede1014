use std::borrow::Cow;

use super::bind::{KeyParams, Row};
use super::key::IntoKey;
use super::plan::Plan;
use super::read::{Rows, in_scope};
use super::record::Record;
use super::update::{missed, version_of};
use super::{Model, kind};
use crate::dialect::Sqlite;
use crate::driver::{Bind, Binder};
use crate::error::Result;
use crate::session::Session;
use crate::sql::{self, Assignment, Chosen, Composed, Delete, Expr, Update};
use crate::value::{ToValueOutput, Value, timestamp_text};

impl Session {
    /// Deletes the row with the struct's key; with a `deleted_at` column, marks it deleted instead.
    ///
    /// # Errors
    ///
    /// [`is_not_found`](crate::Error::is_not_found) where the row is gone, [`is_stale`](crate::Error::is_stale) where
    /// somebody changed it since it was read, [`constraint`](crate::Error::constraint) where children refer to it, and
    /// what the hooks say.
    pub fn delete<M: Model>(&self, model: &M) -> Result<()> {
        let plan = M::slot().plan(M::TABLE);
        self.delete_how(model, plan, if plan.deleted_at.is_some() { How::Mark } else { How::Remove })
    }

    /// Deletes the row with the struct's key from the table, whether or not it is marked deleted.
    ///
    /// # Errors
    ///
    /// As [`delete`](Session::delete).
    pub fn hard_delete<M: Model>(&self, model: &M) -> Result<()> {
        self.delete_how(model, M::slot().plan(M::TABLE), How::Remove)
    }

    /// Deletes the row with that key and says whether there was one. It runs no `before_delete` and `after_delete`, and
    /// compares no version. Rows that the model's [`scope`](crate::Hooks::scope) leaves out are not there. With a
    /// `deleted_at` column it marks the row deleted.
    ///
    /// ```
    /// use orm_core::{Engine, Model};
    ///
    /// #[derive(Model)]
    /// struct Country {
    ///     #[orm(primary_key)]
    ///     code: String,
    /// }
    ///
    /// let session = Engine::open_in_memory()?.session()?;
    /// session.create_table::<Country>()?;
    /// session.create(Country { code: "NO".into() })?;
    /// assert!(session.delete_key::<Country>("NO")?);
    /// assert!(!session.delete_key::<Country>("NO")?);
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`constraint`](crate::Error::constraint) where children refer to the row.
    pub fn delete_key<M: Model>(&self, key: impl IntoKey<M::Key>) -> Result<bool> {
        let plan = M::slot().plan(M::TABLE);
        let key = key.into_key();
        let params = KeyParams::<M> { key: &key, plan };
        let changed = match self.scope_of::<M>()? {
            Some(scope) => delete_in_scope::<M>(self, plan, in_scope(plan, params.values()?, &scope)),
            None if plan.deleted_at.is_some() => mark::<M>(self, plan, kind::MARK, &params),
            None => self
                .ready_kept(M::slot().number(), kind::DELETE, || delete_text::<M>(plan))
                .and_then(|mut ready| ready.execute(&params)),
        };
        Ok(changed.map_err(|error| error.with_constraint_table(M::NAME))? > 0)
    }

    fn delete_how<M: Model>(&self, model: &M, plan: &Plan, how: How) -> Result<()> {
        if !M::HOOKED {
            return delete_row(self, plan, model, how);
        }
        // one unit with what hooks write
        self.transaction(|tx| {
            model.before_delete(tx)?;
            delete_row(tx, plan, model, how)?;
            model.after_delete(tx)
        })
    }
}

/// What a delete does to the row.
#[derive(Clone, Copy)]
enum How {
    /// Sets `deleted_at`.
    Mark,
    /// Removes it.
    Remove,
}

fn delete_row<M: Model>(session: &Session, plan: &Plan, model: &M, how: How) -> Result<()> {
    let version = plan.version.map(|version| version_of(model, plan, version)).transpose()?;
    let params = Row::new(model, plan, &[]).with_key().with_last(version.as_ref());
    let (changed, rows) = match how {
        How::Remove => {
            let text = || sql::delete_by_key(&Sqlite, M::NAME, &plan.matched());
            let ready = session.ready_kept(M::slot().number(), kind::DELETE_ROW, text);
            (ready.and_then(|mut ready| ready.execute(&params)), Rows::All)
        }
        How::Mark => (mark::<M>(session, plan, kind::MARK_ROW, &params), Rows::Alive),
    };
    let changed = changed.map_err(|error| error.with_constraint_table(M::NAME))?;
    if changed > 0 { Ok(()) } else { Err(missed(session, plan, model, version, rows)?) }
}

/// Sets `deleted_at` of a row: `kind` says whether it is found by its version too.
fn mark<M: Record>(session: &Session, plan: &Plan, kind: usize, found_by: &dyn Bind) -> Result<u64> {
    let text = || {
        let found_by = if kind == kind::MARK_ROW { plan.matched() } else { plan.names(&plan.key) };
        let deleted_at: Vec<&str> = plan.alive().into_iter().collect();
        sql::update_by_key(&Sqlite, M::NAME, &deleted_at, &found_by, plan.alive())
    };
    let mut ready = session.ready_kept(M::slot().number(), kind, text)?;
    ready.execute(&Marked { now: now(session)?, found_by })
}

fn delete_in_scope<M: Record>(session: &Session, plan: &Plan, filter: Expr) -> Result<u64> {
    let rows = Chosen { table: M::NAME.into(), filter: Some(Cow::Owned(filter)), limited: None };
    match plan.alive() {
        Some(deleted_at) => {
            let marked = Assignment { column: deleted_at.into(), value: Expr::value(now(session)?) };
            execute(session, &Update { assignments: vec![marked], rows })
        }
        None => execute(session, &Delete { rows }),
    }
}

fn execute(session: &Session, statement: &impl Composed) -> Result<u64> {
    let (mut ready, values) = session.ready_composed(statement)?;
    ready.execute(&values)
}

fn now(session: &Session) -> Result<Value> {
    Ok(Value::Text(timestamp_text(session.engine().now())?))
}

fn delete_text<M: Record>(plan: &Plan) -> Result<String> {
    sql::delete_by_key(&Sqlite, M::NAME, &plan.names(&plan.key))
}

/// The moment of deletion, then what finds the row.
struct Marked<'a> {
    now: Value,
    found_by: &'a dyn Bind,
}

impl Bind for Marked<'_> {
    fn bind<'p>(&'p self, binder: &mut Binder<'p>) -> Result<()> {
        binder.bind(&ToValueOutput::Borrowed(self.now.as_ref()))?;
        self.found_by.bind(binder)
    }
}
