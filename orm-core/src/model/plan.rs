use super::kind;
use crate::schema::{ColumnRole, TableDef};
use crate::value::LogicalType;

/// What the verbs need to know of a table, worked out once: columns are counted as in `TableDef::columns`.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) table: &'static TableDef,
    /// The key, in key order.
    pub(crate) key: Vec<usize>,
    /// The `auto` key.
    pub(crate) auto: Option<usize>,
    /// Whether a key that the database assigns may be too large for its field.
    pub(crate) narrow_auto: bool,
    /// All columns that an insert writes.
    pub(crate) inserted: Vec<usize>,
    /// The same without the `auto` key.
    pub(crate) inserted_unkeyed: Vec<usize>,
    /// All columns that an update writes.
    pub(crate) updated: Vec<usize>,
    pub(crate) created_at: Option<usize>,
    pub(crate) updated_at: Option<usize>,
    pub(crate) deleted_at: Option<usize>,
    pub(crate) version: Option<usize>,
}

impl Plan {
    pub(super) fn new(table: &'static TableDef) -> Self {
        let columns = || table.columns.iter().enumerate();
        let role = |role| columns().find(|(_, column)| column.role == role).map(|(position, _)| position);
        let auto = columns().find(|(_, column)| column.is_auto()).map(|(position, _)| position);
        let inserted: Vec<usize> =
            columns().filter(|(_, column)| column.is_writable()).map(|(position, _)| position).collect();
        Self {
            table,
            key: table.primary_key.iter().filter_map(|name| table.position(name)).collect(),
            auto,
            narrow_auto: auto.is_some_and(|auto| is_narrow(table.columns[auto].logical_type)),
            inserted_unkeyed: inserted.iter().copied().filter(|&column| Some(column) != auto).collect(),
            updated: inserted
                .iter()
                .copied()
                .filter(|&column| !table.is_key(&table.columns[column].name))
                .collect(),
            inserted,
            created_at: role(ColumnRole::CreatedAt),
            updated_at: role(ColumnRole::UpdatedAt),
            deleted_at: role(ColumnRole::DeletedAt),
            version: role(ColumnRole::Version),
        }
    }

    /// Which kept statement inserts one row, and its columns: those of a row whose `auto` key the database assigns, or all.
    pub(super) fn insert_of_one(&self, unset: bool) -> (usize, &[usize]) {
        if unset { (kind::INSERT_UNKEYED, &self.inserted_unkeyed) } else { (kind::INSERT, &self.inserted) }
    }

    pub(crate) fn name(&self, column: usize) -> &'static str {
        &self.table.columns[column].name
    }

    pub(crate) fn names(&self, columns: &[usize]) -> Vec<&'static str> {
        columns.iter().map(|&column| self.name(column)).collect()
    }

    /// The columns by which a write finds a struct's row: the key, and the version where there is one.
    pub(crate) fn matched(&self) -> Vec<&'static str> {
        let mut names = self.names(&self.key);
        names.extend(self.version.map(|version| self.name(version)));
        names
    }

    /// The column that is NULL while a row is alive.
    pub(crate) fn alive(&self) -> Option<&'static str> {
        self.deleted_at.map(|column| self.name(column))
    }

    /// The names of all columns.
    pub(crate) fn all_names(&self) -> Vec<&'static str> {
        self.table.columns.iter().map(|column| &*column.name).collect()
    }
}

fn is_narrow(logical_type: LogicalType) -> bool {
    matches!(logical_type, LogicalType::Integer { bits, .. } if bits < 64)
}
