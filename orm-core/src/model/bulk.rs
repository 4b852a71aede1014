//! Many rows in one statement. The database's own keys cannot be had from such a statement, whose RETURNING rows come in
//! no promised order (<https://sqlite.org/lang_returning.html>): they are counted up from the first row's, under the
//! lock of the write transaction, and written explicitly.

use std::ops::ControlFlow;

use super::bind::Rows;
use super::draft::Draft;
use super::insert::{ignored, insert_row, is_unset, stamp, write_row};
use super::plan::Plan;
use super::{Model, kind};
use crate::dialect::{Dialect, Sqlite};
use crate::error::Result;
use crate::session::Session;
use crate::sql::{self, Expr, Select, Source};
use crate::value::ValueRef;

/// How many rows a statement has. Few sizes, so that all statements are kept.
const SIZES: [(usize, usize); 3] = [(256, kind::INSERT_256), (64, kind::INSERT_64), (16, kind::INSERT_16)];

/// Fewer rows take longer together than one by one: the first goes alone, the rest fills a statement.
const FEWEST: usize = 17;

/// Whether nothing looks at, or interferes with, single rows.
pub(super) fn applies<M: Model>(session: &Session, plan: &Plan, drafts: &[Draft<'_, M>]) -> Result<bool> {
    if M::HOOKED || drafts.len() < FEWEST || plan.inserted.is_empty() {
        return Ok(false);
    }
    let mut unset = 0;
    for draft in drafts {
        unset += usize::from(is_unset(&**draft, plan)?);
    }
    if unset > 0 && unset < drafts.len() {
        return Ok(false);
    }
    Ok(session.raw(Sqlite.triggers_of(), (M::NAME,)).first::<i64>()?.is_none())
}

/// Inserts rows whose keys are all set or all unset.
pub(super) fn insert_rows<M: Model>(
    session: &Session,
    plan: &Plan,
    drafts: &mut [Draft<'_, M>],
) -> Result<()> {
    let Some((first, rest)) = drafts.split_first_mut() else { return Ok(()) };
    let unset = is_unset(&**first, plan)?;
    insert_row(session, plan, first)?;
    if let Some(auto) = plan.auto
        && unset
    {
        let key = session.connection().last_insert_rowid();
        if !is_largest::<M>(session, plan.name(auto), key)?
            || key.checked_add_unsigned(rest.len() as u64).is_none()
        {
            // at the end of the range, where the database picks free keys at random
            return rest.iter_mut().try_for_each(|draft| insert_row(session, plan, draft));
        }
        for (draft, key) in rest.iter_mut().zip(key + 1..) {
            draft.assign_key(auto, key)?;
        }
    }
    for draft in rest.iter_mut() {
        stamp(session, draft, &[plan.created_at, plan.updated_at])?;
    }
    write_rows(session, plan, rest)
}

fn write_rows<M: Model>(session: &Session, plan: &Plan, mut rest: &[Draft<'_, M>]) -> Result<()> {
    let columns = &plan.inserted;
    let most = Sqlite.capabilities().max_parameters / columns.len();
    for (size, kind) in SIZES.into_iter().filter(|(size, _)| *size <= most) {
        if rest.len() < size {
            continue;
        }
        let text = || sql::insert_rows(&Sqlite, M::NAME, &plan.names(columns), size);
        let mut ready = session.ready_kept(M::slot().number(), kind, text)?;
        while let Some((drafts, others)) = rest.split_at_checked(size) {
            let changed = ready
                .execute(&Rows { drafts, plan, columns })
                .map_err(|error| error.with_constraint_table(M::NAME))?;
            if changed != size as u64 {
                return Err(ignored::<M>());
            }
            rest = others;
        }
    }
    rest.iter().try_for_each(|draft| write_row(session, plan, &**draft, kind::INSERT, columns))
}

/// Whether no row has a larger key, so that those after it are free.
fn is_largest<M: Model>(session: &Session, column: &'static str, key: i64) -> Result<bool> {
    let largest = Expr::function("max", [Expr::column(column, false)], false, true);
    let select = Select::new(Source::Table(M::NAME.into()), vec![largest]).render(&Sqlite)?;
    let mut found = false;
    session.ready_text(&select.sql)?.for_each(&select.params[..], |row| {
        found = crate::value::Row::value(row, 0)? == ValueRef::Integer(key);
        Ok(ControlFlow::Break(()))
    })?;
    Ok(found)
}
