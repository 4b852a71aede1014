//! Many rows in one statement. The database's own keys cannot be had from such a statement, whose RETURNING rows come in
//! no promised order (<https://sqlite.org/lang_returning.html>): they are counted up from the first row's, under the
//! lock of the write transaction, and written explicitly.

use std::ops::ControlFlow;

use super::bind::Rows;
use super::draft::Draft;
use super::insert::{execute_row, ignored, insert_in_turn, insert_row, insert_text, is_unset, stamp};
use super::plan::Plan;
use super::{Model, kind};
use crate::dialect::{Dialect, Sqlite};
use crate::error::Result;
use crate::session::Session;
use crate::sql::{Expr, Select, Source};
use crate::value::ValueRef;

/// How many rows a statement has, and from how many rows on it is worth preparing. Few sizes, so that all are kept.
const SIZES: [(usize, usize, usize); 3] =
    [(256, 1024, kind::INSERT_256), (64, 64, kind::INSERT_64), (16, 16, kind::INSERT_16)];

/// Fewer rows take longer together than one by one: the first goes alone, the largest key is looked up, and only the rest
/// fills statements.
const FEWEST: usize = 17;

/// Whether several rows may go together, as far as the structs can tell.
pub(super) fn applies<M: Model>(plan: &Plan, drafts: &[Draft<'_, M>]) -> Result<bool> {
    if M::HOOKED || drafts.len() < FEWEST || plan.inserted.is_empty() {
        return Ok(false);
    }
    let mut unset = 0;
    for draft in drafts {
        unset += usize::from(is_unset(&**draft, plan)?);
    }
    Ok(unset == 0 || unset == drafts.len())
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
    if has_triggers::<M>(session, plan, unset)? || !choose_keys(session, plan, unset, rest)? {
        return insert_in_turn(session, plan, rest);
    }
    if plan.created_at.or(plan.updated_at).is_some() {
        rest.iter_mut().try_for_each(|draft| stamp(session, draft, &[plan.created_at, plan.updated_at]))?;
    }
    write_rows(session, plan, rest)
}

/// Whether something looks at, or interferes with, single rows. Asked once for a schema: SQLite has just prepared the
/// statement of the first row anew where that has changed.
fn has_triggers<M: Model>(session: &Session, plan: &Plan, unset: bool) -> Result<bool> {
    let (kind, columns) = plan.insert_of_one(unset);
    let first = session.ready_kept(M::slot().number(), kind, || insert_text::<M>(plan, columns, 1))?;
    if let Some(known) = first.statement().fact() {
        return Ok(known);
    }
    let found = session.raw(Sqlite.triggers_of(), (M::NAME,)).first::<i64>()?.is_some();
    first.statement().keep_fact(found);
    Ok(found)
}

/// Gives unset keys the numbers after that of the row just inserted. Whether those are free: at the end of the range the
/// database picks free keys at random.
fn choose_keys<M: Model>(
    session: &Session,
    plan: &Plan,
    unset: bool,
    rest: &mut [Draft<'_, M>],
) -> Result<bool> {
    let Some(auto) = plan.auto.filter(|_| unset) else { return Ok(true) };
    let key = session.connection().last_insert_rowid();
    if key.checked_add_unsigned(rest.len() as u64).is_none()
        || !is_largest::<M>(session, plan.name(auto), key)?
    {
        return Ok(false);
    }
    for (draft, key) in rest.iter_mut().zip(key + 1..) {
        draft.assign_key(auto, key)?;
    }
    Ok(true)
}

fn write_rows<M: Model>(session: &Session, plan: &Plan, mut rest: &[Draft<'_, M>]) -> Result<()> {
    let columns = &plan.inserted;
    let most = Sqlite.capabilities().max_parameters / columns.len();
    for (size, worth, kind) in SIZES.into_iter().filter(|(size, ..)| *size <= most) {
        if rest.len() < worth {
            continue;
        }
        let text = || insert_text::<M>(plan, columns, size);
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
    if rest.is_empty() {
        return Ok(());
    }
    let text = || insert_text::<M>(plan, columns, 1);
    let mut ready = session.ready_kept(M::slot().number(), kind::INSERT, text)?;
    rest.iter().try_for_each(|draft| execute_row(&mut ready, plan, &**draft, columns))
}

/// Whether no row has a larger key, so that those after it are free.
fn is_largest<M: Model>(session: &Session, column: &'static str, key: i64) -> Result<bool> {
    let text = || {
        let largest = Expr::function("max", [Expr::column(column, false)], false, true);
        Ok(Select::new(Source::Table(M::NAME.into()), vec![largest].into()).render(&Sqlite)?.sql)
    };
    let mut found = false;
    session.ready_kept(M::slot().number(), kind::LARGEST_KEY, text)?.for_each(&(), |row| {
        found = crate::value::Row::value(row, 0)? == ValueRef::Integer(key);
        Ok(ControlFlow::Break(()))
    })?;
    Ok(found)
}
