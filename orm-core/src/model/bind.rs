use super::key::Key;
use super::plan::Plan;
use super::record::Record;
use crate::driver::{Bind, Binder};
use crate::error::{ConversionError, Error, Result};
use crate::value::{ToValueOutput, Value};

/// Columns of a struct as parameters, then further values.
pub(super) struct Row<'m, M> {
    pub(super) model: &'m M,
    pub(super) plan: &'m Plan,
    pub(super) columns: &'m [usize],
    pub(super) then: &'m [usize],
    pub(super) last: Option<Value>,
}

impl<'m, M: Record> Row<'m, M> {
    pub(super) fn new(model: &'m M, plan: &'m Plan, columns: &'m [usize]) -> Self {
        Self { model, plan, columns, then: &[], last: None }
    }

    /// Adds the key, for a WHERE behind the columns.
    pub(super) fn with_key(mut self) -> Self {
        self.then = &self.plan.key;
        self
    }

    /// Adds one more value.
    pub(super) fn with_last(mut self, value: Option<Value>) -> Self {
        self.last = value;
        self
    }
}

impl<M: Record> Bind for Row<'_, M> {
    #[inline]
    fn bind<'p>(&'p self, binder: &mut Binder<'p>) -> Result<()> {
        for &column in self.columns.iter().chain(self.then) {
            match self.model.encode(column) {
                Ok(value) => binder.bind(value)?,
                Err(error) => return Err(unstorable(self.plan, column, &error)),
            }
        }
        match &self.last {
            Some(value) => binder.bind(ToValueOutput::Borrowed(value.as_ref())),
            None => Ok(()),
        }
    }
}

/// A key as parameters.
pub(super) struct KeyParams<K>(pub(super) K);

impl<K: Key> Bind for KeyParams<K> {
    #[inline]
    fn bind<'p>(&'p self, binder: &mut Binder<'p>) -> Result<()> {
        self.0.bind_key(binder)
    }
}

/// A value of a struct that its column cannot hold.
#[cold]
pub(super) fn unstorable(plan: &Plan, column: usize, error: &ConversionError) -> Error {
    Error::unstorable(&plan.table.name, plan.name(column), error)
}
