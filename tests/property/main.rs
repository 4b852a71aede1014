//! What holds for any value, shown with random ones and the boundaries.
#![allow(clippy::unwrap_used, reason = "a test stops where it finds something else")]

mod decimals;
mod fields;
mod floats;
mod integers;
mod json;
mod kept_queries;
mod keys;
mod text_and_blobs;
mod timestamps;
mod values;
mod values_in_tables;
mod verbs;

use orm_core::{ConversionError, Field, ToValue, Value};

/// What is bound for a value.
fn stored<T: ToValue + ?Sized>(value: &T) -> Result<Value, ConversionError> {
    value.to_value().map(Value::from)
}

/// The text that is bound for a value.
fn stored_text<T: ToValue + ?Sized>(value: &T) -> String {
    match stored(value).unwrap() {
        Value::Text(text) => text,
        other => panic!("{other:?} is no text"),
    }
}

fn read<T: Field>(value: impl Into<Value>) -> Result<T, ConversionError> {
    T::from_value(value.into().as_ref())
}

/// The message that refuses to read a value.
fn refused<T: Field>(value: impl Into<Value>) -> String {
    match read::<T>(value) {
        Ok(_) => panic!("was read"),
        Err(error) => error.to_string(),
    }
}
