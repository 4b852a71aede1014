use std::collections::BTreeSet;

use crate::migrate::parse::folded;

/// What may be lost: named object by object, never all at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Consent {
    drop_columns: BTreeSet<(String, String)>,
    drop_tables: BTreeSet<String>,
}

impl Consent {
    pub(crate) fn allow_drop_column(&mut self, table: &str, column: &str) {
        self.drop_columns.insert((folded(table), folded(column)));
    }

    pub(crate) fn allow_drop_table(&mut self, table: &str) {
        self.drop_tables.insert(folded(table));
    }

    pub(super) fn may_drop_table(&self, table: &str) -> bool {
        self.drop_tables.contains(&folded(table))
    }

    pub(super) fn may_drop_column(&self, table: &str, column: &str) -> bool {
        self.drop_columns.contains(&(folded(table), folded(column)))
    }
}
