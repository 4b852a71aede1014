//! Writes by key where the model has a scope: a row outside it is not there.

use super::Model;
use super::delete::{How, now};
use super::plan::Plan;
use super::read::{Rows, in_scope, key_of, value_of};
use super::record::Record;
use crate::dialect::Sqlite;
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
    let update = Update { assignments: assignments.collect::<Result<_>>()?, rows: chosen::<M>(filter) };
    let statement = update.render_in(&Sqlite, session)?;
    session.ready_text(&statement.sql)?.execute(&statement.params[..])
}

/// Deletes the rows that the filter finds, or marks them; how many there were.
pub(super) fn delete<M: Record>(session: &Session, plan: &Plan, how: How, filter: Expr) -> Result<u64> {
    let rows = chosen::<M>(filter);
    let statement = match (how, plan.alive()) {
        (How::Mark, Some(deleted_at)) => {
            let marked = Assignment { column: deleted_at.into(), value: Expr::value(now(session)?) };
            Update { assignments: vec![marked], rows }.render_in(&Sqlite, session)?
        }
        (How::Mark, None) | (How::Remove, _) => Delete { rows }.render_in(&Sqlite, session)?,
    };
    session.ready_text(&statement.sql)?.execute(&statement.params[..])
}

fn chosen<M: Record>(filter: Expr) -> Chosen {
    Chosen { table: M::NAME.into(), filter: Some(filter), limited: None }
}
