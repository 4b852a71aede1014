use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::key::Key;
use super::plan::Plan;
use crate::driver::{Binder, Unbound};
use crate::error::{ConversionError, Result};
use crate::schema::TableDef;
use crate::value::{Row, ToValueOutput, ValueRef};

/// What the derive writes beside [`Model`](super::Model): how a struct becomes a row and back. Columns are counted as in
/// `TABLE.columns`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a model",
    label = "not a model",
    note = "add `#[derive(orm_core::Model)]` to the struct"
)]
pub trait Record: Sized + 'static {
    /// The primary key without `Option`: a field's type, or a tuple of them.
    type Key: Key;
    /// The table's name. A foreign key names it without touching the parent's `TABLE`, so models may refer in a circle.
    const NAME: &'static str;
    /// The key's columns.
    const KEY: &'static [&'static str];
    /// Whether `Hooks` is the user's own.
    const HOOKED: bool;

    /// Which kept statements are this model's.
    fn slot() -> &'static Slot;

    /// Reads a struct from a row.
    fn decode<R: Row, P: Positions>(row: &R, positions: &P) -> Result<Self>;

    /// The Rust type of a column's field, for messages.
    fn type_name(column: usize) -> &'static str;

    /// The value of a column, to bind.
    fn encode(&self, column: usize) -> Result<ToValueOutput<'_>, ConversionError>;

    /// Binds the value of a column.
    fn bind<'p>(&'p self, column: usize, binder: &mut Binder<'p>) -> Result<(), Unbound>;

    /// Sets a column's field.
    fn assign(&mut self, column: usize, value: ValueRef<'_>) -> Result<(), ConversionError>;
}

/// Models with an `auto` key: what `save` needs.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no `auto` key, so `save` cannot tell a new row from an old one",
    label = "needs a key with `#[orm(primary_key, auto)]`",
    note = "call `insert` or `update`"
)]
pub trait AutoKeyed {}

/// Models with a full-text index: what `search` needs.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no full-text index",
    label = "needs an index to search",
    note = "add `#[orm(fts(title, body))]` to the struct, with its fields of text"
)]
pub trait Searchable {}

/// Where in a row a model's columns are.
#[doc(hidden)]
pub trait Positions {
    /// The position of the model's `column`th column.
    fn at(&self, column: usize) -> usize;
}

/// All in order, from there.
impl Positions for usize {
    #[inline]
    fn at(&self, column: usize) -> usize {
        self + column
    }
}

/// Found by name.
impl<const N: usize> Positions for [usize; N] {
    #[inline]
    fn at(&self, column: usize) -> usize {
        self[column]
    }
}

/// What is one model's alone: the number of its kept statements, given at first use, and its [`Plan`]. It lives in a
/// `static` that the derive emits: a static in generic code would be shared by all models.
#[doc(hidden)]
#[derive(Debug)]
pub struct Slot {
    number: AtomicUsize,
    plan: OnceLock<Plan>,
}

/// The session's own statements have number 0.
static NEXT_NUMBER: AtomicUsize = AtomicUsize::new(1);

impl Slot {
    /// A slot that has no number yet.
    #[must_use]
    #[allow(clippy::new_without_default, reason = "only the derive makes slots")]
    pub const fn new() -> Self {
        Self { number: AtomicUsize::new(0), plan: OnceLock::new() }
    }

    /// The number, from 1.
    #[inline]
    pub(crate) fn number(&self) -> usize {
        match self.number.load(Ordering::Relaxed) {
            0 => self.assign_number(),
            number => number,
        }
    }

    #[cold]
    fn assign_number(&self) -> usize {
        let fresh = NEXT_NUMBER.fetch_add(1, Ordering::Relaxed);
        match self.number.compare_exchange(0, fresh, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => fresh,
            Err(taken) => taken,
        }
    }

    /// What the verbs need to know of the table, worked out once.
    #[inline]
    pub(crate) fn plan(&self, table: &'static TableDef) -> &Plan {
        self.plan.get_or_init(|| Plan::new(table))
    }
}
