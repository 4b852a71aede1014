//! Full-text indexes: FTS5 tables whose content is a table of the schema.

use std::collections::BTreeMap;

use super::facts::{FullText, Object, Schema};
use crate::migrate::parse::{Token, TokenKind, folded, significant};

/// Gives each table the full-text indexes over it, with the triggers that write to them.
pub(super) fn attach_full_texts(schema: &mut Schema) {
    for object in &schema.virtual_tables {
        let Some((content, mut index)) = read(object) else { continue };
        let Some(table) = schema.tables.get_mut(&folded(&content)) else { continue };
        let of_table = schema.triggers.iter().filter(|it| it.table.eq_ignore_ascii_case(&table.name));
        index.triggers = of_table.filter(|it| names(&it.sql, &index.name)).cloned().collect();
        table.full_texts.push(index);
    }
}

/// Whether the statement names the object, as a table or otherwise.
pub(crate) fn names(sql: &str, object: &str) -> bool {
    let is_name = |token: &Token<'_>| matches!(token.kind, TokenKind::Word | TokenKind::Quoted);
    let same = |token: &Token<'_>| token.name().is_some_and(|name| name.eq_ignore_ascii_case(object));
    significant(sql).iter().any(|token| is_name(token) && same(token))
}

/// The table that `CREATE VIRTUAL TABLE … USING fts5(…)` takes its content from, and what it says; `None` for what is no
/// such index.
fn read(object: &Object) -> Option<(String, FullText)> {
    let tokens = significant(&object.sql);
    let using = tokens.iter().position(|token| token.is_word("USING"))?;
    let (module, arguments) = tokens[using + 1..].split_first()?;
    if !module.is_word("fts5") {
        return None;
    }
    let (mut columns, mut options) = (Vec::new(), BTreeMap::new());
    for argument in split(arguments) {
        match argument {
            [key, equals, value @ ..] if key.kind == TokenKind::Word && equals.is_operator("=") => {
                options.insert(folded(key.text), option_value(&folded(key.text), value));
            }
            [name, words @ ..] => {
                let words = words.iter().map(|word| format!(" {}", folded(word.text)));
                columns.push(folded(&name.name()?) + &words.collect::<String>());
            }
            [] => {}
        }
    }
    let content = options.get("content").filter(|content| !content.is_empty())?.clone();
    options.entry("content_rowid".to_owned()).or_insert_with(|| "rowid".to_owned());
    let (name, sql) = (object.name.clone(), object.sql.clone());
    Some((content, FullText { name, columns, options, sql, triggers: Vec::new() }))
}

/// What stands between the commas of `(a, b, c)`.
fn split<'t, 'a>(tokens: &'t [Token<'a>]) -> impl Iterator<Item = &'t [Token<'a>]> {
    let inner = match tokens {
        [open, inner @ .., close] if open.is_operator("(") && close.is_operator(")") => inner,
        _ => &[],
    };
    inner.split(|token| token.is_operator(","))
}

/// A value without what does not matter: its quotes, spaces, and for names their case.
fn option_value(key: &str, tokens: &[Token<'_>]) -> String {
    let text = match tokens {
        [only] => only.name().unwrap_or_else(|| only.text.to_owned()),
        several => several.iter().map(|token| token.text).collect::<Vec<_>>().join(" "),
    };
    match key {
        "content" | "content_rowid" => folded(&text),
        "prefix" => words(&text.replace(',', " ")),
        _ => words(&text),
    }
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{Object, read};

    #[test]
    fn an_index_is_read_however_it_is_written() {
        let read = |sql: &str| read(&Object { name: "f".to_owned(), sql: sql.to_owned() });
        let sql = "CREATE VIRTUAL TABLE \"f\" USING fts5(\"a\"\"b\", \"C\", content='T', content_rowid='id', \
                   tokenize='porter  unicode61', prefix='2,3')";
        let (content, index) = read(sql).unwrap();
        assert_eq!((content.as_str(), index.columns), ("t", vec!["a\"b".to_owned(), "c".to_owned()]));
        let options: Vec<_> = index.options.iter().map(|(key, value)| format!("{key}={value}")).collect();
        assert_eq!(options, ["content=t", "content_rowid=id", "prefix=2 3", "tokenize=porter unicode61"]);

        let loose = "create virtual table f using FTS5 (a UNINDEXED, content = t, prefix=2)";
        let (_, index) = read(loose).unwrap();
        assert_eq!(index.columns, ["a unindexed"]);
        assert_eq!(
            (index.options["content_rowid"].as_str(), index.options["prefix"].as_str()),
            ("rowid", "2")
        );
    }

    #[test]
    fn what_has_content_of_its_own_is_no_index() {
        let statements = [
            "CREATE VIRTUAL TABLE f USING fts5(a)",
            "CREATE VIRTUAL TABLE f USING fts5(a, content='')",
            "CREATE VIRTUAL TABLE f USING rtree(id, a, b)",
            "CREATE VIRTUAL TABLE f USING fts5",
        ];
        for sql in statements {
            assert!(read(&Object { name: "f".to_owned(), sql: sql.to_owned() }).is_none(), "{sql}");
        }
    }
}
