use super::chosen::Chosen;
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
        let mut out = Writer::new(dialect);
        out.push("DELETE FROM ");
        out.table(&self.rows.table)?;
        self.rows.write(&mut out)?;
        Ok(out.finish())
    }
}
