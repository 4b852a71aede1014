//! Constraints of columns and tables.

use super::ast::{ConstraintText, Reference, Rule, Term};
use super::cursor::{Cursor, Unreadable, split_at_commas};
use super::token::{Token, TokenKind, significant};

/// The constraint that begins here, on a column; `None` where none does.
pub(super) fn column_constraint(cursor: &mut Cursor<'_>) -> Result<Option<ConstraintText>, Unreadable> {
    let start = cursor.position();
    let name = constraint_name(cursor)?;
    let rule = if cursor.take_words(&["PRIMARY", "KEY"]) {
        let descending = direction(cursor);
        let conflict = conflict(cursor)?;
        let autoincrement = cursor.take_words(&["AUTOINCREMENT"]);
        let columns = if descending { vec![descending_marker()] } else { Vec::new() };
        Rule::PrimaryKey { columns, conflict, autoincrement }
    } else if cursor.take_words(&["NOT", "NULL"]) {
        Rule::NotNull { conflict: conflict(cursor)? }
    } else if cursor.take_words(&["NULL"]) {
        conflict(cursor)?;
        Rule::Null
    } else if cursor.take_words(&["UNIQUE"]) {
        Rule::Unique { columns: Vec::new(), conflict: conflict(cursor)? }
    } else if cursor.take_words(&["CHECK"]) {
        Rule::Check { expression: cursor.parenthesised()?.to_owned() }
    } else if cursor.take_words(&["DEFAULT"]) {
        Rule::Default { expression: default(cursor)? }
    } else if cursor.take_words(&["COLLATE"]) {
        Rule::Collate(cursor.name()?)
    } else if cursor.is_word("REFERENCES") {
        Rule::References(reference(cursor, Vec::new())?)
    } else if cursor.take_words(&["GENERATED", "ALWAYS", "AS"]) || cursor.take_words(&["AS"]) {
        generated(cursor)?
    } else if name.is_none() {
        return Ok(None);
    } else {
        return Err(Unreadable);
    };
    Ok(Some(ConstraintText { name, rule, text: cursor.text_since(start).to_owned() }))
}

/// The constraint that begins here, on the table; `None` where none does.
pub(super) fn table_constraint(cursor: &mut Cursor<'_>) -> Result<Option<ConstraintText>, Unreadable> {
    let start = cursor.position();
    let name = constraint_name(cursor)?;
    let rule = if cursor.take_words(&["PRIMARY", "KEY"]) {
        let (columns, autoincrement) = key_terms(cursor.parenthesised()?)?;
        Rule::PrimaryKey { columns, conflict: conflict(cursor)?, autoincrement }
    } else if cursor.take_words(&["UNIQUE"]) {
        let columns = terms(cursor.parenthesised()?)?;
        Rule::Unique { columns, conflict: conflict(cursor)? }
    } else if cursor.take_words(&["CHECK"]) {
        let expression = cursor.parenthesised()?.to_owned();
        conflict(cursor)?;
        Rule::Check { expression }
    } else if cursor.take_words(&["FOREIGN", "KEY"]) {
        let columns = names(cursor.parenthesised()?)?;
        Rule::References(reference(cursor, columns)?)
    } else if name.is_none() {
        return Ok(None);
    } else {
        return Err(Unreadable);
    };
    Ok(Some(ConstraintText { name, rule, text: cursor.text_since(start).to_owned() }))
}

/// The terms of a key or an index.
pub(super) fn terms(list: &str) -> Result<Vec<Term>, Unreadable> {
    split_at_commas(list).into_iter().map(term).collect()
}

fn term(text: &str) -> Result<Term, Unreadable> {
    let tokens = significant(text);
    let mut rest = tokens.as_slice();
    let mut descending = false;
    if let [before @ .., last] = rest
        && (last.is_word("ASC") || last.is_word("DESC"))
    {
        descending = last.is_word("DESC");
        rest = before;
    }
    let mut collation = None;
    if let [before @ .., word, name] = rest
        && word.is_word("COLLATE")
    {
        collation = name.name();
        rest = before;
    }
    let (Some(first), Some(last)) = (rest.first(), rest.last()) else { return Err(Unreadable) };
    let column = if rest.len() == 1 { first.name() } else { None };
    Ok(Term { column, expression: text[first.start..last.end()].to_owned(), collation, descending })
}

/// A primary key may say AUTOINCREMENT inside its parentheses.
fn key_terms(list: &str) -> Result<(Vec<Term>, bool), Unreadable> {
    let tokens = significant(list);
    match tokens.last() {
        Some(last) if last.is_word("AUTOINCREMENT") => Ok((terms(&list[..last.start])?, true)),
        Some(_) | None => Ok((terms(list)?, false)),
    }
}

/// `INTEGER PRIMARY KEY DESC` has no column list, but is not an alias of the rowid.
fn descending_marker() -> Term {
    Term { column: None, expression: String::new(), collation: None, descending: true }
}

fn constraint_name(cursor: &mut Cursor<'_>) -> Result<Option<String>, Unreadable> {
    if cursor.take_words(&["CONSTRAINT"]) { cursor.name().map(Some) } else { Ok(None) }
}

fn direction(cursor: &mut Cursor<'_>) -> bool {
    let descending = cursor.take_words(&["DESC"]);
    if !descending {
        cursor.take_words(&["ASC"]);
    }
    descending
}

fn conflict(cursor: &mut Cursor<'_>) -> Result<Option<String>, Unreadable> {
    if cursor.take_words(&["ON", "CONFLICT"]) { cursor.name().map(Some) } else { Ok(None) }
}

/// `(expr)`, a literal, a signed number or a bare word. The text keeps its parentheses.
fn default(cursor: &mut Cursor<'_>) -> Result<String, Unreadable> {
    let start = cursor.position();
    if cursor.is_operator("(") {
        cursor.parenthesised()?;
        return Ok(cursor.text_since(start).to_owned());
    }
    if !cursor.take_operator("-") {
        cursor.take_operator("+");
    }
    match cursor.peek().map(|token| token.kind) {
        Some(TokenKind::Number | TokenKind::Text | TokenKind::Blob | TokenKind::Word | TokenKind::Quoted) => {
            cursor.advance();
        }
        Some(
            TokenKind::Space
            | TokenKind::Comment
            | TokenKind::Variable
            | TokenKind::Operator
            | TokenKind::Illegal,
        )
        | None => return Err(Unreadable),
    }
    Ok(cursor.text_since(start).to_owned())
}

fn generated(cursor: &mut Cursor<'_>) -> Result<Rule, Unreadable> {
    let expression = cursor.parenthesised()?.to_owned();
    let stored = cursor.take_words(&["STORED"]);
    if !stored {
        cursor.take_words(&["VIRTUAL"]);
    }
    Ok(Rule::Generated { expression, stored })
}

fn names(list: &str) -> Result<Vec<String>, Unreadable> {
    terms(list)?.into_iter().map(|term| term.column.ok_or(Unreadable)).collect()
}

fn reference(cursor: &mut Cursor<'_>, columns: Vec<String>) -> Result<Reference, Unreadable> {
    let start = cursor.position();
    cursor.words(&["REFERENCES"])?;
    let parent = cursor.name()?;
    let parent_columns = if cursor.is_operator("(") { names(cursor.parenthesised()?)? } else { Vec::new() };
    loop {
        if ["DELETE", "UPDATE", "INSERT"].iter().any(|event| cursor.take_words(&["ON", event])) {
            action(cursor)?;
        } else if cursor.take_words(&["MATCH"]) {
            cursor.name()?;
        } else {
            break;
        }
    }
    let deferred = deferred(cursor);
    Ok(Reference { columns, parent, parent_columns, deferred, text: cursor.text_since(start).to_owned() })
}

fn action(cursor: &mut Cursor<'_>) -> Result<(), Unreadable> {
    const ACTIONS: [&[&str]; 5] =
        [&["SET", "NULL"], &["SET", "DEFAULT"], &["CASCADE"], &["RESTRICT"], &["NO", "ACTION"]];
    ACTIONS.iter().any(|words| cursor.take_words(words)).then_some(()).ok_or(Unreadable)
}

fn deferred(cursor: &mut Cursor<'_>) -> bool {
    let negated = cursor.is_word("NOT") && cursor.peek_second().is_some_and(|it| it.is_word("DEFERRABLE"));
    if negated {
        cursor.advance();
    }
    if !cursor.take_words(&["DEFERRABLE"]) {
        return false;
    }
    let deferred = cursor.take_words(&["INITIALLY", "DEFERRED"]);
    if !deferred {
        cursor.take_words(&["INITIALLY", "IMMEDIATE"]);
    }
    deferred && !negated
}

/// Whether the token begins a constraint, so that the type of a column ends before it.
pub(super) fn begins_constraint(token: &Token<'_>, next: Option<&Token<'_>>) -> bool {
    const WORDS: [&str; 10] =
        ["CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE", "REFERENCES", "AS"];
    WORDS.iter().any(|word| token.is_word(word))
        || (token.is_word("GENERATED") && next.is_some_and(|next| next.is_word("ALWAYS")))
}
