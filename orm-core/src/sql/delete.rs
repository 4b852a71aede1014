use super::chosen::Chosen;
use super::structure::Word;
use super::{Composed, Rendered, Structure, Writer};
use crate::dialect::Dialect;
use crate::error::Result;

/// `DELETE FROM …`.
#[derive(Debug, Clone)]
pub struct Delete<'q> {
    pub(crate) rows: Chosen<'q>,
}

impl Delete<'_> {
    /// The statement in that dialect.
    ///
    /// # Errors
    ///
    /// A name with NUL, a value or SQL fragment that cannot be used.
    pub fn render(&self, dialect: &dyn Dialect) -> Result<Rendered> {
        let mut out = Writer::new(dialect);
        self.write_to(&mut out)?;
        Ok(out.finish())
    }
}

impl Composed for Delete<'_> {
    fn structure<'o>(&'o self, out: &mut Structure<'o>) {
        let Self { rows } = self;
        out.word(Word::Delete, 0);
        rows.structure(out);
    }

    fn write_to(&self, out: &mut Writer<'_>) -> Result<()> {
        out.enter_root(&self.rows.table, &[], self.rows.exprs());
        out.push("DELETE FROM ");
        out.table(&self.rows.table)?;
        self.rows.write(out)
    }
}
