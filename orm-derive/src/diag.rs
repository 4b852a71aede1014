//! Collects all mistakes of an item, so that they are reported in one go.

use std::fmt::Display;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// The mistakes so far.
#[derive(Default)]
pub(crate) struct Diag {
    errors: Vec<syn::Error>,
}

impl Diag {
    /// A mistake at one token.
    pub(crate) fn at(&mut self, span: Span, message: impl Display) {
        self.errors.push(syn::Error::new(span, message));
    }

    /// A mistake that several tokens make together.
    pub(crate) fn on(&mut self, tokens: impl ToTokens, message: impl Display) {
        self.errors.push(syn::Error::new_spanned(tokens, message));
    }

    /// Whether there was none.
    pub(crate) fn is_clean(&self) -> bool {
        self.errors.is_empty()
    }

    /// One `compile_error!` for each mistake.
    pub(crate) fn into_compile_errors(self) -> TokenStream {
        self.errors.iter().map(syn::Error::to_compile_error).collect()
    }
}

/// `` `a`, `b` and `c` ``.
pub(crate) fn listed<S: AsRef<str>>(names: &[S]) -> String {
    joined(names, "and")
}

/// `` `a`, `b` or `c` ``.
pub(crate) fn alternatives<S: AsRef<str>>(names: &[S]) -> String {
    joined(names, "or")
}

fn joined<S: AsRef<str>>(names: &[S], last_joint: &str) -> String {
    let mut out = String::new();
    for (position, name) in names.iter().enumerate() {
        match position {
            0 => {}
            last if last + 1 == names.len() => out.push_str(&format!(" {last_joint} ")),
            _ => out.push_str(", "),
        }
        out.push_str(&format!("`{}`", name.as_ref()));
    }
    out
}

/// The known name that was probably meant.
pub(crate) fn closest<'a>(found: &str, known: &[&'a str]) -> Option<&'a str> {
    let found = found.to_lowercase();
    let limit = (found.chars().count() / 3).max(1);
    known
        .iter()
        .map(|&name| (nearness(&found, &name.to_lowercase()), name))
        .filter(|&(distance, _)| distance <= limit)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, name)| name)
}

/// A name that was cut short, such as `uniq` or `primary`, is as near as a single wrong letter.
fn nearness(found: &str, known: &str) -> usize {
    let is_start = found.chars().count() >= 3 && known.starts_with(found);
    if is_start && found != known { 1 } else { distance(found, known) }
}

/// How many letters to insert, delete, replace, or swap with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<_>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::{alternatives, closest, listed};

    #[test]
    fn a_near_miss_is_found_and_a_far_one_is_not() {
        let known = ["primary_key", "unique", "default", "references", "as"];
        let near =
            ["primary_ky", "uniqeu", "uniq", "Default", "ref", "at"].map(|found| closest(found, &known));
        assert_eq!(near, ["primary_key", "unique", "unique", "default", "references", "as"].map(Some));
        assert_eq!(["foo", "key", "x"].map(|found| closest(found, &known)), [None, None, None]);
    }

    #[test]
    fn names_are_listed_as_in_a_sentence() {
        assert_eq!(listed::<&str>(&[]), "");
        assert_eq!(listed(&["a"]), "`a`");
        assert_eq!(alternatives(&["a", "b", "c"]), "`a`, `b` or `c`");
    }
}
