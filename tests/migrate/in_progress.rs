//! A migration while something else of the same thread is not finished.

use std::time::Duration;

use orm_core::schema::{ColumnBuilder, TableDef};
use orm_core::{Engine, Error, ErrorKind, LogicalType};

use crate::inspect::{dump, open, rows};
use crate::{USERS, users};

/// Another column for `users`, and one less.
fn target() -> TableDef {
    users().column("age", LogicalType::Text, ColumnBuilder::nullable).build()
}

fn migrate(engine: &Engine) -> Result<(), Error> {
    engine.migration(&[&target()]).allow_drop_column("users", "nick").plan()?.apply()
}

fn in_memory() -> Engine {
    let engine = Engine::open_in_memory().unwrap();
    engine.session().unwrap().execute_batch(USERS).unwrap();
    engine
}

fn columns(engine: &Engine) -> Vec<String> {
    engine.session().unwrap().raw("SELECT name FROM pragma_table_info('users')", ()).all().unwrap()
}

#[test]
fn while_an_iterator_of_this_thread_reads_memory_nothing_starts() {
    let engine = in_memory();
    let session = engine.session().unwrap();
    let query = session.raw("SELECT name FROM users", ());
    let mut names = query.iter::<String>().unwrap();
    assert_eq!(names.next().unwrap().unwrap(), "Ann");
    let error = migrate(&engine).unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (
            ErrorKind::StatementInProgress,
            "a migration cannot run while this thread reads the same database in memory through an iterator or a \
             snapshot; end that first"
        )
    );
    assert_eq!(names.next().unwrap().unwrap(), "Bob");
    drop(names);
    assert_eq!(columns(&engine), ["id", "name", "nick"]);
    migrate(&engine).unwrap();
}

#[test]
fn inside_a_snapshot_of_memory_nothing_starts() {
    let engine = in_memory();
    let kind = engine.read(|_| Ok(migrate(&engine).unwrap_err().kind())).unwrap();
    assert_eq!(kind, ErrorKind::StatementInProgress);
    migrate(&engine).unwrap();
}

#[test]
fn a_file_is_migrated_while_an_iterator_stands_on_a_row_which_reads_on() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("app.db");
    open(&path).execute_batch(USERS).unwrap();
    let engine = Engine::open(&path).unwrap();
    let session = engine.session().unwrap();
    let query = session.raw("SELECT nick FROM users ORDER BY id", ());
    let mut nicks = query.iter::<Option<String>>().unwrap();
    assert_eq!(nicks.next().unwrap().unwrap().as_deref(), Some("a"));
    migrate(&engine).unwrap();
    assert_eq!(nicks.next().unwrap().unwrap(), None);
    assert!(nicks.next().is_none());
    drop(nicks);
    assert_eq!(columns(&engine), ["id", "name", "age"]);
}

#[test]
fn with_a_rollback_journal_a_reader_makes_it_busy_and_the_database_is_as_before() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("app.db");
    open(&path).execute_batch(USERS).unwrap();
    let before = dump(&open(&path));
    let builder = Engine::builder().rollback_journal().busy_timeout(Duration::from_millis(50));
    let engine = builder.open(&path).unwrap();
    let session = engine.session().unwrap();
    let query = session.raw("SELECT nick FROM users ORDER BY id", ());
    let mut nicks = query.iter::<Option<String>>().unwrap();
    assert_eq!(nicks.next().unwrap().unwrap().as_deref(), Some("a"));
    assert_eq!(migrate(&engine).unwrap_err().kind(), ErrorKind::Busy);
    assert_eq!(nicks.next().unwrap().unwrap(), None);
    drop(nicks);
    assert_eq!(dump(&open(&path)), before);
    migrate(&engine).unwrap();
    assert_eq!(
        rows(&open(&path), "SELECT * FROM users").unwrap().to_string(),
        r#"[[1,"Ann",null],[2,"Bob",null]]"#
    );
}

#[test]
fn a_migration_inside_a_step_of_another_is_refused_and_the_step_rolled_back() {
    let engine = in_memory();
    let inner = engine.clone();
    let step = move |tx: &orm_core::Transaction<'_>| {
        tx.execute_batch("DELETE FROM users")?;
        migrate(&inner)
    };
    let error = engine.migration(&[]).rust_step(1, "nested", "a", step).plan().unwrap().apply().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InTransaction);
    assert_eq!(engine.session().unwrap().raw("SELECT count(*) FROM users", ()).one::<i64>().unwrap(), 2);
}

#[test]
fn an_iterator_that_a_step_leaves_behind_ends_with_the_step() {
    let engine = in_memory();
    let step = |tx: &orm_core::Transaction<'_>| {
        let query = tx.raw("SELECT name FROM users", ());
        let mut names = query.iter::<String>()?;
        names.next().unwrap()?;
        std::mem::forget(names);
        Ok(())
    };
    let migration = engine.migration(&[&target()]).allow_drop_column("users", "nick");
    migration.rust_step(1, "forgetful", "a", step).plan().unwrap().apply().unwrap();
    assert_eq!(columns(&engine), ["id", "name", "age"]);
}
