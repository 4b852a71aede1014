//! Writes by key where the model has a scope: a row outside it is not there.

use std::borrow::Cow;

use super::Model;
use super::delete::{How, now};
use super::plan::Plan;
use super::read::{Rows, in_scope, key_of, value_of};
use super::record::Record;
use crate::error::Result;
use crate::session::Session;
use crate::sql::{Assignment, Chosen, Delete, Expr, Update};
use crate::value::Value;

/// The row with the struct's key, and that version, inside the scope.
pub(super) fn row<M: Record>(
    plan: &Plan,
    model: &M,
    version: Option<&Value>,
    rows: Rows,
    scope: &Expr,
) -> Result<Expr> {
    let mut found_by = key_of(model, plan)?;
    found_by.extend(plan.version.zip(version).map(|(column, version)| (plan.name(column), version.clone())));
    Ok(in_scope(plan, found_by, rows, scope))
}

/// Writes these columns of a struct; how many rows there were.
pub(super) fn update<M: Model>(
    session: &Session,
    plan: &Plan,
    model: &M,
    columns: &[usize],
    version: Option<&Value>,
    scope: &Expr,
) -> Result<u64> {
    let assignments = columns.iter().map(|&column| {
        let value = Expr::value(value_of(model, plan, column)?);
        Ok(Assignment { column: plan.name(column).into(), value })
    });
    let filter = row(plan, model, version, Rows::Alive, scope)?;
    let assignments = assignments.collect::<Result<_>>()?;
    session.execute_composed(&Update { assignments, rows: chosen::<M>(filter) })
}

/// Deletes the rows that the filter finds, or marks them; how many there were.
pub(super) fn delete<M: Record>(session: &Session, plan: &Plan, how: How, filter: Expr) -> Result<u64> {
    let rows = chosen::<M>(filter);
    match (how, plan.alive()) {
        (How::Mark, Some(deleted_at)) => {
            let marked = Assignment { column: deleted_at.into(), value: Expr::value(now(session)?) };
            session.execute_composed(&Update { assignments: vec![marked], rows })
        }
        (How::Mark, None) | (How::Remove, _) => session.execute_composed(&Delete { rows }),
    }
}

fn chosen<M: Record>(filter: Expr) -> Chosen<'static> {
    Chosen { table: M::NAME.into(), filter: Some(Cow::Owned(filter)), limited: None }
}
