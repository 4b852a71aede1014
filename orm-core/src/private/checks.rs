//! What derived code asserts about types, which a macro cannot see.

use std::marker::PhantomData;

use crate::error::ConversionError;
use crate::expr::Column;
use crate::schema::{IndexColumn, IndexTarget, List, TableDef, Text};
use crate::value::{Field, LogicalType};

/// The literal of a DEFAULT clause.
#[derive(Debug, Clone, Copy)]
pub enum Literal {
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Integer(i64),
    /// A floating point number.
    Real,
    /// Text.
    Text,
}

/// Whether a column of that type can hold the literal.
#[must_use]
pub const fn fits(logical_type: LogicalType, literal: Literal) -> bool {
    match logical_type {
        LogicalType::Bool => matches!(literal, Literal::Bool),
        LogicalType::Integer { bits, signed } => match literal {
            Literal::Integer(value) => fits_integer(bits, signed, value),
            Literal::Bool | Literal::Real | Literal::Text => false,
        },
        LogicalType::Real => matches!(literal, Literal::Real | Literal::Integer(_)),
        LogicalType::Text
        | LogicalType::Timestamp
        | LogicalType::Date
        | LogicalType::Time
        | LogicalType::Decimal
        | LogicalType::Json => matches!(literal, Literal::Text),
        LogicalType::Blob | LogicalType::Uuid => false,
        LogicalType::Any => true,
    }
}

const fn fits_integer(bits: u8, signed: bool, value: i64) -> bool {
    if !signed {
        return value >= 0 && (bits >= 64 || value < 1 << bits);
    }
    let limit = i64::MAX >> (64 - bits);
    -limit - 1 <= value && value <= limit
}

/// Whether a key of that type can be assigned by the database, and a counter counted.
#[must_use]
pub const fn is_integer(logical_type: LogicalType) -> bool {
    matches!(logical_type, LogicalType::Integer { .. })
}

/// Whether a column of that type holds text that people write.
#[must_use]
pub const fn is_text(logical_type: LogicalType) -> bool {
    matches!(logical_type, LogicalType::Text | LogicalType::Json)
}

/// The parent's key column that a foreign key refers to. A key that is shorter is reported by [`RefersTo`], and so is one
/// of a model with a mistake, which has none; neither is a second mistake here.
#[must_use]
pub const fn key_column(key: &'static [&'static str], position: usize) -> &'static str {
    if position < key.len() { key[position] } else { "" }
}

/// Whether two columns belong to one table.
#[must_use]
pub const fn same_table(one: &str, other: &str) -> bool {
    same(one, other)
}

const fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

/// Whether these columns together are a key of the table, which is what a foreign key can refer to
/// (<https://sqlite.org/foreignkeys.html#fk_indexes>). The table of a model with a mistake has no columns, and is no second
/// mistake here.
#[must_use]
pub const fn is_key(table: &TableDef, columns: &[&str]) -> bool {
    let (uniques, indexes) = (items(&table.uniques), items(&table.indexes));
    let mut found = items(&table.columns).is_empty() || are(items(&table.primary_key), columns);
    let mut at = 0;
    while at < uniques.len() {
        found |= are(items(&uniques[at].columns), columns);
        at += 1;
    }
    at = 0;
    while at < indexes.len() {
        let index = &indexes[at];
        found |= index.unique && index.predicate.is_none() && are_indexed(items(&index.columns), columns);
        at += 1;
    }
    found
}

/// Whether the names are the columns, in whatever order.
const fn are(names: &[Text], columns: &[&str]) -> bool {
    let mut all = names.len() == columns.len();
    let mut at = 0;
    while at < names.len() {
        all &= is_one_of(&names[at], columns);
        at += 1;
    }
    all
}

const fn are_indexed(terms: &[IndexColumn], columns: &[&str]) -> bool {
    let mut all = terms.len() == columns.len();
    let mut at = 0;
    while at < terms.len() {
        all &= match &terms[at].target {
            IndexTarget::Column(name) => is_one_of(name, columns),
            IndexTarget::Expression(_) => false,
        };
        at += 1;
    }
    all
}

const fn is_one_of(name: &Text, columns: &[&str]) -> bool {
    // a derived definition owns nothing
    let Text::Borrowed(name) = name else { return false };
    let (mut found, mut at) = (false, 0);
    while at < columns.len() {
        found |= same(name, columns[at]);
        at += 1;
    }
    found
}

const fn items<T: Clone>(list: &List<T>) -> &[T] {
    match list {
        List::Borrowed(items) => items,
        List::Owned(_) => &[],
    }
}

/// A foreign key's type beside that of the key it refers to; both without `Option`.
#[diagnostic::on_unimplemented(
    message = "a foreign key of type `{Self}` cannot refer to a key of type `{K}`",
    label = "this key is `{K}`, the field is `{Self}`"
)]
pub trait RefersTo<K> {
    /// Nothing; to be named.
    const OK: () = ();
}

impl<T> RefersTo<T> for T {}

/// The type of a column that a foreign key refers to, without `Option`.
#[derive(Debug)]
pub struct ParentKey<K>(PhantomData<K>);

impl<K> ParentKey<K> {
    /// That of this column.
    #[must_use]
    pub fn of<M, T: Field<Inner = K>, W>(_: &Column<M, T, W>) -> Self {
        Self(PhantomData)
    }

    /// Whether a foreign key of type `T` can refer to it.
    pub fn accepts<T: RefersTo<K>>(self) {}
}

/// A column that the struct does not have.
#[cold]
#[must_use]
pub fn no_such_column() -> ConversionError {
    ConversionError::new("a column of the table", "a position beyond the last one")
}

/// A value that is none of an enum's.
#[cold]
#[must_use]
pub fn not_a_variant(accepted: &'static str, found: &'static str) -> ConversionError {
    ConversionError::new(accepted, found)
}

/// Which of two types: a composite foreign key is optional where one of its columns is.
#[derive(Debug)]
pub struct Choose<const OPTIONAL: bool>;

/// What [`Choose`] chooses.
pub trait Chosen {
    /// `P`, or `Option<P>`.
    type Rel<P>;
}

impl Chosen for Choose<false> {
    type Rel<P> = P;
}

impl Chosen for Choose<true> {
    type Rel<P> = Option<P>;
}
