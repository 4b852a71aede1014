//! Primary keys, rowids, sequences and foreign keys of every kind.

use orm_core::ErrorKind;
use orm_core::LogicalType::Text;
use orm_core::schema::{Action, KeyGeneration, TableDef};

use super::{hostile, key, nullable, open, t};
use crate::INTEGER;

#[test]
fn tables_that_reference_each_other_are_rebuilt_together() {
    let db = hostile(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, o INT REFERENCES other (id) ON DELETE CASCADE DEFERRABLE INITIALLY \
         DEFERRED, me INT REFERENCES t ON DELETE SET NULL, b TEXT); CREATE TABLE other (id INTEGER PRIMARY KEY, t INT NOT \
         NULL REFERENCES t (id) ON DELETE CASCADE ON UPDATE CASCADE, b TEXT); INSERT INTO t VALUES (1, 1, 2, 'a'), (2, 2, \
         1, 'b'); INSERT INTO other VALUES (1, 2, 'c'), (2, 1, 'd');",
    );
    let table = t()
        .column("id", INTEGER, key)
        .column("o", INTEGER, nullable)
        .column("me", INTEGER, nullable)
        .column("b", Text, |c| c)
        .strict(false)
        .build();
    let other = TableDef::builder("other")
        .column("id", INTEGER, key)
        .column("t", INTEGER, |c| c)
        .column("b", Text, |c| c)
        .strict(false)
        .build();
    db.keeps_all(&[&table, &other]);
    assert_eq!(db.ask("PRAGMA foreign_key_check"), "[]");
    let deferred =
        "BEGIN; INSERT INTO t VALUES (3, 3, 3, 'x'); INSERT INTO other VALUES (3, 3, 'y'); COMMIT;";
    open(&db.path).execute_batch(deferred).unwrap();
}

const TWO_KEYS: &str = "CREATE TABLE p (a UNIQUE, b UNIQUE); INSERT INTO p VALUES (1, 1); CREATE TABLE t (id INTEGER PRIMARY \
                        KEY, x INT REFERENCES p (a), FOREIGN KEY (x) REFERENCES p (b)); INSERT INTO t VALUES (1, 1);";

#[test]
fn of_two_foreign_keys_on_one_column_the_other_stays() {
    let db = hostile(TWO_KEYS);
    let table = |action| {
        let table = t().column("id", INTEGER, key).column("x", INTEGER, nullable).strict(false);
        table.foreign_key(["x"], "p", ["a"], |key| key.on_delete(action)).build()
    };
    let first = r#"["t","x","p","a","NO ACTION","NO ACTION"]"#;
    db.keeps_all_but(&[first], &[&table(Action::Cascade)], |it| it);
    let none = t().column("id", INTEGER, key).column("x", INTEGER, nullable).strict(false).build();
    db.keeps_all_but(&[first], &[&none], |it| it);
    assert_eq!(db.ask("SELECT \"to\" FROM pragma_foreign_key_list('t')"), r#"[["b"]]"#);
}

#[test]
fn a_foreign_key_that_is_there_twice_becomes_one() {
    let db = hostile(
        "CREATE TABLE p (a UNIQUE); INSERT INTO p VALUES (1); CREATE TABLE t (id INTEGER PRIMARY KEY, x INT REFERENCES p (a) \
         ON DELETE SET NULL, FOREIGN KEY (x) REFERENCES p (a)); INSERT INTO t VALUES (1, 1);",
    );
    let table = t()
        .column("id", INTEGER, key)
        .column("x", INTEGER, nullable)
        .foreign_key(["x"], "p", ["a"], |key| key.on_delete(Action::Cascade))
        .strict(false)
        .build();
    db.engine.migrate(&[&table]).unwrap();
    assert_eq!(db.ask("PRAGMA foreign_key_list(t)"), r#"[[0,0,"p","x","a","NO ACTION","CASCADE","NONE"]]"#);
    assert_eq!(db.ask("SELECT * FROM t"), "[[1,1]]");
}

#[test]
fn a_conflict_clause_of_the_key_is_not_lost_to_autoincrement() {
    let db = hostile(
        "CREATE TABLE t (id INTEGER PRIMARY KEY ON CONFLICT IGNORE, b TEXT); INSERT INTO t VALUES (1, 'x');",
    );
    let auto =
        |c: orm_core::schema::ColumnBuilder| c.primary_key().key_generation(KeyGeneration::AutoIncrement);
    let table = t().column("id", INTEGER, auto).column("b", Text, nullable).strict(false).build();
    assert_eq!(db.refuses(&[&table], |it| it).kind(), ErrorKind::UnsupportedObject);
}

#[test]
fn hidden_rowids_stay_while_one_of_their_names_is_free() {
    let taken = ["rowid", "_ROWID_", "oid"];
    for count in 0..=3 {
        let names = taken[..count].iter().map(|name| format!("{name} TEXT, ")).collect::<String>();
        let db = hostile(&format!(
            "CREATE TABLE t ({names} b TEXT); INSERT INTO t (b) VALUES ('1'), ('2'), ('3'); DELETE FROM t WHERE b = '2';"
        ));
        let table = taken[..count].iter().fold(t(), |table, name| table.column(*name, Text, nullable));
        let table = table.column("b", Text, |c| c).strict(false).build();
        let plan = db.engine.migration(&[&table]).plan().unwrap();
        plan.apply().unwrap();
        assert_eq!(plan.notes().iter().any(|it| it.contains("numbered anew")), count == 3, "{plan}");
        assert_eq!(db.ask("SELECT b FROM t"), r#"[["1"],["3"]]"#);
        if let Some(free) = taken.get(count) {
            assert_eq!(db.ask(&format!("SELECT {free} FROM t")), "[[1],[3]]");
        }
    }
}

#[test]
fn a_key_without_rowid_keeps_its_collation_and_order() {
    let db = hostile(
        "CREATE TABLE t (a TEXT COLLATE NOCASE, k TEXT, n TEXT, PRIMARY KEY (k COLLATE RTRIM DESC, a)) WITHOUT ROWID; \
         INSERT INTO t VALUES ('x', 'k', 'n'), ('y', 'k', 'm');",
    );
    let table = t()
        .column("k", Text, |c| c)
        .column("a", Text, |c| c)
        .column("n", Text, |c| c)
        .primary_key(["k", "a"])
        .without_rowid()
        .strict(false)
        .build();
    db.keeps_all(&[&table]);
    assert!(db.ask("INSERT INTO t VALUES ('X', 'k ', 'n')").contains("UNIQUE"));
}

#[test]
fn columns_that_are_computed_from_others_and_rules_on_them_outlive_a_rebuild() {
    let db = hostile(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, g INT AS (a * 2) VIRTUAL, h TEXT GENERATED ALWAYS AS (g || 'x') \
         STORED NOT NULL UNIQUE, b TEXT); CREATE INDEX i ON t (g) WHERE h > ''; \
         INSERT INTO t (id, a, b) VALUES (1, 4, 'b'), (2, 5, 'c');",
    );
    let table = t()
        .column("id", INTEGER, key)
        .column("a", INTEGER, nullable)
        .column("g", INTEGER, |c| c.nullable().generated("a * 2", false))
        .column("h", Text, |c| c.generated("g || 'x'", true))
        .column("b", Text, |c| c)
        .strict(false)
        .build();
    db.keeps_all(&[&table]);
    assert!(db.ask("INSERT INTO t (id, a, b) VALUES (3, 4, 'z')").contains("UNIQUE constraint failed: t.h"));
}

#[test]
fn an_orphan_of_a_foreign_key_that_goes_does_not_make_up_for_one_of_a_new_key() {
    let db = hostile(
        "CREATE TABLE p (id INTEGER PRIMARY KEY); INSERT INTO p VALUES (1); CREATE TABLE t (id INTEGER PRIMARY KEY, x INT, y \
         INT, FOREIGN KEY (x) REFERENCES p (id)); INSERT INTO t VALUES (1, 7, 9);",
    );
    let p = |code: bool| {
        let table = TableDef::builder("p").column("id", INTEGER, key).strict(false);
        if code {
            table.column("code", INTEGER, |c| c.unique().backfill("id")).build()
        } else {
            table.build()
        }
    };
    let table = t().column("id", INTEGER, key).column("x", INTEGER, nullable).column("y", INTEGER, nullable);
    let before = table.clone().foreign_key(["x"], "p", ["id"], |key| key).strict(false).build();
    let after = table.foreign_key(["y"], "p", ["code"], |key| key).strict(false).build();
    db.engine.migration(&[&p(false), &before]).baseline().unwrap();
    let error = db.refuses(&[&p(true), &after], |it| it);
    assert_eq!(error.kind(), ErrorKind::ForeignKeyViolation);
}

#[test]
fn a_table_that_references_itself_is_renamed_and_rebuilt_in_one_plan() {
    let db = hostile(
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, par INT REFERENCES t DEFERRABLE INITIALLY DEFERRED, a TEXT \
         CHECK (t.a <> 't.a'), UNIQUE (a, par)); INSERT INTO t VALUES (1, 2, 'x'), (2, 1, 'y'); CREATE INDEX i ON t (par) \
         WHERE a > ''; CREATE TABLE o (x REFERENCES t (id)); INSERT INTO o VALUES (2); CREATE TRIGGER g AFTER INSERT ON o \
         BEGIN UPDATE t SET a = new.x || t.a WHERE t.id = new.x; END;",
    );
    let table = TableDef::builder("u")
        .renamed_from("t")
        .column("key", INTEGER, |c| key(c).renamed_from("id"))
        .column("par", INTEGER, nullable)
        .column("z", Text, |c| c.renamed_from("a"))
        .strict(true)
        .build();
    db.engine.migrate(&[&table]).unwrap();
    open(&db.path).execute_batch("INSERT INTO o VALUES (1)").unwrap();
    assert_eq!(db.ask("SELECT * FROM u"), r#"[[1,2,"1x"],[2,1,"y"]]"#);
    assert_eq!(db.ask("PRAGMA foreign_key_check"), "[]");
    assert!(db.ask("INSERT INTO u (z) VALUES ('t.a')").contains("CHECK"));
    assert_eq!(db.ask("SELECT \"table\", \"to\" FROM pragma_foreign_key_list('u')"), r#"[["u",null]]"#);
}

#[test]
fn a_sequence_goes_on_where_autoincrement_stands_in_parentheses() {
    let db = hostile(
        "CREATE TABLE t (id INTEGER, n TEXT, CONSTRAINT k PRIMARY KEY (id AUTOINCREMENT) ON CONFLICT FAIL); \
         INSERT INTO t VALUES (9, 'x'), (3, 'n'); DELETE FROM t WHERE id = 9;",
    );
    let table = t().column("id", INTEGER, key).column("n", Text, |c| c).strict(false).build();
    db.keeps_all(&[&table]);
    open(&db.path).execute_batch("INSERT INTO t (n) VALUES ('q')").unwrap();
    assert_eq!(db.ask("SELECT * FROM t"), r#"[[3,"n"],[10,"q"]]"#);
}

#[test]
fn indexes_of_every_form_are_recognised_and_outlive_a_rebuild() {
    let db = hostile(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT COLLATE NOCASE, b TEXT, n TEXT); INSERT INTO t VALUES (1, 'x', 'B', \
         'n'), (2, 'y', 'b', 'n'); CREATE UNIQUE INDEX u1 ON t (b COLLATE BINARY, length(a) DESC) WHERE b IS NOT NULL AND a \
         <> ')'; CREATE INDEX \"u 2\" ON t (a COLLATE BINARY, b COLLATE NOCASE DESC, (a || b) COLLATE NOCASE); \
         CREATE INDEX u3 ON t (CASE WHEN a > ',' THEN 1 ELSE (2) END);",
    );
    let u1 = |index: orm_core::schema::IndexBuilder| {
        let index = index.name("u1").column("b").expression("length(a)").descending().unique();
        index.predicate("b IS NOT NULL AND a <> ')'")
    };
    let table = t()
        .column("id", INTEGER, key)
        .column("a", Text, nullable)
        .column("b", Text, nullable)
        .column("n", Text, |c| c)
        .index(Vec::<String>::new(), u1)
        .index(Vec::<String>::new(), |i| i.name("u3").expression("case when \"a\" > ',' then 1 else (2) end"))
        .strict(false)
        .build();
    let plan = db.keeps_all(&[&table]);
    assert_eq!(plan.steps()[0].changes.len(), 1, "{plan}");
}
