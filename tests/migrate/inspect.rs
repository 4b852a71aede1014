//! What a database holds, read past the library.

use std::collections::BTreeMap;
use std::path::Path;

use orm_core::rusqlite::types::ValueRef;
use orm_core::rusqlite::{Connection, Row};
use serde_json::Value as Json;

pub(crate) fn open(path: &Path) -> Connection {
    let connection = Connection::open(path).unwrap();
    connection.execute_batch("PRAGMA foreign_keys = ON").unwrap();
    connection
}

/// All rows as JSON; blobs are hex.
pub(crate) fn rows(connection: &Connection, sql: &str) -> Result<Json, String> {
    let mut statement = connection.prepare(sql).map_err(|error| error.to_string())?;
    let mut rows = statement.query([]).map_err(|error| error.to_string())?;
    let mut out = Vec::new();
    while let Some(row) = rows.next().map_err(|error| error.to_string())? {
        // only now: the schema may have changed since the statement was prepared
        let width = row.as_ref().column_count();
        out.push(Json::Array((0..width).map(|column| json(row, column)).collect()));
    }
    Ok(Json::Array(out))
}

fn json(row: &Row<'_>, column: usize) -> Json {
    match row.get_ref(column).unwrap() {
        ValueRef::Null => Json::Null,
        ValueRef::Integer(integer) => integer.into(),
        ValueRef::Real(real) => real.into(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned().into(),
        ValueRef::Blob(blob) => blob.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into(),
    }
}

/// Schema text, every row with its rowid where it has one, and sequences.
pub(crate) fn dump(connection: &Connection) -> Vec<String> {
    let mut out = vec![format!(
        "{}",
        rows(connection, "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid").unwrap()
    )];
    let tables = rows(connection, "SELECT name FROM sqlite_schema WHERE type = 'table'").unwrap();
    for table in tables.as_array().unwrap() {
        let name = table[0].as_str().unwrap().replace('"', "\"\"");
        let content = rows(connection, &format!("SELECT rowid, * FROM \"{name}\""))
            .or_else(|_| rows(connection, &format!("SELECT * FROM \"{name}\"")));
        out.push(format!("{name}: {content:?}"));
    }
    out
}

/// Every value of every table with its type, by table and column. Rows are in the order of their rowid, or of their key.
pub(crate) type Values = BTreeMap<(String, String), Json>;

/// All values of the database, apart from the history.
pub(crate) fn values(connection: &Connection) -> Values {
    let columns = "SELECT t.name, c.name, t.wr FROM pragma_table_list AS t, pragma_table_xinfo(t.name) AS c \
                   WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name <> '_orm_migrations'";
    let columns = rows(connection, columns).unwrap();
    let name = |row: &Json, at: usize| row[at].as_str().unwrap().replace('"', "\"\"");
    let of_column = |row: &Json| {
        let (table, column) = (name(row, 0), name(row, 1));
        let order = if row[2] == 0 { "rowid" } else { "1" };
        let sql = format!(
            "SELECT {order}, typeof(\"{column}\"), \"{column}\", CAST(\"{column}\" AS BLOB) FROM \"{table}\" ORDER BY {order}"
        );
        (
            (row[0].as_str().unwrap().to_owned(), row[1].as_str().unwrap().to_owned()),
            rows(connection, &sql).unwrap(),
        )
    };
    columns.as_array().unwrap().iter().map(of_column).collect()
}
