use super::delete::{How, delete_row, delete_with_hooks};
use super::plan::Plan;
use super::read::value_of;
use super::{Model, scoped};
use crate::error::Result;
use crate::session::Session;
use crate::sql::Expr;

/// How many rows a statement deletes. Few sizes, so that all are kept.
const SIZES: [usize; 3] = [256, 64, 16];

impl Session {
    /// Deletes the rows of all these structs in one transaction, each as [`delete`](Session::delete) would: with its
    /// hooks, comparing its version, marking it where there is a `deleted_at` column.
    ///
    /// Rows with a single key and neither hooks nor a version go together, up to 256 in one statement.
    ///
    /// ```
    /// use orm_core::{Engine, Model};
    ///
    /// #[derive(Model)]
    /// struct Reading {
    ///     #[orm(primary_key, auto)]
    ///     id: i64,
    ///     celsius: f64,
    /// }
    ///
    /// let session = Engine::open_in_memory()?.session()?;
    /// session.create_table::<Reading>()?;
    /// let mut day = [18.5, 24.0, 21.25].map(|celsius| Reading { id: 0, celsius });
    /// session.insert_all(&mut day)?;
    /// session.delete_all(&day[..2])?;
    /// assert_eq!(session.find::<Reading>().one()?.celsius, 21.25);
    /// // one of them is gone, so none is deleted
    /// assert!(session.delete_all(&day).unwrap_err().is_not_found());
    /// assert_eq!(session.find::<Reading>().count()?, 1);
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`delete`](Session::delete), for the first that fails. None is deleted then.
    pub fn delete_all<M: Model>(&self, models: &[M]) -> Result<()> {
        match models {
            [] => return Ok(()),
            [only] => return self.delete(only),
            _ => {}
        }
        let plan = M::slot().plan(M::TABLE);
        if let ([key], false, None) = (&plan.key[..], M::HOOKED, plan.version)
            && models.len() >= SIZES[SIZES.len() - 1]
            && self.delete_together(plan, *key, models)?
        {
            return Ok(());
        }
        let how = How::of(plan);
        self.transaction(|tx| models.iter().try_for_each(|model| delete_with_hooks(tx, plan, model, how)))
    }

    /// Deletes many rows in one statement. Where one of them was not there, nothing is deleted: one by one they show
    /// which it was.
    fn delete_together<M: Model>(&self, plan: &Plan, key: usize, models: &[M]) -> Result<bool> {
        let tx = self.begin()?;
        if delete_in_statements(&tx, plan, key, models)? {
            tx.commit()?;
            return Ok(true);
        }
        tx.rollback()?;
        Ok(false)
    }
}

fn delete_in_statements<M: Model>(session: &Session, plan: &Plan, key: usize, models: &[M]) -> Result<bool> {
    let mut rest = models;
    for size in SIZES {
        while let Some((together, others)) = rest.split_at_checked(size) {
            let filter = with_keys(plan, key, together)?;
            let deleted = scoped::delete::<M>(session, plan, How::of(plan), filter)
                .map_err(|error| error.with_constraint_table(M::NAME))?;
            if deleted != size as u64 {
                return Ok(false);
            }
            rest = others;
        }
    }
    rest.iter().try_for_each(|model| delete_row(session, plan, model, How::of(plan)))?;
    Ok(true)
}

/// The rows with these structs' keys that are not marked deleted.
fn with_keys<M: Model>(plan: &Plan, key: usize, models: &[M]) -> Result<Expr> {
    let keys = models.iter().map(|model| value_of(model, plan, key).map(Expr::value));
    let listed = Expr::column(plan.name(key), false).one_of(keys.collect::<Result<Vec<_>>>()?);
    let alive = plan.alive().map(|name| Expr::column(name, true).null_test());
    Ok(Expr::all([listed].into_iter().chain(alive)))
}
