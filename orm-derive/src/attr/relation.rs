use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Path;
use syn::ext::IdentExt;
use syn::parse::Parser;

use super::item::Item;
use super::reference::constant;
use super::value::found;
use crate::diag::Diag;

/// How many children there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Number {
    One,
    Many,
}

/// `posts: Post::AUTHOR` in `has_many(…)` or `has_one(…)`.
pub(crate) struct HasAttr {
    pub(crate) name: Ident,
    pub(crate) child: Path,
    pub(crate) number: Number,
}

/// `tags: Tag through PostTag::POST, PostTag::TAG` in `many_to_many(…)`.
pub(crate) struct ManyToManyAttr {
    pub(crate) name: Ident,
    pub(crate) target: Path,
    pub(crate) near: Path,
    pub(crate) far: Path,
}

impl HasAttr {
    pub(super) fn read(item: &Item, number: Number, diag: &mut Diag) -> Vec<Self> {
        let example = match number {
            Number::Many => "has_many(posts: Post::AUTHOR)",
            Number::One => "has_one(card: Card::USER)",
        };
        let pieces = item.list(example, diag).unwrap_or_default();
        pieces.iter().filter_map(|piece| Self::of(piece, number, example, diag)).collect()
    }

    fn of(piece: &TokenStream, number: Number, example: &str, diag: &mut Diag) -> Option<Self> {
        let (name, rest) = named(piece, example, diag)?;
        let child = relation(&rest, &name, example, diag)?;
        Some(Self { name, child, number })
    }
}

impl ManyToManyAttr {
    pub(super) fn read(item: &Item, diag: &mut Diag) -> Vec<Self> {
        const EXAMPLE: &str = "many_to_many(tags: Tag through PostTag::POST, PostTag::TAG)";
        let pieces = item.list(EXAMPLE, diag).unwrap_or_default();
        // each takes two pieces, since a comma stands between its relations
        let mut out = Vec::new();
        for pair in pieces.chunks(2) {
            out.extend(Self::of(&pair[0], pair.get(1), EXAMPLE, diag));
        }
        out
    }

    fn of(first: &TokenStream, second: Option<&TokenStream>, example: &str, diag: &mut Diag) -> Option<Self> {
        let (name, rest) = named(first, example, diag)?;
        let trees: Vec<TokenTree> = rest.clone().into_iter().collect();
        let through = trees.iter().position(|tree| tree.to_string() == "through");
        let Some(through) = through else {
            diag.on(first, format!("expected a model and `through`, as in `{example}`"));
            return None;
        };
        let target: TokenStream = trees[..through].iter().map(ToTokens::to_token_stream).collect();
        let near: TokenStream = trees[through + 1..].iter().map(ToTokens::to_token_stream).collect();
        let Ok(target) = Path::parse_mod_style.parse2(target) else {
            diag.on(first, format!("expected a model before `through`, as in `{example}`"));
            return None;
        };
        let Some(far) = second else {
            diag.on(first, format!("`{name}` needs the link's second relation, as in `{example}`"));
            return None;
        };
        let near = if near.is_empty() { trees[through].to_token_stream() } else { near };
        let near = relation(&near, &name, example, diag)?;
        let far = relation(far, &name, example, diag)?;
        Some(Self { name, target, near, far })
    }
}

/// `name: rest`.
fn named(piece: &TokenStream, example: &str, diag: &mut Diag) -> Option<(Ident, TokenStream)> {
    let mut trees = piece.clone().into_iter();
    let name = trees.next().and_then(|tree| Ident::parse_any.parse2(tree.into()).ok());
    let colon = matches!(trees.next(), Some(TokenTree::Punct(punct)) if punct.as_char() == ':');
    match name {
        Some(name) if colon => Some((name, trees.collect())),
        Some(_) | None => {
            diag.on(piece, format!("expected a name and a colon, as in `{example}`; found {}", found(piece)));
            None
        }
    }
}

fn relation(tokens: &TokenStream, name: &Ident, example: &str, diag: &mut Diag) -> Option<Path> {
    let path = constant(tokens);
    if path.is_none() {
        let found = if tokens.is_empty() { "nothing".to_owned() } else { found(tokens) };
        let message = format!("expected the other side's relation, as in `{example}`; found {found}");
        if tokens.is_empty() { diag.on(name, message) } else { diag.on(tokens, message) }
    }
    path
}
