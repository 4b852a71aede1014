//! One opaque error with a kind and predicates.

mod constraint;
mod conversion;
mod kind;

use std::error::Error as StdError;
use std::fmt;

pub use self::constraint::{Constraint, ConstraintKind};
pub use self::conversion::ConversionError;
pub use self::kind::ErrorKind;

/// `Result` with this library's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Longest piece of SQL that a message shows.
const SHOWN_SQL: usize = 300;

/// What went wrong, one pointer wide.
///
/// The message names table, column, Rust type and what was found, and never contains a value. Ask it by predicate
/// ([`is_not_found`](Error::is_not_found), [`is_busy`](Error::is_busy), [`constraint`](Error::constraint)) or by
/// [`kind`](Error::kind).
///
/// ```
/// use orm_core::{Error, ErrorKind};
///
/// let error = Error::other("the customer has no credit");
/// assert_eq!(error.kind(), ErrorKind::Other);
/// assert_eq!(error.to_string(), "the customer has no credit");
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: String,
    table: Option<String>,
    column: Option<String>,
    constraint: Option<Constraint>,
    sql: Option<String>,
    code: Option<i32>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// Wraps an error of the application, so that it can leave a transaction or a hook. Message and
    /// [`source`](StdError::source) are those of the wrapped error; [`get_other`](Error::get_other) and
    /// [`into_other`](Error::into_other) give it back.
    pub fn other(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(ErrorKind::Other, String::new()).with_source(error)
    }

    /// The application's error inside, by reference.
    ///
    /// ```
    /// use orm_core::{Engine, Error, Result};
    /// use std::num::ParseIntError;
    ///
    /// let engine = Engine::open_in_memory()?;
    /// let failed: Result<i64> = engine.transaction(|_| "x".parse().map_err(Error::other));
    /// let error = failed.unwrap_err();
    /// assert!(error.get_other().is_some_and(|inner| inner.is::<ParseIntError>()));
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn get_other(&self) -> Option<&(dyn StdError + Send + Sync + 'static)> {
        self.0.source.as_deref().filter(|_| self.0.kind == ErrorKind::Other)
    }

    /// The application's error inside, by value.
    ///
    /// # Errors
    ///
    /// The error itself, where it is one of this library.
    pub fn into_other(mut self) -> Result<Box<dyn StdError + Send + Sync>, Self> {
        match self.0.source.take_if(|_| self.0.kind == ErrorKind::Other) {
            Some(inner) => Ok(inner),
            None => Err(self),
        }
    }

    #[cold]
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            table: None,
            column: None,
            constraint: None,
            sql: None,
            code: None,
            source: None,
        }))
    }

    pub(crate) fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    pub(crate) fn with_table(mut self, table: &str) -> Self {
        self.0.table.get_or_insert_with(|| table.to_owned());
        if let Some(constraint) = &mut self.0.constraint {
            constraint.table.get_or_insert_with(|| table.to_owned());
        }
        self
    }

    /// Names the table that was written to, where SQLite does not name one: a foreign key.
    pub(crate) fn with_constraint_table(mut self, table: &str) -> Self {
        if let Some(constraint) = &mut self.0.constraint {
            let table = constraint.table.get_or_insert_with(|| table.to_owned());
            self.0.table.get_or_insert_with(|| table.clone());
        }
        self
    }

    pub(crate) fn with_column(mut self, column: &str) -> Self {
        self.0.column.get_or_insert_with(|| column.to_owned());
        self
    }

    pub(crate) fn with_sql(mut self, sql: &str) -> Self {
        self.0.sql.get_or_insert_with(|| sql.to_owned());
        self
    }

    pub(crate) fn with_constraint(mut self, constraint: Constraint) -> Self {
        self.0.constraint = Some(constraint);
        self
    }

    pub(crate) fn with_code(mut self, code: i32) -> Self {
        self.0.code = Some(code);
        self
    }

    /// A value of `column` that is not a `T`.
    #[cold]
    pub(crate) fn conversion<T>(table: &str, column: &str, error: ConversionError) -> Self {
        Self::conversion_in_result::<T>(column, error).with_table(table)
    }

    /// A value of a struct that its column cannot hold, or the other way round; `rust_type` is the field's.
    #[cold]
    pub(crate) fn unstorable(table: &str, column: &str, rust_type: &str, error: ConversionError) -> Self {
        Self::of_type(rust_type, error).with_table(table).with_column(column)
    }

    /// The same where the column belongs to a result rather than a table.
    #[cold]
    pub(crate) fn conversion_in_result<T>(column: &str, error: ConversionError) -> Self {
        Self::of_type(std::any::type_name::<T>(), error).with_column(column)
    }

    fn of_type(rust_type: &str, error: ConversionError) -> Self {
        let message = format!("`{}`: {error}", short_type_name(rust_type));
        Self::new(ErrorKind::Conversion, message).caused_by(error)
    }

    /// What is behind the mismatch, whose own text is in the message already.
    fn caused_by(mut self, error: ConversionError) -> Self {
        self.0.source = error.into_source();
        self
    }

    /// What sort of thing went wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether a row that had to be there was not.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.0.kind == ErrorKind::NotFound
    }

    /// Whether a deadline passed while waiting for a connection, the writer's turn or SQLite's lock. Trying again later
    /// may succeed.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.0.kind == ErrorKind::Busy
    }

    /// Whether a `version` column showed that the row was changed by somebody else.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        self.0.kind == ErrorKind::Stale
    }

    /// The constraint that was violated.
    #[must_use]
    pub fn constraint(&self) -> Option<&Constraint> {
        self.0.constraint.as_ref()
    }

    /// Whether a unique constraint or a primary key was violated.
    #[must_use]
    pub fn is_unique_violation(&self) -> bool {
        self.constraint()
            .is_some_and(|it| matches!(it.kind, ConstraintKind::Unique | ConstraintKind::PrimaryKey))
    }

    /// Whether a foreign key was violated.
    #[must_use]
    pub fn is_foreign_key_violation(&self) -> bool {
        self.constraint().is_some_and(|it| it.kind == ConstraintKind::ForeignKey)
    }

    /// The table concerned, where known.
    #[must_use]
    pub fn table(&self) -> Option<&str> {
        let named = || self.constraint().and_then(|constraint| constraint.table.as_deref());
        self.0.table.as_deref().or_else(named)
    }

    /// The column concerned, where there is one and it is known.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        let only = || match self.constraint().map(|constraint| &constraint.columns[..]) {
            Some([only]) => Some(&**only),
            Some(_) | None => None,
        };
        self.0.column.as_deref().or_else(only)
    }

    /// The whole SQL of the statement, without its values, where one was sent. The message shows a short piece of it.
    #[must_use]
    pub fn sql(&self) -> Option<&str> {
        self.0.sql.as_deref()
    }

    /// SQLite's extended result code (<https://sqlite.org/rescode.html>), where SQLite reported the error.
    #[must_use]
    pub fn sqlite_code(&self) -> Option<i32> {
        self.0.code
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(inner) = self.get_other() {
            return write!(f, "{inner}");
        }
        let Inner { message, table, column, sql, .. } = &*self.0;
        match (table, column) {
            (Some(table), Some(column)) => write!(f, "column `{column}` of `{table}`: ")?,
            (Some(table), None) => write!(f, "table `{table}`: ")?,
            (None, Some(column)) => write!(f, "column `{column}`: ")?,
            (None, None) => {}
        }
        f.write_str(message)?;
        match sql {
            Some(sql) => write!(f, " (in `{}`)", shortened(sql)),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Error");
        out.field("kind", &self.0.kind).field("message", &self.to_string());
        if let Some(constraint) = &self.0.constraint {
            out.field("constraint", constraint);
        }
        if let Some(code) = self.0.code {
            out.field("sqlite_code", &code);
        }
        if let Some(source) = &self.0.source {
            out.field("source", source);
        }
        out.finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self.get_other() {
            // what it wraps is what it shows, so the next layer is behind that
            Some(inner) => inner.source(),
            None => self.0.source.as_deref().map(|source| source as _),
        }
    }
}

impl From<ConversionError> for Error {
    fn from(error: ConversionError) -> Self {
        Self::new(ErrorKind::Conversion, error.to_string()).caused_by(error)
    }
}

/// SQL as a message shows it.
pub(crate) fn shortened(sql: &str) -> std::borrow::Cow<'_, str> {
    if sql.len() <= SHOWN_SQL {
        return sql.into();
    }
    let end = (0..=SHOWN_SQL).rev().find(|&end| sql.is_char_boundary(end)).unwrap_or(0);
    format!("{}… ({} bytes)", &sql[..end], sql.len()).into()
}

/// `core::option::Option<alloc::string::String>` as `Option<String>`.
fn short_type_name(full: &str) -> String {
    let mut out = String::with_capacity(full.len());
    let mut word = String::new();
    for c in full.chars() {
        if c.is_ascii_alphanumeric() || c == '_' || !c.is_ascii() {
            word.push(c);
        } else if c == ':' {
            word.clear();
        } else {
            out.push_str(&word);
            word.clear();
            out.push(c);
        }
    }
    out + &word
}
