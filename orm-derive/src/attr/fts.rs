use proc_macro2::{Ident, Span};

use super::index::{is_assignment, joined};
use super::item::{Item, Vocabulary};
use super::value::{Text, field};
use crate::diag::Diag;

/// `fts(title, body, tokenize = "porter", prefix = "2 3", name = "…")`.
pub(crate) struct FtsAttr {
    pub(crate) fields: Vec<Ident>,
    pub(crate) name: Option<Text>,
    pub(crate) tokenize: Option<Text>,
    pub(crate) prefix: Vec<u16>,
    /// The attribute's name.
    pub(crate) span: Span,
}

const FTS: Vocabulary = Vocabulary {
    place: "`fts(…)`",
    names: &["tokenize", "prefix", "name"],
    repeatable: &[],
    elsewhere: (&[], ""),
};

/// The longest beginning that FTS5 takes (<https://sqlite.org/fts5.html#prefix_indexes>), and how many of them.
const LONGEST_PREFIX: u16 = 999;
const MOST_PREFIXES: usize = 31;

impl FtsAttr {
    pub(super) fn read(item: &Item, diag: &mut Diag) -> Option<Self> {
        const EXAMPLE: &str = "fts(title, body)";
        let pieces = item.list(EXAMPLE, diag)?;
        let (options, fields): (Vec<_>, Vec<_>) = pieces.into_iter().partition(is_assignment);
        let mut out =
            Self { fields: Vec::new(), name: None, tokenize: None, prefix: Vec::new(), span: item.span() };
        for option in FTS.read_list(joined(&options), diag) {
            match option.text().as_str() {
                "tokenize" => out.tokenize = option.string(diag),
                "name" => out.name = option.string(diag),
                _ => {
                    let text = option.string(diag);
                    out.prefix = text.and_then(|text| lengths(&text, diag)).unwrap_or_default();
                }
            }
        }
        if fields.is_empty() {
            diag.at(item.span(), format!("`fts` needs at least one field, as in `{EXAMPLE}`"));
        }
        out.fields = fields.into_iter().filter_map(|tokens| field(&tokens, diag)).collect();
        Some(out)
    }
}

/// `2 3`: lengths with spaces between them.
fn lengths(text: &Text, diag: &mut Diag) -> Option<Vec<u16>> {
    let lengths: Option<Vec<u16>> = text
        .value
        .split_whitespace()
        .map(|word| word.parse().ok().filter(|length| (1..=LONGEST_PREFIX).contains(length)))
        .collect();
    match lengths {
        Some(lengths) if lengths.len() <= MOST_PREFIXES => Some(lengths),
        Some(_) => {
            diag.at(text.span, format!("`prefix` takes at most {MOST_PREFIXES} lengths"));
            None
        }
        None => {
            diag.at(
                text.span,
                format!(
                    "`prefix` takes lengths from 1 to {LONGEST_PREFIX}, as in `prefix = \"2 3\"`; found `{}`",
                    text.value
                ),
            );
            None
        }
    }
}
