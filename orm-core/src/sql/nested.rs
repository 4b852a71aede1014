//! Queries inside a statement.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::select::{Columns, Source, Terms};
use super::{Composed, Compound, Expr, Select, Structure, Writer};
use crate::error::Result;

/// A query inside a statement. It becomes data when the statement is written: what it may show is asked then, of the
/// session that sends the statement.
pub(crate) trait Nested: fmt::Debug + Send + Sync {
    /// The query, by the same context that [`Visible`](super::expr::Visible) is handed.
    fn body(&self, context: &dyn Any) -> Result<Body<'_>>;
}

/// A query to be put into an expression.
#[doc(hidden)]
#[derive(Debug, Clone)]
pub struct Subquery(pub(crate) Arc<dyn Nested>);

/// What is asked of a query inside an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// The value in its first row; NULL where there is none.
    Value,
    /// Whether it has rows.
    Exists,
}

/// One SELECT, or several put together.
#[derive(Debug, Clone)]
pub(crate) enum Body<'q> {
    Select(Select<'q>),
    Compound(Compound<'q>),
}

/// The name of the only column, where one is needed.
const VALUE: &str = "value";

impl<'q> Body<'q> {
    pub(super) fn write(&self, out: &mut Writer<'_>) -> Result<()> {
        match self {
            Self::Select(select) => select.write_to(out),
            Self::Compound(compound) => compound.write(out),
        }
    }

    /// As what another query reads.
    pub(crate) fn into_source(self) -> Source<'q> {
        match self {
            Self::Select(select) => Source::Select(Box::new(select)),
            Self::Compound(compound) => Source::Compound(Box::new(compound)),
        }
    }

    /// Gives the last column a name, which the first SELECT decides.
    pub(super) fn name_last(&mut self, name: &'static str) {
        match self {
            Self::Select(select) => select.last_as = Some(name),
            Self::Compound(compound) => compound.first.name_last(name),
        }
    }

    /// Where only the number of rows counts: without columns that nobody reads.
    fn rows_alone(&mut self) {
        let Self::Select(select) = self else { return };
        if select.limit.is_none() && select.offset.is_none() {
            select.order_by = Terms::default();
        }
        if matches!(select.columns, Columns::Of(..)) && !select.distinct {
            select.columns = Expr::bool(true).into();
        }
    }
}

impl Composed for Body<'_> {
    fn structure<'o>(&'o self, out: &mut Structure<'o>) {
        match self {
            Self::Select(select) => select.structure(out),
            // its parts are put together anew each time
            Self::Compound(_) => out.by_text(),
        }
    }

    fn write_to(&self, out: &mut Writer<'_>) -> Result<()> {
        self.write(out)
    }
}

impl Writer<'_> {
    /// `(SELECT …)`, or whether it has rows.
    pub(super) fn subquery(&mut self, query: &dyn Nested, asked: Asked) -> Result<()> {
        let mut body = query.body(self.context)?;
        self.push(match asked {
            Asked::Value => "(",
            Asked::Exists => "EXISTS (",
        });
        if asked == Asked::Exists {
            body.rows_alone();
        }
        self.inside(|out| body.write(out))?;
        self.push(")");
        Ok(())
    }

    /// The rows of the query, for an IN.
    pub(super) fn rows_of(&mut self, query: &dyn Nested) -> Result<()> {
        let body = query.body(self.context)?;
        self.inside(|out| body.write(out))
    }

    /// Whether NULL is among the values of a query of one column.
    pub(super) fn has_null(&mut self, query: &dyn Nested) -> Result<()> {
        let mut body = query.body(self.context)?;
        body.name_last(VALUE);
        let mut nulls = Select::new(body.into_source(), Cow::Owned(vec![Expr::bool(true)]));
        nulls.filter = Some(Cow::Owned(Expr::column(VALUE, true).null_test()));
        self.push("EXISTS (");
        self.inside(|out| nulls.write_to(out))?;
        self.push(")");
        Ok(())
    }

    /// Writes what has names of its own; afterwards, names mean what they meant.
    pub(super) fn inside(&mut self, write: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        self.deeper()?;
        let (root, around) = (std::mem::take(&mut self.root), self.set_around(("", "")));
        let written = write(self);
        self.root = root;
        self.set_around(around);
        self.depth -= 1;
        written
    }
}
