//! What the structs mean by not mentioning something: that it goes, where they mentioned it before; else nothing.

use super::compare::{is_full_unique, same_index, same_reference, same_set};
use crate::migrate::consent::Consent;
use crate::migrate::introspect::{Check, Column, ForeignKey, FullText, Index, Schema, Table, Unique};
use crate::migrate::parse::{normal, without_qualifier};

/// The base of the comparison, where one is known, and what a person allows.
#[derive(Clone, Copy)]
pub(crate) struct Intent<'a> {
    /// The tables as the structs wanted them when they were applied last.
    pub(crate) base: Option<&'a Schema>,
    pub(crate) consent: &'a Consent,
}

impl<'a> Intent<'a> {
    fn base(&self, table: &str) -> Option<&'a Table> {
        self.base?.table(table)
    }

    fn base_column(&self, table: &str, column: &str) -> Option<&'a Column> {
        self.base(table)?.column(column)
    }

    pub(super) fn index_goes(&self, have: &Table, index: &Index) -> bool {
        let ours = self.base(&have.name).is_some_and(|base| is_ours(base, have, index));
        ours || self.consent.may_drop_index(&index.name)
    }

    /// Whether the structs made it: also with a table that is dropped.
    pub(crate) fn full_text_goes(&self, table: &str, index: &FullText) -> bool {
        let ours = self.base(table).is_some_and(|base| base.full_text(&index.name).is_some());
        ours || self.consent.may_drop_index(&index.name)
    }

    pub(super) fn unique_goes(&self, table: &str, unique: &Unique) -> bool {
        self.base(table).is_some_and(|base| {
            base.uniques.iter().any(|it| same_set(&it.terms, &unique.terms))
                || base.indexes.iter().any(|it| is_full_unique(it) && same_set(&it.terms, &unique.terms))
        })
    }

    pub(super) fn check_goes(&self, table: &str, check: &Check) -> bool {
        let meaning = |check: &Check| normal(&without_qualifier(&check.expression, table));
        self.base(table).is_some_and(|base| base.checks.iter().any(|it| meaning(it) == meaning(check)))
            || self.consent.may_drop_check(table, check.name.as_deref(), &check.expression)
    }

    pub(super) fn foreign_key_goes(&self, table: &str, key: &ForeignKey) -> bool {
        self.base(table).is_some_and(|base| base.foreign_keys.iter().any(|it| same_reference(it, key)))
    }

    /// Whether the foreign key leaves a table that is wanted so.
    pub(crate) fn drops_foreign_key(&self, wanted: Option<&Table>, key: &ForeignKey) -> bool {
        wanted.is_some_and(|wanted| {
            !wanted.foreign_keys.iter().any(|it| same_reference(it, key))
                && self.foreign_key_goes(&wanted.name, key)
        })
    }

    pub(super) fn default_goes(&self, table: &str, column: &Column) -> bool {
        let base = self.base_column(table, &column.name);
        let default = |column: &Column| column.default.as_deref().map(normal);
        base.is_some_and(|base| default(base) == default(column))
    }

    pub(super) fn collation_goes(&self, table: &str, column: &Column) -> bool {
        let base = self.base_column(table, &column.name).and_then(|base| base.collation.as_deref());
        base.zip(column.collation.as_deref()).is_some_and(|(a, b)| a.eq_ignore_ascii_case(b))
    }

    pub(super) fn autoincrement_goes(&self, table: &str) -> bool {
        self.base(table).is_some_and(|base| base.autoincrement)
    }
}

/// Whether the structs had the index. One that means the same is somebody else's where theirs is there too.
fn is_ours(base: &Table, have: &Table, index: &Index) -> bool {
    let is_it = |name: &str| index.name.eq_ignore_ascii_case(name) || have.index(name).is_none();
    base.indexes.iter().any(|it| same_index(it, index) && is_it(&it.name))
        || (is_full_unique(index) && base.uniques.iter().any(|it| stands_for(index, it, have, is_it)))
}

/// Whether it is the index that the library makes for a unique constraint of the struct, and takes back with it.
fn stands_for(index: &Index, unique: &Unique, have: &Table, is_it: impl Fn(&str) -> bool) -> bool {
    let columns: Vec<&str> = unique.terms.iter().map(|term| term.expression.as_str()).collect();
    same_set(&unique.terms, &index.terms)
        && !have.uniques.iter().any(|it| same_set(&it.terms, &unique.terms))
        && is_it(&format!("ux_{}_{}", have.name, columns.join("_")))
}
