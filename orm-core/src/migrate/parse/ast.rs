//! What CREATE TABLE and CREATE INDEX say. Texts are slices of the statement, comments inside included.

use serde::{Deserialize, Serialize};

/// A CREATE TABLE statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CreateTable {
    pub(crate) name: String,
    pub(crate) columns: Vec<ColumnText>,
    pub(crate) constraints: Vec<ConstraintText>,
    pub(crate) strict: bool,
    pub(crate) without_rowid: bool,
}

/// A column, with each of its constraints as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ColumnText {
    pub(crate) name: String,
    pub(crate) type_text: String,
    pub(crate) constraints: Vec<ConstraintText>,
}

/// A constraint of a column or of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ConstraintText {
    pub(crate) name: Option<String>,
    pub(crate) rule: Rule,
    /// The whole of it, with `CONSTRAINT name` where it has one.
    pub(crate) text: String,
}

/// What a constraint demands. Columns are empty where the constraint stands on a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Rule {
    PrimaryKey {
        columns: Vec<Term>,
        conflict: Option<String>,
        autoincrement: bool,
    },
    NotNull {
        conflict: Option<String>,
    },
    /// The word NULL, which SQLite accepts and ignores.
    Null,
    Unique {
        columns: Vec<Term>,
        conflict: Option<String>,
    },
    Check {
        expression: String,
    },
    Default {
        expression: String,
    },
    Collate(String),
    References(Reference),
    Generated {
        expression: String,
        stored: bool,
    },
}

/// `REFERENCES …`, with the columns before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Reference {
    pub(crate) columns: Vec<String>,
    pub(crate) parent: String,
    pub(crate) parent_columns: Vec<String>,
    pub(crate) deferred: bool,
    /// From the word REFERENCES to the end, as it may stand on a column too.
    pub(crate) text: String,
}

/// One term of a key or an index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Term {
    /// The column's name, where the term is one.
    pub(crate) column: Option<String>,
    /// The term without COLLATE and direction.
    pub(crate) expression: String,
    pub(crate) collation: Option<String>,
    pub(crate) descending: bool,
}

/// A CREATE INDEX statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CreateIndex {
    pub(crate) name: String,
    pub(crate) table: String,
    pub(crate) unique: bool,
    pub(crate) terms: Vec<Term>,
    pub(crate) predicate: Option<String>,
}

impl ColumnText {
    /// The column as it stands in CREATE TABLE, with `name` already quoted.
    pub(crate) fn render(&self, name: &str) -> String {
        let mut out = name.to_owned();
        for part in std::iter::once(&self.type_text).chain(self.constraints.iter().map(|it| &it.text)) {
            if !part.is_empty() {
                out.push(' ');
                out.push_str(part);
            }
        }
        out
    }
}

impl ConstraintText {
    /// The expression of a CHECK.
    pub(crate) fn check(&self) -> Option<&str> {
        if let Rule::Check { expression } = &self.rule { Some(expression) } else { None }
    }

    /// The columns of a UNIQUE of the table.
    pub(crate) fn unique(&self) -> Option<&[Term]> {
        if let Rule::Unique { columns, .. } = &self.rule { Some(columns) } else { None }
    }

    pub(crate) fn reference(&self) -> Option<&Reference> {
        if let Rule::References(reference) = &self.rule { Some(reference) } else { None }
    }

    pub(crate) fn default(&self) -> Option<&str> {
        if let Rule::Default { expression } = &self.rule { Some(expression) } else { None }
    }

    pub(crate) fn collation(&self) -> Option<&str> {
        if let Rule::Collate(name) = &self.rule { Some(name) } else { None }
    }

    /// The expression of a generated column.
    pub(crate) fn generated(&self) -> Option<&str> {
        if let Rule::Generated { expression, .. } = &self.rule { Some(expression) } else { None }
    }
}
