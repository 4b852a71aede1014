use std::sync::Arc;

use super::key::ForeignKey;
use crate::expr::{Expr, Filter};
use crate::model::Model;
use crate::sql::{self, Comparison, Question, Step};

/// From a row to the rows that belong to it.
#[derive(Debug, Clone)]
pub(super) struct Route {
    /// One step, or two over a table that links.
    pub(super) steps: Vec<Arc<Step>>,
    /// The columns that the first step begins at.
    pub(super) from: &'static [&'static str],
}

impl Route {
    pub(super) fn to_children<M: Model, C: Model>(key: ForeignKey) -> Self {
        Self { steps: vec![Arc::new(key.to_children::<M, C>())], from: key.parent }
    }

    pub(super) fn over_link<M: Model, T: Model, L: Model>(near: ForeignKey, far: ForeignKey) -> Self {
        let nullable = |name: &&str| L::TABLE.column(name).is_none_or(|column| column.nullable);
        let far = far.to_parent::<T>(far.child.iter().any(nullable));
        let steps = vec![Arc::new(near.to_children::<M, L>()), Arc::new(far)];
        Self { steps, from: near.parent }
    }

    /// Whether there is a row where it holds.
    pub(super) fn any<M, T>(self, filter: Filter<T>) -> Filter<M> {
        Expr::new(self.ask(Question::Exists, Some(filter.inner)))
    }

    /// Whether it holds for every row.
    pub(super) fn all<M, T>(self, filter: Filter<T>) -> Filter<M> {
        // where it is neither true nor false it does not hold, so that `NOT` is not enough
        let fails = filter.inner.compare(Comparison::Eq, sql::Expr::bool(false));
        Expr::new(self.ask(Question::Exists, Some(fails))).not()
    }

    /// How many rows there are.
    pub(super) fn count<M>(self) -> Expr<M, u64> {
        Expr::new(self.ask(Question::Count, None))
    }

    fn ask(self, question: Question, filter: Option<sql::Expr>) -> sql::Expr {
        sql::Expr::related(sql::Related { steps: self.steps, filter, question })
    }
}
