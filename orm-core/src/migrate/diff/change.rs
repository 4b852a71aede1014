use std::fmt;

use crate::migrate::introspect::{Check, ForeignKey, Unique};

/// What has to happen to one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TableDiff {
    pub(crate) table: String,
    pub(crate) changes: Vec<Change>,
    /// What is in the database only, and stays.
    pub(crate) foreign: Vec<String>,
}

/// One difference, as what would remove it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Change {
    CreateTable,
    AddColumn(String),
    DropColumn(String),
    AlterColumn {
        column: String,
        alteration: Alteration,
    },
    AddUnique(Unique),
    AddCheck(Check),
    AddForeignKey(ForeignKey),
    /// The same columns and parent, with other actions.
    ReplaceForeignKey(ForeignKey),
    AddIndex(String),
    /// An index of that name with another meaning.
    ReplaceIndex(String),
    /// The structs had it before, or a person allows it.
    DropIndex(String),
    AddFullText(String),
    /// A full-text index of that name with another meaning.
    ReplaceFullText(String),
    /// The structs had it before, or a person allows it.
    DropFullText(String),
    DropUnique(Unique),
    DropCheck(Check),
    DropForeignKey(ForeignKey),
    PrimaryKey(KeyChange),
    SetAutoincrement(bool),
    SetWithoutRowid(bool),
    SetStrict(bool),
    /// A difference that is not removed unasked, with what to say to allow it.
    Unsupported(String),
}

/// Another primary key, or the same columns in another role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyChange {
    pub(crate) from: Vec<String>,
    pub(crate) to: Vec<String>,
    /// Whether the key is another name of the rowid afterwards.
    pub(crate) rowid: bool,
}

/// What changes about a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Alteration {
    Type {
        from: String,
        to: String,
    },
    NotNull,
    Nullable,
    Default {
        to: String,
    },
    NoDefault,
    Collation {
        to: String,
    },
    NoCollation,
    /// The expression of a generated column becomes another one.
    Generated,
    /// An ordinary column becomes a generated one, which computes what the values were.
    Compute,
    /// A generated column becomes an ordinary one and keeps its values.
    Materialise,
}

impl Change {
    /// Whether ALTER TABLE cannot do it whatever the rows are.
    pub(crate) fn needs_rebuild(&self) -> bool {
        match self {
            Self::DropColumn(_)
            | Self::AlterColumn { .. }
            | Self::AddCheck(_)
            | Self::AddForeignKey(_)
            | Self::ReplaceForeignKey(_)
            | Self::DropUnique(_)
            | Self::DropCheck(_)
            | Self::DropForeignKey(_)
            | Self::PrimaryKey(_)
            | Self::SetAutoincrement(_)
            | Self::SetWithoutRowid(_)
            | Self::SetStrict(_) => true,
            Self::CreateTable
            | Self::AddColumn(_)
            | Self::AddUnique(_)
            | Self::AddIndex(_)
            | Self::ReplaceIndex(_)
            | Self::DropIndex(_)
            | Self::AddFullText(_)
            | Self::ReplaceFullText(_)
            | Self::DropFullText(_)
            | Self::Unsupported(_) => false,
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CreateTable => f.write_str("create the table"),
            Self::AddColumn(column) => write!(f, "add column `{column}`"),
            Self::DropColumn(column) => write!(f, "drop column `{column}`"),
            Self::AlterColumn { column, alteration } => write!(f, "column `{column}`: {alteration}"),
            Self::AddUnique(unique) => write!(f, "add UNIQUE ({})", columns(unique)),
            Self::AddCheck(check) => write!(f, "add {}", name_of_check(check)),
            Self::AddForeignKey(key) => write!(f, "add {}", name_of_key(key)),
            Self::ReplaceForeignKey(key) => write!(f, "change {}", name_of_key(key)),
            Self::AddIndex(index) => write!(f, "add index `{index}`"),
            Self::ReplaceIndex(index) => write!(f, "make index `{index}` anew"),
            Self::DropIndex(index) => write!(f, "drop index `{index}`"),
            Self::AddFullText(index) => write!(f, "add full-text index `{index}`"),
            Self::ReplaceFullText(index) => write!(f, "make full-text index `{index}` anew"),
            Self::DropFullText(index) => write!(f, "drop full-text index `{index}`"),
            Self::DropUnique(unique) => write!(f, "drop UNIQUE ({})", columns(unique)),
            Self::DropCheck(check) => write!(f, "drop {}", name_of_check(check)),
            Self::DropForeignKey(key) => write!(f, "drop {}", name_of_key(key)),
            Self::PrimaryKey(change) => change.fmt(f),
            Self::SetAutoincrement(true) => f.write_str("make the primary key AUTOINCREMENT"),
            Self::SetAutoincrement(false) => f.write_str(
                "the primary key is no longer AUTOINCREMENT: keys of deleted rows may be used again",
            ),
            Self::SetWithoutRowid(true) => f.write_str("make the table WITHOUT ROWID"),
            Self::SetWithoutRowid(false) => f.write_str("the table is no longer WITHOUT ROWID"),
            Self::SetStrict(true) => f.write_str("make the table STRICT"),
            Self::SetStrict(false) => f.write_str("make the table not STRICT"),
            Self::Unsupported(what) => f.write_str(what),
        }
    }
}

impl fmt::Display for KeyChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = (self.from.join(", "), self.to.join(", "));
        match (self.from.as_slice(), self.to.as_slice()) {
            ([], _) => write!(f, "add PRIMARY KEY ({to})"),
            (_, []) => write!(f, "drop PRIMARY KEY ({from})"),
            (a, b) if a.len() != b.len() || a.iter().zip(b).any(|(a, b)| !a.eq_ignore_ascii_case(b)) => {
                write!(f, "PRIMARY KEY ({from}) becomes ({to})")
            }
            (_, _) if self.rowid => {
                write!(f, "PRIMARY KEY ({to}) becomes the rowid (INTEGER PRIMARY KEY)")
            }
            (_, _) => write!(f, "PRIMARY KEY ({to}) is no longer the rowid"),
        }
    }
}

impl fmt::Display for Alteration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Type { from, to } => write!(f, "type {from} becomes {to}"),
            Self::NotNull => f.write_str("nullable becomes NOT NULL"),
            Self::Nullable => f.write_str("NOT NULL becomes nullable"),
            Self::Default { to } => write!(f, "the default becomes {to}"),
            Self::Collation { to } => write!(f, "the collation becomes {to}"),
            Self::NoDefault => f.write_str("no default any more"),
            Self::NoCollation => f.write_str("no collation any more"),
            Self::Generated => f.write_str("the expression of the generated column becomes another"),
            Self::Compute => f.write_str("an ordinary column becomes a generated one"),
            Self::Materialise => f.write_str("a generated column becomes an ordinary one"),
        }
    }
}

/// `a, b`, as a constraint lists them.
pub(super) fn columns(unique: &Unique) -> String {
    unique.terms.iter().map(|term| term.expression.as_str()).collect::<Vec<_>>().join(", ")
}

pub(super) fn name_of_check(check: &Check) -> String {
    match &check.name {
        Some(name) => format!("CHECK `{name}` ({})", check.expression),
        None => format!("CHECK ({})", check.expression),
    }
}

pub(super) fn name_of_key(key: &ForeignKey) -> String {
    format!("FOREIGN KEY ({}) to `{}`", key.columns.join(", "), key.parent)
}
