//! How the comparison is meant, and what of it may be done.

use orm_core::migrate::Strategy;
use orm_core::schema::{ColumnBuilder, TableDef};
use orm_core::{Engine, ErrorKind, LogicalType};

use crate::{USERS, users};

fn columns(engine: &Engine) -> Vec<(String, String)> {
    let session = engine.session().unwrap();
    session.raw("SELECT name, type FROM pragma_table_info('users')", ()).all().unwrap()
}

#[test]
fn exact_types_make_the_declared_types_those_of_the_struct() {
    let engine = Engine::open_in_memory().unwrap();
    let sql = "CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR ( 20 ), age BIGINT); \
               INSERT INTO users VALUES (1, 'Ann', 34)";
    engine.session().unwrap().execute_batch(sql).unwrap();
    let integer = LogicalType::Integer { bits: 64, signed: true };
    let table = |name: &'static str| {
        let age = users().column("age", integer, |c| c.nullable().declared_type(name));
        age.build()
    };
    assert!(engine.migration(&[&table("INTEGER")]).plan().unwrap().is_empty());
    let plan = engine.migration(&[&table("INTEGER")]).exact_types().plan().unwrap();
    let changes: Vec<&str> = plan.steps()[0].changes.iter().map(|change| change.text.as_str()).collect();
    assert_eq!(
        changes,
        ["column `name`: type VARCHAR ( 20 ) becomes TEXT", "column `age`: type BIGINT becomes INTEGER"]
    );
    plan.apply().unwrap();
    let types = [("id", "INTEGER"), ("name", "TEXT"), ("age", "INTEGER")];
    assert_eq!(columns(&engine), types.map(|(name, of)| (name.to_owned(), of.to_owned())));
    assert!(engine.migration(&[&table("integer")]).exact_types().plan().unwrap().is_empty());
}

#[test]
fn with_steps_only_a_difference_is_an_error_and_nothing_is_done_about_it() {
    let engine = Engine::open_in_memory().unwrap();
    engine.session().unwrap().execute_batch(USERS).unwrap();
    let before = columns(&engine);
    let table = users()
        .column("nick", LogicalType::Text, |c| c.nullable().unique())
        .column("age", LogicalType::Text, ColumnBuilder::nullable)
        .build();
    let plan = engine.migration(&[&table]).steps_only().plan().unwrap();
    assert_eq!((plan.steps(), plan.is_empty()), (&[][..], false));
    let error = plan.apply().unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (
            ErrorKind::SchemaMismatch,
            "table `users`: differs from the struct (add column `age`), and only versioned steps may change it; add one \
             that does"
        )
    );
    assert_eq!(columns(&engine), before);
}

#[test]
fn with_steps_only_the_steps_run_and_what_they_leave_is_an_error() {
    let engine = Engine::open_in_memory().unwrap();
    engine
        .session()
        .unwrap()
        .execute_batch("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)")
        .unwrap();
    let table = users()
        .column("age", LogicalType::Text, ColumnBuilder::nullable)
        .column("city", LogicalType::Text, ColumnBuilder::nullable)
        .build();
    let first = || {
        let reviewed = engine.migration(&[&table]).steps_only();
        reviewed.sql_step(1, "age", "ALTER TABLE users ADD COLUMN age TEXT")
    };
    let error = first().plan().unwrap().apply().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::SchemaMismatch);
    assert!(error.to_string().contains("(add column `city`)"), "{error}");
    let both = || first().sql_step(2, "city", "ALTER TABLE users ADD COLUMN city TEXT");
    both().plan().unwrap().apply().unwrap();
    assert!(both().plan().unwrap().is_empty());
    assert_eq!(columns(&engine).len(), 4);
}

#[test]
fn a_table_whose_struct_is_gone_is_kept_and_the_plan_says_how_to_drop_it() {
    let engine = Engine::open_in_memory().unwrap();
    let old = TableDef::builder("old").column("a", LogicalType::Text, |c| c).build();
    let users = users().build();
    engine.migrate(&[&users, &old]).unwrap();
    let plan = engine.migration(&[&users]).plan().unwrap();
    let note = "table `old` came from a struct that is not among these; it is kept, and `.allow_drop_table(\"old\")` \
                drops it";
    assert!(plan.is_empty());
    assert_eq!(plan.notes(), [note]);
    let renamed = TableDef { name: "new".into(), renamed_from: vec!["old".into()].into(), ..old };
    assert_eq!(engine.migration(&[&users, &renamed]).plan().unwrap().notes(), &[] as &[String]);
    let plan = engine.migration(&[&users]).allow_drop_table("old").plan().unwrap();
    assert_eq!((plan.notes(), plan.steps()[0].strategy), (&[][..], Strategy::Drop));
    plan.apply().unwrap();
    assert_eq!(engine.migration(&[&users]).plan().unwrap().notes(), &[] as &[String]);
}
