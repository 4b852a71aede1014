use crate::error::{Error, ErrorKind, Result};
use crate::value::Row;

/// What a row of raw SQL can become: a model or a `#[derive(FromRow)]` struct by column name, a tuple or a single field
/// by position.
#[diagnostic::on_unimplemented(
    message = "a row cannot be read as `{Self}`",
    note = "models, tuples of fields and single fields can; so can a struct with `#[derive(orm_core::FromRow)]`"
)]
pub trait FromRow: Sized {
    /// Where the columns are, found once for a statement.
    #[doc(hidden)]
    type Positions;

    /// Finds the columns.
    #[doc(hidden)]
    fn positions(columns: &Columns) -> Result<Self::Positions>;

    /// Reads one row.
    #[doc(hidden)]
    fn from_row<R: Row>(row: &R, positions: &Self::Positions) -> Result<Self>;
}

/// The column names of a result.
#[doc(hidden)]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns(Vec<String>);

impl Columns {
    pub(crate) fn new(names: Vec<String>) -> Self {
        Self(names)
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The position of each name, which must occur once; ASCII case does not matter, as in SQLite.
    pub fn find<const N: usize>(&self, names: [&str; N]) -> Result<[usize; N]> {
        let mut positions = [0; N];
        for (position, name) in positions.iter_mut().zip(names) {
            *position = self.find_one(name)?;
        }
        Ok(positions)
    }

    fn find_one(&self, name: &str) -> Result<usize> {
        let mut found = (0..self.0.len()).filter(|&at| self.0[at].eq_ignore_ascii_case(name));
        match (found.next(), found.next()) {
            (Some(position), None) => Ok(position),
            (Some(_), Some(_)) => Err(Error::new(
                ErrorKind::Columns,
                format!("the result has several columns `{name}`: name one with AS"),
            )),
            (None, _) => Err(Error::new(
                ErrorKind::Columns,
                format!("the result has no column `{name}`, only `{}`", self.0.join("`, `")),
            )),
        }
    }
}
