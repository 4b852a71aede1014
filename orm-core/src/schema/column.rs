use super::{List, Text};
use crate::value::LogicalType;

/// A column: its name, type and rules.
///
/// Fields are public for reading and for `const` construction by the derive; make one at run time with
/// [`TableDef::builder`](super::TableDef::builder).
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnDef {
    /// The name in the database.
    pub name: Text,
    /// The name of the Rust field; the same as `name` where there is none.
    pub field: Text,
    /// What the column means; the dialect picks the declared type.
    pub logical_type: LogicalType,
    /// The declared type, where it is written down (`#[orm(type = "…")]`) rather than left to the dialect.
    pub declared_type: Option<Text>,
    /// Whether NULL is allowed. A column of the primary key never allows it.
    pub nullable: bool,
    /// How a key comes to be.
    pub key_generation: KeyGeneration,
    /// The DEFAULT clause.
    pub default: Option<DefaultDef>,
    /// The CHECK clauses of this column, as SQL expressions.
    pub checks: List<Text>,
    /// The collating sequence, such as `nocase`.
    pub collation: Option<Text>,
    /// The expression of a generated column.
    pub generated: Option<GeneratedDef>,
    /// What the session does with the column by itself.
    pub role: ColumnRole,
    /// Names that the column had before, newest first.
    pub renamed_from: List<Text>,
    /// The SQL expression that fills the column in rows that exist when it is added or becomes NOT NULL.
    pub backfill: Option<Text>,
    /// The SQL expression that converts the old value when the type changes.
    pub using: Option<Text>,
}

/// Whether the database assigns the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum KeyGeneration {
    /// The application does, or the column is no key.
    #[default]
    None,
    /// A single integer key: 0 or `None` means "not yet", and the database's key is written back.
    Auto,
    /// The same with SQLite's AUTOINCREMENT: a key is never used again (<https://sqlite.org/autoinc.html>).
    AutoIncrement,
}

/// A DEFAULT clause.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum DefaultDef {
    /// `DEFAULT NULL`.
    Null,
    /// `true` or `false`, as the dialect spells it.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A floating point number.
    Real(f64),
    /// Text.
    Text(Text),
    /// An SQL expression, sent as it is, in parentheses.
    Expression(Text),
}

/// `GENERATED ALWAYS AS (…)`, see <https://sqlite.org/gencol.html>.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedDef {
    /// The SQL expression.
    pub expression: Text,
    /// Whether the value is stored in the row rather than computed when read.
    pub stored: bool,
}

/// Columns that the session fills in and checks by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum ColumnRole {
    /// An ordinary column.
    #[default]
    Plain,
    /// The moment of the insert.
    CreatedAt,
    /// The moment of the last insert or update.
    UpdatedAt,
    /// The moment of deletion; NULL while the row is alive.
    DeletedAt,
    /// The counter of optimistic locking.
    Version,
}

impl ColumnDef {
    /// Whether values can be written to the column.
    #[must_use]
    pub fn is_writable(&self) -> bool {
        self.generated.is_none()
    }

    /// Whether the database assigns the key where it is unset.
    #[must_use]
    pub fn is_auto(&self) -> bool {
        self.key_generation != KeyGeneration::None
    }
}
