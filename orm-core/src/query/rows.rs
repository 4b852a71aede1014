use std::fmt;
use std::marker::PhantomData;

use super::Shape;
use crate::error::Result;
use crate::session::RunningCursor;

/// An iterator over the rows of a query, see [`Query::iter`](crate::Query::iter).
#[must_use = "an iterator reads only what is asked for"]
pub struct Rows<'s, S> {
    cursor: Option<RunningCursor<'s>>,
    marker: PhantomData<fn() -> S>,
}

impl<'s, S: Shape> Rows<'s, S> {
    pub(super) fn new(cursor: RunningCursor<'s>) -> Self {
        Self { cursor: Some(cursor), marker: PhantomData }
    }

    fn read(&mut self) -> Result<Option<S::Output>> {
        let Some(cursor) = &mut self.cursor else { return Ok(None) };
        let session = cursor.session();
        let Some(row) = cursor.next()? else { return Ok(None) };
        let mut output = S::decode(&row, 0)?;
        if S::HOOKED {
            S::after_find(&mut output, session)?;
        }
        Ok(Some(output))
    }
}

impl<S: Shape> Iterator for Rows<'_, S> {
    type Item = Result<S::Output>;

    fn next(&mut self) -> Option<Self::Item> {
        let item = self.read().transpose();
        // after the last row and after an error the session is free again
        if !matches!(item, Some(Ok(_))) {
            self.cursor = None;
        }
        item
    }
}

impl<S> fmt::Debug for Rows<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows").field("ended", &self.cursor.is_none()).finish_non_exhaustive()
    }
}
