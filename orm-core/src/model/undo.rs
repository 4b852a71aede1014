use super::bind::unstorable;
use super::plan::Plan;
use super::record::Record;
use crate::error::Result;
use crate::value::{Value, ValueRef};

/// What an operation wrote into a struct, so that it can be put back where the operation fails.
#[derive(Default)]
pub(super) struct Undo(Vec<(usize, Value)>);

impl Undo {
    /// Sets a column's field and remembers what it was.
    pub(super) fn assign<M: Record>(
        &mut self,
        model: &mut M,
        plan: &Plan,
        column: usize,
        value: ValueRef<'_>,
    ) -> Result<()> {
        let previous = Value::from(model.encode(column).map_err(|error| unstorable(plan, column, &error))?);
        model.assign(column, value).map_err(|error| unstorable(plan, column, &error))?;
        self.0.push((column, previous));
        Ok(())
    }

    /// Puts everything back. A value that was read from the field fits it.
    pub(super) fn put_back<M: Record>(self, model: &mut M) {
        for (column, previous) in self.0.into_iter().rev() {
            if let Err(error) = model.assign(column, previous.as_ref()) {
                tracing::warn!(target: "orm_core::session", %error, "a field could not be put back");
            }
        }
    }
}
