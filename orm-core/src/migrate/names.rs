//! Names in SQL, by the dialect's one function.

use crate::dialect::{Dialect, Sqlite};
use crate::error::Result;

/// `"name"`.
pub(crate) fn quoted(name: &str) -> Result<String> {
    let mut out = String::new();
    Sqlite.quote(&mut out, name)?;
    Ok(out)
}

/// `"main"."table"`.
pub(crate) fn quoted_table(table: &str) -> Result<String> {
    let mut out = String::new();
    Sqlite.quote_table(&mut out, table)?;
    Ok(out)
}

/// `'text'`.
pub(crate) fn literal(text: &str) -> Result<String> {
    let mut out = String::new();
    Sqlite.literal(&mut out, crate::value::ValueRef::Text(text))?;
    Ok(out)
}
