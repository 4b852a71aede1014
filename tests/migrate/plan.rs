use orm_core::migrate::{Step, StepClass, Strategy};
use orm_core::schema::{ColumnBuilder, KeyGeneration, TableDef};
use orm_core::{Engine, ErrorKind, LogicalType};

use crate::inspect::{dump, open, rows};
use crate::{INTEGER, USERS, users};

#[test]
fn a_plan_is_printed_for_a_person() {
    let engine = Engine::open_in_memory().unwrap();
    engine
        .session()
        .unwrap()
        .execute_batch(&format!("{USERS} CREATE INDEX theirs ON users (name);"))
        .unwrap();
    let table =
        users().column("age", LogicalType::Text, ColumnBuilder::nullable).index(["age"], |i| i).build();
    let plan = engine.migration(&[&table]).allow_drop_column("users", "nick").plan().unwrap();
    assert_eq!(
        plan.to_string(),
        r#"users  rebuild (2 rows, write lock)
  ! drop column `nick`
  + add column `age`
  + add index `ix_users_age`
      PRAGMA legacy_alter_table = ON;
      CREATE TABLE "main"."_orm_new_users" (
        "id" INTEGER PRIMARY KEY,
        "name" TEXT,
        "age" TEXT
      );
      INSERT OR ABORT INTO "main"."_orm_new_users" ("id", "name") SELECT "id", "name" FROM "main"."users";
      DROP TABLE "main"."users";
      ALTER TABLE "main"."_orm_new_users" RENAME TO "users";
      PRAGMA legacy_alter_table = OFF;
      CREATE INDEX "main".theirs ON users (name);
      CREATE INDEX "main"."ix_users_age" ON "users" ("age");
note: users: kept undeclared index `theirs`
"#
    );
    plan.apply().unwrap();
    let again = engine.migration(&[&table]).plan().unwrap();
    assert_eq!(again.to_string(), "nothing to do\nnote: users: kept undeclared index `theirs`\n");
}

#[test]
fn a_plan_says_what_stands_in_its_way() {
    let engine = Engine::open_in_memory().unwrap();
    engine.session().unwrap().execute_batch(USERS).unwrap();
    let plan = engine.migration(&[&users().build()]).plan().unwrap();
    let obstacle = "column `nick` of `users`: not in the struct, and holds 1 non-null value; \
                    `.allow_drop_column(\"users\", \"nick\")` drops `users.nick`";
    assert_eq!(plan.obstacles(), [obstacle]);
    assert_eq!(plan.to_string(), format!("blocked: {obstacle}\n"));
    let error = plan.apply().unwrap_err();
    assert_eq!((error.kind(), error.to_string()), (ErrorKind::DestructiveChange, obstacle.to_owned()));
    assert_eq!((error.table(), error.column()), (Some("users"), Some("nick")));
}

#[test]
fn steps_are_data() {
    let engine = Engine::open_in_memory().unwrap();
    engine.session().unwrap().execute_batch(USERS).unwrap();
    let plan = engine.migration(&[&users().build()]).allow_drop_column("users", "nick").plan().unwrap();
    let [step] = plan.steps() else { panic!("{plan}") };
    assert_eq!(
        (step.table.as_str(), step.strategy, step.class),
        ("users", Strategy::Rebuild, StepClass::Destructive)
    );
    assert_eq!(step.rows, 2);
    let json = serde_json::to_string(step).unwrap();
    assert_eq!(serde_json::from_str::<Step>(&json).unwrap(), *step);
}

#[test]
fn a_plan_is_written_as_data_with_what_waits_and_what_stands_in_its_way() {
    let engine = Engine::open_in_memory().unwrap();
    engine.session().unwrap().execute_batch(USERS).unwrap();
    let plan = engine
        .migration(&[&users().build()])
        .sql_step(7, "tidy", "UPDATE users SET nick = ''")
        .plan()
        .unwrap();
    let [obstacle] = &plan.obstacles()[..] else { panic!("{plan}") };
    assert!(obstacle.contains("allow_drop_column"), "{obstacle}");
    assert_eq!(
        serde_json::to_value(&plan).unwrap(),
        serde_json::json!({
            "pending": [{ "version": 7, "name": "tidy" }],
            "steps": plan.steps(),
            "notes": plan.notes(),
            "obstacles": [obstacle],
        })
    );
}

#[test]
fn planning_writes_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("app.db");
    let engine = Engine::open(&path).unwrap();
    engine.session().unwrap().execute_batch(USERS).unwrap();
    let observer = open(&path);
    let state = || (dump(&observer), rows(&observer, "PRAGMA data_version").unwrap());
    let before = state();
    let plan = engine.migration(&[&users().build()]).allow_drop_column("users", "nick").plan().unwrap();
    assert_eq!(plan.steps().len(), 1);
    assert_eq!(state(), before);
}

#[test]
fn a_plan_is_refused_when_the_schema_changed_meanwhile() {
    let engine = Engine::open_in_memory().unwrap();
    let session = engine.session().unwrap();
    session.execute_batch(USERS).unwrap();
    let plan = engine.migration(&[&users().build()]).allow_drop_column("users", "nick").plan().unwrap();
    session.execute_batch("CREATE INDEX theirs ON users (name)").unwrap();
    assert_eq!(plan.apply().unwrap_err().kind(), ErrorKind::StalePlan);
    assert_eq!(session.raw("SELECT count(nick) FROM users", ()).one::<i64>().unwrap(), 1);
}

#[test]
fn a_plan_that_somebody_else_carried_out_has_nothing_to_do() {
    let engine = Engine::open_in_memory().unwrap();
    engine.session().unwrap().execute_batch(USERS).unwrap();
    let migration = engine.migration(&[&users().build()]).allow_drop_column("users", "nick");
    let (first, second) = (migration.clone().plan().unwrap(), migration.plan().unwrap());
    first.apply().unwrap();
    second.apply().unwrap();
}

#[test]
fn an_index_that_goes_with_its_column_is_named_in_the_plan() {
    let engine = Engine::open_in_memory().unwrap();
    engine
        .session()
        .unwrap()
        .execute_batch(&format!("{USERS} CREATE INDEX ix_users_nick ON users (nick)"))
        .unwrap();
    let plan = engine.migration(&[&users().build()]).allow_drop_column("users", "nick").plan().unwrap();
    let changes: Vec<&str> = plan.steps()[0].changes.iter().map(|change| change.text.as_str()).collect();
    assert_eq!(
        changes,
        ["drop column `nick`", "drop index `ix_users_nick`, which is about dropped columns only"]
    );
    plan.apply().unwrap();
}

#[test]
fn a_rename_is_a_step_of_its_own() {
    let engine = Engine::open_in_memory().unwrap();
    engine.session().unwrap().execute_batch(USERS).unwrap();
    let table = TableDef::builder("people")
        .column("id", INTEGER, |c| c.primary_key().key_generation(KeyGeneration::Auto))
        .column("name", LogicalType::Text, ColumnBuilder::nullable)
        .column("alias", LogicalType::Text, |c| c.nullable().renamed_from("nick"))
        .index(["alias"], |index| index)
        .renamed_from("users")
        .build();
    let plan = engine.migration(&[&table]).plan().unwrap();
    assert_eq!(
        plan.to_string(),
        r#"people  in place
  + rename table `users` to `people`
  + rename column `nick` to `alias`
      ALTER TABLE "main"."users" RENAME TO "people";
      ALTER TABLE "main"."people" RENAME COLUMN "nick" TO alias;
people  in place
  + add index `ix_people_alias`
      CREATE INDEX "main"."ix_people_alias" ON "people" ("alias");
note: people: kept undeclared UNIQUE (alias)
"#
    );
    let error = engine.verify(&[&table]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the database does not have the shape of the structs; a migration would have to: \
         `people`: rename table `users` to `people`; `people`: rename column `nick` to `alias`; \
         `people`: add index `ix_people_alias`"
    );
    plan.apply().unwrap();
    engine.verify(&[&table]).unwrap();
}
