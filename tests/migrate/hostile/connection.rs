//! What only one connection has: temporary objects, attached databases, settings.

use orm_core::LogicalType::Text;
use orm_core::schema::TableDef;
use orm_core::{Engine, EngineBuilder, ErrorKind};

use super::{dump, hostile_knowing, hostile_with, key, nullable, open, t};
use crate::INTEGER;
use crate::case::application_functions;

const T: &str = "CREATE TABLE log (x); CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT UNIQUE); \
                 INSERT INTO t VALUES (1, 'x', 'y');";

/// An engine of one connection that runs this first. The private databases of a plan have no tables yet.
fn connected(sql: &str) -> EngineBuilder {
    let sql = sql.to_owned();
    Engine::builder().max_connections(1).on_connect(move |connection| {
        let has_tables = "SELECT count(*) FROM sqlite_schema";
        match connection.query_row(has_tables, (), |row| row.get::<_, i64>(0))? {
            0 => Ok(()),
            _ => connection.execute_batch(&sql),
        }
    })
}

fn without_b() -> TableDef {
    t().column("id", INTEGER, key).column("a", Text, |c| c).strict(false).build()
}

#[test]
fn a_temporary_table_in_front_keeps_its_own_trigger() {
    let front = "CREATE TEMP TABLE t (z); CREATE TEMP TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO log SELECT x FROM main.log \
                 UNION SELECT new.z; END";
    let db = hostile_with(T, connected(front));
    db.keeps_all_but(&["t.b"], &[&without_b()], |it| it.allow_drop_column("t", "b"));
    db.engine.session().unwrap().execute_batch("INSERT INTO temp.t VALUES (5)").unwrap();
    assert_eq!(db.ask("SELECT * FROM log"), "[[5]]");
}

#[test]
fn a_temporary_trigger_on_a_table_in_front_of_it_keeps_firing() {
    let front = "CREATE TEMP TRIGGER g AFTER INSERT ON main.t BEGIN INSERT INTO log VALUES (new.a); END; \
                 CREATE TEMP TABLE t (z)";
    let db = hostile_with(T, connected(front));
    db.keeps_all_but(&["t.b"], &[&without_b()], |it| it.allow_drop_column("t", "b"));
    db.engine.session().unwrap().execute_batch("INSERT INTO main.t VALUES (2, 'fired')").unwrap();
    assert_eq!(db.ask("SELECT * FROM log"), r#"[["fired"]]"#);
}

#[test]
fn a_temporary_trigger_on_a_view_that_is_set_aside_stays_temporary() {
    let trigger = "CREATE TEMP TRIGGER g INSTEAD OF INSERT ON v BEGIN INSERT INTO log VALUES (new.x); END";
    let db = hostile_with(&format!("{T} CREATE VIEW v AS SELECT x FROM nowhere;"), connected(trigger));
    let table = t()
        .column("id", INTEGER, key)
        .column("n", Text, |c| c.nullable().renamed_from("a"))
        .column("b", Text, nullable)
        .strict(false)
        .build();
    db.keeps_all_but(&["t.a"], &[&table], |it| it);
    let session = db.engine.session().unwrap();
    let names = session.raw("SELECT name FROM sqlite_temp_schema", ()).all::<String>().unwrap();
    assert_eq!(names, ["g"]);
}

#[test]
fn an_attached_database_with_the_same_names_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let other = directory.path().join("other.db");
    let objects =
        "CREATE INDEX i ON t (a); CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END; CREATE VIEW v AS";
    open(&other).execute_batch(&format!("{T} {objects} SELECT b FROM t;")).unwrap();
    let before = dump(&open(&other));
    let attach = format!(
        "ATTACH '{}' AS other; CREATE TEMP TRIGGER h AFTER INSERT ON other.t BEGIN SELECT new.b; END",
        other.display()
    );
    let db = hostile_with(&format!("{T} {objects} SELECT a FROM t;"), connected(&attach));
    let plan = db.keeps_all_but(&["t.b"], &[&without_b()], |it| it.allow_drop_column("t", "b"));
    assert_eq!(plan.notes(), ["t: kept undeclared index `i`"]);
    assert_eq!(dump(&open(&other)), before);
    let session = db.engine.session().unwrap();
    assert_eq!(session.raw("SELECT name FROM sqlite_temp_schema", ()).all::<String>().unwrap(), ["h"]);
}

#[test]
fn a_temporary_view_that_reads_the_dropped_column_holds_it_back() {
    let db = hostile_with(
        &T.replace(" UNIQUE", ""),
        connected("CREATE TEMP VIEW v AS SELECT b FROM t; CREATE TEMP TABLE _orm_new_t (x)"),
    );
    let table = t().column("id", INTEGER, key).column("a", Text, nullable).strict(false).build();
    let error = db.refuses(&[&table], |it| it.allow_drop_column("t", "b"));
    assert!(error.to_string().starts_with("error in view v after drop column: no such column: b"), "{error}");
}

#[test]
fn a_view_that_would_break_is_found_though_nothing_can_be_rehearsed() {
    // the private databases of a plan lack the function, so that the schema cannot be copied
    let builder = Engine::builder().on_connect(|connection| {
        let has_tables = "SELECT count(*) FROM sqlite_schema";
        match connection.query_row(has_tables, (), |row| row.get::<_, i64>(0))? {
            0 => Ok(()),
            _ => application_functions(connection),
        }
    });
    let setup = "CREATE TABLE t (id INTEGER PRIMARY KEY CHECK (app_even(id)), a TEXT, b TEXT); INSERT INTO t VALUES (2, 'x', \
                 'y'); CREATE VIEW v AS SELECT b FROM t;";
    let db = hostile_knowing(application_functions, setup, builder);
    let table = t().column("id", INTEGER, key).column("a", Text, nullable).strict(false).build();
    let plan = db.engine.migration(&[&table]).allow_drop_column("t", "b").plan().unwrap();
    assert!(
        plan.notes().iter().any(|it| it.starts_with("the plan could not be rehearsed in memory")),
        "{plan}"
    );
    let error = db.refuses(&[&table], |it| it.allow_drop_column("t", "b"));
    assert_eq!(error.kind(), ErrorKind::DependentObject);
    assert_eq!(error.to_string(), "the migration would break view `v`; change or drop that first");
}

#[test]
fn names_are_followed_though_the_connection_likes_the_old_way() {
    let old_way =
        Engine::builder().on_connect(|connection| connection.execute_batch("PRAGMA legacy_alter_table = ON"));
    let db = hostile_with(
        "CREATE TABLE p (id INTEGER PRIMARY KEY, b TEXT); CREATE TABLE c (x REFERENCES p (id)); INSERT INTO p VALUES (1, \
         'x'); INSERT INTO c VALUES (1); CREATE VIEW v AS SELECT b FROM p;",
        old_way,
    );
    let table = TableDef::builder("q")
        .column("id", INTEGER, key)
        .column("b", Text, nullable)
        .strict(false)
        .renamed_from("p")
        .build();
    db.engine.migrate(&[&table]).unwrap();
    assert_eq!(db.ask("SELECT \"table\" FROM pragma_foreign_key_list('c')"), r#"[["q"]]"#);
    assert_eq!(db.ask("SELECT * FROM v"), r#"[["x"]]"#);
    let session = db.engine.session().unwrap();
    assert_eq!(session.raw("PRAGMA legacy_alter_table", ()).one::<i64>().unwrap(), 1);
}

#[test]
fn all_of_it_at_once() {
    let triggers = "CREATE TEMP TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO log VALUES ('temp ' || new.a); END; \
                    CREATE TEMP TRIGGER w AFTER INSERT ON main.log WHEN new.x = 'never' BEGIN DELETE FROM t; END;";
    let setup = "CREATE TABLE log (x); CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT, b TEXT UNIQUE); \
                 INSERT INTO t VALUES (1, 'x', 'y'), (9, 'p', 'q'); DELETE FROM t WHERE id = 9; \
                 CREATE TRIGGER h AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.a); END; \
                 CREATE INDEX i ON t (a DESC) WHERE a > ''; CREATE TABLE c (x REFERENCES t (id) ON DELETE CASCADE); \
                 INSERT INTO c VALUES (1); ANALYZE;";
    let db = hostile_with(setup, connected(triggers));
    let table = TableDef::builder("u")
        .renamed_from("t")
        .column("id", INTEGER, key)
        .column("z", Text, |c| c.renamed_from("a"))
        .strict(false)
        .build();
    let migration = db.engine.migration(&[&table]).allow_drop_column("u", "b");
    migration.plan().unwrap().apply().unwrap();
    db.engine.session().unwrap().execute_batch("INSERT INTO u (z) VALUES ('new')").unwrap();
    assert_eq!(db.ask("SELECT * FROM log ORDER BY x"), r#"[["new"],["temp new"]]"#);
    assert_eq!(db.ask("SELECT * FROM u"), r#"[[1,"x"],[10,"new"]]"#);
    assert_eq!(db.ask("SELECT x FROM c"), "[[1]]");
    assert_eq!(db.ask("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'u' AND idx = 'i'"), "[[1]]");
}
