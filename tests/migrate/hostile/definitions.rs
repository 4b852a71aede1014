//! Definitions that are hard to read: names, comments, strings, clauses in odd places.

use orm_core::ErrorKind;
use orm_core::LogicalType::{Any, Blob, Text};
use orm_core::schema::TableDef;

use super::{hostile, key, nullable, open, t};
use crate::INTEGER;

#[test]
fn names_of_every_kind_outlive_a_rebuild() {
    let name = "a\"\"b ' [x] é";
    let db = hostile(&format!(
        "CREATE TABLE p (\"primary key\" INTEGER PRIMARY KEY); INSERT INTO p VALUES (1); \
         CREATE TABLE \"{name}\" ([select] INTEGER PRIMARY KEY, \"a\"\"b\" TEXT DEFAULT 'it''s \"q\"', `c``d` INT CHECK (`c``d` <> \
         5), 'e''f' INT REFERENCES p, \"check\" TEXT, \"\u{1F600}\" BLOB, \"null\" INT GENERATED ALWAYS AS (\"select\" + 1)); \
         CREATE INDEX \"i \"\"x\" ON \"{name}\" (\"check\" DESC, lower(\"a\"\"b\")) WHERE \"check\" <> 'drop table'; \
         CREATE TRIGGER \"ON \"\"x\" AFTER INSERT ON \"{name}\" WHEN new.\"check\" = 'ON' BEGIN SELECT \"check\" FROM \
         \"{name}\"; END; INSERT INTO \"{name}\" VALUES (1, 'q', 1, 1, 'z', x'00');"
    ));
    let table = TableDef::builder("a\"b ' [x] é")
        .column("select", INTEGER, key)
        .column("a\"b", Text, nullable)
        .column("c`d", INTEGER, nullable)
        .column("e'f", INTEGER, nullable)
        .column("check", Text, |c| c)
        .column("\u{1F600}", Blob, nullable)
        .column("null", INTEGER, |c| c.nullable().generated("\"select\" + 1", false))
        .strict(false)
        .build();
    db.keeps_all(&[&table]);
    assert!(db.ask(&format!("UPDATE \"{name}\" SET \"c`d\" = 5")).contains("CHECK"));
}

#[test]
fn names_are_the_same_in_any_case_of_ascii_letters() {
    let db = hostile(
        "CREATE TABLE \"Tab\" (Id INTEGER PRIMARY KEY AUTOINCREMENT, \"A\" TEXT, b TEXT UNIQUE); INSERT INTO tab VALUES (1, \
         'x', 'y'), (5, 'z', 'w'); DELETE FROM tab; CREATE TRIGGER trigger AFTER INSERT ON tAB BEGIN UPDATE TAB SET a = 'g' \
         WHERE id = new.id; END; CREATE INDEX x ON TAB (a); ANALYZE;",
    );
    let table =
        TableDef::builder("tAB").column("iD", INTEGER, key).column("a", Text, |c| c).strict(false).build();
    db.keeps_all_but(&["Tab.b"], &[&table], |it| it.allow_drop_column("TAB", "B"));
    open(&db.path).execute_batch("INSERT INTO tab (a) VALUES ('q')").unwrap();
    assert_eq!(db.ask("SELECT * FROM tab"), r#"[[6,"g"]]"#);
}

#[test]
fn quotes_and_parentheses_in_strings_and_comments_mean_nothing() {
    let db = hostile(
        "CREATE TABLE t (-- the (key\n id INTEGER PRIMARY KEY, /* a's, */ a TEXT CHECK (a <> ')' /* ( */ AND a <> 'CHECK \
         (x)'), -- 'b\n b TEXT /* , c INT */ DEFAULT '--', -- last\n CONSTRAINT \"c,\" CHECK (b <> '/*') -- end\n) ; \
         INSERT INTO t VALUES (1, 'x', 'y');",
    );
    let table = t()
        .column("id", INTEGER, key)
        .column("a", Text, |c| c)
        .column("b", Text, nullable)
        .strict(false)
        .build();
    let plan = db.keeps_all(&[&table]);
    assert_eq!(
        plan.notes(),
        [
            "t: kept undeclared DEFAULT '--' of column `b`",
            "t: kept undeclared CHECK on t.a",
            "t: kept undeclared CHECK c,"
        ]
    );
    assert!(db.ask("INSERT INTO t (a) VALUES (')')").contains("CHECK"));
    assert!(db.ask("INSERT INTO t VALUES (2, '', '/*')").contains("c,"));
}

#[test]
fn defaults_of_every_form_give_the_same_after_a_rebuild() {
    let db = hostile(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT ('a,)' || '('), b TEXT DEFAULT \"word, (\", c DEFAULT +5, d \
         DEFAULT -1.5e3, e DEFAULT x'00ff', f DEFAULT CURRENT_TIMESTAMP, g DEFAULT yes, h BLOB DEFAULT (CASE WHEN 1 THEN \
         'NOT NULL' END), n TEXT); INSERT INTO t (id, n) VALUES (1, 'n');",
    );
    let mut table = t().column("id", INTEGER, key).column("a", Text, nullable).column("b", Text, nullable);
    for name in ["c", "d", "e", "f", "g", "h"] {
        table = table.column(name, Any, nullable);
    }
    db.keeps_all(&[&table.column("n", Text, |c| c).strict(false).build()]);
    open(&db.path).execute_batch("INSERT INTO t (id, n) VALUES (2, 'n')").unwrap();
    assert_eq!(
        db.ask("SELECT DISTINCT a, b, c, d, e, length(f), g, h FROM t"),
        r#"[["a,)(","word, (",5,-1500.0,"00ff",19,"yes","NOT NULL"]]"#
    );
}

#[test]
fn what_cannot_be_read_is_changed_in_place_only() {
    for column in ["b INT CONSTRAINT none", "b INT REFERENCES p (id) NOT NULL DEFERRABLE INITIALLY DEFERRED"]
    {
        let db = hostile(&format!(
            "CREATE TABLE p (id INTEGER PRIMARY KEY); INSERT INTO p VALUES (1); CREATE TABLE t (id INTEGER PRIMARY KEY, a \
             TEXT CHECK (a <> ''), {column}); INSERT INTO t VALUES (1, 'x', 1);"
        ));
        let not_null = column.contains("NOT NULL");
        let table = || t().column("id", INTEGER, key).strict(false);
        let b = |c| if not_null { c } else { nullable(c) };
        let tightened = table().column("a", Text, |c| c).column("b", INTEGER, b).build();
        assert_eq!(db.refuses(&[&tightened], |it| it).kind(), ErrorKind::UnsupportedObject, "{column}");
        let grown = table().column("a", Text, nullable).column("b", INTEGER, b).column("n", Text, nullable);
        db.keeps_all(&[&grown.build()]);
        assert!(db.ask("INSERT INTO t VALUES (2, '', 1, 1)").contains("CHECK"));
    }
}

#[test]
fn a_check_that_names_its_table_and_its_rowid_outlives_a_rebuild() {
    let db = hostile(
        "CREATE TABLE t (a TEXT CHECK (rowid > 0 AND t.rowid < 100 AND \"t\".a <> 't.a'), n TEXT); \
         INSERT INTO t (rowid, a, n) VALUES (5, 'x', 'n');",
    );
    let table = t().column("a", Text, nullable).column("n", Text, |c| c).strict(false).build();
    db.keeps_all(&[&table]);
    for row in ["500, 'x'", "6, 't.a'"] {
        assert!(db.ask(&format!("INSERT INTO t (rowid, a, n) VALUES ({row}, 'n')")).contains("CHECK"));
    }
}

#[test]
fn a_comment_at_the_end_of_a_statement_swallows_nothing_of_a_frozen_plan() {
    let db = hostile(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT UNIQUE); INSERT INTO t VALUES (1, 'x', 'y'); \
         CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE t SET a = 'g'; END; CREATE INDEX i ON t (a) WHERE a > '' -- last",
    );
    let table = t().column("id", INTEGER, key).column("a", Text, nullable).strict(false).build();
    let consenting = || db.engine.migration(&[&table]).allow_drop_column("t", "b");
    let sql = consenting().plan().unwrap().to_sql();
    consenting().sql_step(1, "frozen", &sql).plan().unwrap().apply().unwrap();
    assert_eq!(
        db.ask("SELECT name, sql FROM sqlite_schema WHERE type IN ('index', 'trigger') ORDER BY 1"),
        r#"[["g","CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE t SET a = 'g'; END"],["i","CREATE INDEX i ON t (a) WHERE a > '' -- last\n"]]"#
    );
}
