//! A model, a real SQLite, and short forms of what the tests compare.

use orm_core::dialect::{Dialect, Sqlite};
use orm_core::{Column, Expr, Field, Filter, Value};
use rusqlite::config::DbConfig;
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, params_from_iter};

use crate::postgres::Postgres;

/// Some rows' worth of everything; only its columns are used.
pub(crate) struct User;

impl User {
    pub(crate) const ID: Column<Self, i64> = Column::__new("users", "id", 0);
    pub(crate) const NAME: Column<Self, Option<String>> = Column::__new("users", "name", 1);
    pub(crate) const EMAIL: Column<Self, String> = Column::__new("users", "email", 2);
    pub(crate) const AGE: Column<Self, u8> = Column::__new("users", "age", 3);
    pub(crate) const SCORE: Column<Self, Option<i64>> = Column::__new("users", "score", 4);
    pub(crate) const RANK: Column<Self, Option<i64>> = Column::__new("users", "rank", 5);
    pub(crate) const RATIO: Column<Self, f64> = Column::__new("users", "ratio", 6);
    pub(crate) const ACTIVE: Column<Self, bool> = Column::__new("users", "active", 7);
    pub(crate) const PHOTO: Column<Self, Option<Vec<u8>>> = Column::__new("users", "photo", 8);
}

pub(crate) const TABLE: &str = "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT NOT NULL, \
     age INTEGER NOT NULL, score INTEGER, rank INTEGER, ratio REAL NOT NULL, active INTEGER NOT NULL, photo BLOB) STRICT";

/// SQLite as the engine opens it: text in double quotes is a name or an error.
pub(crate) fn database(setup: &str) -> Connection {
    let database = Connection::open_in_memory().unwrap();
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false).unwrap();
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false).unwrap();
    database.execute_batch(setup).unwrap();
    database
}

/// The SQL in that dialect.
pub(crate) fn sql_in<M, T: Field>(dialect: &dyn Dialect, expr: &(impl Clone + Into<Expr<M, T>>)) -> String {
    expr.clone().into().to_sql_in(dialect).unwrap().sql
}

/// The SQL for SQLite and its parameters.
pub(crate) fn sqlite<M, T: Field>(expr: &(impl Clone + Into<Expr<M, T>>)) -> (String, Vec<Value>) {
    let rendered = expr.clone().into().to_sql_in(&Sqlite).unwrap();
    (rendered.sql, rendered.params)
}

/// Asserts the SQL of both dialects and the parameters.
#[track_caller]
pub(crate) fn assert_sql<M, T: Field>(
    expr: &(impl Clone + Into<Expr<M, T>>),
    in_sqlite: &str,
    in_postgres: &str,
    params: &[Value],
) {
    assert_eq!(sqlite(expr), (in_sqlite.to_owned(), params.to_vec()));
    assert_eq!(sql_in(&Postgres, expr), in_postgres);
}

pub(crate) fn bind(values: &[Value]) -> impl rusqlite::Params {
    params_from_iter(values.iter().map(to_rusqlite).collect::<Vec<_>>())
}

fn to_rusqlite(value: &Value) -> Sql {
    match value {
        Value::Null => Sql::Null,
        Value::Integer(integer) => Sql::Integer(*integer),
        Value::Real(real) => Sql::Real(*real),
        Value::Text(text) => Sql::Text(text.clone()),
        Value::Blob(bytes) => Sql::Blob(bytes.clone()),
    }
}

/// The ids of the rows that a filter chooses.
pub(crate) fn ids(database: &Connection, filter: &Filter<User>) -> Vec<i64> {
    let (sql, params) = sqlite(filter);
    let sql = format!("SELECT id FROM users WHERE {sql} ORDER BY id");
    let mut statement = database.prepare(&sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
    statement.query_map(bind(&params), |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}
