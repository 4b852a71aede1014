use super::bind::{KeyParams, Row};
use super::key::IntoKey;
use super::plan::Plan;
use super::read::{Rows, in_scope, value_of};
use super::record::Record;
use super::update::missed;
use super::{Model, kind, scoped};
use crate::dialect::Sqlite;
use crate::driver::{Bind, Binder};
use crate::error::Result;
use crate::session::Session;
use crate::sql;
use crate::value::{ToValueOutput, Value, timestamp_text};

impl Session {
    /// Deletes the row with the struct's key; with a `deleted_at` column, marks it deleted instead. A row that the
    /// model's [`scope`](crate::Hooks::scope) leaves out is not there.
    ///
    /// # Errors
    ///
    /// [`is_not_found`](crate::Error::is_not_found) where the row is gone, [`is_stale`](crate::Error::is_stale) where
    /// somebody changed it since it was read, [`constraint`](crate::Error::constraint) where children refer to it, and
    /// what the hooks say.
    pub fn delete<M: Model>(&self, model: &M) -> Result<()> {
        let plan = M::slot().plan(M::TABLE);
        self.delete_how(model, plan, How::of(plan))
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
            Some(scope) => scoped::delete::<M>(
                self,
                plan,
                How::of(plan),
                in_scope(plan, params.values()?, Rows::Alive, &scope),
            ),
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
        self.transaction(|tx| delete_with_hooks(tx, plan, model, how))
    }
}

/// Deletes a row; with its hooks, where it has any.
pub(super) fn delete_with_hooks<M: Model>(session: &Session, plan: &Plan, model: &M, how: How) -> Result<()> {
    if M::HOOKED {
        model.before_delete(session)?;
    }
    delete_row(session, plan, model, how)?;
    if M::HOOKED {
        model.after_delete(session)?;
    }
    Ok(())
}

/// What a delete does to the row.
#[derive(Clone, Copy)]
pub(super) enum How {
    /// Sets `deleted_at`.
    Mark,
    /// Removes it.
    Remove,
}

impl How {
    /// What a delete does where nothing else is asked for.
    pub(super) fn of(plan: &Plan) -> Self {
        if plan.deleted_at.is_some() { Self::Mark } else { Self::Remove }
    }

    /// The rows that it sees.
    fn rows(self) -> Rows {
        match self {
            Self::Mark => Rows::Alive,
            Self::Remove => Rows::All,
        }
    }
}

pub(super) fn delete_row<M: Model>(session: &Session, plan: &Plan, model: &M, how: How) -> Result<()> {
    let version = plan.version.map(|version| value_of(model, plan, version)).transpose()?;
    let scope = session.scope_of::<M>()?;
    let changed = match &scope {
        Some(scope) => {
            let row = scoped::row(plan, model, version.as_ref(), how.rows(), scope)?;
            scoped::delete::<M>(session, plan, how, row)
        }
        None => delete_by_key(session, plan, model, how, version.as_ref()),
    };
    let changed = changed.map_err(|error| error.with_constraint_table(M::NAME))?;
    if changed > 0 { Ok(()) } else { Err(missed(session, plan, model, version, how.rows(), scope.as_ref())?) }
}

fn delete_by_key<M: Model>(
    session: &Session,
    plan: &Plan,
    model: &M,
    how: How,
    version: Option<&Value>,
) -> Result<u64> {
    let params = Row::new(model, plan, &[]).with_key().with_last(version);
    match how {
        How::Remove => {
            let text = || sql::delete_by_key(&Sqlite, M::NAME, &plan.matched());
            let ready = session.ready_kept(M::slot().number(), kind::DELETE_ROW, text);
            ready.and_then(|mut ready| ready.execute(&params))
        }
        How::Mark => mark::<M>(session, plan, kind::MARK_ROW, &params),
    }
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

pub(super) fn now(session: &Session) -> Result<Value> {
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
