use super::bind::{KeyParams, Row, unstorable};
use super::key::{IntoKey, Key};
use super::plan::Plan;
use super::record::Record;
use super::update::missed;
use super::{Model, kind};
use crate::dialect::Sqlite;
use crate::driver::{Bind, Binder};
use crate::error::Result;
use crate::session::Session;
use crate::sql;
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
    /// compares no version; the model's [`scope`](crate::Hooks::scope) is not asked. With a `deleted_at` column it marks
    /// the row deleted.
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
        let key = KeyParams(key.into_key());
        let changed = if plan.deleted_at.is_some() {
            let now = Value::Text(timestamp_text(self.engine().now())?);
            self.ready_text(&mark_text::<M>(plan, &plan.names(&plan.key))?)
                .and_then(|mut ready| ready.execute(&Marked { now, rest: &key }))
        } else {
            self.ready_kept(M::slot().number(), kind::DELETE, || delete_text::<M>(plan))
                .and_then(|mut ready| ready.execute(&key))
        };
        Ok(changed.map_err(|error| error.with_constraint_table(M::NAME))? > 0)
    }

    fn delete_how<M: Model>(&self, model: &M, plan: &Plan, how: How) -> Result<()> {
        if M::HOOKED || plan.version.is_some() {
            return self.transaction(|tx| delete_with_hooks(tx, model, plan, how));
        }
        delete_with_hooks(self, model, plan, how)
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

fn delete_with_hooks<M: Model>(session: &Session, model: &M, plan: &Plan, how: How) -> Result<()> {
    if M::HOOKED {
        model.before_delete(session)?;
    }
    if delete_row(session, model, plan, how)? == 0 {
        return Err(missed(session, model, plan)?);
    }
    if M::HOOKED {
        model.after_delete(session)?;
    }
    Ok(())
}

fn delete_row<M: Model>(session: &Session, model: &M, plan: &Plan, how: How) -> Result<u64> {
    let version = match plan.version {
        Some(version) => {
            Some(model.encode(version).map_err(|error| unstorable(plan, version, &error))?.into())
        }
        None => None,
    };
    let params = Row::new(model, plan, &[]).with_key().with_last(version);
    let changed = match how {
        How::Remove => session
            .ready_kept(M::slot().number(), kind::DELETE_ROW, || {
                sql::delete_by_key(&Sqlite, M::NAME, &plan.matched())
            })
            .and_then(|mut ready| ready.execute(&params)),
        How::Mark => {
            let now = Value::Text(timestamp_text(session.engine().now())?);
            session
                .ready_text(&mark_text::<M>(plan, &plan.matched())?)
                .and_then(|mut ready| ready.execute(&Marked { now, rest: &params }))
        }
    };
    changed.map_err(|error| error.with_constraint_table(M::NAME))
}

fn delete_text<M: Record>(plan: &Plan) -> Result<String> {
    sql::delete_by_key(&Sqlite, M::NAME, &plan.names(&plan.key))
}

fn mark_text<M: Record>(plan: &Plan, key: &[&str]) -> Result<String> {
    let deleted_at: Vec<&str> = plan.alive().into_iter().collect();
    sql::update_by_key(&Sqlite, M::NAME, &deleted_at, key, plan.alive())
}

/// The moment of deletion, then what finds the row.
struct Marked<'a, P: ?Sized> {
    now: Value,
    rest: &'a P,
}

impl<P: Bind + ?Sized> Bind for Marked<'_, P> {
    fn bind<'p>(&'p self, binder: &mut Binder<'p>) -> Result<()> {
        binder.bind(ToValueOutput::Borrowed(self.now.as_ref()))?;
        self.rest.bind(binder)
    }
}
