use syn::LitStr;

use super::index::{is_assignment, joined};
use super::item::{Item, ItemValue, Vocabulary, split};
use super::value::{Text, found};
use crate::diag::Diag;

/// `check = "…"` or `check(name = "…", "…")`.
pub(crate) struct CheckAttr {
    pub(crate) name: Option<Text>,
    pub(crate) expression: Text,
}

const CHECK: Vocabulary =
    Vocabulary { place: "`check(…)`", names: &["name"], repeatable: &[], elsewhere: (&[], "") };

impl CheckAttr {
    pub(super) fn read(item: &Item, diag: &mut Diag) -> Option<Self> {
        const EXAMPLE: &str = "check(name = \"adult\", \"age >= 18\")";
        let ItemValue::List(list) = &item.value else {
            return item.string(diag).map(|expression| Self { name: None, expression });
        };
        let (options, expressions): (Vec<_>, Vec<_>) =
            split(list.clone()).into_iter().partition(is_assignment);
        let mut name = None;
        for option in CHECK.read_list(joined(&options), diag) {
            name = option.string(diag);
        }
        let [expression] = expressions.as_slice() else {
            diag.at(item.span(), format!("`check` needs one expression, as in `{EXAMPLE}`"));
            return None;
        };
        match syn::parse2::<LitStr>(expression.clone()) {
            Ok(literal) => {
                Text::of(&literal, "the expression", diag).map(|expression| Self { name, expression })
            }
            Err(_) => {
                diag.on(
                    expression,
                    format!("expected SQL as text, as in `{EXAMPLE}`, found {}", found(expression)),
                );
                None
            }
        }
    }
}
