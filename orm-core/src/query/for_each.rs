use std::ops::ControlFlow;

use super::{Query, Scalar, Shape};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::value::{BorrowValue, Row, for_each_tuple};

/// What a row of a query is while it lies in the database's memory: see [`for_each`](Query::for_each).
///
/// A model has it by `#[orm(borrowed)]`, a selected column by its type, a tuple by its parts.
#[diagnostic::on_unimplemented(
    message = "rows of `{Self}` cannot be borrowed",
    label = "has no borrowed form",
    note = "a model has one with `#[orm(borrowed)]`; without it, `iter()` gives owned rows one after the other"
)]
pub trait BorrowRow: Shape {
    /// The row, text and blobs borrowed: `UserRef<'r>` for a model `User`.
    type Borrowed<'r>;

    /// Reads it from the columns that begin at `start`.
    #[doc(hidden)]
    fn borrow_row<R: Row>(row: &R, start: usize) -> Result<Self::Borrowed<'_>>;
}

/// What the closure of [`for_each`](Query::for_each) may give: `()` to go on, or [`ControlFlow`] to say whether to.
pub trait Proceed {
    /// Whether to go on.
    #[doc(hidden)]
    fn proceed(self) -> ControlFlow<()>;
}

impl Proceed for () {
    #[inline]
    fn proceed(self) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

impl Proceed for ControlFlow<()> {
    #[inline]
    fn proceed(self) -> ControlFlow<()> {
        self
    }
}

impl<M: Model, S: Shape> Query<'_, M, S> {
    /// Gives each row to the closure where SQLite has it: text is `&str`, blobs are `&[u8]`, and nothing is allocated. For
    /// scans of many rows of which little is kept; memory stays the same however many there are.
    ///
    /// A model needs `#[orm(borrowed)]`, which makes a struct of the same fields, called `UserRef<'_>` for `User`.
    /// [Selected](Query::select) columns need nothing. A row lives until its call ends, so that what is to be kept is
    /// copied. The closure gives `Ok(())` to go on, or `Ok(ControlFlow::Break(()))` to stop.
    ///
    /// The session may read in the closure, and write inside a transaction that surrounds the call, as beside
    /// [`iter`](Query::iter). Rows marked deleted are left out and [`scope`](crate::Hooks::scope) applies, but `after_find`
    /// does not run: there is no model that it could change.
    ///
    /// ```
    /// use std::ops::ControlFlow;
    ///
    /// use orm_core::{Engine, Model};
    ///
    /// #[derive(Model)]
    /// #[orm(table = "users", borrowed)]
    /// struct User {
    ///     #[orm(primary_key, auto)]
    ///     id: i64,
    ///     name: String,
    ///     city: Option<String>,
    /// }
    ///
    /// let session = Engine::open_in_memory()?.session()?;
    /// session.create_table::<User>()?;
    /// for (name, city) in [("Ann", Some("Oslo")), ("Bob", None), ("Amy", Some("Rome"))] {
    ///     session.create(User { id: 0, name: name.into(), city: city.map(str::to_owned) })?;
    /// }
    ///
    /// let mut longest = String::new();
    /// session.find::<User>().filter(User::ID.gt(0)).for_each(|user: UserRef<'_>| {
    ///     let city: &str = user.city.unwrap_or("nowhere");
    ///     if city.len() > longest.len() {
    ///         longest = format!("{} in {city}", user.name);
    ///     }
    ///     Ok(())
    /// })?;
    /// assert_eq!(longest, "Ann in Oslo");
    ///
    /// let mut seen = 0;
    /// session.find::<User>().order_by(User::ID.asc()).select((User::NAME, User::CITY)).for_each(|(name, city)| {
    ///     seen += 1;
    ///     Ok(if city.is_none() && name == "Bob" { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    /// })?;
    /// assert_eq!(seen, 2);
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`all`](Query::all), and what the closure gives: an error ends the call.
    pub fn for_each<F, G>(&self, mut each: F) -> Result<()>
    where
        S: BorrowRow,
        F: FnMut(S::Borrowed<'_>) -> Result<G>,
        G: Proceed,
    {
        let mut rows = self.cursor()?;
        while let Some(row) = rows.next()? {
            if each(S::borrow_row(&row, 0)?)?.proceed().is_break() {
                break;
            }
        }
        Ok(())
    }
}

impl<M: Model + BorrowRow> BorrowRow for Option<M> {
    type Borrowed<'r> = Option<M::Borrowed<'r>>;

    #[inline]
    fn borrow_row<R: Row>(row: &R, start: usize) -> Result<Self::Borrowed<'_>> {
        if <M as Shape>::is_absent(row, start) { Ok(None) } else { M::borrow_row(row, start).map(Some) }
    }
}

impl<T: BorrowValue> BorrowRow for Scalar<T> {
    type Borrowed<'r> = T::Borrowed<'r>;

    #[inline]
    fn borrow_row<R: Row>(row: &R, start: usize) -> Result<Self::Borrowed<'_>> {
        match row.value(start).and_then(T::borrow_value) {
            Ok(value) => Ok(value),
            Err(error) => Err(Error::conversion_in_result::<T>(&(start + 1).to_string(), error)),
        }
    }
}

macro_rules! tuples {
    ($first:ident 0 $($name:ident $at:tt)*; $count:tt) => {
        impl<$first: BorrowRow, $($name: BorrowRow),*> BorrowRow for ($first, $($name,)*) {
            type Borrowed<'r> = ($first::Borrowed<'r>, $($name::Borrowed<'r>,)*);

            #[inline]
            #[allow(unused_assignments, unused_mut, unused_variables, reason = "the last part needs no next position")]
            fn borrow_row<R: Row>(row: &R, start: usize) -> Result<Self::Borrowed<'_>> {
                let first = $first::borrow_row(row, start)?;
                let mut at = start + $first::width();
                Ok((first, $({
                    let part = $name::borrow_row(row, at)?;
                    at += $name::width();
                    part
                },)*))
            }
        }
    };
}

for_each_tuple!(tuples);
