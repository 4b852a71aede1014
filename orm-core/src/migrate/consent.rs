//! What a person allows: named object by object, never all at once.

use std::collections::BTreeSet;

use super::parse::{folded, normal};

/// What may be lost, and how the comparison is meant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Consent {
    columns: BTreeSet<(String, String)>,
    tables: BTreeSet<String>,
    indexes: BTreeSet<String>,
    /// Table, and the constraint's name or expression.
    checks: BTreeSet<(String, String)>,
    lossy: BTreeSet<(String, String)>,
    primary_keys: BTreeSet<String>,
    views: BTreeSet<String>,
    triggers: BTreeSet<String>,
    /// Columns that no struct mentions stay as they are.
    pub(crate) keep_unknown_columns: bool,
    /// Declared types are compared, not affinities.
    pub(crate) exact_types: bool,
    /// Only versioned steps change anything.
    pub(crate) steps_only: bool,
}

impl Consent {
    pub(crate) fn allow_drop_column(&mut self, table: &str, column: &str) {
        self.columns.insert((folded(table), folded(column)));
    }

    pub(crate) fn may_drop_column(&self, table: &str, column: &str) -> bool {
        self.columns.contains(&(folded(table), folded(column)))
    }

    pub(crate) fn allow_drop_table(&mut self, table: &str) {
        self.tables.insert(folded(table));
    }

    pub(crate) fn may_drop_table(&self, table: &str) -> bool {
        self.tables.contains(&folded(table))
    }

    pub(crate) fn allow_drop_index(&mut self, index: &str) {
        self.indexes.insert(folded(index));
    }

    pub(crate) fn may_drop_index(&self, index: &str) -> bool {
        self.indexes.contains(&folded(index))
    }

    pub(crate) fn allow_drop_view(&mut self, view: &str) {
        self.views.insert(folded(view));
    }

    pub(crate) fn may_drop_view(&self, view: &str) -> bool {
        self.views.contains(&folded(view))
    }

    pub(crate) fn allow_drop_trigger(&mut self, trigger: &str) {
        self.triggers.insert(folded(trigger));
    }

    pub(crate) fn may_drop_trigger(&self, trigger: &str) -> bool {
        self.triggers.contains(&folded(trigger))
    }

    pub(crate) fn allow_drop_check(&mut self, table: &str, check: &str) {
        self.checks.insert((folded(table), normal(check)));
    }

    pub(crate) fn may_drop_check(&self, table: &str, name: Option<&str>, expression: &str) -> bool {
        let allowed = |check: &str| self.checks.contains(&(folded(table), normal(check)));
        allowed(expression) || name.is_some_and(allowed)
    }

    pub(crate) fn allow_lossy(&mut self, table: &str, column: &str) {
        self.lossy.insert((folded(table), folded(column)));
    }

    pub(crate) fn may_lose(&self, table: &str, column: &str) -> bool {
        self.lossy.contains(&(folded(table), folded(column)))
    }

    pub(crate) fn allow_primary_key_change(&mut self, table: &str) {
        self.primary_keys.insert(folded(table));
    }

    pub(crate) fn may_change_primary_key(&self, table: &str) -> bool {
        self.primary_keys.contains(&folded(table))
    }
}
