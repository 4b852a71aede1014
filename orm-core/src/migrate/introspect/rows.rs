//! Untyped rows of PRAGMAs.

use crate::value::Value;

/// The text in a column; empty for NULL.
pub(crate) fn text(row: &[Value], column: usize) -> String {
    optional_text(row, column).unwrap_or_default()
}

/// The text in a column.
pub(super) fn optional_text(row: &[Value], column: usize) -> Option<String> {
    match row.get(column) {
        Some(Value::Text(text)) => Some(text.clone()),
        Some(Value::Null | Value::Integer(_) | Value::Real(_) | Value::Blob(_)) | None => None,
    }
}

/// The number in a column; 0 for anything else.
pub(crate) fn integer(row: &[Value], column: usize) -> i64 {
    match row.get(column) {
        Some(Value::Integer(integer)) => *integer,
        Some(Value::Null | Value::Text(_) | Value::Real(_) | Value::Blob(_)) | None => 0,
    }
}
