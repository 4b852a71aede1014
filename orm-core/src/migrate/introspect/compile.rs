//! Which views and triggers SQLite can compile. Nothing runs: the statements are explained.

use std::collections::BTreeSet;

use super::facts::{Schema, Trigger};
use crate::driver::Connection;
use crate::error::{ErrorKind, Result};
use crate::migrate::names::{literal, quoted, quoted_table};
use crate::migrate::parse::{Token, significant};

/// SQL that the schema holds: a view, or a trigger with its table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Code {
    View { name: String },
    Trigger { name: String, table: String },
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::View { name } => write!(f, "view `{name}`"),
            Self::Trigger { name, table } => write!(f, "trigger `{name}` on table `{table}`"),
        }
    }
}

/// The views and triggers that do not compile. Where one of several triggers for the same event is broken, all of them
/// are named.
pub(crate) fn broken(connection: &Connection, schema: &Schema) -> Result<BTreeSet<Code>> {
    let mut broken = BTreeSet::new();
    for view in &schema.views {
        if !compiles(connection, &format!("SELECT * FROM {}", quoted_table(&view.name)?))? {
            broken.insert(Code::View { name: view.name.clone() });
        }
    }
    for trigger in &schema.triggers {
        for statement in statements_that_fire(connection, schema, trigger)? {
            if !compiles(connection, &statement)? {
                broken.insert(Code::Trigger { name: trigger.name.clone(), table: trigger.table.clone() });
            }
        }
    }
    Ok(broken)
}

/// What compiled before and does not after.
pub(crate) fn newly_broken(before: &BTreeSet<Code>, after: BTreeSet<Code>) -> Vec<Code> {
    after.into_iter().filter(|code| !before.iter().any(|other| other.is_same(code))).collect()
}

impl Code {
    /// Its text.
    pub(crate) fn sql<'s>(&self, schema: &'s Schema) -> Option<&'s str> {
        match self {
            Self::View { name } => schema.view(name).map(|view| view.sql.as_str()),
            Self::Trigger { name, .. } => {
                schema.triggers.iter().find(|it| it.name == *name).map(|trigger| trigger.sql.as_str())
            }
        }
    }

    /// Whether it is the same object. A rename may have moved a trigger to a table of another name.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::View { name: a }, Self::View { name: b })
            | (Self::Trigger { name: a, .. }, Self::Trigger { name: b, .. }) => a == b,
            (Self::View { .. }, Self::Trigger { .. }) | (Self::Trigger { .. }, Self::View { .. }) => false,
        }
    }
}

fn compiles(connection: &Connection, sql: &str) -> Result<bool> {
    match connection.query(&format!("EXPLAIN {sql}"), &[]) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::Sql => Ok(false),
        Err(error) => Err(error),
    }
}

pub(super) fn statements_that_fire(
    connection: &Connection,
    schema: &Schema,
    trigger: &Trigger,
) -> Result<Vec<String>> {
    let table = quoted_table(&trigger.table)?;
    Ok(match event(trigger) {
        Event::Insert => vec![format!("INSERT INTO {table} DEFAULT VALUES")],
        Event::Delete => vec![format!("DELETE FROM {table}")],
        Event::Update => updates(connection, schema, trigger, &table)?,
    })
}

/// One update for each column that it may be about: a trigger `UPDATE OF a` is compiled with `a` only.
fn updates(connection: &Connection, schema: &Schema, trigger: &Trigger, table: &str) -> Result<Vec<String>> {
    let mut columns = update_columns(trigger);
    if columns.is_empty() {
        columns.extend(match schema.table(&trigger.table) {
            Some(table) => {
                let writable = table.columns.iter().find(|column| column.generated.is_none());
                writable.map(|column| column.name.clone())
            }
            None => column_of_view(connection, &trigger.table)?,
        });
    }
    let statement = |column: &String| {
        let column = quoted(column)?;
        Ok(format!("UPDATE {table} SET {column} = {column}"))
    };
    columns.iter().map(statement).collect()
}

/// Any column of a view; `None` where the view does not compile, which is found by itself.
fn column_of_view(connection: &Connection, view: &str) -> Result<Option<String>> {
    let sql = format!("SELECT name FROM pragma_table_info({}, 'main') LIMIT 1", literal(view)?);
    match connection.query_text(&sql) {
        Err(error) if error.kind() == ErrorKind::Sql => Ok(None),
        column => column,
    }
}

enum Event {
    Insert,
    Update,
    Delete,
}

/// The event stands before the ON of the table; BEFORE, AFTER and INSTEAD OF come first.
fn event(trigger: &Trigger) -> Event {
    let tokens = significant(&trigger.sql);
    // the names before it may be words, but the event is the last of these words before ON
    let head = tokens.iter().take_while(|token| !token.is_word("ON"));
    let mut event = Event::Insert;
    for token in head {
        if token.is_word("INSERT") {
            event = Event::Insert;
        } else if token.is_word("DELETE") {
            event = Event::Delete;
        } else if token.is_word("UPDATE") {
            return Event::Update;
        }
    }
    event
}

/// The columns of `UPDATE OF a, b ON …`; empty for any other trigger. SQLite lets one of them be dropped, and the trigger
/// would never fire again.
fn update_columns(trigger: &Trigger) -> Vec<String> {
    let tokens = significant(&trigger.sql);
    // a table in its body may be called `of`
    let head = tokens.iter().position(|token| token.is_word("ON")).unwrap_or(tokens.len());
    let Some(at) =
        tokens[..head].windows(2).position(|pair| pair[0].is_word("UPDATE") && pair[1].is_word("OF"))
    else {
        return Vec::new();
    };
    tokens[at + 2..head].iter().filter_map(Token::name).collect()
}
