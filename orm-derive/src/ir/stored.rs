use proc_macro2::{Ident, Span};
use syn::{Fields, Member, Path, Type, Variant};

use crate::attr::{EnumAttrs, Text, VariantAttrs, unraw};
use crate::diag::Diag;

/// An enum of unit variants that is stored in a column.
pub(crate) struct Enumeration {
    pub(crate) ident: Ident,
    pub(crate) krate: Option<Path>,
    pub(crate) variants: Vec<Ident>,
    pub(crate) stored: Stored,
}

/// As what.
pub(crate) enum Stored {
    /// One text for each variant.
    Text(Vec<String>),
    /// The discriminants.
    Integer,
}

/// A struct with one field that is stored as that field is.
pub(crate) struct Newtype {
    pub(crate) ident: Ident,
    pub(crate) krate: Option<Path>,
    pub(crate) member: Member,
    pub(crate) ty: Type,
}

impl Enumeration {
    pub(crate) fn read<'a>(
        ident: &Ident,
        attrs: EnumAttrs,
        variants: impl Iterator<Item = &'a Variant>,
        diag: &mut Diag,
    ) -> Self {
        let mut idents = Vec::new();
        let mut texts: Vec<Text> = Vec::new();
        for variant in variants {
            let said = VariantAttrs::read(&variant.attrs, diag);
            if !matches!(variant.fields, Fields::Unit) {
                diag.on(
                    &variant.fields,
                    format!("`{}` carries data; a column holds variants without any", variant.ident),
                );
            }
            integer_has_no_text(attrs.integer, said.rename.as_ref(), diag);
            let text = said.rename.unwrap_or_else(|| implied(&attrs, &variant.ident));
            if let Some(at) = texts.iter().position(|earlier| earlier.value == text.value) {
                diag.at(
                    text.span,
                    format!(
                        "`{}` and `{}` would both be stored as `{}`",
                        idents[at], variant.ident, text.value
                    ),
                );
            }
            idents.push(variant.ident.clone());
            texts.push(text);
        }
        if let (Some(_), Some((_, span))) = (attrs.integer, attrs.rename_all) {
            diag.at(span, "`rename_all` has no meaning for `repr = \"integer\"`");
        }
        if idents.is_empty() {
            diag.at(ident.span(), format!("`{ident}` has no variants, so no value of it can be stored"));
        }
        let stored = match attrs.integer {
            Some(_) => Stored::Integer,
            None => Stored::Text(texts.into_iter().map(|text| text.value).collect()),
        };
        Self { ident: ident.clone(), krate: attrs.krate, variants: idents, stored }
    }
}

fn implied(attrs: &EnumAttrs, variant: &Ident) -> Text {
    let name = unraw(variant);
    let text = attrs.rename_all.map_or_else(|| name.clone(), |(style, _)| style.of_variant(&name));
    Text::implied(text, variant.span())
}

fn integer_has_no_text(integer: Option<Span>, rename: Option<&Text>, diag: &mut Diag) {
    if let (Some(_), Some(rename)) = (integer, rename) {
        diag.at(rename.span, "`rename` has no meaning for `repr = \"integer\"`");
    }
}

impl Newtype {
    pub(crate) fn read(ident: &Ident, attrs: EnumAttrs, fields: &Fields, diag: &mut Diag) -> Option<Self> {
        let of_enums = [("rename_all", attrs.rename_all.map(|(_, span)| span)), ("repr", attrs.integer)];
        for (name, span) in of_enums.into_iter().filter_map(|(name, span)| Some((name, span?))) {
            diag.at(span, format!("`{name}` is for enums; a newtype is stored as what it wraps"));
        }
        let mut only = fields.iter();
        let (Some(field), None) = (only.next(), only.next()) else {
            let count = fields.len();
            diag.at(
                ident.span(),
                format!("`derive(Field)` needs an enum or a struct with one field; `{ident}` has {count}"),
            );
            return None;
        };
        for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("orm")) {
            diag.on(attribute, "the field of a newtype takes no attributes");
        }
        let member = field.ident.clone().map_or_else(|| Member::from(0), Member::Named);
        Some(Self { ident: ident.clone(), krate: attrs.krate, member, ty: field.ty.clone() })
    }
}
