use super::{LogicalType, Value, ValueRef};
use crate::error::ConversionError;

/// What [`ToValue::to_value`] gives: a value that borrows from the Rust one, or an owned one.
#[derive(Debug, Clone, PartialEq)]
pub enum ToValueOutput<'a> {
    /// Bound without a copy.
    Borrowed(ValueRef<'a>),
    /// Made for the occasion, such as a date as text.
    Owned(Value),
}

impl ToValueOutput<'_> {
    /// The value, borrowed from either variant.
    #[must_use]
    #[inline]
    pub fn as_ref(&self) -> ValueRef<'_> {
        match self {
            Self::Borrowed(value) => *value,
            Self::Owned(value) => value.as_ref(),
        }
    }
}

/// A Rust value that can be bound to a parameter of a statement, owned or borrowed: `str`, `[u8]`, `&T`, `Option<T>` …
///
/// # Errors
///
/// A value that the database cannot hold, such as a `u64` above `i64::MAX` or NaN, is an error, never something else
/// that is stored in its place.
///
/// ```
/// use orm_core::{ToValue, ValueRef};
///
/// assert_eq!("Ann".to_value()?.as_ref(), ValueRef::Text("Ann"));
/// assert_eq!(None::<i64>.to_value()?.as_ref(), ValueRef::Null);
/// assert!(u64::MAX.to_value().is_err());
/// # Ok::<(), orm_core::ConversionError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be bound to a parameter",
    note = "numbers, `bool`, text, bytes and `Option` of these can; so can a type with `#[derive(orm_core::Field)]`"
)]
pub trait ToValue {
    /// The value to bind.
    ///
    /// # Errors
    ///
    /// When the database cannot hold this value.
    fn to_value(&self) -> Result<ToValueOutput<'_>, ConversionError>;
}

/// A type that a column can have: [`ToValue`] to write it, [`from_value`](Field::from_value) to read it, and the
/// logical type that a dialect turns into a declared one.
///
/// `#[derive(Field)]` writes both traits for enums of unit variants and for structs with one field. By hand:
///
/// ```
/// use orm_core::{ConversionError, Field, LogicalType, ToValue, ToValueOutput, ValueRef, class};
///
/// #[derive(Debug, PartialEq)]
/// struct Celsius(f64);
///
/// impl ToValue for Celsius {
///     fn to_value(&self) -> Result<ToValueOutput<'_>, ConversionError> {
///         self.0.to_value()
///     }
/// }
///
/// impl Field for Celsius {
///     type Inner = Self;
///     type Rel<P> = P;
///     type Class = class::Real;
///     const TYPE: LogicalType = LogicalType::Real;
///
///     fn from_value(value: ValueRef<'_>) -> Result<Self, ConversionError> {
///         f64::from_value(value).map(Self)
///     }
/// }
///
/// assert_eq!(Celsius::from_value(ValueRef::Real(21.5))?, Celsius(21.5));
/// # Ok::<(), ConversionError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be stored in a column",
    label = "not a `Field`",
    note = "derive it for an enum or a newtype with `#[derive(orm_core::Field)]`, store any serde type as JSON with `#[orm(json)]`, or leave the field out with `#[orm(skip)]`"
)]
pub trait Field: ToValue + Sized + 'static {
    /// What is under an `Option`; the type itself where there is none.
    type Inner: Field<Inner = Self::Inner, Class = Self::Class>;
    /// `P`, or `Option<P>` where this type is optional: what a relation through this column leads to.
    type Rel<P>;
    /// What SQL can do with such values, one of [`class`](crate::class).
    type Class;
    /// The logical type, which the dialect stores as it can.
    const TYPE: LogicalType;
    /// Whether NULL is one of the values.
    const NULLABLE: bool = false;

    /// Reads a value.
    ///
    /// # Errors
    ///
    /// When the storage class or the value does not fit this type. Nothing is converted on the quiet.
    fn from_value(value: ValueRef<'_>) -> Result<Self, ConversionError>;

    /// For derived code: [`to_value`](ToValue::to_value) by way of this trait, so that a type that has neither trait is
    /// one compile error.
    #[doc(hidden)]
    #[inline]
    fn __encode(&self) -> Result<ToValueOutput<'_>, ConversionError> {
        self.to_value()
    }
}
