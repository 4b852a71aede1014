use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::parse::{Parse, Parser};
use syn::{Lit, LitBool, LitStr};

use super::item::{Item, ItemValue, split};
use crate::case::Style;
use crate::diag::{Diag, alternatives, closest};

/// Text and where it was written.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    pub(crate) value: String,
    pub(crate) span: Span,
}

impl ToTokens for Text {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        LitStr::new(&self.value, self.span).to_tokens(tokens);
    }
}

impl Text {
    /// Text that was not written but follows from a name.
    pub(crate) fn implied(value: String, span: Span) -> Self {
        Self { value, span }
    }

    /// The text of a literal, which must have some and no NUL: a name or SQL.
    pub(crate) fn of(literal: &LitStr, what: &str, diag: &mut Diag) -> Option<Self> {
        let value = literal.value();
        if value.trim().is_empty() {
            diag.at(literal.span(), format!("{what} is empty"));
        } else if value.contains('\0') {
            diag.at(literal.span(), format!("{what} contains NUL, which SQLite cannot take"));
        } else {
            return Some(Self { value, span: literal.span() });
        }
        None
    }
}

impl Item {
    /// An entry without a value; where it is.
    pub(crate) fn flag(&self, diag: &mut Diag) -> Option<Span> {
        match &self.value {
            ItemValue::Absent => {}
            // what was meant is clear, so that nothing else complains that the entry is missing
            ItemValue::Assigned(value) => diag.on(value, format!("`{}` takes no value", self.name)),
            ItemValue::List(list) if list.is_empty() => {}
            ItemValue::List(list) => diag.on(list, format!("`{}` takes no list here", self.name)),
        }
        Some(self.span())
    }

    /// An entry that is `true` without a value.
    pub(crate) fn switch(&self, diag: &mut Diag) -> Option<bool> {
        match &self.value {
            ItemValue::Absent => Some(true),
            ItemValue::Assigned(_) | ItemValue::List(_) => {
                self.assigned::<LitBool>("`true` or `false`", "= false", diag).map(|literal| literal.value)
            }
        }
    }

    /// An entry with a name or SQL as text.
    pub(crate) fn string(&self, diag: &mut Diag) -> Option<Text> {
        let literal: LitStr = self.assigned("text", "= \"…\"", diag)?;
        Text::of(&literal, &format!("the text of `{}`", self.name), diag)
    }

    /// An entry with one of these words as text.
    pub(crate) fn one_of(&self, words: &[&str], diag: &mut Diag) -> Option<Text> {
        let text = self.string(diag)?;
        if words.contains(&text.value.as_str()) {
            return Some(text);
        }
        let found = &text.value;
        let message = match closest(&found.replace(['_', '-'], " "), words).or_else(|| closest(found, words))
        {
            Some(near) => format!("unknown `{}` `{found}`; did you mean `{near}`?", self.name),
            None => format!("unknown `{}` `{found}`; expected {}", self.name, alternatives(words)),
        };
        diag.at(text.span, message);
        None
    }

    /// `rename_all = "…"`.
    pub(crate) fn style(&self, diag: &mut Diag) -> Option<Style> {
        self.one_of(&Style::NAMES, diag).and_then(|text| Style::named(&text.value))
    }

    /// An entry with any value that can be parsed: what it is, and an example of what follows the name.
    pub(crate) fn assigned<T: Parse>(&self, what: &str, example: &str, diag: &mut Diag) -> Option<T> {
        let name = &self.name;
        let (span, found) = match &self.value {
            ItemValue::Assigned(tokens) => match T::parse.parse2(tokens.clone()) {
                Ok(value) => return Some(value),
                Err(_) => (tokens.to_token_stream(), found(tokens)),
            },
            ItemValue::Absent => (name.to_token_stream(), "nothing".to_owned()),
            ItemValue::List(list) => (name.to_token_stream(), format!("the list `({list})`")),
        };
        diag.on(span, format!("`{name}` takes {what}, as in `{name} {example}`; found {found}"));
        None
    }

    /// The pieces of an entry that is a list.
    pub(crate) fn list(&self, example: &str, diag: &mut Diag) -> Option<Vec<TokenStream>> {
        match &self.value {
            ItemValue::List(list) => {
                let pieces = split(list.clone());
                if pieces.is_empty() {
                    diag.at(self.span(), format!("`{}()` is empty; expected `{example}`", self.name));
                    return None;
                }
                Some(pieces)
            }
            ItemValue::Absent | ItemValue::Assigned(_) => {
                diag.at(self.span(), format!("`{}` takes a list, as in `{example}`", self.name));
                None
            }
        }
    }

    /// The pieces of an entry that is a list of fields.
    pub(crate) fn fields(&self, example: &str, diag: &mut Diag) -> Option<Vec<Ident>> {
        let pieces = self.list(example, diag)?;
        Some(pieces.into_iter().filter_map(|piece| field(&piece, diag)).collect())
    }
}

/// A field's name, which may be a keyword.
pub(crate) fn field(tokens: &TokenStream, diag: &mut Diag) -> Option<Ident> {
    use syn::ext::IdentExt;
    match Ident::parse_any.parse2(tokens.clone()) {
        Ok(ident) => Some(ident),
        Err(_) => {
            diag.on(tokens, format!("expected the name of a field, found {}", found(tokens)));
            None
        }
    }
}

/// What tokens are, for a message.
pub(crate) fn found(tokens: &TokenStream) -> String {
    let kind = match syn::parse2::<Lit>(tokens.clone()) {
        Ok(Lit::Str(_)) => "the text ",
        Ok(Lit::Int(_)) => "the integer ",
        Ok(Lit::Float(_)) => "the number ",
        Ok(Lit::Bool(_)) => "the truth value ",
        Ok(_) | Err(_) => "",
    };
    format!("{kind}`{tokens}`")
}
