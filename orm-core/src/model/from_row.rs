use std::rc::Rc;

use crate::driver::ColumnNames;
use crate::error::{Error, ErrorKind, Result};
use crate::value::{Field, Row, for_each_tuple};

/// What a row of raw SQL can become: a model or a `#[derive(FromRow)]` struct by column name, a tuple or a single field
/// by position.
#[diagnostic::on_unimplemented(
    message = "a row cannot be read as `{Self}`",
    note = "models, tuples of fields and single fields can; so can a struct with `#[derive(orm_core::FromRow)]`"
)]
pub trait FromRow: Sized {
    /// How many columns there have to be, for what is read by position and does not look at names.
    #[doc(hidden)]
    const BY_POSITION: Option<usize> = None;

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
pub struct Columns {
    count: usize,
    names: Option<Rc<ColumnNames>>,
}

impl Columns {
    pub(crate) fn new(names: Rc<ColumnNames>) -> Self {
        Self { count: names.list().len(), names: Some(names) }
    }

    /// As many as are expected: their names are of no interest then.
    pub(crate) fn unnamed(count: usize) -> Self {
        Self { count, names: None }
    }

    /// From left to right.
    pub(crate) fn names(&self) -> &[String] {
        self.names.as_ref().map_or(&[], |names| names.list())
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// Makes sure that there are so many: by position, a surplus column would go unseen.
    pub(crate) fn expect(&self, count: usize) -> Result<()> {
        if self.count == count {
            return Ok(());
        }
        let found =
            if self.count == 0 { "none".to_owned() } else { format!("`{}`", self.names().join("`, `")) };
        let plural = if count == 1 { "" } else { "s" };
        Err(Error::new(
            ErrorKind::Columns,
            format!("expected a result of {count} column{plural}, found {found}"),
        ))
    }

    /// The position of each name, which must occur once; ASCII case does not matter, as in SQLite.
    pub fn find<const N: usize>(&self, names: [&str; N]) -> Result<[usize; N]> {
        let mut positions = [0; N];
        for (at, name) in names.into_iter().enumerate() {
            positions[at] = if self.is_named(at, name) { at } else { self.find_one(name)? };
        }
        Ok(positions)
    }

    /// Whether that column, and no other, has the name: mostly columns come in the order in which they are asked for.
    fn is_named(&self, at: usize, name: &str) -> bool {
        let Some(names) = &self.names else { return false };
        names.are_distinct() && names.list().get(at).is_some_and(|found| found.eq_ignore_ascii_case(name))
    }

    fn find_one(&self, name: &str) -> Result<usize> {
        let names = self.names();
        let mut found = (0..names.len()).filter(|&at| names[at].eq_ignore_ascii_case(name));
        match (found.next(), found.next()) {
            (Some(position), None) => Ok(position),
            (Some(_), Some(_)) => Err(Error::new(
                ErrorKind::Columns,
                format!("the result has several columns `{name}`: name one with AS"),
            )),
            (None, _) => Err(Error::new(
                ErrorKind::Columns,
                format!("the result has no column `{name}`, only `{}`", names.join("`, `")),
            )),
        }
    }
}

/// A single field: the only column.
impl<T: Field> FromRow for T {
    const BY_POSITION: Option<usize> = Some(1);
    type Positions = ();

    fn positions(columns: &Columns) -> Result<()> {
        columns.expect(1)
    }

    #[inline]
    fn from_row<R: Row>(row: &R, (): &()) -> Result<T> {
        read(row, 0)
    }
}

macro_rules! tuples {
    ($($name:ident $position:tt)+; $count:tt) => {
        impl<$($name: Field),+> FromRow for ($($name,)+) {
            const BY_POSITION: Option<usize> = Some($count);
            type Positions = ();

            fn positions(columns: &Columns) -> Result<()> {
                columns.expect($count)
            }

            #[inline]
            fn from_row<R: Row>(row: &R, (): &()) -> Result<Self> {
                Ok(($(read::<$name, R>(row, $position)?,)+))
            }
        }
    };
}

for_each_tuple!(tuples);

#[inline]
fn read<T: Field, R: Row>(row: &R, position: usize) -> Result<T> {
    match row.value(position).and_then(T::from_value) {
        Ok(value) => Ok(value),
        Err(error) => Err(Error::conversion_in_result::<T>(&(position + 1).to_string(), error)),
    }
}
