//! A schema as plain data: the same for a live database and for what the structs want.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::migrate::parse::{CreateTable, folded, in_schema};
use crate::sql::trigger_names;

/// Everything that `sqlite_schema` holds, apart from SQLite's own tables.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Schema {
    /// Tables by folded name.
    pub(crate) tables: BTreeMap<String, Table>,
    pub(crate) views: Vec<Object>,
    pub(crate) virtual_tables: Vec<Object>,
    /// In the order of their creation, which is the order in which they fire.
    pub(crate) triggers: Vec<Trigger>,
}

/// An object that is only a name and a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Object {
    pub(crate) name: String,
    pub(crate) sql: String,
}

/// A trigger, of the database or of this connection alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Trigger {
    pub(crate) name: String,
    pub(crate) table: String,
    pub(crate) sql: String,
    pub(crate) temporary: bool,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) strict: bool,
    pub(crate) without_rowid: bool,
    pub(crate) autoincrement: bool,
    pub(crate) columns: Vec<Column>,
    pub(crate) primary_key: Vec<String>,
    pub(crate) uniques: Vec<Unique>,
    pub(crate) checks: Vec<Check>,
    pub(crate) foreign_keys: Vec<ForeignKey>,
    pub(crate) indexes: Vec<Index>,
    pub(crate) full_texts: Vec<FullText>,
    pub(crate) sql: String,
    /// The statement, read; `None` makes the table opaque: it is changed in place only.
    pub(crate) statement: Option<CreateTable>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) declared_type: String,
    pub(crate) affinity: Affinity,
    pub(crate) not_null: bool,
    /// Whether it is another name of the rowid (<https://sqlite.org/lang_createtable.html#rowid>).
    pub(crate) rowid_alias: bool,
    pub(crate) default: Option<String>,
    /// The collating sequence, where one is written down.
    pub(crate) collation: Option<String>,
    pub(crate) generated: Option<Generated>,
}

/// The expression of a generated column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Generated {
    pub(crate) expression: String,
    pub(crate) stored: bool,
}

/// A unique constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Unique {
    pub(crate) terms: Vec<KeyTerm>,
}

/// One term of an index, a unique constraint or a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeyTerm {
    /// The column, where the term is one.
    pub(crate) column: Option<String>,
    /// The text of an expression; the column's name where the term is one.
    pub(crate) expression: String,
    /// The collating sequence, where it is not the column's own.
    pub(crate) collation: Option<String>,
    pub(crate) descending: bool,
}

/// A CHECK constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Check {
    pub(crate) name: Option<String>,
    pub(crate) expression: String,
    /// The column that it stands on, where it stands on one.
    pub(crate) column: Option<String>,
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ForeignKey {
    pub(crate) columns: Vec<String>,
    pub(crate) parent: String,
    /// The parent's columns; its primary key where none are written down.
    pub(crate) parent_columns: Vec<String>,
    pub(crate) on_delete: String,
    pub(crate) on_update: String,
    pub(crate) deferred: bool,
}

/// An index made by CREATE INDEX.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Index {
    pub(crate) name: String,
    pub(crate) unique: bool,
    pub(crate) terms: Vec<KeyTerm>,
    pub(crate) predicate: Option<String>,
    pub(crate) sql: String,
}

/// An FTS5 table whose content is a table's, with the triggers of that table that write to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FullText {
    pub(crate) name: String,
    /// Folded names, with what else is said of each.
    pub(crate) columns: Vec<String>,
    /// In a normal form, by folded name.
    pub(crate) options: BTreeMap<String, String>,
    pub(crate) sql: String,
    pub(crate) triggers: Vec<Trigger>,
}

/// What SQLite does to a value before it stores it (<https://sqlite.org/datatype3.html#type_affinity>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Affinity {
    Integer,
    Text,
    Blob,
    Real,
    Numeric,
}

impl Affinity {
    /// By SQLite's rules, which look for pieces of words. `ANY` of a STRICT table converts nothing.
    pub(crate) fn of(declared_type: &str, strict: bool) -> Self {
        let declared = declared_type.to_ascii_uppercase();
        let has = |parts: &[&str]| parts.iter().any(|part| declared.contains(part));
        if has(&["INT"]) {
            Self::Integer
        } else if has(&["CHAR", "CLOB", "TEXT"]) {
            Self::Text
        } else if declared.is_empty() || has(&["BLOB"]) || (strict && declared == "ANY") {
            Self::Blob
        } else if has(&["REAL", "FLOA", "DOUB"]) {
            Self::Real
        } else {
            Self::Numeric
        }
    }

    /// The type name that has this affinity, for CAST.
    pub(crate) fn type_name(self) -> &'static str {
        match self {
            Self::Integer => "INTEGER",
            Self::Text => "TEXT",
            Self::Blob => "BLOB",
            Self::Real => "REAL",
            Self::Numeric => "NUMERIC",
        }
    }
}

impl Trigger {
    /// The statement that makes it again where it was: SQLite keeps the text without the word TEMP.
    pub(crate) fn create_sql(&self) -> String {
        in_schema(&self.sql, if self.temporary { "temp" } else { "main" })
    }
}

impl Schema {
    pub(crate) fn table(&self, name: &str) -> Option<&Table> {
        self.tables.get(&folded(name))
    }

    pub(crate) fn view(&self, name: &str) -> Option<&Object> {
        self.views.iter().find(|view| view.name.eq_ignore_ascii_case(name))
    }

    pub(crate) fn virtual_table(&self, name: &str) -> Option<&Object> {
        self.virtual_tables.iter().find(|table| table.name.eq_ignore_ascii_case(name))
    }

    /// The table that an index of that name belongs to.
    pub(crate) fn table_of_index(&self, index: &str) -> Option<&Table> {
        self.tables.values().find(|table| table.index(index).is_some())
    }

    pub(crate) fn triggers_of<'a>(&'a self, table: &'a str) -> impl Iterator<Item = &'a Trigger> {
        self.triggers.iter().filter(move |trigger| trigger.table.eq_ignore_ascii_case(table))
    }
}

impl Table {
    pub(crate) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }

    pub(crate) fn index(&self, name: &str) -> Option<&Index> {
        self.indexes.iter().find(|index| index.name.eq_ignore_ascii_case(name))
    }

    pub(crate) fn full_text(&self, name: &str) -> Option<&FullText> {
        self.full_texts.iter().find(|index| index.name.eq_ignore_ascii_case(name))
    }

    pub(crate) fn is_key(&self, column: &str) -> bool {
        self.primary_key.iter().any(|key| key.eq_ignore_ascii_case(column))
    }

    /// A name of the rowid that is no column, where rows have a rowid that no column shows.
    pub(crate) fn hidden_rowid(&self) -> Option<&'static str> {
        if self.without_rowid || self.columns.iter().any(|column| column.rowid_alias) {
            return None;
        }
        ["rowid", "_rowid_", "oid"].into_iter().find(|name| self.column(name).is_none())
    }
}

impl FullText {
    /// Whether the trigger is one of the three that the library makes for it.
    pub(crate) fn is_kept_by(&self, trigger: &Trigger) -> bool {
        !trigger.temporary
            && self.triggers.contains(trigger)
            && trigger_names(&self.name).iter().any(|name| name.eq_ignore_ascii_case(&trigger.name))
    }

    /// Those three, where they are there.
    pub(crate) fn own_triggers(&self) -> impl Iterator<Item = &Trigger> {
        self.triggers.iter().filter(|trigger| self.is_kept_by(trigger))
    }

    /// Whether it takes the text or the number of a row from that column.
    pub(crate) fn reads(&self, column: &str) -> bool {
        let is_it = |name: &str| name.eq_ignore_ascii_case(column);
        self.columns.iter().any(|name| is_it(name))
            || self.options.get("content_rowid").is_some_and(|name| is_it(name))
    }
}
