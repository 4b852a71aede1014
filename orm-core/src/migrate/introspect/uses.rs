//! Which view or trigger uses which column, by SQLite's own word: no SQL is parsed here.

use super::compile::{Code, statements_that_fire};
use super::facts::Schema;
use crate::driver::{Connection, TableAccess};
use crate::error::{ErrorKind, Result};
use crate::migrate::names::quoted_table;

/// A view or trigger, and what it reads or writes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Use {
    pub(crate) code: Code,
    pub(crate) table: String,
    /// Empty where it uses the table and none of its columns.
    pub(crate) column: String,
}

/// What the views and triggers that compile use, in order and once each. For a private connection: see
/// [`Connection::accesses`].
pub(crate) fn uses(connection: &Connection, schema: &Schema) -> Result<Vec<Use>> {
    let mut found = Vec::new();
    let mut add = |code: &Code, accesses: Vec<TableAccess>| {
        let own = accesses.into_iter().filter(|access| is_of(schema, code, access));
        found.extend(own.map(|it| Use { code: code.clone(), table: it.table, column: it.column }));
    };
    for view in &schema.views {
        let sql = format!("SELECT * FROM {}", quoted_table(&view.name)?);
        add(&Code::View { name: view.name.clone() }, accesses(connection, &sql)?);
    }
    for trigger in &schema.triggers {
        let code = Code::Trigger { name: trigger.name.clone(), table: trigger.table.clone() };
        for sql in statements_that_fire(connection, schema, trigger)? {
            add(&code, accesses(connection, &sql)?);
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}

fn accesses(connection: &Connection, sql: &str) -> Result<Vec<TableAccess>> {
    match connection.accesses(sql) {
        Err(error) if error.kind() == ErrorKind::Sql => Ok(Vec::new()),
        found => found,
    }
}

/// Whether the access is the code's own: not that of the statement that fires a trigger, nor of another view or trigger
/// behind it. SQLite names a common table expression as if it were a view, so that a name that nothing has belongs to
/// whoever is looked at; and nobody, where a view is taken into the statement that asks.
fn is_of(schema: &Schema, code: &Code, access: &TableAccess) -> bool {
    let Some(by) = access.by.as_deref() else { return matches!(code, Code::View { .. }) };
    let same = |name: &str| by.eq_ignore_ascii_case(name);
    let views = schema.views.iter().map(|view| view.name.as_str());
    let mut others = views.chain(schema.triggers.iter().map(|trigger| trigger.name.as_str()));
    match code {
        Code::View { name } | Code::Trigger { name, .. } => same(name) || !others.any(same),
    }
}
