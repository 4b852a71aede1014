use std::sync::Arc;

use super::key::ForeignKey;
use super::{HasMany, HasOne, ManyToMany};
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

    fn ask(self, question: Question, filter: Option<sql::Expr>) -> sql::Expr {
        sql::Expr::related(sql::Related { steps: self.steps, filter, question })
    }
}

macro_rules! questions {
    ([$($generics:tt)*] $relation:ty, $other:ty, $route:expr) => {
        impl<$($generics)*> $relation {
            /// Whether there is a related row where the condition holds.
            #[must_use]
            pub fn any(self, filter: Filter<$other>) -> Filter<M> {
                Expr::new($route(self).ask(Question::Exists, Some(filter.inner)))
            }

            /// Whether there is no related row where the condition holds.
            #[must_use]
            pub fn none(self, filter: Filter<$other>) -> Filter<M> {
                self.any(filter).not()
            }

            /// Whether the condition holds for every related row; where there is none, it does.
            #[must_use]
            pub fn all(self, filter: Filter<$other>) -> Filter<M> {
                // where it is neither true nor false it does not hold, so that `NOT` is not enough
                let fails = filter.inner.compare(Comparison::Eq, sql::Expr::bool(false));
                self.none(Expr::new(fails))
            }

            /// How many related rows there are.
            #[must_use]
            pub fn count(self) -> Expr<M, u64> {
                Expr::new($route(self).ask(Question::Count, None))
            }
        }
    };
}

questions!([M: Model, C: Model] HasMany<M, C>, C, |it: Self| Route::to_children::<M, C>(it.key));
questions!([M: Model, C: Model] HasOne<M, C>, C, |it: Self| Route::to_children::<M, C>(it.key));
questions!([M: Model, T: Model, L: Model] ManyToMany<M, T, L>, T, |it: Self| Route::over_link::<M, T, L>(it.near, it.far));
