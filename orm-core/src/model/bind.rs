use super::draft::Draft;
use super::key::Key;
use super::plan::Plan;
use super::record::Record;
use crate::driver::{Bind, Binder, Unbound};
use crate::error::{ConversionError, Error, Result};
use crate::value::{ToValueOutput, Value};

/// Columns of a struct as parameters, then further values.
pub(super) struct Row<'m, M> {
    model: &'m M,
    plan: &'m Plan,
    columns: &'m [usize],
    then: &'m [usize],
    last: Option<&'m Value>,
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
    pub(super) fn with_last(mut self, value: Option<&'m Value>) -> Self {
        self.last = value;
        self
    }
}

impl<M: Record> Bind for Row<'_, M> {
    #[inline]
    fn bind<'p>(&'p self, binder: &mut Binder<'p>) -> Result<()> {
        bind_columns(self.model, self.plan, self.columns, binder)?;
        bind_columns(self.model, self.plan, self.then, binder)?;
        match self.last {
            Some(value) => binder.bind(&ToValueOutput::Borrowed(value.as_ref())),
            None => Ok(()),
        }
    }
}

/// Several structs as parameters, one after the other.
pub(super) struct Rows<'m, M: Record> {
    pub(super) drafts: &'m [Draft<'m, M>],
    pub(super) plan: &'m Plan,
    pub(super) columns: &'m [usize],
}

impl<M: Record> Bind for Rows<'_, M> {
    #[inline]
    fn bind<'p>(&'p self, binder: &mut Binder<'p>) -> Result<()> {
        self.drafts.iter().try_for_each(|draft| bind_columns(&**draft, self.plan, self.columns, binder))
    }
}

#[inline]
fn bind_columns<'p, M: Record>(
    model: &'p M,
    plan: &Plan,
    columns: &[usize],
    binder: &mut Binder<'p>,
) -> Result<()> {
    for &column in columns {
        if let Err(error) = model.bind(column, binder) {
            return Err(unbound::<M>(plan, column, error));
        }
    }
    Ok(())
}

/// A key as parameters.
pub(super) struct KeyParams<'k, M: Record> {
    pub(super) key: &'k M::Key,
    pub(super) plan: &'k Plan,
}

impl<M: Record> KeyParams<'_, M> {
    /// The key's columns with their values.
    pub(super) fn values(&self) -> Result<Vec<(&'static str, Value)>> {
        (0..M::Key::PARTS)
            .map(|part| Ok((self.plan.name(self.plan.key[part]), self.part(part)?.into())))
            .collect()
    }

    #[inline]
    fn part(&self, part: usize) -> Result<ToValueOutput<'_>> {
        match self.key.encode(part) {
            Ok(value) => Ok(value),
            Err(error) => Err(unstorable::<M>(self.plan, self.plan.key[part], error)),
        }
    }
}

impl<M: Record> Bind for KeyParams<'_, M> {
    #[inline]
    fn bind<'p>(&'p self, binder: &mut Binder<'p>) -> Result<()> {
        (0..M::Key::PARTS).try_for_each(|part| binder.bind(&self.part(part)?))
    }
}

#[cold]
fn unbound<M: Record>(plan: &Plan, column: usize, error: Unbound) -> Error {
    match error {
        Unbound::Unfit(error) => unstorable::<M>(plan, column, error),
        Unbound::Refused(error) => error,
    }
}

/// A value of a struct that its column cannot hold, or the other way round.
#[cold]
pub(super) fn unstorable<M: Record>(plan: &Plan, column: usize, error: ConversionError) -> Error {
    Error::unstorable(M::NAME, plan.name(column), M::type_name(column), error)
}
