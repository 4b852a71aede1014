/// What a column means, apart from how a database stores it.
///
/// ```
/// use orm_core::{Field, LogicalType};
///
/// assert_eq!(<Option<u8> as Field>::TYPE, LogicalType::Integer { bits: 8, signed: false });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LogicalType {
    /// `bool`.
    Bool,
    /// A whole number of 8 to 64 bits.
    Integer {
        /// 8, 16, 32 or 64.
        bits: u8,
        /// Whether negative numbers are among the values.
        signed: bool,
    },
    /// `f32` or `f64`.
    Real,
    /// Text.
    Text,
    /// Bytes.
    Blob,
    /// An instant, or a date and time without a zone.
    Timestamp,
    /// A calendar date, `YYYY-MM-DD`.
    Date,
    /// A time of day, `HH:MM:SS.ffffff`.
    Time,
    /// An exact decimal number.
    Decimal,
    /// A UUID.
    Uuid,
    /// JSON.
    Json,
    /// A value of any storage class, NULL included.
    Any,
}
