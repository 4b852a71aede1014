use super::structure::Word;
use super::{Composed, Structure, Writer};
use crate::error::Result;
use crate::schema::{TableDef, Text};

/// A write that gives all columns of the rows that it wrote: `… RETURNING …`.
#[derive(Debug)]
pub(crate) struct Returning<'q, S> {
    pub(crate) statement: &'q S,
    pub(crate) table: &'static TableDef,
}

impl<S: Composed> Composed for Returning<'_, S> {
    fn structure<'o>(&'o self, out: &mut Structure<'o>) {
        let Self { statement, table } = self;
        out.word(Word::Returning, 0);
        out.columns_of(table);
        statement.structure(out);
    }

    fn write_to(&self, out: &mut Writer<'_>) -> Result<()> {
        self.statement.write_to(out)?;
        out.returning(self.table.columns.iter().map(|column| &column.name))
    }
}

impl Writer<'_> {
    /// `RETURNING …`, where something is read back.
    pub(super) fn returning<'n>(&mut self, columns: impl Iterator<Item = &'n Text>) -> Result<()> {
        let mut columns = columns.peekable();
        if columns.peek().is_none() {
            return Ok(());
        }
        self.push(" RETURNING ");
        self.names(columns)
    }
}
