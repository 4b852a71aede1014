//! The history of a database, and what it is the base of.

use orm_core::schema::{ColumnBuilder, TableDef};
use orm_core::{Engine, ErrorKind, LogicalType};

use crate::inspect::{dump, open, rows};
use crate::{USERS, users};

fn nicks() -> TableDef {
    users().column("nick", LogicalType::Text, ColumnBuilder::nullable).build()
}

fn adopted() -> (tempfile::TempDir, std::path::PathBuf, Engine) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("app.db");
    let engine = Engine::open(&path).unwrap();
    engine.session().unwrap().execute_batch(USERS).unwrap();
    (directory, path, engine)
}

const HISTORY: &str =
    "SELECT seq, version, name, kind, snapshot IS NOT NULL, sql FROM _orm_migrations ORDER BY seq";

#[test]
fn adopting_a_database_writes_nothing_until_something_is_applied() {
    let (_directory, path, engine) = adopted();
    let before = dump(&open(&path));
    engine.migrate(&[&nicks()]).unwrap();
    engine.verify(&[&nicks()]).unwrap();
    assert_eq!(dump(&open(&path)), before);
}

#[test]
fn each_migration_leaves_a_row_and_only_the_last_one_its_snapshot() {
    let (_directory, path, engine) = adopted();
    engine.migration(&[&nicks()]).baseline().unwrap();
    engine.migration(&[&nicks()]).baseline().unwrap();
    let table = users()
        .column("nick", LogicalType::Text, ColumnBuilder::nullable)
        .column("age", LogicalType::Text, ColumnBuilder::nullable)
        .build();
    engine.migrate(&[&table]).unwrap();
    engine.migrate(&[&table]).unwrap();
    assert_eq!(
        rows(&open(&path), HISTORY).unwrap().to_string(),
        r#"[[1,null,"baseline","baseline",0,""],[2,null,"auto","auto",1,"ALTER TABLE \"main\".\"users\" ADD COLUMN \"age\" TEXT"]]"#
    );
    let same = "SELECT a.schema_after = b.schema_before, b.schema_before = b.schema_after, length(b.model_fingerprint) \
                FROM _orm_migrations a, _orm_migrations b WHERE a.seq = 1 AND b.seq = 2";
    assert_eq!(rows(&open(&path), same).unwrap().to_string(), "[[1,0,64]]");
}

#[test]
fn a_refused_migration_leaves_no_row() {
    let (_directory, path, engine) = adopted();
    let before = dump(&open(&path));
    engine.migrate(&[&users().build()]).unwrap_err();
    assert_eq!(dump(&open(&path)), before);
}

#[test]
fn only_a_database_of_the_structs_shape_is_adopted() {
    let (_directory, path, engine) = adopted();
    let before = dump(&open(&path));
    let error = engine.migration(&[&users().build()]).baseline().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::SchemaMismatch);
    assert_eq!(
        error.to_string(),
        "only a database that has the shape of the structs can be adopted; `users`: drop column `nick`"
    );
    assert_eq!(dump(&open(&path)), before);
}

#[test]
fn models_that_are_migrated_apart_do_not_forget_each_other() {
    let engine = Engine::open_in_memory().unwrap();
    let named =
        |name: &'static str| TableDef::builder(name).column("a", LogicalType::Text, ColumnBuilder::nullable);
    let indexed = |name| named(name).index(["a"], |index| index).build();
    engine.migrate(&[&indexed("one")]).unwrap();
    engine.migrate(&[&indexed("two")]).unwrap();
    let plan = engine.migration(&[&named("one").build()]).plan().unwrap();
    assert_eq!(
        plan.to_string(),
        "one  in place\n  - drop index `ix_one_a`\n      DROP INDEX \"main\".\"ix_one_a\";\n\
         note: table `two` came from a struct that is not among these; it is kept, and `.allow_drop_table(\"two\")` drops \
         it\n"
    );
}

#[test]
fn of_two_indexes_that_mean_the_same_only_that_of_the_struct_goes() {
    let engine = Engine::open_in_memory().unwrap();
    let table = |indexed| {
        let table =
            TableDef::builder("t").column("a", LogicalType::Text, |c| if indexed { c.unique() } else { c });
        let table = table.column("b", LogicalType::Text, |c| c);
        if indexed { table.index(["b"], |index| index).build() } else { table.build() }
    };
    engine
        .session()
        .unwrap()
        .execute_batch("CREATE TABLE t (a TEXT NOT NULL, b TEXT NOT NULL) STRICT")
        .unwrap();
    engine.migrate(&[&table(true)]).unwrap();
    let theirs = "CREATE INDEX theirs ON t (b); CREATE UNIQUE INDEX also_theirs ON t (a)";
    engine.session().unwrap().execute_batch(theirs).unwrap();
    let plan = engine.migration(&[&table(false)]).plan().unwrap();
    assert_eq!(
        plan.to_string(),
        "t  in place\n  - drop index `ux_t_a`\n  - drop index `ix_t_b`\n      DROP INDEX \"main\".\"ux_t_a\";\n      DROP INDEX \"main\".\"ix_t_b\";\nnote: t: kept undeclared index `theirs`\nnote: t: kept undeclared index `also_theirs`\n"
    );
    plan.apply().unwrap();
    assert!(engine.migration(&[&table(false)]).plan().unwrap().is_empty());
}

#[test]
fn what_changed_since_the_last_migration_is_drift() {
    let (_directory, path, engine) = adopted();
    assert_eq!(engine.check_drift(&[&nicks()]).unwrap_err().kind(), ErrorKind::NotFound);
    engine.migration(&[&nicks()]).baseline().unwrap();
    open(&path).execute_batch("CREATE INDEX theirs ON users (id); CREATE TABLE z (a)").unwrap();
    engine.check_drift(&[&nicks()]).unwrap();
    open(&path)
        .execute_batch("ALTER TABLE users DROP COLUMN name; ALTER TABLE users ADD COLUMN age")
        .unwrap();
    let error = engine.check_drift(&[&nicks()]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the database changed since the last migration; to be as it was it would have to: \
         `users`: drop column `age`; `users`: add column `name`"
    );
}

#[test]
fn a_snapshot_that_cannot_be_read_removes_nothing() {
    let (_directory, path, engine) = adopted();
    engine.migration(&[&nicks()]).baseline().unwrap();
    open(&path).execute_batch("UPDATE _orm_migrations SET snapshot = 'CREATE TABEL users'").unwrap();
    let plan = engine.migration(&[&nicks()]).plan().unwrap();
    assert!(plan.is_empty());
    assert!(plan.notes()[0].starts_with("what the last migration left cannot be read"), "{plan}");
}
