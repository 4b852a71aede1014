use super::chosen::Chosen;
use super::expr::Position;
use super::structure::Word;
use super::{Composed, Expr, Rendered, Structure, Writer};
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::Text;

/// `UPDATE … SET …`.
#[derive(Debug, Clone)]
pub struct Update<'q> {
    pub(crate) assignments: Vec<Assignment>,
    pub(crate) rows: Chosen<'q>,
}

/// `column = value`.
#[derive(Debug, Clone)]
pub struct Assignment {
    pub(crate) column: Text,
    pub(crate) value: Expr,
}

impl Update<'_> {
    /// The statement in that dialect.
    ///
    /// # Errors
    ///
    /// A name with NUL, a value or SQL fragment that cannot be used, nothing to set.
    pub fn render(&self, dialect: &dyn Dialect) -> Result<Rendered> {
        let mut out = Writer::new(dialect);
        self.write_to(&mut out)?;
        Ok(out.finish())
    }
}

impl Assignment {
    pub(super) fn structure<'o>(&'o self, out: &mut Structure<'o>) {
        let Self { column, value } = self;
        out.text(column);
        value.structure(out);
    }
}

impl Composed for Update<'_> {
    fn structure<'o>(&'o self, out: &mut Structure<'o>) {
        let Self { assignments, rows } = self;
        out.word(Word::Update, 0);
        out.list(assignments, Assignment::structure);
        rows.structure(out);
    }

    fn write_to(&self, out: &mut Writer<'_>) -> Result<()> {
        if self.assignments.is_empty() {
            return Err(Error::new(ErrorKind::InvalidQuery, "an update sets no column: leave it out"));
        }
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
        self.rows.write(out)
    }
}
