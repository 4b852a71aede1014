/// The constraint that a statement violated, as far as SQLite names it.
///
/// SQLite names table and columns for unique, primary key and NOT NULL constraints, the constraint's name (or its
/// text) for a CHECK, and nothing for a foreign key; there the typed verbs add the table they wrote to.
/// See <https://sqlite.org/rescode.html#constraint>.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Constraint {
    /// Which kind of rule was violated.
    pub kind: ConstraintKind,
    /// The table, where known.
    pub table: Option<String>,
    /// The columns, in the order SQLite lists them; empty where SQLite names none.
    pub columns: Vec<String>,
    /// The constraint's or index's name, or the text of an unnamed CHECK.
    pub name: Option<String>,
}

/// The kinds of rules a table can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConstraintKind {
    /// `UNIQUE`, or a unique index.
    Unique,
    /// `PRIMARY KEY`.
    PrimaryKey,
    /// `FOREIGN KEY`: the parent is missing, or children still exist.
    ForeignKey,
    /// `NOT NULL`.
    NotNull,
    /// `CHECK`.
    Check,
    /// A value of the wrong type in a STRICT table.
    DataType,
    /// `RAISE(ABORT, …)` in a trigger.
    Trigger,
    /// Any other constraint of SQLite: rowid, virtual table, function, commit hook.
    Other,
}
