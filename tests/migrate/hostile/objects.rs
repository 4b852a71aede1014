//! Views, triggers and virtual tables around a table that changes.

use orm_core::ErrorKind;
use orm_core::LogicalType::Text;

use super::{hostile, key, nullable, open, t};
use crate::INTEGER;

#[test]
fn a_trigger_of_a_view_that_writes_the_dropped_column_is_found() {
    for event in ["INSERT", "UPDATE", "UPDATE OF a", "DELETE"] {
        let db = hostile(&format!(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT); INSERT INTO t VALUES (1, 'x', 'y'); CREATE VIEW v AS \
             SELECT id, a FROM t; CREATE TRIGGER g INSTEAD OF {event} ON v BEGIN UPDATE t SET b = 1; END;"
        ));
        let table = t().column("id", INTEGER, key).column("a", Text, nullable).strict(false).build();
        let error = db.refuses(&[&table], |it| it.allow_drop_column("t", "b"));
        assert_eq!(error.kind(), ErrorKind::DependentObject);
        assert!(error.to_string().contains("trigger `g` on table `v`"), "{event}: {error}");
    }
}

#[test]
fn a_trigger_that_takes_the_row_as_it_stands_is_found() {
    let star = "CREATE TABLE o (x, y, z); CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT); INSERT INTO t VALUES (1, 'x', \
                'y'); CREATE TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO o SELECT * FROM t WHERE id = new.id; END;";
    let when = "CREATE TABLE o (x, y); CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT UNIQUE); INSERT INTO t VALUES (1, 'x', \
                'y'); CREATE TRIGGER g BEFORE UPDATE OF a ON t WHEN old.b IS NOT new.b BEGIN UPDATE o SET x = 1; END;";
    for setup in [star, when] {
        let db = hostile(setup);
        let table = t().column("id", INTEGER, key).column("a", Text, nullable).strict(false).build();
        let error = db.refuses(&[&table], |it| it.allow_drop_column("t", "b"));
        assert_eq!(error.kind(), ErrorKind::DependentObject);
    }
}

#[test]
fn a_trigger_that_writes_a_table_called_of_is_understood() {
    let db = hostile(
        "CREATE TABLE of (x, y); CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT UNIQUE); INSERT INTO t VALUES (1, \
         'x', 'y'); CREATE TRIGGER g AFTER UPDATE ON t BEGIN UPDATE of SET x = new.b; END;",
    );
    let table = t().column("id", INTEGER, key).column("a", Text, nullable).strict(false).build();
    let error = db.refuses(&[&table], |it| it.allow_drop_column("t", "b"));
    assert_eq!(error.kind(), ErrorKind::DependentObject);
    let more = t()
        .column("id", INTEGER, key)
        .column("a", Text, |c| c)
        .column("b", Text, nullable)
        .strict(false)
        .build();
    db.keeps_all(&[&more]);
}

#[test]
fn views_on_views_and_triggers_keep_their_order_and_still_fire() {
    let db = hostile(
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, par INT REFERENCES t (id) ON DELETE CASCADE, a TEXT, b TEXT); \
         CREATE VIEW v AS SELECT id, a FROM t; CREATE VIEW w AS SELECT * FROM v; \
         CREATE TRIGGER g INSTEAD OF INSERT ON w BEGIN INSERT INTO t (a) VALUES (new.a); END; \
         CREATE TRIGGER z AFTER INSERT ON t BEGIN UPDATE t SET b = 'z' || coalesce(b, '') WHERE id = new.id; END; \
         CREATE TRIGGER h AFTER INSERT ON t BEGIN UPDATE t SET b = 'h' || coalesce(b, '') WHERE id = new.id; END; \
         CREATE TRIGGER i AFTER INSERT ON t BEGIN UPDATE t SET b = 'i' || coalesce(b, '') WHERE id = new.id; END; \
         INSERT INTO t VALUES (1, NULL, 'a', 'b'), (5, 1, 'c', 'd'); DELETE FROM t WHERE id = 5; \
         INSERT INTO t VALUES (3, 1, 'e', 'f');",
    );
    let add = "INSERT INTO w (a) VALUES ('n')";
    let fired = |id| db.ask(&format!("SELECT b FROM t WHERE id = {id}"));
    open(&db.path).execute_batch(&format!("BEGIN; {add}; ROLLBACK")).unwrap();
    let table = t()
        .column("id", INTEGER, key)
        .column("par", INTEGER, nullable)
        .column("a", Text, |c| c)
        .column("b", Text, nullable)
        .strict(true)
        .build();
    open(&db.path).execute_batch("INSERT INTO t (id, a) VALUES (7, 'before')").unwrap();
    let order = fired(7);
    open(&db.path).execute_batch("DELETE FROM t WHERE id = 7").unwrap();
    db.keeps_all(&[&table]);
    open(&db.path).execute_batch(add).unwrap();
    assert_eq!(fired(8), order);
    assert_eq!(order, r#"[["zhi"]]"#);
}

#[test]
fn a_full_text_index_over_a_rebuilt_table_still_finds_its_rows() {
    let db = hostile(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT UNIQUE); \
         CREATE VIRTUAL TABLE f USING fts5(a, content='t', content_rowid='id'); \
         CREATE TRIGGER ai AFTER INSERT ON t BEGIN INSERT INTO f(rowid, a) VALUES (new.id, new.a); END; \
         CREATE TRIGGER ad AFTER DELETE ON t BEGIN INSERT INTO f(f, rowid, a) VALUES ('delete', old.id, old.a); END; \
         INSERT INTO t VALUES (3, 'alpha', 'y'), (7, 'beta', 'z'); DELETE FROM t WHERE id = 3; \
         CREATE VIRTUAL TABLE r USING rtree(id, x0, x1); INSERT INTO r VALUES (1, 2, 3);",
    );
    let table = t().column("id", INTEGER, key).column("a", Text, |c| c).strict(false).build();
    db.keeps_all_but(&["t.b"], &[&table], |it| it.allow_drop_column("t", "b"));
    assert_eq!(db.ask("SELECT rowid, a FROM f WHERE f MATCH 'beta'"), r#"[[7,"beta"]]"#);
    assert_eq!(db.ask("SELECT * FROM r"), "[[1,2.0,3.0]]");
    let goes_on = "INSERT INTO f(f) VALUES ('integrity-check'); INSERT INTO t VALUES (9, 'gamma'); DELETE FROM t WHERE id = \
                   7; INSERT INTO f(f) VALUES ('integrity-check');";
    open(&db.path).execute_batch(goes_on).unwrap();
}

#[test]
fn a_view_that_only_other_programs_can_read_is_not_broken_for_them() {
    // text in double quotes is allowed to them, and not to us
    let setup = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT); INSERT INTO t VALUES (1, 'x', 'y'); \
                 CREATE VIEW v AS SELECT b, \"text\" AS kind FROM t; CREATE TABLE o (x); \
                 CREATE TRIGGER g AFTER INSERT ON o BEGIN UPDATE t SET b = \"set\"; END;";
    let db = hostile(setup);
    let table = t().column("id", INTEGER, key).column("a", Text, nullable).strict(false);
    let uncertain = |object: &str, error: orm_core::Error| {
        let what = format!(
            "{object} has text in double quotes, so that it cannot follow `b`; write that text in single quotes"
        );
        assert_eq!(error.kind(), ErrorKind::DependentObject);
        assert!(error.to_string().contains(&what), "{error}");
    };
    let error = db.refuses(&[&table.clone().build()], |it| it.allow_drop_column("t", "b"));
    uncertain("view `v`", error);
    let without_trigger = hostile(&setup[..setup.find("CREATE TRIGGER").unwrap()]);
    let renamed = table.column("n", Text, |c| c.nullable().renamed_from("b")).build();
    uncertain("view `v`", without_trigger.refuses(&[&renamed], |it| it));
    let grown = t().column("id", INTEGER, key).column("a", Text, |c| c).column("b", Text, nullable);
    db.keeps_all(&[&grown.strict(false).build()]);
    open(&db.path).execute_batch("INSERT INTO o VALUES (1)").unwrap();
    assert_eq!(db.ask("SELECT * FROM v"), r#"[["set","text"]]"#);
}
