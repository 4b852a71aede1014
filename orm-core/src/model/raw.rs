use std::fmt;
use std::ops::ControlFlow;

use super::from_row::{Columns, FromRow};
use super::read::{none_found, several_found};
use crate::driver::SqliteRow;
use crate::error::Result;
use crate::session::{Params, Raw, Ready, RunningCursor};

impl<'s, P: Params> Raw<'s, P> {
    /// All rows: as models or [`FromRow`](macro@crate::FromRow) structs by column name, as tuples or single fields by
    /// position.
    ///
    /// # Errors
    ///
    /// What SQLite says, and those of [`Session::raw`](crate::Session::raw); `Columns` where the result has not the
    /// columns that are asked for, `Conversion` where one holds what its field cannot.
    pub fn all<T: FromRow>(&self) -> Result<Vec<T>> {
        self.run(|ready| {
            let mut rows = Vec::new();
            self.each(ready, |row| {
                rows.push(row);
                ControlFlow::Continue(())
            })?;
            Ok(rows)
        })
    }

    /// The first row, where there is one.
    ///
    /// # Errors
    ///
    /// As [`all`](Raw::all).
    pub fn first<T: FromRow>(&self) -> Result<Option<T>> {
        self.run(|ready| {
            let mut first = None;
            self.each(ready, |row| {
                first = Some(row);
                ControlFlow::Break(())
            })?;
            Ok(first)
        })
    }

    /// The only row.
    ///
    /// # Errors
    ///
    /// [`is_not_found`](crate::Error::is_not_found) where there is none, `TooManyRows` where there are more, and as
    /// [`all`](Raw::all).
    pub fn one<T: FromRow>(&self) -> Result<T> {
        self.run(|ready| {
            let (mut only, mut count) = (None, 0);
            self.each(ready, |row| {
                count += 1;
                only = Some(row);
                if count > 1 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })?;
            match only {
                Some(row) if count == 1 => Ok(row),
                Some(_) => Err(several_found().with_sql(self.sql())),
                None => Err(none_found().with_sql(self.sql())),
            }
        })
    }

    /// The rows one after the other, read as they are asked for. While the iterator is alive, the session writes only
    /// inside a transaction that surrounds both.
    ///
    /// ```
    /// use orm_core::Engine;
    ///
    /// let session = Engine::open_in_memory()?.session()?;
    /// let mut sum = 0;
    /// for number in session.raw("VALUES (1), (2), (3)", ()).iter::<i64>()? {
    ///     sum += number?;
    /// }
    /// assert_eq!(sum, 6);
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`all`](Raw::all), here or at the row concerned. `InvalidQuery` for a statement that writes: what is left of it
    /// when the iterator is dropped could fail, and nobody would know.
    pub fn iter<T: FromRow>(&self) -> Result<RawRows<'s, T>> {
        Ok(RawRows { cursor: Some(self.ready()?.into_cursor(self.params())?), positions: None })
    }

    /// A statement that writes runs in a transaction of its own, or a savepoint, so that a row that cannot be read, or one
    /// too many, leaves nothing behind.
    fn run<T>(&self, read: impl FnOnce(Ready<'s>) -> Result<T>) -> Result<T> {
        let ready = self.ready()?;
        if !ready.writes_rows() {
            return read(ready);
        }
        drop(ready);
        self.session().transaction(|_| read(self.ready()?))
    }

    /// Gives each row to `take` until it breaks.
    fn each<T: FromRow>(
        &self,
        mut ready: Ready<'s>,
        mut take: impl FnMut(T) -> ControlFlow<()>,
    ) -> Result<()> {
        let mut positions = None;
        ready.for_each(self.params(), |row| {
            let positions = match &positions {
                Some(positions) => positions,
                None => positions.insert(find::<T>(row)?),
            };
            Ok(take(T::from_row(row, positions)?))
        })?;
        if positions.is_none() {
            // without a row too, a column that is not there is a mistake
            T::positions(&Columns::new(ready.statement().column_names()?))?;
        }
        Ok(())
    }
}

/// After the first step: before it the names may be those of an older schema.
fn find<T: FromRow>(row: &SqliteRow<'_>) -> Result<T::Positions> {
    let count = row.column_count();
    if T::BY_POSITION == Some(count) {
        return T::positions(&Columns::unnamed(count));
    }
    T::positions(&Columns::new(row.column_names()?))
}

/// An iterator over the rows of raw SQL, see [`Raw::iter`].
#[must_use = "an iterator reads only what is asked for"]
pub struct RawRows<'s, T: FromRow> {
    cursor: Option<RunningCursor<'s>>,
    positions: Option<T::Positions>,
}

impl<T: FromRow> RawRows<'_, T> {
    fn read(&mut self) -> Result<Option<T>> {
        let Some(cursor) = &mut self.cursor else { return Ok(None) };
        let Some(row) = cursor.next()? else { return Ok(None) };
        let positions = match &self.positions {
            Some(positions) => positions,
            None => self.positions.insert(find::<T>(&row)?),
        };
        T::from_row(&row, positions).map(Some)
    }
}

impl<T: FromRow> Iterator for RawRows<'_, T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Result<T>> {
        let item = self.read().transpose();
        if !matches!(item, Some(Ok(_))) {
            self.cursor = None;
        }
        item
    }
}

impl<T: FromRow> fmt::Debug for RawRows<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawRows").field("ended", &self.cursor.is_none()).finish_non_exhaustive()
    }
}
