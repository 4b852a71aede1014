use std::ffi::CStr;
use std::ptr::NonNull;

use rusqlite::ffi;

use crate::error::{Error, ErrorKind, Result};

/// The names of a result's columns.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ColumnNames {
    names: Vec<String>,
    distinct: bool,
}

impl ColumnNames {
    /// # Safety
    ///
    /// `stmt` is live.
    pub(super) unsafe fn read(stmt: NonNull<ffi::sqlite3_stmt>) -> Result<Self> {
        // SAFETY: live, by the caller's word.
        let count = unsafe { ffi::sqlite3_column_count(stmt.as_ptr()) };
        let names: Vec<String> = (0..count)
            .map(|column| {
                // SAFETY: as above; the name is copied before anything could free it.
                let name = unsafe {
                    let name = ffi::sqlite3_column_name(stmt.as_ptr(), column);
                    if name.is_null() { None } else { Some(CStr::from_ptr(name).to_str().map(str::to_owned)) }
                };
                match name {
                    Some(Ok(name)) => Ok(name),
                    Some(Err(_)) => {
                        let message = format!("the name of column {column} is not UTF-8");
                        Err(Error::new(ErrorKind::Corrupt, message))
                    }
                    None => Err(Error::new(ErrorKind::Limit, "no memory for a column's name")),
                }
            })
            .collect::<Result<_>>()?;
        let is_new = |at: usize| !names[..at].iter().any(|name| name.eq_ignore_ascii_case(&names[at]));
        Ok(Self { distinct: (1..names.len()).all(is_new), names })
    }

    /// From left to right.
    pub(crate) fn list(&self) -> &[String] {
        &self.names
    }

    /// Whether no two are the same; ASCII case does not matter.
    pub(crate) fn are_distinct(&self) -> bool {
        self.distinct
    }
}
