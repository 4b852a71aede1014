use proc_macro2::{Ident, Span};
use syn::{Attribute, Path};

use super::check::CheckAttr;
use super::field::FIELD_NAMES;
use super::fts::FtsAttr;
use super::index::{IndexAttr, UniqueAttr};
use super::item::{Item, ItemValue, Vocabulary};
use super::reference::ForeignKeyAttr;
use super::relation::{HasAttr, ManyToManyAttr, Number};
use super::value::Text;
use crate::case::Style;
use crate::diag::Diag;

/// What `#[orm(...)]` says on the struct of a model.
#[derive(Default)]
pub(crate) struct ModelAttrs {
    pub(crate) table: Option<Text>,
    pub(crate) strict: Option<bool>,
    pub(crate) without_rowid: Option<Span>,
    pub(crate) primary_key: Option<(Vec<Ident>, Span)>,
    pub(crate) uniques: Vec<UniqueAttr>,
    pub(crate) indexes: Vec<IndexAttr>,
    pub(crate) checks: Vec<CheckAttr>,
    pub(crate) foreign_keys: Vec<ForeignKeyAttr>,
    pub(crate) fts: Option<FtsAttr>,
    pub(crate) has: Vec<HasAttr>,
    pub(crate) many_to_many: Vec<ManyToManyAttr>,
    pub(crate) renamed_from: Vec<Text>,
    pub(crate) hooks: bool,
    pub(crate) borrowed: Option<Borrowed>,
    pub(crate) rename_all: Option<Style>,
    pub(crate) krate: Option<Path>,
    /// The names of all entries, with those that are misspelt.
    pub(crate) meant: Vec<&'static str>,
}

/// `borrowed`, and the name of the struct where it is given.
pub(crate) struct Borrowed {
    pub(crate) name: Option<Ident>,
    pub(crate) span: Span,
}

pub(super) const MODEL_NAMES: &[&str] = &[
    "table",
    "strict",
    "without_rowid",
    "primary_key",
    "unique",
    "index",
    "check",
    "foreign_key",
    "fts",
    "has_many",
    "has_one",
    "many_to_many",
    "renamed_from",
    "hooks",
    "borrowed",
    "rename_all",
    "crate",
];

const MODEL: Vocabulary = Vocabulary {
    place: "the struct",
    names: MODEL_NAMES,
    repeatable: &[
        "unique",
        "index",
        "check",
        "foreign_key",
        "has_many",
        "has_one",
        "many_to_many",
        "renamed_from",
    ],
    elsewhere: (FIELD_NAMES, "a field"),
};

impl ModelAttrs {
    pub(crate) fn read(attributes: &[Attribute], diag: &mut Diag) -> Self {
        let mut out = Self::default();
        for item in MODEL.read(attributes, diag) {
            out.take(&item, diag);
        }
        // a misspelt `hooks` must not end in two implementations of `Hooks`
        out.meant = MODEL.meant(attributes);
        out.hooks |= out.says("hooks");
        out
    }

    /// Whether an entry is there, be it misspelt or malformed.
    pub(crate) fn says(&self, name: &str) -> bool {
        self.meant.contains(&name)
    }

    fn take(&mut self, item: &Item, diag: &mut Diag) {
        match item.text().as_str() {
            "table" => self.table = item.string(diag),
            "strict" => self.strict = item.switch(diag),
            "without_rowid" => self.without_rowid = item.flag(diag),
            "primary_key" => {
                self.primary_key =
                    item.fields("primary_key(post, tag)", diag).map(|fields| (fields, item.span()));
            }
            "unique" => self.uniques.extend(UniqueAttr::read(item, diag)),
            "index" => self.indexes.extend(IndexAttr::read(item, diag)),
            "check" => self.checks.extend(CheckAttr::read(item, diag)),
            "foreign_key" => self.foreign_keys.extend(ForeignKeyAttr::read(item, diag)),
            "fts" => self.fts = FtsAttr::read(item, diag),
            "renamed_from" => self.renamed_from.extend(item.string(diag)),
            "hooks" => self.hooks = item.flag(diag).is_some(),
            "borrowed" => self.borrowed = Some(Borrowed::read(item, diag)),
            "rename_all" => self.rename_all = item.style(diag),
            "crate" => self.krate = item.krate(diag),
            "has_many" => self.has.extend(HasAttr::read(item, Number::Many, diag)),
            "has_one" => self.has.extend(HasAttr::read(item, Number::One, diag)),
            _ => self.many_to_many.extend(ManyToManyAttr::read(item, diag)),
        }
    }
}

impl Borrowed {
    /// A malformed name is as if there were none, so that the struct is there.
    fn read(item: &Item, diag: &mut Diag) -> Self {
        let name = match item.value {
            ItemValue::Absent => None,
            ItemValue::Assigned(_) | ItemValue::List(_) => {
                item.assigned("the name of a struct", "= UserRow", diag)
            }
        };
        Self { name, span: item.span() }
    }
}

impl Item {
    /// `crate = path`.
    pub(super) fn krate(&self, diag: &mut Diag) -> Option<Path> {
        self.assigned("a path", "= my_orm", diag)
    }
}
