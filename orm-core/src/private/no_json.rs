//! What derived code names for `#[orm(json)]` where the feature `serde_json` is off: it compiles, so that the assertion on
//! [`HAS_JSON`](super::HAS_JSON) is the only error.

use std::marker::PhantomData;

use crate::error::ConversionError;
use crate::value::{ToValueOutput, ValueRef};

/// In the place of `orm_core::Json`.
#[derive(Debug)]
pub struct Json<T>(PhantomData<T>);

/// Never called.
///
/// # Errors
///
/// Always.
pub fn json_value<T: ?Sized>(_: &T) -> Result<ToValueOutput<'static>, ConversionError> {
    Err(ConversionError::new("the feature `serde_json`", "none"))
}

/// Never called.
///
/// # Errors
///
/// Always.
pub fn json_from<T>(_: ValueRef<'_>) -> Result<T, ConversionError> {
    Err(ConversionError::new("the feature `serde_json`", "none"))
}
