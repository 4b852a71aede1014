use super::bind::Row;
use super::plan::Plan;
use super::record::{AutoKeyed, Record};
use super::undo::Undo;
use super::{Model, kind};
use crate::dialect::Sqlite;
use crate::error::{Error, ErrorKind, Result};
use crate::session::Session;
use crate::sql;
use crate::value::{ValueRef, timestamp_text};

impl Session {
    /// Inserts the struct as a row and writes the key that the database assigned back into it.
    ///
    /// What the struct holds is what is written; only an `auto` key of 0 or `None` is left to the database. `created_at`
    /// and `updated_at` columns are set to now.
    ///
    /// ```
    /// use orm_core::{Engine, Model};
    ///
    /// #[derive(Model)]
    /// struct User {
    ///     #[orm(primary_key, auto)]
    ///     id: i64,
    ///     name: String,
    /// }
    ///
    /// let engine = Engine::open_in_memory()?;
    /// let session = engine.session()?;
    /// session.create_table::<User>()?;
    /// let mut ann = User { id: 0, name: "Ann".into() };
    /// session.insert(&mut ann)?;
    /// assert_eq!(ann.id, 1);
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`constraint`](Error::constraint) where the row violates one, `Conversion` where a column cannot hold a value, and
    /// what the hooks say. The struct is as before then.
    pub fn insert<M: Model>(&self, model: &mut M) -> Result<()> {
        let plan = M::slot().plan(M::TABLE);
        if M::HOOKED || plan.narrow_auto {
            // one unit: what hooks write, and a key that turns out not to fit its field
            return self.transaction(|tx| insert_undoing(tx, model, plan));
        }
        insert_undoing(self, model, plan)
    }

    /// [`insert`](Session::insert) by value: gives the struct back with its key. Inside a transaction that is rolled back
    /// nothing is left with a key of a row that does not exist.
    ///
    /// # Errors
    ///
    /// As [`insert`](Session::insert).
    pub fn create<M: Model>(&self, mut model: M) -> Result<M> {
        self.insert(&mut model)?;
        Ok(model)
    }

    /// Inserts all of them in one transaction, in order, with their hooks; the keys are written back.
    ///
    /// # Errors
    ///
    /// As [`insert`](Session::insert), for the first that fails. None is inserted then, and all structs are as before.
    pub fn insert_all<M: Model>(&self, models: &mut [M]) -> Result<()> {
        if models.is_empty() {
            return Ok(());
        }
        let plan = M::slot().plan(M::TABLE);
        let mut undos = Vec::with_capacity(models.len());
        let outcome = self.transaction(|tx| {
            for model in &mut *models {
                let mut undo = Undo::default();
                let inserted = insert_with_hooks(tx, model, plan, &mut undo);
                undos.push(undo);
                inserted?;
            }
            Ok(())
        });
        if outcome.is_err() {
            for (model, undo) in models.iter_mut().zip(undos) {
                undo.put_back(model);
            }
        }
        outcome
    }

    /// Inserts a struct whose `auto` key is 0 or `None`, updates one whose key is set: exactly
    /// [`insert`](Session::insert) or [`update`](Session::update), with their hooks. Only for models with an `auto` key;
    /// another key cannot tell new from old.
    ///
    /// # Errors
    ///
    /// As those.
    pub fn save<M: Model + AutoKeyed>(&self, model: &mut M) -> Result<()> {
        let plan = M::slot().plan(M::TABLE);
        if is_unset(model, plan)? { self.insert(model) } else { self.update(model) }
    }
}

fn insert_undoing<M: Model>(session: &Session, model: &mut M, plan: &Plan) -> Result<()> {
    let mut undo = Undo::default();
    let outcome = insert_with_hooks(session, model, plan, &mut undo);
    if outcome.is_err() {
        undo.put_back(model);
    }
    outcome
}

fn insert_with_hooks<M: Model>(session: &Session, model: &mut M, plan: &Plan, undo: &mut Undo) -> Result<()> {
    if M::HOOKED {
        model.before_insert(session)?;
    }
    insert_row(session, model, plan, undo)?;
    if M::HOOKED {
        model.after_insert(session)?;
    }
    Ok(())
}

fn insert_row<M: Model>(session: &Session, model: &mut M, plan: &Plan, undo: &mut Undo) -> Result<()> {
    stamp(session, model, plan, undo, &[plan.created_at, plan.updated_at])?;
    let unset = is_unset(model, plan)?;
    let (kind, columns) =
        if unset { (kind::INSERT_UNKEYED, &plan.inserted_unkeyed) } else { (kind::INSERT, &plan.inserted) };
    let text = || sql::insert_rows(&Sqlite, M::NAME, &plan.names(columns), 1);
    let changed = session
        .ready_kept(M::slot().number(), kind, text)
        .and_then(|mut ready| ready.execute(&Row::new(model, plan, columns)))
        .map_err(|error| error.with_constraint_table(M::NAME))?;
    if changed != 1 {
        return Err(ignored::<M>());
    }
    match plan.auto {
        Some(auto) if unset => {
            let key = session.connection().last_insert_rowid();
            undo.assign(model, plan, auto, ValueRef::Integer(key))
        }
        _ => Ok(()),
    }
}

/// Sets the timestamp columns that there are to now, all to the same moment.
pub(super) fn stamp<M: Record>(
    session: &Session,
    model: &mut M,
    plan: &Plan,
    undo: &mut Undo,
    columns: &[Option<usize>],
) -> Result<()> {
    if columns.iter().all(Option::is_none) {
        return Ok(());
    }
    let now = timestamp_text(session.engine().now())?;
    for &column in columns.iter().flatten() {
        undo.assign(model, plan, column, ValueRef::Text(&now))?;
    }
    Ok(())
}

/// Whether the `auto` key is 0 or `None`.
fn is_unset<M: Record>(model: &M, plan: &Plan) -> Result<bool> {
    let Some(auto) = plan.auto else { return Ok(false) };
    let key = model.encode(auto).map_err(|error| super::bind::unstorable(plan, auto, &error))?;
    Ok(matches!(key.as_ref(), ValueRef::Null | ValueRef::Integer(0)))
}

#[cold]
fn ignored<M: Record>() -> Error {
    Error::new(ErrorKind::Constraint, "a trigger ignored the insert, so there is no row").with_table(M::NAME)
}
