use proc_macro2::{Span, TokenStream};
use syn::parse::{Parse, ParseStream};
use syn::{Lit, Token};

use super::item::{Item, ItemValue, Vocabulary};
use super::value::Text;
use crate::diag::Diag;

/// The database's DEFAULT.
pub(crate) enum DefaultAttr {
    Literal {
        value: Literal,
        /// As it was written.
        tokens: TokenStream,
    },
    Expression(Text),
}

/// A literal that SQL has too.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Literal {
    Bool(bool),
    Integer(i64),
    Real(f64),
    Text(String),
}

/// A column that the database computes.
pub(crate) struct GeneratedAttr {
    pub(crate) expression: Text,
    pub(crate) stored: bool,
    pub(crate) span: Span,
}

const DEFAULT: Vocabulary =
    Vocabulary { place: "`default(…)`", names: &["expr"], repeatable: &[], elsewhere: (&[], "") };

const GENERATED: Vocabulary =
    Vocabulary {
        place: "`generated(…)`", names: &["expr", "stored"], repeatable: &[], elsewhere: (&[], "")
    };

/// What SQL calls the current moment; as text in quotes it would be stored letter by letter.
const MOMENTS: [&str; 3] = ["CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME"];

impl DefaultAttr {
    pub(super) fn read(item: &Item, diag: &mut Diag) -> Option<Self> {
        if let ItemValue::List(list) = &item.value {
            return Self::read_expression(item, list, diag);
        }
        let written: Written = item.assigned("a literal", "= 18` or `default(expr = \"1 + 1\")", diag)?;
        let ItemValue::Assigned(tokens) = &item.value else { return None };
        match written.literal() {
            Ok(Literal::Text(text)) if MOMENTS.contains(&text.to_uppercase().as_str()) => {
                diag.on(
                    tokens,
                    format!("this is the text `{text}`; for the moment write `default(expr = \"{text}\")`"),
                );
                None
            }
            Ok(value) => Some(Self::Literal { value, tokens: tokens.clone() }),
            Err(message) => {
                diag.on(tokens, message);
                None
            }
        }
    }

    fn read_expression(item: &Item, list: &TokenStream, diag: &mut Diag) -> Option<Self> {
        if list.is_empty() {
            diag.at(item.span(), "`default()` is empty; expected `default = 18` or `default(expr = \"…\")`");
        }
        let entry = DEFAULT.read_list(list.clone(), diag).into_iter().next()?;
        entry.string(diag).map(Self::Expression)
    }
}

impl GeneratedAttr {
    pub(super) fn read(item: &Item, diag: &mut Diag) -> Option<Self> {
        let span = item.span();
        let ItemValue::List(list) = &item.value else {
            return item.string(diag).map(|expression| Self { expression, stored: false, span });
        };
        let (mut expression, mut stored) = (None, false);
        let entries = GENERATED.read_list(list.clone(), diag);
        let said = entries.iter().any(|entry| entry.text() == "expr");
        for entry in entries {
            if entry.text() == "stored" {
                stored = entry.flag(diag).is_some();
            } else {
                expression = entry.string(diag);
            }
        }
        if !said {
            diag.at(
                span,
                "`generated(…)` needs an expression, as in `generated(expr = \"price * amount\", stored)`",
            );
        }
        expression.map(|expression| Self { expression, stored, span })
    }
}

/// A literal with its sign.
struct Written {
    negative: bool,
    literal: Lit,
}

impl Parse for Written {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let negative = input.parse::<Option<Token![-]>>()?.is_some();
        Ok(Self { negative, literal: input.parse()? })
    }
}

impl Written {
    fn literal(&self) -> Result<Literal, String> {
        match (&self.literal, self.negative) {
            (Lit::Int(literal), _) => {
                let value = literal.base10_parse::<i128>().ok();
                let signed = value.map(|value| if self.negative { -value } else { value });
                let stored = signed.and_then(|value| i64::try_from(value).ok());
                stored.map(Literal::Integer).ok_or_else(|| "this number is beyond SQLite's 64 bits".to_owned())
            }
            (Lit::Float(literal), _) => {
                let value = literal.base10_parse::<f64>().ok().filter(|value| value.is_finite());
                let signed = value.map(|value| if self.negative { -value } else { value });
                signed.map(Literal::Real).ok_or_else(|| "this number is beyond a 64-bit float".to_owned())
            }
            (Lit::Bool(literal), false) => Ok(Literal::Bool(literal.value)),
            (Lit::Str(literal), false) if literal.value().contains('\0') => {
                Err("a default cannot contain NUL".to_owned())
            }
            (Lit::Str(literal), false) => Ok(Literal::Text(literal.value())),
            _ => Err("`default` takes a number, text, `true` or `false`; for anything else write `default(expr = \"…\")`"
                .to_owned()),
        }
    }
}
