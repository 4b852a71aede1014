use std::borrow::Cow;

use super::{Field, Value, ValueRef};
use crate::error::ConversionError;

/// What a field is while its row lies in the database's memory: text is `&str`, a blob is `&[u8]`, an `Option` is one of
/// these, and everything else is itself.
///
/// Rows that [`for_each`](crate::Query::for_each) borrows are made of it. All provided types have it, and
/// `#[derive(Field)]` writes it. By hand it is needed only where a type of one's own is in such a row:
///
/// ```
/// use orm_core::{BorrowValue, ConversionError, ValueRef};
/// # use orm_core::{Field, LogicalType, ToValue, ToValueOutput, class};
/// # #[derive(Debug, PartialEq)]
/// # struct Slug(String);
/// # impl ToValue for Slug {
/// #     fn to_value(&self) -> Result<ToValueOutput<'_>, ConversionError> {
/// #         self.0.to_value()
/// #     }
/// # }
/// # impl Field for Slug {
/// #     type Inner = Self;
/// #     type Rel<P> = P;
/// #     type Class = class::Text;
/// #     const TYPE: LogicalType = LogicalType::Text;
/// #     fn from_value(value: ValueRef<'_>) -> Result<Self, ConversionError> {
/// #         String::from_value(value).map(Self)
/// #     }
/// # }
///
/// impl BorrowValue for Slug {
///     type Borrowed<'r> = &'r str; // or `Self`, where nothing can be borrowed
///
///     fn borrow_value(value: ValueRef<'_>) -> Result<&str, ConversionError> {
///         String::borrow_value(value)
///     }
/// }
///
/// assert_eq!(Slug::borrow_value(ValueRef::Text("a-title"))?, "a-title");
/// assert_eq!(Option::<Slug>::borrow_value(ValueRef::Null)?, None);
/// # Ok::<(), ConversionError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be part of a row that is borrowed",
    label = "not a `BorrowValue`",
    note = "`#[derive(orm_core::Field)]` writes it; for a type with a `Field` of its own, implement `orm_core::BorrowValue`, with `type Borrowed<'r> = Self` where nothing can be borrowed"
)]
pub trait BorrowValue: Field {
    /// The type in the row.
    type Borrowed<'r>;

    /// Reads a value without copying its text or bytes.
    ///
    /// # Errors
    ///
    /// As [`from_value`](Field::from_value).
    fn borrow_value(value: ValueRef<'_>) -> Result<Self::Borrowed<'_>, ConversionError>;
}

/// Writes `BorrowValue` for types that are themselves in a borrowed row.
macro_rules! themselves {
    ($($(#[$when:meta])* $type:ty),+ $(,)?) => {$(
        $(#[$when])*
        impl $crate::value::BorrowValue for $type {
            type Borrowed<'r> = Self;

            #[inline]
            fn borrow_value(value: $crate::value::ValueRef<'_>) -> Result<Self, $crate::error::ConversionError> {
                <Self as $crate::value::Field>::from_value(value)
            }
        }
    )+};
}
pub(super) use themselves;

themselves!(
    i8,
    i16,
    i32,
    i64,
    isize,
    u8,
    u16,
    u32,
    u64,
    usize,
    f32,
    f64,
    bool,
    char,
    #[cfg(feature = "rust_decimal")]
    rust_decimal::Decimal,
    #[cfg(feature = "serde_json")]
    serde_json::Value,
    #[cfg(feature = "uuid")]
    ::uuid::Uuid,
);

impl<const N: usize> BorrowValue for [u8; N] {
    type Borrowed<'r> = Self;

    #[inline]
    fn borrow_value(value: ValueRef<'_>) -> Result<Self, ConversionError> {
        Self::from_value(value)
    }
}

macro_rules! text {
    ($($text:ty),+) => {$(
        impl BorrowValue for $text {
            type Borrowed<'r> = &'r str;

            #[inline]
            fn borrow_value(value: ValueRef<'_>) -> Result<&str, ConversionError> {
                match value {
                    ValueRef::Text(text) => Ok(text),
                    other => Err(other.instead_of("text")),
                }
            }
        }
    )+};
}

text!(String, Box<str>, Cow<'static, str>);

impl BorrowValue for Vec<u8> {
    type Borrowed<'r> = &'r [u8];

    #[inline]
    fn borrow_value(value: ValueRef<'_>) -> Result<&[u8], ConversionError> {
        match value {
            ValueRef::Blob(bytes) => Ok(bytes),
            other => Err(other.instead_of("a blob")),
        }
    }
}

impl<T: BorrowValue<Inner = T>> BorrowValue for Option<T> {
    type Borrowed<'r> = Option<T::Borrowed<'r>>;

    #[inline]
    fn borrow_value(value: ValueRef<'_>) -> Result<Self::Borrowed<'_>, ConversionError> {
        const { assert!(Self::NULLABLE) };
        match value {
            ValueRef::Null => Ok(None),
            other => T::borrow_value(other).map(Some),
        }
    }
}

impl BorrowValue for Value {
    type Borrowed<'r> = ValueRef<'r>;

    #[inline]
    fn borrow_value(value: ValueRef<'_>) -> Result<ValueRef<'_>, ConversionError> {
        Ok(value)
    }
}
