use std::any::Any;

use super::chosen::Chosen;
use super::expr::Position;
use super::related::NO_CONTEXT;
use super::{Expr, Rendered, Writer};
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::Text;

/// `UPDATE … SET …`.
#[derive(Debug, Clone)]
pub struct Update {
    pub(crate) assignments: Vec<Assignment>,
    pub(crate) rows: Chosen,
}

/// `column = value`.
#[derive(Debug, Clone)]
pub struct Assignment {
    pub(crate) column: Text,
    pub(crate) value: Expr,
}

impl Update {
    /// The statement in that dialect.
    ///
    /// # Errors
    ///
    /// A name with NUL, a value or SQL fragment that cannot be used, nothing to set.
    pub fn render(&self, dialect: &dyn Dialect) -> Result<Rendered> {
        self.render_in(dialect, NO_CONTEXT)
    }

    /// [`render`](Self::render) with what says which related rows can be seen.
    pub(crate) fn render_in(&self, dialect: &dyn Dialect, context: &dyn Any) -> Result<Rendered> {
        if self.assignments.is_empty() {
            return Err(Error::new(ErrorKind::InvalidQuery, "an update sets no column: leave it out"));
        }
        let mut out = Writer::within(dialect, context);
        out.enter_root(
            &self.rows.table,
            &[],
            self.assignments.iter().map(|assignment| &assignment.value).chain(self.rows.exprs()),
        );
        out.push("UPDATE ");
        out.table(&self.rows.table)?;
        out.push(" SET ");
        out.list(&self.assignments, |out, assignment| {
            out.name(&assignment.column)?;
            out.push(" = ");
            assignment.value.write(out, Position::Value)
        })?;
        self.rows.write(&mut out)?;
        Ok(out.finish())
    }
}
