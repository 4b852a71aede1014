use rusqlite::ffi;

use super::{Access, Connection, Location};
use crate::value::Value;

fn connection() -> Connection {
    Connection::open(&Location::PrivateMemory, Access::ReadWrite).unwrap()
}

/// How many statements SQLite knows of.
fn alive(connection: &Connection) -> usize {
    // SAFETY: the connection is live, and no statement is finalised meanwhile.
    let next = |stmt| unsafe { ffi::sqlite3_next_stmt(connection.rusqlite().handle(), stmt) };
    std::iter::successors(Some(next(std::ptr::null_mut())), |&stmt| Some(next(stmt)))
        .take_while(|stmt| !stmt.is_null())
        .count()
}

#[test]
fn as_many_statements_are_kept_by_their_text_as_fit_and_the_latest_stay() {
    let connection = connection();
    for number in 0..1000 {
        connection.statement(&format!("SELECT {number}")).unwrap().execute(&()).unwrap();
        connection.statement("SELECT 'often'").unwrap().execute(&()).unwrap();
    }
    assert_eq!(alive(&connection), 128);
    connection.statement("SELECT 'often'").unwrap().execute(&()).unwrap();
    connection.statement("SELECT 999").unwrap().execute(&()).unwrap();
    assert_eq!(alive(&connection), 128);
}

#[test]
fn long_sql_and_statements_for_once_are_not_kept() {
    let connection = connection();
    connection.statement(&format!("SELECT '{}'", "x".repeat(20_000))).unwrap().execute(&()).unwrap();
    connection.statement_once("PRAGMA user_version").unwrap().execute(&()).unwrap();
    connection.statement("nonsense").err().unwrap();
    connection.statement("SELECT 1; SELECT 2").err().unwrap();
    assert_eq!(alive(&connection), 0);
}

#[test]
fn a_statement_in_use_is_not_handed_out_again_and_its_double_is_not_kept() {
    let connection = connection();
    let kept = || connection.kept(3, 1, || Ok("SELECT 1".to_owned())).unwrap();
    let (first, second) = (kept(), kept());
    assert_eq!(alive(&connection), 2);
    drop((first, second));
    assert_eq!(alive(&connection), 1);
    let by_text = || connection.statement("SELECT 2").unwrap();
    let (third, fourth) = (by_text(), by_text());
    drop((third, fourth));
    assert_eq!(alive(&connection), 2);
}

#[test]
fn leaked_cursors_are_reset_and_forgotten_and_finalised_before_the_connection_closes() {
    let mut connection = connection();
    let leak = |connection: &Connection| {
        let statement = connection.statement("SELECT ?1 UNION ALL SELECT ?1").unwrap();
        let mut cursor = statement.into_cursor(vec![Value::from("text")]).unwrap();
        assert!(cursor.next().unwrap().is_some());
        std::mem::forget(cursor);
    };
    leak(&connection);
    assert_eq!((connection.open_cursors(), alive(&connection)), (1, 1));
    connection.reset_statements();
    assert_eq!(connection.open_cursors(), 0);
    leak(&connection);
    connection.end_cursors();
    assert_eq!((connection.open_cursors(), alive(&connection)), (0, 2));
    connection.close().unwrap();
}

#[test]
fn a_cursor_that_outlives_its_epoch_is_counted_off_once() {
    let connection = connection();
    let cursor = |sql| {
        let mut cursor = connection.statement(sql).unwrap().into_cursor(Vec::new()).unwrap();
        assert!(cursor.next().unwrap().is_some());
        cursor
    };
    let old = cursor("SELECT 1");
    connection.end_cursors();
    let new = cursor("SELECT 2");
    drop(old);
    assert_eq!(connection.open_cursors(), 1);
    drop(new);
    assert_eq!(connection.open_cursors(), 0);
}
