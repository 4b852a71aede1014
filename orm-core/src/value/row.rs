use super::ValueRef;
use crate::error::ConversionError;

/// Only drivers have rows.
pub trait Sealed {}

/// One row of a result, borrowed from the driver while the statement stands on it. Sealed: each driver has one, and
/// decoding is compiled for it.
pub trait Row: Sealed {
    /// The value of a column, counted from 0.
    ///
    /// # Errors
    ///
    /// Text that is not UTF-8.
    ///
    /// # Panics
    ///
    /// When the result has no such column.
    fn value(&self, column: usize) -> Result<ValueRef<'_>, ConversionError>;
}
