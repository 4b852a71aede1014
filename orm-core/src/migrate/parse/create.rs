//! CREATE TABLE and CREATE INDEX, as SQLite keeps them in `sqlite_schema`.

use super::ast::{ColumnText, CreateIndex, CreateTable};
use super::constraint::{begins_constraint, column_constraint, table_constraint, terms};
use super::cursor::{Cursor, Unreadable};
use super::token::TokenKind;

/// Reads a CREATE TABLE statement.
pub(crate) fn create_table(sql: &str) -> Result<CreateTable, Unreadable> {
    let cursor = &mut Cursor::new(sql);
    cursor.words(&["CREATE"])?;
    if !cursor.take_words(&["TEMP"]) {
        cursor.take_words(&["TEMPORARY"]);
    }
    cursor.words(&["TABLE"])?;
    cursor.take_words(&["IF", "NOT", "EXISTS"]);
    let mut table = CreateTable {
        name: cursor.qualified_name()?,
        columns: Vec::new(),
        constraints: Vec::new(),
        strict: false,
        without_rowid: false,
    };
    cursor.operator("(")?;
    body(cursor, &mut table)?;
    options(cursor, &mut table)?;
    Ok(table)
}

/// Reads a CREATE INDEX statement.
pub(crate) fn create_index(sql: &str) -> Result<CreateIndex, Unreadable> {
    let cursor = &mut Cursor::new(sql);
    cursor.words(&["CREATE"])?;
    let unique = cursor.take_words(&["UNIQUE"]);
    cursor.words(&["INDEX"])?;
    cursor.take_words(&["IF", "NOT", "EXISTS"]);
    let name = cursor.qualified_name()?;
    cursor.words(&["ON"])?;
    let table = cursor.name()?;
    let terms = terms(cursor.parenthesised()?)?;
    let mut predicate = None;
    if cursor.take_words(&["WHERE"]) {
        let start = cursor.position();
        while !cursor.is_at_end() && !cursor.is_operator(";") {
            cursor.advance();
        }
        predicate = Some(cursor.text_since(start).to_owned());
    }
    end(cursor)?;
    Ok(CreateIndex { name, table, unique, terms, predicate })
}

/// Columns, then constraints; SQLite lets the commas between constraints be left out.
fn body(cursor: &mut Cursor<'_>, table: &mut CreateTable) -> Result<(), Unreadable> {
    loop {
        match table_constraint(cursor)? {
            Some(constraint) => table.constraints.push(constraint),
            None if table.constraints.is_empty() => table.columns.push(column(cursor)?),
            None => return Err(Unreadable),
        }
        if cursor.take_operator(")") {
            return Ok(());
        }
        if !cursor.take_operator(",") && table.constraints.is_empty() {
            return Err(Unreadable);
        }
    }
}

fn column(cursor: &mut Cursor<'_>) -> Result<ColumnText, Unreadable> {
    let name = cursor.name()?;
    let start = cursor.position();
    while let Some(token) = cursor.peek() {
        let is_type = matches!(token.kind, TokenKind::Word | TokenKind::Quoted | TokenKind::Text);
        if !is_type || begins_constraint(token, cursor.peek_second()) {
            break;
        }
        cursor.advance();
    }
    if cursor.position() > start && cursor.is_operator("(") {
        cursor.parenthesised()?;
    }
    let type_text = cursor.text_since(start).to_owned();
    let mut constraints = Vec::new();
    while let Some(constraint) = column_constraint(cursor)? {
        constraints.push(constraint);
    }
    Ok(ColumnText { name, type_text, constraints })
}

fn options(cursor: &mut Cursor<'_>, table: &mut CreateTable) -> Result<(), Unreadable> {
    while !cursor.is_at_end() && !cursor.is_operator(";") {
        if cursor.take_words(&["WITHOUT", "ROWID"]) {
            table.without_rowid = true;
        } else {
            cursor.words(&["STRICT"])?;
            table.strict = true;
        }
        if !cursor.take_operator(",") {
            break;
        }
    }
    end(cursor)
}

fn end(cursor: &mut Cursor<'_>) -> Result<(), Unreadable> {
    cursor.take_operator(";");
    cursor.is_at_end().then_some(()).ok_or(Unreadable)
}
