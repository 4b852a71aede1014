use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::LitStr;

use super::item::{Item, ItemValue, Vocabulary, unraw};
use super::value::{Text, field, found};
use crate::diag::Diag;

/// `index(a, b desc, "lower(c)", where = "…", name = "…", unique)`.
pub(crate) struct IndexAttr {
    pub(crate) terms: Vec<TermAttr>,
    pub(crate) name: Option<Text>,
    pub(crate) predicate: Option<Text>,
    pub(crate) unique: bool,
}

/// One term of an index.
pub(crate) struct TermAttr {
    pub(crate) target: TermTarget,
    pub(crate) descending: bool,
    pub(crate) collate: Option<Text>,
}

/// A field or an SQL expression.
pub(crate) enum TermTarget {
    Field(Ident),
    Expression(Text),
}

/// `unique(a, b, name = "…")`.
pub(crate) struct UniqueAttr {
    pub(crate) fields: Vec<Ident>,
    pub(crate) name: Option<Text>,
}

const INDEX: Vocabulary = Vocabulary {
    place: "`index(…)`",
    names: &["where", "name", "unique"],
    repeatable: &[],
    elsewhere: (&[], ""),
};

const UNIQUE: Vocabulary =
    Vocabulary { place: "`unique(…)`", names: &["name"], repeatable: &[], elsewhere: (&[], "") };

impl IndexAttr {
    pub(super) fn read(item: &Item, diag: &mut Diag) -> Option<Self> {
        let pieces = item.list("index(name, age desc)", diag)?;
        // `unique` alone is the option, whatever the fields are called: `r#unique` is the field
        let (options, terms): (Vec<_>, Vec<_>) =
            pieces.into_iter().partition(|piece| is_assignment(piece) || piece.to_string() == "unique");
        let mut out = Self { terms: Vec::new(), name: None, predicate: None, unique: false };
        for option in INDEX.read_list(joined(&options), diag) {
            match option.text().as_str() {
                "where" => out.predicate = option.string(diag),
                "name" => out.name = option.string(diag),
                _ => out.unique = option.flag(diag).is_some(),
            }
        }
        if terms.is_empty() {
            diag.at(item.span(), "`index` needs at least one field, as in `index(name, age desc)`");
        }
        out.terms = terms.into_iter().filter_map(|term| TermAttr::read(term, diag)).collect();
        Some(out)
    }
}

impl TermAttr {
    /// `name`, `name desc`, `"lower(name)" collate nocase asc`.
    fn read(tokens: TokenStream, diag: &mut Diag) -> Option<Self> {
        let mut trees = tokens.into_iter();
        let first = TokenStream::from(trees.next()?);
        let target = match syn::parse2::<LitStr>(first.clone()) {
            Ok(literal) => TermTarget::Expression(Text::of(&literal, "the expression", diag)?),
            Err(_) => TermTarget::Field(field(&first, diag)?),
        };
        let mut out = Self { target, descending: false, collate: None };
        while let Some(tree) = trees.next() {
            match (tree.to_string().as_str(), &tree) {
                ("asc", _) => out.descending = false,
                ("desc", _) => out.descending = true,
                ("collate", _) => out.collate = Some(collation(&tree, trees.next(), diag)?),
                _ => {
                    diag.on(&tree, format!("expected `,`, `asc`, `desc` or `collate`, found `{tree}`"));
                    return None;
                }
            }
        }
        Some(out)
    }
}

fn collation(collate: &TokenTree, name: Option<TokenTree>, diag: &mut Diag) -> Option<Text> {
    match name {
        Some(TokenTree::Ident(name)) => Some(Text::implied(unraw(&name), name.span())),
        Some(other) => {
            let tokens = TokenStream::from(other);
            match syn::parse2::<LitStr>(tokens.clone()) {
                Ok(literal) => Text::of(&literal, "the collation", diag),
                Err(_) => {
                    diag.on(
                        &tokens,
                        format!("expected a collation such as `nocase`, found {}", found(&tokens)),
                    );
                    None
                }
            }
        }
        None => {
            diag.on(collate, "expected a collation after `collate`, as in `collate nocase`");
            None
        }
    }
}

impl UniqueAttr {
    pub(super) fn read(item: &Item, diag: &mut Diag) -> Option<Self> {
        let pieces = item.list("unique(city, street)", diag)?;
        let (options, fields): (Vec<_>, Vec<_>) = pieces.into_iter().partition(is_assignment);
        let mut name = None;
        for option in UNIQUE.read_list(joined(&options), diag) {
            name = option.string(diag);
        }
        if fields.is_empty() {
            diag.at(item.span(), "`unique` needs at least one field, as in `unique(city, street)`");
        }
        let fields = fields.into_iter().filter_map(|tokens| field(&tokens, diag)).collect();
        Some(Self { fields, name })
    }
}

/// Whether it is an option such as `name = …`.
pub(super) fn is_assignment(piece: &TokenStream) -> bool {
    matches!(
        Item::parse(piece.clone(), &mut Diag::default()),
        Some(Item { value: ItemValue::Assigned(_), .. })
    )
}

/// Pieces as they stood between commas.
pub(super) fn joined(pieces: &[TokenStream]) -> TokenStream {
    quote::quote!(#(#pieces),*)
}
