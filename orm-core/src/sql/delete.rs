use std::any::Any;

use super::chosen::Chosen;
use super::related::NO_CONTEXT;
use super::{Rendered, Writer};
use crate::dialect::Dialect;
use crate::error::Result;

/// `DELETE FROM …`.
#[derive(Debug, Clone)]
pub struct Delete {
    pub(crate) rows: Chosen,
}

impl Delete {
    /// The statement in that dialect.
    ///
    /// # Errors
    ///
    /// A name with NUL, a value or SQL fragment that cannot be used.
    pub fn render(&self, dialect: &dyn Dialect) -> Result<Rendered> {
        self.render_in(dialect, NO_CONTEXT)
    }

    /// [`render`](Self::render) with what says which related rows can be seen.
    pub(crate) fn render_in(&self, dialect: &dyn Dialect, context: &dyn Any) -> Result<Rendered> {
        let mut out = Writer::within(dialect, context);
        out.enter_root(&self.rows.table, &[], self.rows.exprs());
        out.push("DELETE FROM ");
        out.table(&self.rows.table)?;
        self.rows.write(&mut out)?;
        Ok(out.finish())
    }
}
