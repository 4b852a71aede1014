//! What SQL can do with the values of a type.
//!
//! [`Field::Class`](super::Field::Class) is one of the markers here, so that a newtype has the abilities of what it wraps,
//! and an operator that SQLite would compute wrongly does not compile.

/// `true` or `false`.
#[derive(Debug)]
pub enum Bool {}
/// Whole numbers.
#[derive(Debug)]
pub enum Integer {}
/// Floating point numbers.
#[derive(Debug)]
pub enum Real {}
/// Text that sorts by its bytes.
#[derive(Debug)]
pub enum Text {}
/// Bytes that sort as such.
#[derive(Debug)]
pub enum Blob {}
/// An instant as UTC text of fixed width, which sorts.
#[derive(Debug)]
pub enum Timestamp {}
/// A calendar date as text, which sorts.
#[derive(Debug)]
pub enum Date {}
/// A time of day as text, which sorts.
#[derive(Debug)]
pub enum Time {}
/// Numbers kept as exact text: equality is right, order and arithmetic would not be.
#[derive(Debug)]
pub enum Decimal {}
/// JSON text: neither order nor arithmetic.
#[derive(Debug)]
pub enum Json {}

/// Values of any storage class: equality only.
#[derive(Debug)]
pub enum Any {}

/// Classes whose values the database can compare. An enum stored as text is in the order of its text.
#[diagnostic::on_unimplemented(
    message = "values of class `{Self}` have no order in the database",
    label = "`lt`, `gt`, `between`, `min`, `max`, `asc` … would compare their text",
    note = "decimals and JSON are stored as text: only equality is right on them"
)]
pub trait Ordered {}
impl Ordered for Bool {}
impl Ordered for Integer {}
impl Ordered for Real {}
impl Ordered for Text {}
impl Ordered for Blob {}
impl Ordered for Timestamp {}
impl Ordered for Date {}
impl Ordered for Time {}

/// Classes with arithmetic.
#[diagnostic::on_unimplemented(
    message = "the database has no arithmetic for class `{Self}`",
    label = "`+`, `-`, `*`, `sum` and `avg` need integers or floats"
)]
pub trait Number {
    /// What `sum` gives: `i64` for integers, `f64` for floats.
    type Sum: super::Field;
}
impl Number for Integer {
    type Sum = i64;
}
impl Number for Real {
    type Sum = f64;
}

/// Classes with `like`, `contains` and the other text operators.
#[diagnostic::on_unimplemented(
    message = "class `{Self}` is not text",
    label = "needs a text column or expression"
)]
pub trait Textual {}
impl Textual for Text {}

/// Classes that paths lead into.
#[diagnostic::on_unimplemented(
    message = "class `{Self}` is not JSON",
    label = "needs a column with `#[orm(json)]`, or an expression of JSON"
)]
pub trait Document {}
impl Document for Json {}

/// Classes that SQL's CAST makes values of.
#[diagnostic::on_unimplemented(
    message = "nothing can be cast to class `{Self}`",
    label = "expected integers, floats, text or bytes"
)]
pub trait Castable {}
impl Castable for Integer {}
impl Castable for Real {}
impl Castable for Text {}
impl Castable for Blob {}

/// Classes that can hold the moment of an insert, update or deletion.
#[diagnostic::on_unimplemented(
    message = "class `{Self}` cannot hold a timestamp",
    label = "`created_at`, `updated_at` and `deleted_at` need a date and time, or a `String`"
)]
pub trait HoldsTimestamp {
    /// For derived code to name the bound.
    #[doc(hidden)]
    const OK: () = ();
}
#[diagnostic::do_not_recommend]
impl HoldsTimestamp for Timestamp {}
#[diagnostic::do_not_recommend]
impl HoldsTimestamp for Text {}
