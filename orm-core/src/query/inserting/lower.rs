//! From what was said of an insert to its statement.

use super::super::write::refuse_twice;
use super::Inserting;
use super::conflict::{Changes, Upserting};
use super::target::Target;
use crate::error::Result;
use crate::model::{Clash, Insertion, Model, Plan, Unchanged};
use crate::schema::Text;
use crate::session::Session;
use crate::sql::{
    Arithmetic, Assignment, Conflict, ConflictAction, ConflictTarget, Expr, Insert, Inserted, Select,
};
use crate::value::Value;

/// An insert without types.
pub(super) struct Lowered<'s> {
    session: &'s Session,
    plan: &'static Plan,
    columns: Vec<usize>,
    returned: Vec<usize>,
    finds: bool,
    clash: Clash,
    target: Option<ConflictTarget>,
    assignments: Vec<Assignment>,
    filter: Option<Expr>,
}

impl<'s> Lowered<'s> {
    pub(super) fn insert<M: Model>(inserting: &Inserting<'s, M>) -> Self {
        let plan = M::slot().plan(M::TABLE);
        Self::insert_of(inserting, columns_of(plan, inserting.only.as_deref()))
    }

    /// The same with these columns.
    pub(super) fn insert_of<M: Model>(inserting: &Inserting<'s, M>, columns: Vec<usize>) -> Self {
        let plan = M::slot().plan(M::TABLE);
        let returned = if inserting.returning { all(plan) } else { unknown_key(plan, &columns) };
        Self {
            session: inserting.session,
            plan,
            columns,
            returned,
            finds: inserting.returning,
            clash: Clash::Fails,
            target: None,
            assignments: Vec::new(),
            filter: None,
        }
    }

    pub(super) fn upsert<M: Model, A>(upserting: &Upserting<'s, M, A>) -> Result<Self> {
        let plan = M::slot().plan(M::TABLE);
        Self::upsert_of(upserting, columns_of(plan, upserting.inserting.only.as_deref()))
    }

    /// The same with these columns.
    pub(super) fn upsert_of<M: Model, A>(
        upserting: &Upserting<'s, M, A>,
        columns: Vec<usize>,
    ) -> Result<Self> {
        let lowered = Self::insert(&upserting.inserting);
        let plan = lowered.plan;
        let target = upserting.target.resolve::<M>()?;
        let assignments = assignments::<M>(plan, &columns, &upserting.target, &upserting.changes)?;
        if assignments.is_empty() {
            return Ok(Self { columns, target, clash: Clash::IsIgnored, ..lowered });
        }
        // with the version of a row that it never saw, a struct could overwrite what it never saw
        let finds = lowered.finds || plan.version.is_some();
        let returned =
            if finds { all(plan) } else { changed_unseen(plan, &columns, &upserting.target, &assignments) };
        let visible = visible::<M, A>(upserting, plan)?;
        let unchanged = match (&upserting.condition, &visible) {
            (Some(_), _) => Unchanged::Wanted,
            (None, Some(_)) => Unchanged::Hidden,
            (None, None) => Unchanged::Ignored,
        };
        let filter = upserting.condition.clone().into_iter().chain(visible).reduce(Expr::and);
        let filter = filter.filter(|filter| !filter.is_true());
        let clash = Clash::Updates(unchanged);
        Ok(Self { columns, returned, finds, clash, target, assignments, filter, ..lowered })
    }

    /// Runs it for structs.
    pub(super) fn run<T>(&self, run: impl FnOnce(&Insertion<'_>) -> Result<T>) -> Result<T> {
        run(&Insertion {
            columns: self.columns.clone(),
            returned: self.returned.clone(),
            finds: self.finds,
            clash: self.clash,
            prepare: &|session, columns, clash| {
                let insert = self.statement(columns, clash, Inserted::Row, &self.returned);
                let (ready, values) = session.ready_composed(&insert)?;
                Ok((ready, values.into_owned()))
            },
        })
    }

    /// Runs it for the rows of a query; gives how many rows were written.
    pub(super) fn run_from(&self, select: Select<'_>) -> Result<u64> {
        let rows = match self.clash {
            Clash::Fails => Inserted::Select(Box::new(select)),
            Clash::IsIgnored | Clash::Updates(_) => Inserted::before_conflict(select),
        };
        let insert = self.statement(&self.columns, self.clash, rows, &[]);
        self.session
            .execute_composed(&insert)
            .map_err(|error| error.with_constraint_table(&self.plan.table.name))
    }

    fn statement<'q>(
        &'q self,
        columns: &[usize],
        clash: Clash,
        rows: Inserted<'q>,
        read: &[usize],
    ) -> Insert<'q> {
        let action = match clash {
            Clash::Fails => None,
            Clash::IsIgnored => Some(ConflictAction::Ignore),
            Clash::Updates(_) => {
                let filter = self.filter.as_ref();
                Some(ConflictAction::Update { assignments: &self.assignments, filter })
            }
        };
        let names = |columns: &[usize]| self.plan.names(columns).into_iter().map(Text::from).collect();
        Insert {
            table: self.plan.table.name.clone(),
            columns: names(columns),
            rows,
            conflict: action.map(|action| Conflict { target: self.target.as_ref(), action }),
            returning: names(read),
        }
    }
}

/// The columns that are sent: those that were chosen, and what the session fills in.
fn columns_of(plan: &Plan, only: Option<&[usize]>) -> Vec<usize> {
    let Some(only) = only else { return plan.inserted.clone() };
    let mut columns = only.to_vec();
    columns.extend([plan.created_at, plan.updated_at, plan.version].into_iter().flatten());
    columns.sort_unstable();
    columns.dedup();
    columns
}

fn all(plan: &Plan) -> Vec<usize> {
    (0..plan.table.columns.len()).collect()
}

/// Parts of the key that the database picks, and that no other way tells.
fn unknown_key(plan: &Plan, columns: &[usize]) -> Vec<usize> {
    let unknown = |column: &usize| Some(*column) != plan.auto && !columns.contains(column);
    plan.key.iter().copied().filter(unknown).collect()
}

/// What may be otherwise in the row that was in the way than in the struct, of what the session fills in: its key and
/// timestamps.
fn changed_unseen(plan: &Plan, columns: &[usize], target: &Target, assignments: &[Assignment]) -> Vec<usize> {
    let is_set = |column: usize| assignments.iter().any(|change| change.column == plan.name(column));
    let finds_key = target.is_made_of(&plan.key) && !plan.key.iter().any(|&column| is_set(column));
    let key = if finds_key { unknown_key(plan, columns) } else { plan.key.clone() };
    let stamps = [plan.created_at, plan.updated_at].into_iter().flatten();
    key.into_iter().chain(stamps).collect()
}

/// What changes in the row that is in the way.
fn assignments<M: Model>(
    plan: &Plan,
    columns: &[usize],
    target: &Target,
    changes: &Changes,
) -> Result<Vec<Assignment>> {
    let mut assignments = match changes {
        Changes::None => return Ok(Vec::new()),
        Changes::These(changes) if changes.is_empty() => return Ok(Vec::new()),
        Changes::These(changes) => changes.clone(),
        Changes::All => columns
            .iter()
            .filter(|&&column| is_overwritten(plan, target, column))
            .map(|&column| taken_over(plan, column))
            .collect(),
    };
    refuse_twice::<M>(&assignments)?;
    let unset = |column: Option<usize>| {
        column.filter(|&column| assignments.iter().all(|change| change.column != plan.name(column)))
    };
    let (updated_at, version) = (unset(plan.updated_at), unset(plan.version));
    assignments.extend(updated_at.map(|column| taken_over(plan, column)));
    assignments.extend(version.map(|column| {
        let next = Expr::column(plan.name(column), false);
        let next = next.arithmetic(Arithmetic::Add, Expr::value(Value::Integer(1)));
        Assignment { column: plan.name(column).into(), value: next }
    }));
    Ok(assignments)
}

fn is_overwritten(plan: &Plan, target: &Target, column: usize) -> bool {
    let of_the_session = [plan.created_at, plan.version].contains(&Some(column));
    !of_the_session && !plan.key.contains(&column) && !target.columns().contains(&column)
}

/// `column = excluded.column`.
fn taken_over(plan: &Plan, column: usize) -> Assignment {
    let name = plan.name(column);
    Assignment { column: name.into(), value: Expr::excluded(name, plan.table.columns[column].nullable) }
}

/// What holds for the rows that the session may change; `None` where it may change all.
fn visible<M: Model, A>(upserting: &Upserting<'_, M, A>, plan: &Plan) -> Result<Option<Expr>> {
    let alive = if upserting.with_deleted { None } else { plan.alive() };
    let alive = alive.map(|column| Expr::column(column, true).null_test());
    let scope = if upserting.unscoped { None } else { upserting.inserting.session.scope_of::<M>()? };
    Ok([alive, scope].into_iter().flatten().reduce(Expr::and))
}
