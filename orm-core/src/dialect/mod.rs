//! How a database spells things: names, placeholders, literals, types, clauses.
//!
//! Everything above this module and the driver says *what* it means in the nodes of [`sql`](mod@crate::sql); a [`Dialect`]
//! decides how that is written. SQLite is the one that runs.

mod sqlite;

pub use self::sqlite::Sqlite;

use std::fmt::Debug;

use crate::error::{Error, ErrorKind, Result};
use crate::schema::KeyGeneration;
use crate::value::{LogicalType, Value, ValueRef};

/// What a database can do, where the library would act differently if it could not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Capabilities {
    /// Parameters that one statement can have; values beyond that are written as literals.
    pub max_parameters: usize,
    /// Whether tables can be STRICT.
    pub strict_tables: bool,
    /// Whether tables can be WITHOUT ROWID.
    pub without_rowid: bool,
    /// Whether there is FTS5 (<https://sqlite.org/fts5.html>).
    pub fts5: bool,
    /// Whether any error ends the transaction, so that going on after one needs a savepoint.
    pub errors_end_transaction: bool,
}

impl Capabilities {
    /// What the SQL standard and most servers have: `max_parameters` parameters, and none of what is SQLite's own.
    #[must_use]
    pub const fn standard(max_parameters: usize) -> Self {
        Self {
            max_parameters,
            strict_tables: false,
            without_rowid: false,
            fts5: false,
            errors_end_transaction: true,
        }
    }
}

/// How a comparison looks for a piece of text. All three are case-sensitive and take the piece literally.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextMatch {
    /// Anywhere.
    Contains,
    /// At the beginning.
    StartsWith,
    /// At the end.
    EndsWith,
}

/// One piece of a spelling that a dialect gives for an operator, see [`Dialect::text_match`].
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// SQL text.
    Sql(&'static str),
    /// The left operand.
    Left,
    /// The right operand.
    Right,
    /// A value, bound where there is room for another parameter.
    Value(Value),
}

/// How a database spells what the library means.
///
/// ```
/// use orm_core::dialect::{Dialect, Sqlite};
///
/// let mut sql = String::new();
/// Sqlite.quote(&mut sql, "a \"quoted\" name")?;
/// assert_eq!(sql, r#""a ""quoted"" name""#);
/// assert!(Sqlite.quote(&mut sql, "nul\0").is_err());
/// # Ok::<(), orm_core::Error>(())
/// ```
pub trait Dialect: Debug + Send + Sync {
    /// What the database can do.
    fn capabilities(&self) -> Capabilities;

    /// The schema that generated SQL names, so that a temporary table of the same name does not catch it.
    fn schema(&self) -> &'static str;

    /// Appends an identifier in quotes.
    ///
    /// # Errors
    ///
    /// When it contains NUL, where SQLite would end the statement.
    fn quote(&self, out: &mut String, identifier: &str) -> Result<()> {
        let plain = identifier.bytes().all(|byte| byte != b'"' && byte != 0);
        if plain {
            out.push('"');
            out.push_str(identifier);
            out.push('"');
            return Ok(());
        }
        if identifier.contains('\0') {
            return Err(Error::new(
                ErrorKind::InvalidQuery,
                "an identifier contains NUL: give it another name",
            ));
        }
        out.push('"');
        for (position, part) in identifier.split('"').enumerate() {
            if position > 0 {
                out.push_str("\"\"");
            }
            out.push_str(part);
        }
        out.push('"');
        Ok(())
    }

    /// Appends a table's name with its schema.
    ///
    /// # Errors
    ///
    /// As [`quote`](Dialect::quote).
    fn quote_table(&self, out: &mut String, table: &str) -> Result<()> {
        self.quote(out, self.schema())?;
        out.push('.');
        self.quote(out, table)
    }

    /// Appends what stands between `CREATE INDEX` and the list of columns: which of the two names carries the schema.
    ///
    /// # Errors
    ///
    /// As [`quote`](Dialect::quote).
    fn quote_index_on(&self, out: &mut String, index: &str, table: &str) -> Result<()>;

    /// Appends the placeholder of a parameter, counted from 1.
    fn placeholder(&self, out: &mut String, number: usize);

    /// Appends a value as a literal that means exactly that value.
    ///
    /// # Errors
    ///
    /// When the database has no such value, such as NaN.
    fn literal(&self, out: &mut String, value: ValueRef<'_>) -> Result<()>;

    /// `true` or `false`, as a condition and as a DEFAULT.
    fn boolean(&self, value: bool) -> &'static str;

    /// The operator that is true for equal values and for two NULLs, and otherwise false; and its negation.
    fn null_safe_equality(&self, equal: bool) -> &'static str;

    /// The spelling of `contains`, `starts_with` or `ends_with`, where the piece is known (`Some`) or another expression.
    fn text_match(&self, kind: TextMatch, piece: Option<&str>) -> Vec<Piece>;

    /// What stands around each value in a condition of very many terms, where the database would otherwise need time that
    /// grows with their square.
    fn around_values_of_many(&self) -> (&'static str, &'static str) {
        ("", "")
    }

    /// What the row is called that could not be inserted, in what an upsert does to the one that is in its way.
    fn excluded(&self) -> &'static str {
        "excluded"
    }

    /// What stands before `OFFSET` where there is no limit.
    fn unlimited(&self) -> &'static str;

    /// The declared type for a logical one. An `auto` key's type is part of [`auto_key`](Dialect::auto_key).
    fn column_type(&self, logical_type: LogicalType, strict: bool) -> &'static str;

    /// Type and constraint of a column that is the whole primary key and assigned by the database.
    fn auto_key(&self, logical_type: LogicalType, generation: KeyGeneration) -> &'static str;

    /// The words that begin a transaction that will write.
    fn begin_write(&self) -> &'static str;

    /// The words that begin a transaction that only reads.
    fn begin_read(&self) -> &'static str;

    /// A query with one parameter, the table's name, that gives one row where there is such a table and else none.
    fn table_exists(&self) -> &'static str;

    /// A query with one parameter, a table's name, that gives the names of the other tables with a foreign key to it.
    fn referring_tables(&self) -> &'static str;

    /// A query with one parameter, a table's name, that gives a row for each of its triggers.
    fn triggers_of(&self) -> &'static str;

    /// What turns a query into one that tells how it would run.
    fn explain(&self) -> &'static str;
}
