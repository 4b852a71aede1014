use std::fmt;

use crate::error::{Error, ErrorKind};

/// Why a plan cannot be applied. Any one of them blocks all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) kind: ErrorKind,
    pub(crate) table: String,
    pub(crate) column: Option<String>,
    pub(crate) message: String,
}

impl Problem {
    pub(crate) fn of_table(kind: ErrorKind, table: &str, message: impl Into<String>) -> Self {
        Self { kind, table: table.to_owned(), column: None, message: message.into() }
    }

    pub(crate) fn of_column(kind: ErrorKind, table: &str, column: &str, message: impl Into<String>) -> Self {
        Self { column: Some(column.to_owned()), ..Self::of_table(kind, table, message) }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.column {
            Some(column) => write!(f, "column `{column}` of `{}`: {}", self.table, self.message),
            None => write!(f, "table `{}`: {}", self.table, self.message),
        }
    }
}

/// One error for all problems, of the first one's kind.
pub(crate) fn error_of(problems: &[Problem]) -> Option<Error> {
    let first = problems.first()?;
    if problems.len() > 1 {
        let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
        return Some(Error::new(first.kind, all.join("; ")));
    }
    let error = Error::new(first.kind, first.message.clone()).with_table(&first.table);
    Some(match &first.column {
        Some(column) => error.with_column(column),
        None => error,
    })
}
