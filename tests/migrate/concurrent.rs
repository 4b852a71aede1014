use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;

use orm_core::schema::{ColumnBuilder, TableDef};
use orm_core::{Engine, LogicalType};

use crate::inspect::{open, rows};
use crate::process::{orders, spawn};
use crate::{USERS, users};

fn target() -> TableDef {
    users().column("age", LogicalType::Text, ColumnBuilder::nullable).index(["age"], |index| index).build()
}

fn migrate_together(engines: &[Engine]) {
    let start = Barrier::new(engines.len());
    thread::scope(|scope| {
        for engine in engines {
            scope.spawn(|| {
                start.wait();
                let table = target();
                let migration = engine.migration(&[&table]).allow_drop_column("users", "nick");
                // what is planned on the old schema has nothing to do on the new one
                migration.plan().unwrap().apply().unwrap();
                engine.verify(&[&table]).unwrap();
            });
        }
    });
}

#[test]
fn eight_threads_of_one_engine_migrate_at_once_and_one_does_it() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("app.db");
    open(&path).execute_batch(USERS).unwrap();
    let engine = Engine::open(&path).unwrap();
    migrate_together(&vec![engine; 8]);
    assert_eq!(
        rows(&open(&path), "SELECT * FROM users").unwrap().to_string(),
        r#"[[1,"Ann",null],[2,"Bob",null]]"#
    );
}

#[test]
fn engines_of_several_programs_migrate_at_once_and_one_does_it() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("app.db");
    open(&path).execute_batch(USERS).unwrap();
    let engines: Vec<Engine> = (0..4).map(|_| Engine::open(&path).unwrap()).collect();
    migrate_together(&engines);
    assert_eq!(rows(&open(&path), "SELECT count(*) FROM users").unwrap().to_string(), "[[2]]");
}

#[test]
fn threads_share_a_database_in_memory() {
    let engine = Engine::open_in_memory().unwrap();
    engine.session().unwrap().execute_batch(USERS).unwrap();
    migrate_together(&vec![engine; 4]);
}

#[test]
fn a_private_database_in_memory_is_migrated() {
    let engine = Engine::builder().max_connections(1).open_in_memory().unwrap();
    engine.session().unwrap().execute_batch(USERS).unwrap();
    migrate_together(&[engine]);
}

#[test]
fn a_reader_keeps_its_snapshot_through_a_migration() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("app.db");
    let engine = Engine::open(&path).unwrap();
    engine.session().unwrap().execute_batch(USERS).unwrap();
    let reader = open(&path);
    let columns = || rows(&reader, "SELECT count(*) FROM pragma_table_info('users')").unwrap().to_string();
    reader.execute_batch("BEGIN; SELECT * FROM users").unwrap();
    migrate_together(&[engine]);
    assert_eq!(rows(&reader, "SELECT count(nick) FROM users").unwrap().to_string(), "[[1]]");
    reader.execute_batch("COMMIT").unwrap();
    assert_eq!(columns(), "[[3]]");
    assert!(rows(&reader, "SELECT nick FROM users").is_err());
}

#[test]
fn a_session_that_was_open_before_goes_on_after() {
    let directory = tempfile::tempdir().unwrap();
    let engine = Engine::open(directory.path().join("app.db")).unwrap();
    let session = engine.session().unwrap();
    session.execute_batch(USERS).unwrap();
    let names = || session.raw("SELECT name FROM users ORDER BY id", ()).all::<Option<String>>().unwrap();
    let before = names();
    migrate_together(std::slice::from_ref(&engine));
    assert_eq!(names(), before);
    session.execute_batch("INSERT INTO users (name, age) VALUES ('Cy', '3')").unwrap();
    assert_eq!(names().len(), 3);
}

#[test]
fn processes_migrate_at_once_and_one_does_it() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("app.db");
    open(&path).execute_batch(USERS).unwrap();
    let orders = (0..4).map(|number| path.with_extension(format!("ready{number}")));
    let children: Vec<_> = orders
        .map(|ready| (spawn("concurrent::child", ready.to_str().unwrap()), ready))
        .map(|(mut child, ready)| {
            while !ready.exists() {
                assert!(child.try_wait().unwrap().is_none(), "a child ended before it was ready");
                thread::yield_now();
            }
            child
        })
        .collect();
    std::fs::write(path.with_extension("go"), b"").unwrap();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let connection = open(&path);
    let found = "SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM pragma_table_info('users')), \
                 (SELECT count(*) FROM _orm_migrations)";
    assert_eq!(rows(&connection, found).unwrap().to_string(), "[[2,3,1]]");
}

/// Only does something in the child.
#[test]
fn child() {
    let Some(ready) = orders().map(PathBuf::from) else { return };
    let path = ready.with_extension("db");
    let engine = Engine::open(&path).unwrap();
    std::fs::write(&ready, b"").unwrap();
    while !path.with_extension("go").exists() {
        thread::yield_now();
    }
    migrate_together(&[engine]);
}

#[test]
fn other_connections_that_were_open_are_made_anew() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("app.db");
    open(&path).execute_batch(USERS).unwrap();
    let opened = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&opened);
    let engine = Engine::builder()
        .on_connect(move |connection| {
            // a plan is rehearsed on connections of its own, in memory
            let is_file = connection.path().is_some_and(|path| path.ends_with("app.db"));
            count.fetch_add(usize::from(is_file), Ordering::Relaxed);
            Ok(())
        })
        .open(&path)
        .unwrap();
    let together = || [engine.session().unwrap(), engine.session().unwrap()];
    drop(together());
    assert_eq!(opened.load(Ordering::Relaxed), 2);
    engine.migration(&[&target()]).allow_drop_column("users", "nick").plan().unwrap().apply().unwrap();
    // that which migrated is kept
    drop(together());
    assert_eq!(opened.load(Ordering::Relaxed), 3);
    engine.migrate(&[&target()]).unwrap();
    drop(together());
    assert_eq!(opened.load(Ordering::Relaxed), 3, "nothing was changed");
}
