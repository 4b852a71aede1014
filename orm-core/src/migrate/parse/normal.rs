//! SQL in a normal form, so that two spellings of one expression compare equal.

use std::borrow::Cow;

use super::token::{Token, TokenKind, significant, tokenize};

/// An expression without what does not matter: spaces, comments, the case of words, quotes around identifiers,
/// parentheses around the whole.
pub(crate) fn normal(sql: &str) -> String {
    let tokens = significant(sql);
    let mut rest = tokens.as_slice();
    while let Some(inner) = without_outer_parentheses(rest) {
        rest = inner;
    }
    rest.iter().map(spelled).collect::<Vec<_>>().join(" ")
}

/// A name by SQLite's rule: only ASCII letters are folded.
pub(crate) fn folded(name: &str) -> String {
    name.to_ascii_lowercase()
}

/// The same expression without `table.` before its columns. The other text stays as it is.
///
/// A CHECK that names its table cannot be taken into a table that is renamed afterwards.
pub(crate) fn without_qualifier(sql: &str, table: &str) -> String {
    let tokens = significant(sql);
    let mut out = String::with_capacity(sql.len());
    let mut copied = 0;
    for pair in tokens.windows(3) {
        let [qualifier, dot, column] = pair else { continue };
        let is_table = matches!(qualifier.kind, TokenKind::Word | TokenKind::Quoted)
            && qualifier.name().is_some_and(|name| name.eq_ignore_ascii_case(table));
        if is_table && dot.is_operator(".") && qualifier.start >= copied {
            out.push_str(&sql[copied..qualifier.start]);
            copied = column.start;
        }
    }
    out.push_str(&sql[copied..]);
    out
}

/// A CREATE INDEX or CREATE TRIGGER statement that names its schema, so that no other schema catches it. SQLite keeps
/// its text without that name.
pub(crate) fn in_schema(sql: &str, schema: &str) -> String {
    let tokens = significant(sql);
    let kind = tokens.iter().position(|token| token.is_word("INDEX") || token.is_word("TRIGGER"));
    let Some(mut at) = kind.map(|at| at + 1) else { return sql.to_owned() };
    if tokens.get(at).is_some_and(|token| token.is_word("IF")) {
        at += 3;
    }
    let qualified = tokens.get(at + 1).is_some_and(|token| token.is_operator("."));
    match tokens.get(at) {
        Some(name) if !qualified => {
            format!("{}\"{schema}\".{}", &sql[..name.start], &sql[name.start..])
        }
        Some(_) | None => sql.to_owned(),
    }
}

/// The statement as another one may follow it after a semicolon, which a comment at its end would take in.
pub(crate) fn closed(sql: &str) -> Cow<'_, str> {
    let in_comment = |token: &Token<'_>| token.kind == TokenKind::Comment && token.text.starts_with("--");
    if tokenize(sql).last().is_some_and(in_comment) { format!("{sql}\n").into() } else { sql.into() }
}

/// Whether the expression names the column, quoted or not. A function of that name does not count.
pub(crate) fn mentions(sql: &str, column: &str) -> bool {
    let tokens = significant(sql);
    tokens.iter().enumerate().any(|(at, token)| {
        let is_name = match token.kind {
            TokenKind::Quoted => true,
            TokenKind::Word => !tokens.get(at + 1).is_some_and(|next| next.is_operator("(")),
            TokenKind::Text
            | TokenKind::Blob
            | TokenKind::Number
            | TokenKind::Variable
            | TokenKind::Operator
            | TokenKind::Illegal
            | TokenKind::Space
            | TokenKind::Comment => false,
        };
        is_name && token.name().is_some_and(|name| name.eq_ignore_ascii_case(column))
    })
}

fn without_outer_parentheses<'t, 'a>(tokens: &'t [Token<'a>]) -> Option<&'t [Token<'a>]> {
    let [first, inner @ .., last] = tokens else { return None };
    if !first.is_operator("(") || !last.is_operator(")") {
        return None;
    }
    let mut depth = 0_i32;
    for token in inner {
        depth += i32::from(token.is_operator("(")) - i32::from(token.is_operator(")"));
        if depth < 0 {
            return None;
        }
    }
    Some(inner)
}

fn spelled(token: &Token<'_>) -> String {
    match token.kind {
        TokenKind::Word | TokenKind::Number | TokenKind::Blob => token.text.to_ascii_lowercase(),
        TokenKind::Quoted => identifier(&token.name().unwrap_or_default()),
        TokenKind::Operator => match token.text {
            "==" => "=".to_owned(),
            "<>" => "!=".to_owned(),
            other => other.to_owned(),
        },
        TokenKind::Text
        | TokenKind::Variable
        | TokenKind::Illegal
        | TokenKind::Space
        | TokenKind::Comment => token.text.to_owned(),
    }
}

/// Whether the bare word means the name, without quotes.
pub(crate) fn is_plain(name: &str) -> bool {
    let folded = folded(name);
    folded.starts_with(|c: char| c.is_ascii_lowercase() || c == '_' || !c.is_ascii())
        && folded.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || !c.is_ascii())
        && !KEYWORDS.split_ascii_whitespace().any(|keyword| keyword == folded)
}

/// Bare where the bare word means the same, else in double quotes.
fn identifier(name: &str) -> String {
    let folded = folded(name);
    if is_plain(name) { folded } else { format!("\"{}\"", folded.replace('"', "\"\"")) }
}

/// SQLite's keywords (<https://sqlite.org/lang_keywords.html>).
const KEYWORDS: &str = "
    abort action add after all alter always analyze and as asc attach autoincrement before begin between
    by cascade case cast check collate column commit conflict constraint create cross current
    current_date current_time current_timestamp database default deferrable deferred delete desc detach
    distinct do drop each else end escape except exclude exclusive exists explain fail false filter
    first following for foreign from full generated glob group groups having if ignore immediate in
    index indexed initially inner insert instead intersect into is isnull join key last left like limit
    match materialized natural no not nothing notnull null nulls of offset on or order others outer over
    partition plan pragma preceding primary query raise range recursive references regexp reindex
    release rename replace restrict returning right rollback row rows savepoint select set table temp
    temporary then ties to transaction trigger true unbounded union unique update using vacuum values
    view virtual when where window with without
";
