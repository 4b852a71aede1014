//! Inserts of which more is said than `insert` can be told: which columns, what happens where a unique rule is in the
//! way, what is read back.
//!
//! One row goes into one statement: what becomes of a row can be told for a statement only, and the rows that RETURNING
//! gives come in no promised order (<https://sqlite.org/lang_returning.html>).

use std::ops::ControlFlow;

use super::Model;
use super::bind::Row;
use super::draft::Draft;
use super::insert::{ignored, is_unset, stamp};
use super::plan::Plan;
use super::record::Record;
use crate::driver::{Bind, Binder};
use crate::error::{Error, ErrorKind, Result};
use crate::session::{Ready, Session};
use crate::value::{Row as _, Value, ValueRef};

/// What became of a struct that was inserted with a way out of a conflict.
///
/// ```
/// use orm_core::{Engine, Model, Upserted};
///
/// #[derive(Debug, Model)]
/// struct Counter {
///     #[orm(primary_key)]
///     page: String,
///     hits: i64,
/// }
///
/// let session = Engine::open_in_memory()?.session()?;
/// session.create_table::<Counter>()?;
/// let mut hit = Counter { page: "/".into(), hits: 1 };
/// let count = session
///     .inserting::<Counter>()
///     .on_conflict(Counter::PAGE)
///     .update(Counter::HITS.set(Counter::HITS + Counter::HITS.excluded()));
/// assert_eq!(count.one(&mut hit)?, Upserted::Inserted);
/// assert_eq!(count.one(&mut hit)?, Upserted::Updated);
/// assert_eq!(count.filter(Counter::HITS.lt(2)).one(&mut hit)?, Upserted::LeftAlone);
/// # Ok::<(), orm_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Upserted {
    /// A new row holds it.
    Inserted,
    /// It changed the row that was in its way.
    Updated,
    /// The row that was in its way is as it was, and so is the struct.
    LeftAlone,
}

/// What is sent for each struct.
pub(crate) struct Insertion<'a> {
    /// The columns that are written; an unset `auto` key is left out of them.
    pub(crate) columns: Vec<usize>,
    /// The columns that are read back into the struct.
    pub(crate) returned: Vec<usize>,
    /// Whether that is the row as the caller wants it, so that it counts as found.
    pub(crate) finds: bool,
    pub(crate) clash: Clash,
    pub(crate) prepare: &'a Prepare<'a>,
}

/// Prepares the statement that writes these columns, with that way out; gives the values that come behind the row's.
pub(crate) type Prepare<'a> =
    dyn for<'s> Fn(&'s Session, &[usize], Clash) -> Result<(Ready<'s>, Vec<Value>)> + 'a;

/// What happens where a unique rule is in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clash {
    Fails,
    IsIgnored,
    Updates(Unchanged),
}

/// What it means where an upsert changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unchanged {
    /// The caller's condition did not hold.
    Wanted,
    /// The row is one that the session does not see.
    Hidden,
    /// Only a trigger can have done that.
    Ignored,
}

impl Insertion<'_> {
    /// Inserts one struct.
    pub(crate) fn one<M: Model>(&self, session: &Session, model: &mut M) -> Result<Upserted> {
        let plan = M::slot().plan(M::TABLE);
        let mut draft = Draft::new(model, plan);
        let outcome = if self.is_several_steps::<M>(plan) {
            session.transaction(|tx| Run::new(tx, plan, self).write(&mut draft))?
        } else {
            Run::new(session, plan, self).write(&mut draft)?
        };
        finish(draft, outcome);
        Ok(outcome)
    }

    /// Inserts several, in order, in one transaction.
    pub(crate) fn all<M: Model>(&self, session: &Session, models: &mut [M]) -> Result<Vec<Upserted>> {
        match models {
            [] => return Ok(Vec::new()),
            [only] => return self.one(session, only).map(|outcome| vec![outcome]),
            _ => {}
        }
        let plan = M::slot().plan(M::TABLE);
        let mut drafts: Vec<_> = models.iter_mut().map(|model| Draft::new(model, plan)).collect();
        let outcomes = session.transaction(|tx| {
            let mut run = Run::new(tx, plan, self);
            drafts.iter_mut().map(|draft| run.write(draft)).collect::<Result<Vec<_>>>()
        })?;
        drafts.into_iter().zip(&outcomes).for_each(|(draft, outcome)| finish(draft, *outcome));
        Ok(outcomes)
    }

    /// Whether something may fail after the row was written: a hook, or a value that its field cannot hold.
    fn is_several_steps<M: Model>(&self, plan: &Plan) -> bool {
        let may_not_fit = |column: &usize| plan.narrow_auto || Some(*column) != plan.auto;
        M::HOOKED
            || plan.narrow_auto
            || self.returned.iter().any(may_not_fit)
            || (matches!(self.clash, Clash::Updates(_)) && plan.table.without_rowid)
    }
}

/// A struct whose row was left alone is as before.
fn finish<M: Record>(draft: Draft<'_, M>, outcome: Upserted) {
    match outcome {
        Upserted::Inserted | Upserted::Updated => draft.keep(),
        Upserted::LeftAlone => drop(draft),
    }
}

/// The structs of one call, and the statements that are held meanwhile.
struct Run<'s, 'a> {
    session: &'s Session,
    plan: &'a Plan,
    insertion: &'a Insertion<'a>,
    /// For rows whose key is sent, and for those whose key the database assigns.
    held: [Option<Held<'s>>; 2],
    /// What finds out whether there is a row in the way, see [`Run::probe`].
    probe: Option<Held<'s>>,
}

struct Held<'s> {
    columns: Vec<usize>,
    ready: Ready<'s>,
    values: Vec<Value>,
}

/// What a statement did.
struct Written {
    rows: u64,
    returned: Vec<Value>,
}

impl<'s, 'a> Run<'s, 'a> {
    fn new(session: &'s Session, plan: &'a Plan, insertion: &'a Insertion<'a>) -> Self {
        Self { session, plan, insertion, held: [None, None], probe: None }
    }

    fn write<M: Model>(&mut self, draft: &mut Draft<'_, M>) -> Result<Upserted> {
        if M::HOOKED {
            draft.model().before_insert(self.session)?;
        }
        stamp(self.session, draft, &[self.plan.created_at, self.plan.updated_at])?;
        let outcome = self.send(draft)?;
        if M::HOOKED {
            self.after(draft, outcome)?;
        }
        Ok(outcome)
    }

    fn after<M: Model>(&mut self, draft: &mut Draft<'_, M>, outcome: Upserted) -> Result<()> {
        if self.insertion.finds && outcome != Upserted::LeftAlone {
            draft.model().after_find(self.session)?;
        }
        match outcome {
            Upserted::Inserted => draft.model().after_insert(self.session),
            Upserted::Updated => draft.model().after_update(self.session),
            Upserted::LeftAlone => Ok(()),
        }
    }

    fn send<M: Model>(&mut self, draft: &mut Draft<'_, M>) -> Result<Upserted> {
        let Insertion { columns, returned, clash, .. } = self.insertion;
        let assigned = match self.plan.auto {
            Some(auto) if !columns.contains(&auto) || is_unset(&**draft, self.plan)? => Some(auto),
            Some(_) | None => None,
        };
        let (written, outcome) = match clash {
            Clash::Fails | Clash::IsIgnored => (self.execute(&**draft, assigned)?, Upserted::Inserted),
            Clash::Updates(_) => self.upsert(&**draft, assigned)?,
        };
        if written.rows == 0 {
            return unchanged::<M>(*clash);
        }
        match assigned {
            Some(auto) if outcome == Upserted::Inserted && !returned.contains(&auto) => {
                draft.assign_key(auto, self.session.connection().last_insert_rowid())?;
            }
            Some(_) | None => {}
        }
        for (&column, value) in returned.iter().zip(&written.returned) {
            draft.assign(column, value.as_ref())?;
        }
        Ok(outcome)
    }

    /// Sends it where a row in the way is changed, and finds out whether there was one.
    ///
    /// SQLite tells that by the key of the last inserted row only, which an update leaves as it is
    /// (<https://sqlite.org/c3ref/last_insert_rowid.html>): it is set to what cannot be this row's before.
    fn upsert<M: Model>(&mut self, model: &M, assigned: Option<usize>) -> Result<(Written, Upserted)> {
        if self.plan.table.without_rowid {
            return self.probe(model);
        }
        let connection = self.session.connection();
        let before = connection.last_insert_rowid();
        let mark = if has_key(model, self.plan, i64::MIN) { i64::MIN + 1 } else { i64::MIN };
        connection.set_last_insert_rowid(mark);
        let written = self.execute(model, assigned);
        if connection.last_insert_rowid() != mark {
            return Ok((written?, Upserted::Inserted));
        }
        connection.set_last_insert_rowid(before);
        Ok((written?, Upserted::Updated))
    }

    /// A table WITHOUT ROWID has no such key: the row is inserted if nothing is in the way, and only then upserted. What
    /// triggers did in the first attempt is undone.
    fn probe<M: Model>(&mut self, model: &M) -> Result<(Written, Upserted)> {
        let attempt = self.session.begin()?;
        let columns = || self.insertion.columns.clone();
        let held = held(&mut self.probe, self.session, self.insertion.prepare, Clash::IsIgnored, columns)?;
        let written = held.execute(model, self.plan)?;
        if M::HOOKED {
            self.probe = None;
        }
        if written.rows > 0 {
            attempt.commit()?;
            return Ok((written, Upserted::Inserted));
        }
        attempt.rollback()?;
        Ok((self.execute(model, None)?, Upserted::Updated))
    }

    fn execute<M: Model>(&mut self, model: &M, assigned: Option<usize>) -> Result<Written> {
        let Insertion { columns, prepare, clash, .. } = self.insertion;
        let sent = || columns.iter().copied().filter(|column| Some(*column) != assigned).collect();
        let place = &mut self.held[usize::from(assigned.is_some())];
        let written = held(place, self.session, *prepare, *clash, sent)?.execute(model, self.plan)?;
        if M::HOOKED {
            // hooks may send the same
            *place = None;
        }
        Ok(written)
    }
}

/// The statement that is held there, or is prepared now.
fn held<'s, 'h>(
    place: &'h mut Option<Held<'s>>,
    session: &'s Session,
    prepare: &Prepare<'_>,
    clash: Clash,
    columns: impl FnOnce() -> Vec<usize>,
) -> Result<&'h mut Held<'s>> {
    if let Some(held) = place {
        return Ok(held);
    }
    let columns = columns();
    let (ready, values) = prepare(session, &columns, clash)?;
    Ok(place.insert(Held { columns, ready, values }))
}

impl Held<'_> {
    fn execute<M: Model>(&mut self, model: &M, plan: &Plan) -> Result<Written> {
        let params = Both { row: Row::new(model, plan, &self.columns), then: &self.values };
        let mut returned = Vec::new();
        let outcome = self.ready.for_each(&params, |row| {
            for column in 0..row.column_count() {
                returned.push(row.value(column)?.to_owned());
            }
            Ok(ControlFlow::Continue(()))
        });
        outcome.map_err(|error| error.with_constraint_table(M::NAME))?;
        Ok(Written { rows: self.ready.statement().changes(), returned })
    }
}

/// The values of a row, then those of the statement.
struct Both<'p, M> {
    row: Row<'p, M>,
    then: &'p [Value],
}

impl<M: Record> Bind for Both<'_, M> {
    fn bind<'p>(&'p self, binder: &mut Binder<'p>) -> Result<()> {
        self.row.bind(binder)?;
        self.then.bind(binder)
    }
}

fn has_key<M: Record>(model: &M, plan: &Plan, key: i64) -> bool {
    let is_key =
        |&column: &usize| model.encode(column).is_ok_and(|value| value.as_ref() == ValueRef::Integer(key));
    plan.key.iter().any(is_key)
}

fn unchanged<M: Record>(clash: Clash) -> Result<Upserted> {
    match clash {
        Clash::IsIgnored | Clash::Updates(Unchanged::Wanted) => Ok(Upserted::LeftAlone),
        Clash::Updates(Unchanged::Hidden) => Err(hidden::<M>()),
        Clash::Fails | Clash::Updates(Unchanged::Ignored) => Err(ignored::<M>()),
    }
}

/// A row that the session does not see cannot be changed by it.
#[cold]
pub(crate) fn hidden<M: Record>() -> Error {
    let message = "the row that is in the way is marked deleted, or out of the model's scope: `with_deleted` and \
                   `unscoped` say that such a row is meant";
    Error::new(ErrorKind::Constraint, message).with_table(M::NAME)
}
