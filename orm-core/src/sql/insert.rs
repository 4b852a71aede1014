use super::expr::Position;
use super::{Expr, Rendered, Writer};
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::Text;

/// `INSERT INTO …`.
#[derive(Debug, Clone)]
pub struct Insert {
    pub(crate) table: Text,
    pub(crate) columns: Vec<Text>,
    /// One list of values for each row, in the order of `columns`.
    pub(crate) rows: Vec<Vec<Expr>>,
    pub(crate) returning: Vec<Expr>,
}

impl Insert {
    /// The statement in that dialect.
    ///
    /// # Errors
    ///
    /// A name with NUL, a value or SQL fragment that cannot be used, rows that do not fit the columns.
    pub fn render(&self, dialect: &dyn Dialect) -> Result<Rendered> {
        let mut out = Writer::new(dialect);
        out.push("INSERT INTO ");
        out.table(&self.table)?;
        if self.rows.is_empty() || self.rows.iter().any(|row| row.len() != self.columns.len()) {
            return Err(Error::new(
                ErrorKind::InvalidQuery,
                "an insert needs rows with one value for each column",
            ));
        }
        if self.columns.is_empty() {
            out.push(" DEFAULT VALUES");
        } else {
            out.push(" (");
            out.names(&*self.columns)?;
            out.push(") VALUES ");
            out.list(&self.rows, |out, row| {
                out.push("(");
                out.list(row, |out, value| value.write(out, Position::Value))?;
                out.push(")");
                Ok(())
            })?;
        }
        out.returning(&self.returning)?;
        Ok(out.finish())
    }
}

impl Writer<'_> {
    pub(super) fn returning(&mut self, columns: &[Expr]) -> Result<()> {
        if columns.is_empty() {
            return Ok(());
        }
        self.push(" RETURNING ");
        self.list(columns, |out, column| column.write(out, Position::Value))
    }
}
