use proc_macro2::Span;
use syn::{Attribute, Path};

use super::item::Vocabulary;
use super::value::Text;
use crate::case::Style;
use crate::diag::Diag;

/// What `#[orm(...)]` says on the type of a `#[derive(Field)]`.
#[derive(Default)]
pub(crate) struct EnumAttrs {
    pub(crate) rename_all: Option<(Style, Span)>,
    /// `repr = "integer"`; text otherwise.
    pub(crate) integer: Option<Span>,
    pub(crate) krate: Option<Path>,
}

/// What it says on a variant.
#[derive(Default)]
pub(crate) struct VariantAttrs {
    pub(crate) rename: Option<Text>,
}

/// What it says on the struct of a `#[derive(FromRow)]`.
#[derive(Default)]
pub(crate) struct RowAttrs {
    pub(crate) rename_all: Option<Style>,
    pub(crate) krate: Option<Path>,
}

/// What it says on a field of one.
#[derive(Default)]
pub(crate) struct RowFieldAttrs {
    pub(crate) column: Option<Text>,
    pub(crate) json: Option<Span>,
    pub(crate) skip: Option<Span>,
}

const ENUM: Vocabulary = Vocabulary {
    place: "the type",
    names: &["rename_all", "repr", "crate"],
    repeatable: &[],
    elsewhere: (&["rename"], "a variant"),
};

const VARIANT: Vocabulary = Vocabulary {
    place: "a variant",
    names: &["rename"],
    repeatable: &[],
    elsewhere: (&["rename_all", "repr", "crate"], "the enum"),
};

const ROW: Vocabulary = Vocabulary {
    place: "the struct",
    names: &["rename_all", "crate"],
    repeatable: &[],
    elsewhere: (&["column", "json", "skip"], "a field"),
};

const ROW_FIELD: Vocabulary = Vocabulary {
    place: "a field of a `FromRow` struct",
    names: &["column", "json", "skip"],
    repeatable: &[],
    elsewhere: (&["rename_all", "crate"], "the struct"),
};

impl EnumAttrs {
    pub(crate) fn read(attributes: &[Attribute], diag: &mut Diag) -> Self {
        let mut out = Self::default();
        for item in ENUM.read(attributes, diag) {
            match item.text().as_str() {
                "rename_all" => out.rename_all = item.style(diag).map(|style| (style, item.span())),
                "repr" => {
                    let word = item.one_of(&["integer", "text"], diag);
                    out.integer = word.filter(|word| word.value == "integer").map(|word| word.span);
                }
                _ => out.krate = item.krate(diag),
            }
        }
        out
    }
}

impl VariantAttrs {
    pub(crate) fn read(attributes: &[Attribute], diag: &mut Diag) -> Self {
        let items = VARIANT.read(attributes, diag);
        Self { rename: items.iter().find_map(|item| item.string(diag)) }
    }
}

impl RowAttrs {
    pub(crate) fn read(attributes: &[Attribute], diag: &mut Diag) -> Self {
        let mut out = Self::default();
        for item in ROW.read(attributes, diag) {
            match item.text().as_str() {
                "rename_all" => out.rename_all = item.style(diag),
                _ => out.krate = item.krate(diag),
            }
        }
        out
    }
}

impl RowFieldAttrs {
    pub(crate) fn read(attributes: &[Attribute], diag: &mut Diag) -> Self {
        let mut out = Self::default();
        for item in ROW_FIELD.read(attributes, diag) {
            match item.text().as_str() {
                "column" => out.column = item.string(diag),
                "json" => out.json = item.flag(diag),
                _ => out.skip = item.flag(diag),
            }
        }
        out
    }
}
