use super::{ColumnDef, ForeignKeyDef, FtsDef, IndexDef, List, TableBuilder, Text};

/// A table: the metadata of a model, usable at run time.
///
/// ```
/// use orm_core::Model;
///
/// #[derive(Model)]
/// #[orm(table = "users")]
/// struct User {
///     #[orm(primary_key, auto)]
///     id: i64,
///     name: Option<String>,
/// }
///
/// let names: Vec<&str> = User::TABLE.columns.iter().map(|column| &*column.name).collect();
/// assert_eq!(names, ["id", "name"]);
/// assert!(User::TABLE.column("name").is_some_and(|column| column.nullable));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct TableDef {
    /// The name in the database.
    pub name: Text,
    /// The columns, in order.
    pub columns: List<ColumnDef>,
    /// The columns of the primary key, in key order; empty where there is none.
    pub primary_key: List<Text>,
    /// Unique constraints, also those said on a single field.
    pub uniques: List<UniqueDef>,
    /// Indexes, also those said on a single field.
    pub indexes: List<IndexDef>,
    /// CHECK constraints of the table; those of a single field are on the column.
    pub checks: List<CheckDef>,
    /// Foreign keys, also those said on a single field.
    pub foreign_keys: List<ForeignKeyDef>,
    /// The full-text index, where there is one.
    pub fts: Option<FtsDef>,
    /// STRICT or not; `None` leaves an existing table as it is and makes a new one STRICT
    /// (<https://sqlite.org/stricttables.html>).
    pub strict: Option<bool>,
    /// WITHOUT ROWID (<https://sqlite.org/withoutrowid.html>).
    pub without_rowid: bool,
    /// Names that the table had before, newest first.
    pub renamed_from: List<Text>,
}

/// A CHECK constraint of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckDef {
    /// Its name, where it has one.
    pub name: Option<Text>,
    /// The SQL expression.
    pub expression: Text,
}

/// A unique constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UniqueDef {
    /// Its name, where it has one.
    pub name: Option<Text>,
    /// The columns.
    pub columns: List<Text>,
}

impl TableDef {
    /// Starts a definition at run time.
    pub fn builder(name: impl Into<Text>) -> TableBuilder {
        TableBuilder::new(name.into())
    }

    /// The column of that name in the database, by SQLite's rule for names: ASCII case does not matter.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&ColumnDef> {
        self.position(name).map(|position| &self.columns[position])
    }

    /// The position of that column in [`columns`](Self::columns).
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name))
    }

    /// Whether the column belongs to the primary key.
    #[must_use]
    pub fn is_key(&self, name: &str) -> bool {
        self.primary_key.iter().any(|key| key.eq_ignore_ascii_case(name))
    }
}
