//! The rules that attributes must keep among each other. What depends on a field's type is left to assertions in the
//! expansion.

mod columns;
mod fts;
mod keys;
mod names;
mod references;
mod shape;

pub(crate) use self::keys::MOST_KEY_COLUMNS;
pub(crate) use self::shape::{named_fields, no_generics};

use crate::diag::Diag;
use crate::ir::Table;

/// Every rule of a model.
pub(crate) fn table(table: &Table, diag: &mut Diag) {
    names::check(table, diag);
    keys::check(table, diag);
    columns::check(table, diag);
    references::check(table, diag);
    fts::check(table, diag);
}
