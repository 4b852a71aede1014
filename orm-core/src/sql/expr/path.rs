//! From a row to rows of other tables.

use std::any::{Any, TypeId};
use std::borrow::Cow;
use std::slice;
use std::sync::Arc;

use super::Expr;
use crate::error::Result;
use crate::schema::{TableDef, Text};

/// Which rows of a table can be seen, asked when the statement is written: `None` for all. What is handed to it belongs to
/// the layers above.
pub(crate) type Visible = fn(&dyn Any) -> Result<Option<Expr>>;

/// One relation, followed from a row to those that belong to it.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) table: Text,
    /// The model on the other side: two of one table may show different rows.
    pub(crate) model: TypeId,
    /// Columns here.
    pub(crate) here: Cow<'static, [&'static str]>,
    /// Those there that equal them, in the same order.
    pub(crate) there: &'static [&'static str],
    /// Whose collations hold for text in the columns here, where they are the parent's.
    pub(crate) collated: Option<Collated>,
    /// Whether the other side is the parent, whose column decides how text is compared.
    pub(crate) to_parent: bool,
    /// Whether there may be no row.
    pub(crate) optional: bool,
    pub(crate) visible: Option<Visible>,
    /// What else holds for the rows, over the other side's columns.
    pub(crate) filter: Option<Expr>,
}

/// Columns of a table, as many as a step has, that say how text is compared.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Collated {
    pub(crate) table: &'static TableDef,
    pub(crate) columns: &'static [&'static str],
}

impl Collated {
    /// The collation of the column at that position.
    pub(in crate::sql) fn at(&self, position: usize) -> Option<&'static Text> {
        self.table.column(self.columns.get(position)?)?.collation.as_ref()
    }
}

impl Step {
    /// Columns here, and those there that equal them.
    pub(crate) fn on(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.here.iter().copied().zip(self.there.iter().copied())
    }

    /// Whether both lead to the same rows.
    fn is_same(self: &Arc<Self>, other: &Arc<Self>) -> bool {
        Arc::ptr_eq(self, other)
            || (self.model == other.model
                && self.table == other.table
                && self.here == other.here
                && self.there == other.there
                && self.filter.is_none()
                && other.filter.is_none())
    }
}

/// The steps from the table that a query reads to the one that has the column; none for its own.
#[derive(Debug, Clone, Default)]
pub(crate) enum Path {
    #[default]
    Own,
    One(Arc<Step>),
    Several(Arc<Vec<Arc<Step>>>),
}

impl Path {
    pub(crate) fn new(steps: Vec<Arc<Step>>) -> Self {
        match steps.len() {
            0 => Self::Own,
            1 => steps.into_iter().next().map_or(Self::Own, Self::One),
            _ => Self::Several(Arc::new(steps)),
        }
    }

    pub(crate) fn steps(&self) -> &[Arc<Step>] {
        match self {
            Self::Own => &[],
            Self::One(step) => slice::from_ref(step),
            Self::Several(steps) => steps,
        }
    }

    /// The same from where `way` begins.
    pub(crate) fn behind(&self, way: &Self) -> Self {
        match (way.steps(), self.steps()) {
            (_, []) => way.clone(),
            ([], _) => self.clone(),
            (way, own) => Self::new([way, own].concat()),
        }
    }

    /// Whether there may be no row at its end.
    pub(in crate::sql) fn is_optional(&self) -> bool {
        self.steps().iter().any(|step| step.optional)
    }

    /// The first so many steps.
    pub(crate) fn first(&self, count: usize) -> Self {
        if count == self.steps().len() { self.clone() } else { Self::new(self.steps()[..count].to_vec()) }
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
