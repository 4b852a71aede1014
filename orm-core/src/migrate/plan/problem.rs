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

/// One error for all problems, of the first one's kind.
pub(crate) fn error_of(problems: &[Problem]) -> Option<Error> {
    let first = problems.first()?;
    let messages: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
    let mut error = Error::new(first.kind, messages.join("; "));
    if problems.iter().all(|problem| problem.table == first.table) {
        error = error.with_table(&first.table);
        if let (Some(column), [_]) = (&first.column, problems) {
            error = error.with_column(column);
        }
    }
    Some(error)
}
