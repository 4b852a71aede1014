//! The texts of the typed verbs for whole rows: their values are bound straight from the struct, so these have no
//! parameters of their own, only placeholders in order.

use super::Writer;
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};

/// `INSERT INTO … VALUES (…), (…)`: row by row, the columns in order. Without columns, one row of defaults.
///
/// # Errors
///
/// A name with NUL; more placeholders than the database takes; several rows of no columns.
///
/// ```
/// use orm_core::dialect::Sqlite;
///
/// let sql = orm_core::sql::insert_rows(&Sqlite, "users", &["name", "age"], 2)?;
/// assert_eq!(sql, r#"INSERT INTO "main"."users" ("name", "age") VALUES (?1, ?2), (?3, ?4)"#);
/// # Ok::<(), orm_core::Error>(())
/// ```
pub fn insert_rows(dialect: &dyn Dialect, table: &str, columns: &[&str], rows: usize) -> Result<String> {
    let mut out = Writer::new(dialect);
    out.push("INSERT INTO ");
    out.table(table)?;
    if columns.is_empty() {
        if rows != 1 {
            return Err(invalid("one statement inserts one row of defaults: insert them one by one"));
        }
        out.push(" DEFAULT VALUES");
        return Ok(out.sql);
    }
    let limit = dialect.capabilities().max_parameters;
    if rows == 0 || rows.checked_mul(columns.len()).is_none_or(|count| count > limit) {
        return Err(invalid(
            "an insert takes at least one row, and as many as the database has parameters for",
        ));
    }
    out.push(" (");
    out.names(columns)?;
    out.push(") VALUES ");
    out.list(0..rows, |out, row| {
        out.push("(");
        out.list(0..columns.len(), |out, column| {
            out.placeholder(row * columns.len() + column + 1);
            Ok(())
        })?;
        out.push(")");
        Ok(())
    })?;
    Ok(out.sql)
}

/// `UPDATE … SET … WHERE key`: the placeholders of `set` first, then those of `key`. Only rows where `must_be_null` is
/// NULL, where it is named.
///
/// # Errors
///
/// A name with NUL; nothing to set; no key.
///
/// ```
/// use orm_core::dialect::Sqlite;
///
/// let sql = orm_core::sql::update_by_key(&Sqlite, "users", &["name", "age"], &["id"], None)?;
/// assert_eq!(sql, r#"UPDATE "main"."users" SET "name" = ?1, "age" = ?2 WHERE "id" = ?3"#);
/// # Ok::<(), orm_core::Error>(())
/// ```
pub fn update_by_key(
    dialect: &dyn Dialect,
    table: &str,
    set: &[&str],
    key: &[&str],
    must_be_null: Option<&str>,
) -> Result<String> {
    if set.is_empty() {
        return Err(invalid("an update sets no column: leave it out"));
    }
    let mut out = Writer::new(dialect);
    out.push("UPDATE ");
    out.table(table)?;
    out.push(" SET ");
    equal(&mut out, set, ", ", 1)?;
    where_key(&mut out, key, set.len() + 1)?;
    and_null(&mut out, must_be_null)?;
    Ok(out.sql)
}

/// `DELETE FROM … WHERE key`.
///
/// # Errors
///
/// A name with NUL; no key.
///
/// ```
/// use orm_core::dialect::Sqlite;
///
/// let sql = orm_core::sql::delete_by_key(&Sqlite, "visits", &["user_id", "day"])?;
/// assert_eq!(sql, r#"DELETE FROM "main"."visits" WHERE "user_id" = ?1 AND "day" = ?2"#);
/// # Ok::<(), orm_core::Error>(())
/// ```
pub fn delete_by_key(dialect: &dyn Dialect, table: &str, key: &[&str]) -> Result<String> {
    let mut out = Writer::new(dialect);
    out.push("DELETE FROM ");
    out.table(table)?;
    where_key(&mut out, key, 1)?;
    Ok(out.sql)
}

/// `SELECT columns FROM … WHERE key`. Only rows where `must_be_null` is NULL, where it is named.
///
/// # Errors
///
/// A name with NUL; no columns; no key.
///
/// ```
/// use orm_core::dialect::Sqlite;
///
/// let sql = orm_core::sql::select_by_key(&Sqlite, "users", &["id", "name"], &["id"], None)?;
/// assert_eq!(sql, r#"SELECT "id", "name" FROM "main"."users" WHERE "id" = ?1"#);
/// # Ok::<(), orm_core::Error>(())
/// ```
pub fn select_by_key(
    dialect: &dyn Dialect,
    table: &str,
    columns: &[&str],
    key: &[&str],
    must_be_null: Option<&str>,
) -> Result<String> {
    if columns.is_empty() {
        return Err(invalid("a query reads no column: name one"));
    }
    let mut out = Writer::new(dialect);
    out.push("SELECT ");
    out.names(columns)?;
    out.push(" FROM ");
    out.table(table)?;
    where_key(&mut out, key, 1)?;
    and_null(&mut out, must_be_null)?;
    Ok(out.sql)
}

fn and_null(out: &mut Writer<'_>, column: Option<&str>) -> Result<()> {
    let Some(column) = column else { return Ok(()) };
    out.push(" AND ");
    out.name(column)?;
    out.push(" IS NULL");
    Ok(())
}

fn where_key(out: &mut Writer<'_>, key: &[&str], first: usize) -> Result<()> {
    if key.is_empty() {
        return Err(invalid(
            "the table has no primary key, so no row can be named by it: use a query with a filter",
        ));
    }
    out.push(" WHERE ");
    equal(out, key, " AND ", first)
}

/// `"a" = ?1, "b" = ?2`, counted from `first`.
fn equal(out: &mut Writer<'_>, names: &[&str], separator: &str, first: usize) -> Result<()> {
    for (position, name) in names.iter().enumerate() {
        if position > 0 {
            out.push(separator);
        }
        out.name(name)?;
        out.push(" = ");
        out.placeholder(first + position);
    }
    Ok(())
}

#[cold]
fn invalid(message: &str) -> Error {
    Error::new(ErrorKind::InvalidQuery, message)
}
