use std::collections::BTreeMap;

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Meta};

use crate::diag::{Diag, closest, listed};

/// One entry of `#[orm(...)]`: `auto`, `table = "users"` or `index(a, b)`.
pub(crate) struct Item {
    pub(crate) name: Ident,
    pub(crate) value: ItemValue,
}

/// What follows an entry's name.
pub(crate) enum ItemValue {
    Absent,
    Assigned(TokenStream),
    List(TokenStream),
}

/// What other libraries call an attribute, and what it is here. Some of these words are near another one of ours.
const ELSEWHERE_CALLED: [(&str, &str); 12] = [
    ("belongs_to", "references"),
    ("column_name", "column"),
    ("ignore", "skip"),
    ("lock_version", "version"),
    ("name", "column"),
    ("name", "table"),
    ("pk", "primary_key"),
    ("rename", "column"),
    ("rename", "table"),
    ("soft_delete", "deleted_at"),
    ("sql_type", "type"),
    ("table_name", "table"),
];

/// What may stand in one kind of `#[orm(...)]`.
pub(crate) struct Vocabulary {
    /// `a field`.
    pub(crate) place: &'static str,
    /// All names.
    pub(crate) names: &'static [&'static str],
    /// Those that may be there more than once.
    pub(crate) repeatable: &'static [&'static str],
    /// Those that belong somewhere else, and where.
    pub(crate) elsewhere: (&'static [&'static str], &'static str),
}

impl Item {
    /// Its name as text, without `r#`.
    pub(crate) fn text(&self) -> String {
        unraw(&self.name)
    }

    /// Where the name is.
    pub(crate) fn span(&self) -> Span {
        self.name.span()
    }

    /// The entry of these tokens.
    pub(crate) fn parse(tokens: TokenStream, diag: &mut Diag) -> Option<Self> {
        let mut trees = tokens.into_iter();
        let name = match trees.next()? {
            TokenTree::Ident(name) => name,
            other => {
                diag.on(&other, format!("expected the name of an attribute, found `{other}`"));
                return None;
            }
        };
        let value = match trees.next() {
            None => ItemValue::Absent,
            Some(TokenTree::Punct(punct)) if punct.as_char() == '=' => {
                let value: TokenStream = trees.by_ref().collect();
                if value.is_empty() {
                    diag.at(punct.span(), format!("expected a value after `{name} =`"));
                    return None;
                }
                ItemValue::Assigned(value)
            }
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => {
                ItemValue::List(group.stream())
            }
            Some(other) => {
                diag.on(&other, format!("expected `,`, `=` or `(` after `{name}`, found `{other}`"));
                return None;
            }
        };
        if let Some(extra) = trees.next() {
            diag.on(&extra, format!("expected `,` after `{name}(…)`, found `{extra}`"));
            return None;
        }
        Some(Self { name, value })
    }
}

impl Vocabulary {
    /// All entries of all `#[orm(...)]` among the attributes whose names are known and not repeated.
    pub(crate) fn read(&self, attributes: &[Attribute], diag: &mut Diag) -> Vec<Item> {
        let mut items = Vec::new();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("orm")) {
            match &attribute.meta {
                Meta::List(list) => items.extend(entries(list.tokens.clone(), diag)),
                Meta::Path(_) | Meta::NameValue(_) => {
                    diag.on(&attribute.meta, "expected a list, as in `#[orm(…)]`");
                }
            }
        }
        self.keep_known(items, diag)
    }

    /// The entries of a list inside an entry.
    pub(crate) fn read_list(&self, tokens: TokenStream, diag: &mut Diag) -> Vec<Item> {
        let items = entries(tokens, diag);
        self.keep_known(items, diag)
    }

    fn keep_known(&self, items: Vec<Item>, diag: &mut Diag) -> Vec<Item> {
        let mut seen = BTreeMap::new();
        let mut kept = Vec::new();
        for item in items {
            let name = item.text();
            if !self.names.contains(&name.as_str()) {
                diag.at(item.span(), self.unknown(&name));
            } else if seen.insert(name.clone(), ()).is_some() && !self.repeatable.contains(&name.as_str()) {
                diag.at(item.span(), format!("`{name}` is given twice"));
            } else {
                kept.push(item);
            }
        }
        kept
    }

    fn unknown(&self, name: &str) -> String {
        let (others, other_place) = self.elsewhere;
        if others.contains(&name) {
            return format!("`{name}` belongs on {other_place}, not on {}", self.place);
        }
        match self.nearest(name) {
            Some(near) => format!("unknown attribute `{name}`; did you mean `{near}`?"),
            None => format!("unknown attribute `{name}`; {} takes {}", self.place, listed(self.names)),
        }
    }

    /// The name that a wrong one stands for.
    fn nearest(&self, name: &str) -> Option<&'static str> {
        let mut here = ELSEWHERE_CALLED.iter().filter(|(other, _)| *other == name).map(|&(_, here)| here);
        here.find(|here| self.names.contains(here)).or_else(|| closest(name, self.names))
    }

    /// The known names of all entries, or the nearest ones where they are misspelt.
    pub(crate) fn meant(&self, attributes: &[Attribute]) -> Vec<&'static str> {
        let written = attributes.iter().filter(|attribute| attribute.path().is_ident("orm"));
        written
            .filter_map(|attribute| attribute.meta.require_list().ok())
            .flat_map(|list| split(list.tokens.clone()))
            .filter_map(|entry| match entry.into_iter().next() {
                Some(TokenTree::Ident(name)) => self.nearest(&unraw(&name)),
                _ => None,
            })
            .collect()
    }
}

/// The entries between commas, so that one mistake does not hide the others.
fn entries(tokens: TokenStream, diag: &mut Diag) -> Vec<Item> {
    split(tokens).into_iter().filter_map(|entry| Item::parse(entry, diag)).collect()
}

/// The pieces between commas; a comma at the end is fine.
pub(crate) fn split(tokens: TokenStream) -> Vec<TokenStream> {
    let mut pieces = vec![TokenStream::new()];
    for tree in tokens {
        match &tree {
            TokenTree::Punct(punct) if punct.as_char() == ',' => pieces.push(TokenStream::new()),
            other => {
                if let Some(piece) = pieces.last_mut() {
                    other.to_tokens(piece);
                }
            }
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// An identifier's text without `r#`.
pub(crate) fn unraw(ident: &Ident) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").map_or_else(|| text.clone(), str::to_owned)
}
