//! SQL text that is already in the database: a tokenizer that accepts anything, and a parser for what no PRAGMA shows.
//!
//! What the parser cannot read is [`Unreadable`], never wrong: its answers are compared with what the PRAGMAs say.

mod ast;
mod constraint;
mod create;
mod cursor;
mod normal;
mod token;

#[cfg(test)]
mod tests;

pub(crate) use self::ast::{ColumnText, ConstraintText, CreateTable, Rule, Term};
pub(crate) use self::create::{create_index, create_table};
pub(crate) use self::normal::{closed, folded, in_schema, is_plain, mentions, normal, without_qualifier};
pub(crate) use self::token::{Token, TokenKind, significant};
