use std::ops::Deref;

use super::bind::unstorable;
use super::plan::Plan;
use super::record::Record;
use crate::error::Result;
use crate::value::{Value, ValueRef};

/// A struct that an operation writes into: its key, timestamps, version. On drop, what it held before is put back, also
/// where a hook panics, unless the operation succeeded and the draft was kept.
pub(super) struct Draft<'m, M: Record> {
    model: &'m mut M,
    plan: &'m Plan,
    // apart from the rest, so that an insert with nothing but a key needs no allocation
    key: Option<Value>,
    others: Vec<(usize, Value)>,
}

impl<'m, M: Record> Draft<'m, M> {
    pub(super) fn new(model: &'m mut M, plan: &'m Plan) -> Self {
        Self { model, plan, key: None, others: Vec::new() }
    }

    /// For hooks, which may write what they like: that stays.
    pub(super) fn model(&mut self) -> &mut M {
        self.model
    }

    /// Writes the key that the database assigned. It held 0 or nothing.
    pub(super) fn assign_key(&mut self, column: usize, key: i64) -> Result<()> {
        let nothing = matches!(self.model.encode(column), Ok(value) if value.as_ref() == ValueRef::Null);
        if let Err(error) = self.model.assign(column, ValueRef::Integer(key)) {
            return Err(unstorable::<M>(self.plan, column, error));
        }
        self.key = Some(if nothing { Value::Null } else { Value::Integer(0) });
        Ok(())
    }

    /// Writes another column's field.
    pub(super) fn assign(&mut self, column: usize, value: ValueRef<'_>) -> Result<()> {
        if let Some(previous) = self.replace(column, value)? {
            self.others.push((column, previous));
        }
        Ok(())
    }

    /// Gives what the field held; nothing where that was a placeholder which no column could hold, such as the smallest
    /// date of a date crate.
    fn replace(&mut self, column: usize, value: ValueRef<'_>) -> Result<Option<Value>> {
        let previous = self.model.encode(column).ok().map(Value::from);
        match self.model.assign(column, value) {
            Ok(()) => Ok(previous),
            Err(error) => Err(unstorable::<M>(self.plan, column, error)),
        }
    }

    /// The operation succeeded.
    pub(super) fn keep(mut self) {
        self.key = None;
        self.others.clear();
    }

    fn put_back(&mut self, column: usize, previous: &Value) {
        // a value that was read from the field fits it
        if let Err(error) = self.model.assign(column, previous.as_ref()) {
            tracing::warn!(target: "orm_core::session", %error, "a field could not be put back");
        }
    }
}

impl<M: Record> Deref for Draft<'_, M> {
    type Target = M;

    fn deref(&self) -> &M {
        self.model
    }
}

impl<M: Record> Drop for Draft<'_, M> {
    #[inline]
    fn drop(&mut self) {
        if self.key.is_some() || !self.others.is_empty() {
            self.put_all_back();
        }
    }
}

impl<M: Record> Draft<'_, M> {
    #[cold]
    fn put_all_back(&mut self) {
        for (column, previous) in std::mem::take(&mut self.others).into_iter().rev() {
            self.put_back(column, &previous);
        }
        if let (Some(previous), Some(auto)) = (self.key.take(), self.plan.auto) {
            self.put_back(auto, &previous);
        }
    }
}
