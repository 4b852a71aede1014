use std::any::{Any, TypeId};

use crate::error::Result;
use crate::model::Model;
use crate::session::Session;
use crate::sql::{Collated, Expr, Step};

/// A foreign key as plain data: which columns of the child refer to which of the parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ForeignKey {
    /// The relation's name.
    pub(super) name: &'static str,
    /// The child's columns.
    pub(super) child: &'static [&'static str],
    /// The parent's columns, in the same order.
    pub(super) parent: &'static [&'static str],
    /// Whether a parent has at most one child.
    pub(super) unique: bool,
}

impl ForeignKey {
    /// From a child to its parent.
    pub(super) fn to_parent<P: Model>(self, optional: bool) -> Step {
        let optional = optional || hides_rows::<P>();
        Step { to_parent: true, optional, ..step::<P>(self.child, self.parent) }
    }

    /// From a parent to its children.
    pub(super) fn to_children<M: Model, C: Model>(self) -> Step {
        let collated = Some(Collated { table: M::TABLE, columns: self.parent });
        Step { collated, ..step::<C>(self.parent, self.child) }
    }
}

fn step<M: Model>(here: &'static [&'static str], there: &'static [&'static str]) -> Step {
    Step {
        table: M::NAME.into(),
        model: TypeId::of::<M>(),
        here: here.into(),
        there,
        collated: None,
        to_parent: false,
        optional: true,
        visible: if hides_rows::<M>() { Some(visible::<M>) } else { None },
        filter: None,
    }
}

/// Whether a row that is there may not be seen.
fn hides_rows<M: Model>() -> bool {
    M::HOOKED || M::slot().plan(M::TABLE).alive().is_some()
}

/// Rows that are not marked deleted, inside the model's scope. Without a session there is no scope.
fn visible<M: Model>(context: &dyn Any) -> Result<Option<Expr>> {
    let alive = M::slot().plan(M::TABLE).alive().map(|column| Expr::column(column, true).null_test());
    let scope = match context.downcast_ref::<Session>() {
        Some(session) if M::HOOKED && !session.is_unscoped() => M::scope(session)?,
        Some(_) | None => None,
    };
    Ok(alive.into_iter().chain(scope.map(|filter| filter.inner)).reduce(Expr::and))
}
