//! From a row to rows of other tables.

use std::any::{Any, TypeId};
use std::sync::Arc;

use super::Expr;
use crate::error::Result;
use crate::schema::Text;

/// Which rows of a table can be seen, asked when the statement is written: `None` for all. What is handed to it belongs to
/// the layers above.
pub(crate) type Visible = fn(&dyn Any) -> Result<Option<Expr>>;

/// One relation, followed from a row to those that belong to it.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) table: Text,
    /// The model on the other side: two of one table may show different rows.
    pub(crate) model: TypeId,
    /// Columns here, and those there that equal them.
    pub(crate) on: Vec<(&'static str, &'static str)>,
    /// How text in the columns here is compared, where they are the parent's and say so.
    pub(crate) collations: Vec<Option<Text>>,
    /// Whether the other side is the parent, whose column decides how text is compared.
    pub(crate) to_parent: bool,
    /// Whether there may be no row.
    pub(crate) optional: bool,
    pub(crate) visible: Option<Visible>,
    /// What else holds for the rows, over the other side's columns.
    pub(crate) filter: Option<Expr>,
}

impl Step {
    /// Whether both lead to the same rows.
    fn is_same(self: &Arc<Self>, other: &Arc<Self>) -> bool {
        Arc::ptr_eq(self, other)
            || (self.model == other.model
                && self.table == other.table
                && self.on == other.on
                && self.filter.is_none()
                && other.filter.is_none())
    }
}

/// The steps from the table that a query reads to the one that has the column; none for its own.
#[derive(Debug, Clone, Default)]
pub(crate) struct Path(Option<Arc<Vec<Arc<Step>>>>);

impl Path {
    pub(crate) fn new(steps: Vec<Arc<Step>>) -> Self {
        Self((!steps.is_empty()).then(|| Arc::new(steps)))
    }

    pub(crate) fn steps(&self) -> &[Arc<Step>] {
        self.0.as_deref().map_or(&[], Vec::as_slice)
    }

    /// The same from where `step` begins.
    pub(crate) fn through(&self, step: &Arc<Step>) -> Self {
        Self::new(std::iter::once(step).chain(self.steps()).map(Arc::clone).collect())
    }

    /// The first so many steps.
    pub(crate) fn first(&self, count: usize) -> Self {
        Self::new(self.steps()[..count].to_vec())
    }

    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let (ours, theirs) = (self.steps(), other.steps());
        ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(one, other)| one.is_same(other))
    }
}

/// What is asked of the rows that belong to a row.
#[derive(Debug)]
pub(crate) struct Related {
    /// One step, or two over a table that links.
    pub(crate) steps: Vec<Arc<Step>>,
    /// Over the columns of the last step's table.
    pub(crate) filter: Option<Expr>,
    pub(crate) question: Question,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Question {
    /// Whether there is one.
    Exists,
    /// How many there are.
    Count,
}
