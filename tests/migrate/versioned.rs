//! Named steps beside the comparison.

use orm_core::migrate::Migration;
use orm_core::schema::ColumnBuilder;
use orm_core::{Engine, ErrorKind, LogicalType};

use crate::inspect::{dump, open, rows};
use crate::{USERS, users};

fn database() -> (tempfile::TempDir, std::path::PathBuf, Engine) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("app.db");
    let engine = Engine::open(&path).unwrap();
    engine.session().unwrap().execute_batch(USERS).unwrap();
    (directory, path, engine)
}

fn apply(migration: Migration) -> ErrorKind {
    migration.plan().and_then(|plan| plan.apply()).unwrap_err().kind()
}

const FILL: &str = "UPDATE users SET nick = 'none' WHERE nick IS NULL";

fn named(name: &str) -> orm_core::schema::TableDef {
    users().column(name.to_owned(), LogicalType::Text, |c| c).build()
}

#[test]
fn steps_run_in_order_and_once_and_the_comparison_comes_after_them() {
    let (_directory, path, engine) = database();
    let table = named("nick");
    let migration = || {
        engine
            .migration(&[&table])
            .rust_step(2, "shout", "1", |tx| {
                tx.raw("UPDATE users SET nick = upper(nick)", ()).execute().map(|_| ())
            })
            .sql_step(1, "fill", FILL)
    };
    let plan = migration().plan().unwrap();
    let text = plan.to_string();
    assert!(text.starts_with(&format!("step 1 fill  sql\n      {FILL}\nstep 2 shout  rust\n")), "{text}");
    plan.apply().unwrap();
    assert_eq!(
        rows(&open(&path), "SELECT nick FROM users ORDER BY id").unwrap().to_string(),
        r#"[["A"],["NONE"]]"#
    );
    let history =
        "SELECT version, name, kind, length(checksum), schema_before = schema_after FROM _orm_migrations";
    assert_eq!(
        rows(&open(&path), history).unwrap().to_string(),
        r#"[[1,"fill","sql",64,1],[2,"shout","rust",64,1],[null,"auto","auto",null,0]]"#
    );
    let before = dump(&open(&path));
    assert!(migration().plan().unwrap().is_empty());
    plan.apply().unwrap();
    assert_eq!(dump(&open(&path)), before);
}

#[test]
fn a_step_that_was_edited_lost_or_put_in_between_is_an_error() {
    let (_directory, path, engine) = database();
    engine.migration(&[]).sql_step(2, "fill", FILL).plan().unwrap().apply().unwrap();
    let before = dump(&open(&path));
    let migration = || engine.migration(&[]);
    assert_eq!(
        apply(migration().sql_step(2, "fill", "UPDATE users SET nick = 1")),
        ErrorKind::ChecksumMismatch
    );
    assert_eq!(apply(migration().sql_step(1, "old", FILL)), ErrorKind::NewerDatabase);
    assert_eq!(apply(migration().sql_step(1, "late", FILL).sql_step(2, "fill", FILL)), ErrorKind::OutOfOrder);
    assert_eq!(apply(migration().sql_step(2, "fill", FILL).sql_step(2, "b", FILL)), ErrorKind::InvalidModel);
    assert_eq!(dump(&open(&path)), before);
}

#[test]
fn line_ends_and_blanks_at_the_ends_of_lines_are_no_edit() {
    let (_directory, _path, engine) = database();
    engine.migration(&[]).sql_step(1, "a", "SELECT 1;\nSELECT 2;\n").plan().unwrap().apply().unwrap();
    assert!(engine.migration(&[]).sql_step(1, "a", "SELECT 1; \r\nSELECT 2;").plan().unwrap().is_empty());
}

#[test]
fn a_step_that_fails_leaves_nothing_and_those_before_it_stay() {
    let (_directory, path, engine) = database();
    let migration = engine.migration(&[]).sql_step(1, "fill", FILL).sql_step(
        2,
        "broken",
        "DELETE FROM users; INSERT INTO nowhere VALUES (1)",
    );
    let error = migration.plan().unwrap().apply().unwrap_err();
    assert!(error.to_string().starts_with("step 2 `broken` failed, and was rolled back: "), "{error}");
    assert_eq!(
        rows(&open(&path), "SELECT nick FROM users ORDER BY id").unwrap().to_string(),
        r#"[["a"],["none"]]"#
    );
    assert_eq!(rows(&open(&path), "SELECT version FROM _orm_migrations").unwrap().to_string(), "[[1]]");
}

#[test]
fn a_step_may_not_end_its_transaction() {
    let (_directory, path, engine) = database();
    let before = dump(&open(&path));
    let kind = apply(engine.migration(&[]).sql_step(1, "a", "DELETE FROM users; COMMIT; BEGIN"));
    assert_eq!(kind, ErrorKind::TransactionControl);
    assert_eq!(dump(&open(&path)), before);
}

#[test]
fn a_step_may_rebuild_a_parent_by_hand_and_must_not_leave_orphans() {
    let (_directory, path, engine) = database();
    let session = engine.session().unwrap();
    session
        .execute_batch(
            "CREATE TABLE c (u REFERENCES users (id) ON DELETE CASCADE); INSERT INTO c VALUES (1), (2)",
        )
        .unwrap();
    let by_hand = "CREATE TABLE n (id INTEGER PRIMARY KEY, name TEXT, nick TEXT); INSERT INTO n SELECT * FROM users; \
                   DROP TABLE users; ALTER TABLE n RENAME TO users";
    engine.migration(&[]).sql_step(1, "by hand", by_hand).plan().unwrap().apply().unwrap();
    assert_eq!(rows(&open(&path), "SELECT u FROM c").unwrap().to_string(), "[[1],[2]]");
    let migration = engine.migration(&[]).sql_step(1, "by hand", by_hand);
    assert_eq!(apply(migration.sql_step(2, "orphans", "DELETE FROM users")), ErrorKind::ForeignKeyViolation);
    assert_eq!(rows(&open(&path), "SELECT count(*) FROM users").unwrap().to_string(), "[[2]]");
    assert_eq!(session.raw("PRAGMA foreign_keys", ()).one::<i64>().unwrap(), 1);
}

#[test]
fn a_baseline_counts_the_steps_as_applied() {
    let (_directory, path, engine) = database();
    let table = users().column("nick", LogicalType::Text, ColumnBuilder::nullable).build();
    let migration = || engine.migration(&[&table]).sql_step(1, "fill", FILL);
    migration().baseline().unwrap();
    assert!(migration().plan().unwrap().is_empty());
    assert_eq!(
        rows(&open(&path), "SELECT nick FROM users ORDER BY id").unwrap().to_string(),
        r#"[["a"],[null]]"#
    );
}

#[test]
fn a_frozen_plan_is_a_step_after_which_nothing_is_left_to_do() {
    let (directory, path, engine) = database();
    let table = users().build();
    let file = directory.path().join("0001_drop_nick.sql");
    let plan = engine.migration(&[&table]).allow_drop_column("users", "nick").plan().unwrap();
    plan.freeze(&file).unwrap();
    assert_eq!(plan.freeze(&file).unwrap_err().kind(), ErrorKind::Io);
    let sql = std::fs::read_to_string(&file).unwrap();
    engine.migration(&[&table]).sql_step(1, "drop nick", &sql).plan().unwrap().apply().unwrap();
    assert!(engine.migration(&[&table]).plan().unwrap().is_empty());
    assert_eq!(rows(&open(&path), "SELECT * FROM users").unwrap().to_string(), r#"[[1,"Ann"],[2,"Bob"]]"#);
}

#[test]
fn a_backup_is_made_before_something_is_lost_and_not_otherwise() {
    let (directory, _path, engine) = database();
    let copy = directory.path().join("before.db");
    let grown = users()
        .column("nick", LogicalType::Text, ColumnBuilder::nullable)
        .column("age", LogicalType::Text, ColumnBuilder::nullable)
        .build();
    engine.migration(&[&grown]).backup_to(&copy).plan().unwrap().apply().unwrap();
    assert!(!copy.exists());
    let less = users().column("age", LogicalType::Text, ColumnBuilder::nullable).build();
    let migration = || engine.migration(&[&less]).allow_drop_column("users", "nick").backup_to(&copy);
    migration().plan().unwrap().apply().unwrap();
    assert_eq!(
        rows(&open(&copy), "SELECT nick FROM users ORDER BY id").unwrap().to_string(),
        r#"[["a"],[null]]"#
    );
    let none = engine.migration(&[&users().build()]).allow_drop_column("users", "age").backup_to(&copy);
    assert_eq!(apply(none), ErrorKind::Io);
    engine.verify(&[&less]).unwrap();
}

#[test]
fn a_backup_is_made_before_the_first_step_and_is_one_only() {
    let (directory, path, engine) = database();
    let copy = directory.path().join("before.db");
    let table = users().build();
    let migration = engine
        .migration(&[&table])
        .allow_drop_column("users", "nick")
        .sql_step(1, "forget", "DELETE FROM users")
        .backup_to(&copy);
    migration.plan().unwrap().apply().unwrap();
    assert_eq!(rows(&open(&path), "SELECT count(*) FROM users").unwrap().to_string(), "[[0]]");
    assert_eq!(
        rows(&open(&copy), "SELECT * FROM users ORDER BY id").unwrap().to_string(),
        r#"[[1,"Ann","a"],[2,"Bob",null]]"#
    );
    let again = engine.migration(&[&table]).sql_step(1, "forget", "DELETE FROM users");
    let kind = apply(again.sql_step(2, "forget more", "DELETE FROM users").backup_to(&copy));
    assert_eq!(kind, ErrorKind::Io);
    assert_eq!(rows(&open(&path), "SELECT max(version) FROM _orm_migrations").unwrap().to_string(), "[[1]]");
}

#[test]
fn a_step_runs_in_a_new_database_before_its_tables_are_made() {
    let directory = tempfile::tempdir().unwrap();
    let (path, copy) = (directory.path().join("new.db"), directory.path().join("copy.db"));
    let engine = Engine::open(&path).unwrap();
    let table = users().build();
    let seed = "CREATE TABLE countries (code TEXT); INSERT INTO countries VALUES ('NO')";
    let migration = || engine.migration(&[&table]).sql_step(1, "countries", seed);
    let too_early = migration().sql_step(2, "fill", FILL).plan().unwrap().apply().unwrap_err();
    assert_eq!(
        too_early.to_string(),
        format!("step 2 `fill` failed, and was rolled back: no such table: users (in `{FILL}`)")
    );
    migration().backup_to(&copy).plan().unwrap().apply().unwrap();
    assert!(!copy.exists(), "there was nothing to lose");
    assert_eq!(
        rows(&open(&path), "SELECT code, (SELECT count(*) FROM users) FROM countries").unwrap().to_string(),
        r#"[["NO",0]]"#
    );
    assert!(migration().plan().unwrap().is_empty());
}

#[test]
fn what_a_step_leaves_is_planned_anew_and_needs_its_own_consent() {
    let (_directory, path, engine) = database();
    let table = named("nick");
    let step = "ALTER TABLE users ADD COLUMN old TEXT DEFAULT 'kept'";
    let migration = || engine.migration(&[&table]).sql_step(1, "fill", FILL).sql_step(2, "old", step);
    let plan = migration().plan().unwrap();
    assert_eq!(plan.obstacles().len(), 1, "the NULL that the first step fills");
    let error = plan.apply().unwrap_err();
    assert_eq!((error.kind(), error.column()), (ErrorKind::DestructiveChange, Some("old")));
    assert_eq!(
        rows(&open(&path), "SELECT nick, old FROM users ORDER BY id").unwrap().to_string(),
        r#"[["a","kept"],["none","kept"]]"#
    );
    migration().allow_drop_column("users", "old").plan().unwrap().apply().unwrap();
    engine.verify(&[&table]).unwrap();
}
