use proc_macro2::Span;
use syn::Attribute;

use super::default::{DefaultAttr, GeneratedAttr};
use super::item::{Item, Vocabulary};
use super::model::MODEL_NAMES;
use super::reference::{Action, Parent, Relation};
use super::value::Text;
use crate::diag::Diag;

/// What `#[orm(...)]` says on a field of a model.
#[derive(Default)]
pub(crate) struct FieldAttrs {
    pub(crate) column: Option<Text>,
    pub(crate) primary_key: Option<Span>,
    pub(crate) auto: Option<Span>,
    pub(crate) autoincrement: Option<Span>,
    pub(crate) unique: Option<Span>,
    pub(crate) index: Option<Span>,
    pub(crate) checks: Vec<Text>,
    pub(crate) collate: Option<Text>,
    pub(crate) default: Option<DefaultAttr>,
    pub(crate) generated: Option<GeneratedAttr>,
    pub(crate) references: Option<Parent>,
    pub(crate) relation: Relation,
    pub(crate) renamed_from: Vec<Text>,
    pub(crate) backfill: Option<Text>,
    pub(crate) using: Option<Text>,
    pub(crate) json: Option<Span>,
    pub(crate) roles: Vec<(Role, Span)>,
    pub(crate) declared_type: Option<Text>,
    pub(crate) skip: Option<Span>,
    /// The name of each entry.
    pub(crate) written: Vec<(String, Span)>,
    /// The same with those that are misspelt, so that a misspelt entry does not count as missing.
    pub(crate) meant: Vec<&'static str>,
}

/// What the session does with a column by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    CreatedAt,
    UpdatedAt,
    DeletedAt,
    Version,
}

impl Role {
    /// All of them, with their names.
    pub(crate) const ALL: [(Self, &'static str); 4] = [
        (Self::CreatedAt, "created_at"),
        (Self::UpdatedAt, "updated_at"),
        (Self::DeletedAt, "deleted_at"),
        (Self::Version, "version"),
    ];

    /// As it is written.
    pub(crate) fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }
}

pub(super) const FIELD_NAMES: &[&str] = &[
    "column",
    "primary_key",
    "auto",
    "autoincrement",
    "unique",
    "index",
    "check",
    "collate",
    "default",
    "generated",
    "references",
    "on_delete",
    "on_update",
    "deferred",
    "as",
    "renamed_from",
    "backfill",
    "using",
    "json",
    "created_at",
    "updated_at",
    "deleted_at",
    "version",
    "type",
    "skip",
];

const FIELD: Vocabulary = Vocabulary {
    place: "a field",
    names: FIELD_NAMES,
    repeatable: &["check", "renamed_from"],
    elsewhere: (MODEL_NAMES, "the struct"),
};

impl FieldAttrs {
    pub(crate) fn read(attributes: &[Attribute], diag: &mut Diag) -> Self {
        let mut out = Self { meant: FIELD.meant(attributes), ..Self::default() };
        for item in FIELD.read(attributes, diag) {
            out.written.push((item.text(), item.span()));
            out.take(&item, diag);
        }
        out
    }

    /// Whether an entry is there, be it misspelt or malformed.
    pub(crate) fn says(&self, name: &str) -> bool {
        self.meant.contains(&name)
    }

    fn take(&mut self, item: &Item, diag: &mut Diag) {
        match item.text().as_str() {
            "column" => self.column = item.string(diag),
            "primary_key" => self.primary_key = item.flag(diag),
            "auto" => self.auto = item.flag(diag),
            "autoincrement" => self.autoincrement = item.flag(diag),
            "unique" => self.unique = item.flag(diag),
            "index" => self.index = item.flag(diag),
            "check" => self.checks.extend(item.string(diag)),
            "collate" => self.collate = item.string(diag),
            "default" => self.default = DefaultAttr::read(item, diag),
            "generated" => self.generated = GeneratedAttr::read(item, diag),
            "references" => self.references = Parent::of_field(item, diag),
            "on_delete" => self.relation.on_delete = Action::read(item, diag),
            "on_update" => self.relation.on_update = Action::read(item, diag),
            "deferred" => self.relation.deferred = item.flag(diag),
            "as" => self.relation.name = Relation::read_name(item, diag),
            "renamed_from" => self.renamed_from.extend(item.string(diag)),
            "backfill" => self.backfill = item.string(diag),
            "using" => self.using = item.string(diag),
            "json" => self.json = item.flag(diag),
            "type" => self.declared_type = item.string(diag),
            "skip" => self.skip = item.flag(diag),
            name => {
                let role = Role::ALL.iter().find(|(_, known)| *known == name).map(|&(role, _)| role);
                self.roles.extend(role.zip(item.flag(diag)));
            }
        }
    }
}
