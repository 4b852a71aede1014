mod backup;
mod closing;
mod configuring;
mod exclusive;
mod opening;
mod pooling;
mod waiting;

use std::path::Path;

use orm_core::rusqlite;

/// A connection that knows nothing of the engine, as another program would have it.
fn outsider(path: &Path) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(path).unwrap();
    connection.busy_timeout(std::time::Duration::ZERO).unwrap();
    connection
}

/// The answer to a query with one row and one integer, as another program sees it.
fn integer(path: &Path, sql: &str) -> i64 {
    outsider(path).query_row(sql, (), |row| row.get(0)).unwrap()
}

/// The names in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}
