use std::collections::BTreeMap;

use super::facts::{Object, Schema, Table, Trigger};
use super::full_text::attach_full_texts;
use super::rows::{integer, text};
use super::table::read_table;
use crate::driver::Connection;
use crate::error::Result;
use crate::migrate::history;
use crate::migrate::parse::{folded, significant};

/// One row of `sqlite_schema`.
pub(super) struct Entry {
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) table: String,
    pub(super) sql: String,
}

/// What `PRAGMA table_list` says of a table.
pub(super) struct Listed {
    kind: String,
    pub(super) without_rowid: bool,
    pub(super) strict: bool,
}

/// Reads the schema of the main database, and the temporary triggers on its tables. Only reads.
pub(crate) fn introspect(connection: &Connection) -> Result<Schema> {
    let entries = entries(connection, "main")?;
    let listed = listed(connection)?;
    let mut schema = Schema { triggers: triggers(&entries, false), ..Schema::default() };
    for entry in &entries {
        let object = || Object { name: entry.name.clone(), sql: entry.sql.clone() };
        match (entry.kind.as_str(), listed.get(&folded(&entry.name))) {
            ("view", _) => schema.views.push(object()),
            ("table", Some(it)) if it.kind == "virtual" => schema.virtual_tables.push(object()),
            ("table", Some(it)) if it.kind == "table" && !is_internal(&entry.name) => {
                let table = read_table(connection, entry, it, &entries)?;
                schema.tables.insert(folded(&entry.name), table);
            }
            _ => {}
        }
    }
    resolve_implicit_parents(&mut schema.tables);
    // A temporary trigger dies with its table; one on a table of another database does not concern us.
    let temporary = self::entries(connection, "temp")?;
    let concerned: Vec<Trigger> =
        triggers(&temporary, true).into_iter().filter(|it| is_on_main(it, &schema, &temporary)).collect();
    schema.triggers.extend(concerned);
    attach_full_texts(&mut schema);
    Ok(schema)
}

/// Whether a temporary trigger says `ON main.t`, or `ON t` where no temporary table or view is in the way.
fn is_on_main(trigger: &Trigger, main: &Schema, temporary: &[Entry]) -> bool {
    let table = trigger.table.as_str();
    let tokens = significant(&trigger.sql);
    let on = tokens.iter().position(|token| token.is_word("ON")).unwrap_or(tokens.len());
    if let Some([database, dot, _]) = tokens.get(on + 1..on + 4)
        && dot.is_operator(".")
    {
        return database.name().is_some_and(|name| name.eq_ignore_ascii_case("main"));
    }
    let is_shadow = |it: &Entry| it.kind != "trigger" && it.name.eq_ignore_ascii_case(table);
    !temporary.iter().any(is_shadow) && (main.table(table).is_some() || main.view(table).is_some())
}

fn is_internal(name: &str) -> bool {
    folded(name).starts_with("sqlite_") || name.eq_ignore_ascii_case(history::TABLE)
}

fn entries(connection: &Connection, database: &str) -> Result<Vec<Entry>> {
    let table = if database == "temp" { "sqlite_temp_schema" } else { "\"main\".\"sqlite_schema\"" };
    let sql = format!("SELECT type, name, tbl_name, sql FROM {table} ORDER BY rowid");
    let rows = connection.query(&sql, &[])?;
    Ok(rows
        .iter()
        .map(|row| Entry { kind: text(row, 0), name: text(row, 1), table: text(row, 2), sql: text(row, 3) })
        .collect())
}

fn listed(connection: &Connection) -> Result<BTreeMap<String, Listed>> {
    let rows = connection.query("PRAGMA \"main\".table_list", &[])?;
    let of_main = rows.iter().filter(|row| text(row, 0) == "main");
    Ok(of_main
        .map(|row| {
            let listed = Listed {
                kind: text(row, 2),
                without_rowid: integer(row, 4) != 0,
                strict: integer(row, 5) != 0,
            };
            (folded(&text(row, 1)), listed)
        })
        .collect())
}

fn triggers(entries: &[Entry], temporary: bool) -> Vec<Trigger> {
    let triggers = entries.iter().filter(|entry| entry.kind == "trigger" && !is_internal(&entry.table));
    triggers
        .map(|it| Trigger { name: it.name.clone(), table: it.table.clone(), sql: it.sql.clone(), temporary })
        .collect()
}

/// `REFERENCES parent` without columns means the parent's primary key.
fn resolve_implicit_parents(tables: &mut BTreeMap<String, Table>) {
    let keys: BTreeMap<String, Vec<String>> =
        tables.iter().map(|(name, table)| (name.clone(), table.primary_key.clone())).collect();
    for key in tables.values_mut().flat_map(|table| &mut table.foreign_keys) {
        if key.parent_columns.is_empty()
            && let Some(primary) = keys.get(&folded(&key.parent))
        {
            key.parent_columns.clone_from(primary);
        }
    }
}
