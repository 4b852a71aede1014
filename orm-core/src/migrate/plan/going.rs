use crate::migrate::diff::Change;
use crate::migrate::introspect::{ForeignKey, Unique};
use crate::migrate::parse::normal;

/// What leaves a table in one plan, so that it stands in nothing's way.
#[derive(Debug, Default)]
pub(super) struct Going {
    pub(super) columns: Vec<String>,
    pub(super) indexes: Vec<String>,
    /// Those that are made anew among them.
    pub(super) full_texts: Vec<String>,
    checks: Vec<String>,
    uniques: Vec<Unique>,
    foreign_keys: Vec<ForeignKey>,
}

impl Going {
    pub(super) fn of(changes: &[Change]) -> Self {
        let mut going = Self::default();
        for change in changes {
            match change {
                Change::DropColumn(column) => going.columns.push(column.clone()),
                Change::DropIndex(index) => going.indexes.push(index.clone()),
                Change::DropFullText(index) | Change::ReplaceFullText(index) => {
                    going.full_texts.push(index.clone());
                }
                Change::DropCheck(check) => going.checks.push(normal(&check.expression)),
                Change::DropUnique(unique) => going.uniques.push(unique.clone()),
                Change::DropForeignKey(key) => going.foreign_keys.push(key.clone()),
                Change::CreateTable
                | Change::AddColumn(_)
                | Change::AlterColumn { .. }
                | Change::AddUnique(_)
                | Change::AddCheck(_)
                | Change::AddForeignKey(_)
                | Change::ReplaceForeignKey(_)
                | Change::AddIndex(_)
                | Change::ReplaceIndex(_)
                | Change::AddFullText(_)
                | Change::PrimaryKey(_)
                | Change::SetAutoincrement(_)
                | Change::SetWithoutRowid(_)
                | Change::SetStrict(_)
                | Change::Unsupported(_) => {}
            }
        }
        going
    }

    pub(super) fn has_column(&self, name: &str) -> bool {
        contains(&self.columns, name)
    }

    pub(super) fn has_index(&self, name: &str) -> bool {
        contains(&self.indexes, name)
    }

    pub(super) fn has_full_text(&self, name: &str) -> bool {
        contains(&self.full_texts, name)
    }

    pub(super) fn has_check(&self, expression: &str) -> bool {
        self.checks.contains(&normal(expression))
    }

    pub(super) fn has_unique(&self, columns: &[String]) -> bool {
        self.uniques.iter().any(|it| {
            it.terms.len() == columns.len() && it.terms.iter().all(|term| contains(columns, &term.expression))
        })
    }

    pub(super) fn has_foreign_key(&self, columns: &[String], parent: &str) -> bool {
        self.foreign_keys.iter().any(|it| {
            it.parent.eq_ignore_ascii_case(parent)
                && it.columns.len() == columns.len()
                && it.columns.iter().zip(columns).all(|(a, b)| a.eq_ignore_ascii_case(b))
        })
    }
}

pub(super) fn contains(names: &[String], name: &str) -> bool {
    names.iter().any(|it| it.eq_ignore_ascii_case(name))
}
