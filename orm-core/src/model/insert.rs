use super::bind::{Row, unstorable};
use super::draft::Draft;
use super::plan::Plan;
use super::record::{AutoKeyed, Record};
use super::{Model, bulk, kind};
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
    /// what the hooks say. Key and timestamps of the struct are as before then; what a hook wrote into it stays.
    pub fn insert<M: Model>(&self, model: &mut M) -> Result<()> {
        let plan = M::slot().plan(M::TABLE);
        let mut draft = Draft::new(model, plan);
        if M::HOOKED || plan.narrow_auto {
            // one unit: what hooks write, and a key that turns out not to fit its field
            self.transaction(|tx| insert_with_hooks(tx, plan, &mut draft))?;
        } else {
            insert_row(self, plan, &mut draft)?;
        }
        draft.keep();
        Ok(())
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
    /// Without hooks and triggers, many rows go into one statement, which takes about half the time of one statement
    /// for each.
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
    /// assert_eq!(day.map(|reading| reading.id), [1, 2, 3]);
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`insert`](Session::insert), for the first that fails. None is inserted then, and all structs are as before.
    pub fn insert_all<M: Model>(&self, models: &mut [M]) -> Result<()> {
        match models {
            [] => return Ok(()),
            [only] => return self.insert(only),
            _ => {}
        }
        let plan = M::slot().plan(M::TABLE);
        let mut drafts: Vec<_> = models.iter_mut().map(|model| Draft::new(model, plan)).collect();
        self.transaction(|tx| {
            if bulk::applies(plan, &drafts)? {
                return bulk::insert_rows(tx, plan, &mut drafts);
            }
            drafts.iter_mut().try_for_each(|draft| insert_with_hooks(tx, plan, draft))
        })?;
        drafts.into_iter().for_each(Draft::keep);
        Ok(())
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

fn insert_with_hooks<M: Model>(session: &Session, plan: &Plan, draft: &mut Draft<'_, M>) -> Result<()> {
    if M::HOOKED {
        draft.model().before_insert(session)?;
    }
    insert_row(session, plan, draft)?;
    if M::HOOKED {
        draft.model().after_insert(session)?;
    }
    Ok(())
}

pub(super) fn insert_row<M: Model>(session: &Session, plan: &Plan, draft: &mut Draft<'_, M>) -> Result<()> {
    stamp(session, draft, &[plan.created_at, plan.updated_at])?;
    match plan.auto {
        Some(auto) if is_unset(&**draft, plan)? => {
            let (kind, columns) = plan.insert_of_one(true);
            write_row(session, plan, &**draft, kind, columns)?;
            draft.assign_key(auto, session.connection().last_insert_rowid())
        }
        _ => write_row(session, plan, &**draft, kind::INSERT, &plan.inserted),
    }
}

/// The insert of so many rows.
pub(super) fn insert_text<M: Record>(plan: &Plan, columns: &[usize], rows: usize) -> Result<String> {
    sql::insert_rows(&Sqlite, M::NAME, &plan.names(columns), rows)
}

/// Inserts these columns of a struct, as they are.
pub(super) fn write_row<M: Model>(
    session: &Session,
    plan: &Plan,
    model: &M,
    kind: usize,
    columns: &[usize],
) -> Result<()> {
    let changed = session
        .ready_kept(M::slot().number(), kind, || insert_text::<M>(plan, columns, 1))
        .and_then(|mut ready| ready.execute(&Row::new(model, plan, columns)))
        .map_err(|error| error.with_constraint_table(M::NAME))?;
    if changed == 1 { Ok(()) } else { Err(ignored::<M>()) }
}

/// Sets the timestamp columns that there are to now, all to the same moment.
pub(super) fn stamp<M: Record>(
    session: &Session,
    draft: &mut Draft<'_, M>,
    columns: &[Option<usize>],
) -> Result<()> {
    if columns.iter().all(Option::is_none) {
        return Ok(());
    }
    let now = timestamp_text(session.engine().now())?;
    columns.iter().flatten().try_for_each(|&column| draft.assign(column, ValueRef::Text(&now)))
}

/// Whether the `auto` key is 0 or `None`.
pub(super) fn is_unset<M: Record>(model: &M, plan: &Plan) -> Result<bool> {
    let Some(auto) = plan.auto else { return Ok(false) };
    match model.encode(auto) {
        Ok(key) => Ok(matches!(key.as_ref(), ValueRef::Null | ValueRef::Integer(0))),
        Err(error) => Err(unstorable::<M>(plan, auto, error)),
    }
}

#[cold]
pub(super) fn ignored<M: Record>() -> Error {
    let message = "a trigger or an `ON CONFLICT` clause of the table ignored the insert, so there is no row";
    Error::new(ErrorKind::Constraint, message).with_table(M::NAME)
}
