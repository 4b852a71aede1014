use super::{List, Text};

/// A foreign key, see <https://sqlite.org/foreignkeys.html>.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignKeyDef {
    /// The constraint's name, where it has one.
    pub name: Option<Text>,
    /// The columns of this table.
    pub columns: List<Text>,
    /// The parent table.
    pub parent: Text,
    /// The parent's columns, in the order of `columns`.
    pub parent_columns: List<Text>,
    /// What happens to the row when its parent is deleted.
    pub on_delete: Action,
    /// What happens to the row when its parent's key changes.
    pub on_update: Action,
    /// Whether the check waits for COMMIT (`DEFERRABLE INITIALLY DEFERRED`).
    pub deferred: bool,
    /// The name of the relation, such as `author` for `author_id`.
    pub relation: Option<Text>,
}

/// What a foreign key does when the parent goes or changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Action {
    /// Refuse at the end of the statement.
    #[default]
    NoAction,
    /// Refuse at once.
    Restrict,
    /// Delete or change the row too.
    Cascade,
    /// Set the columns to NULL.
    SetNull,
    /// Set the columns to their default.
    SetDefault,
}
