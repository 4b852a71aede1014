//! Values that a change of type, of STRICT or of an expression could lose.

use orm_core::ErrorKind;
use orm_core::LogicalType::{Any, Real, Text, Timestamp};

use super::{hostile, hostile_with, key, nullable, open, t};
use crate::INTEGER;

const ANYTHING: &str = "CREATE TABLE t (id INTEGER PRIMARY KEY, a ANY) STRICT; \
                        INSERT INTO t VALUES (1, '007'), (2, 5), (3, x'00'), (4, 1.5), (5, NULL);";

#[test]
fn a_number_too_long_for_a_real_holds_back_a_table_that_becomes_strict() {
    let db = hostile(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a NUMERIC); INSERT INTO t VALUES (1, 9007199254740993), (2, 7);",
    );
    let table = t().column("id", INTEGER, key).column("a", Real, nullable).strict(true).build();
    let error = db.refuses(&[&table], |it| it);
    assert_eq!(error.kind(), ErrorKind::LossyConversion);
    assert!(error.to_string().contains("in 1 of 2 rows (rowid 1)"), "{error}");
}

#[test]
fn text_of_a_strict_any_column_holds_back_a_table_that_is_no_longer_strict() {
    let db = hostile(ANYTHING);
    let table = t().column("id", INTEGER, key).column("a", INTEGER, nullable).strict(false).build();
    assert_eq!(db.refuses(&[&table], |it| it).kind(), ErrorKind::LossyConversion);
}

#[test]
fn a_column_of_anything_keeps_every_value_in_both_kinds_of_table() {
    let db = hostile(ANYTHING);
    let table = |strict| t().column("id", INTEGER, key).column("a", Any, nullable).strict(strict).build();
    db.keeps_all(&[&table(false)]);
    db.keeps_all(&[&table(true)]);
}

#[test]
fn a_real_number_is_not_written_out_as_text_unasked() {
    // which digits that are differs between versions of SQLite
    let db =
        hostile("CREATE TABLE t (id INTEGER PRIMARY KEY, a REAL); INSERT INTO t VALUES (1, 0.5), (2, NULL);");
    let table = t().column("id", INTEGER, key).column("a", Text, nullable).strict(false).build();
    assert_eq!(db.refuses(&[&table], |it| it).kind(), ErrorKind::LossyConversion);
    db.keeps_all_but(&["t.a"], &[&table], |it| it.allow_lossy("t", "a"));
    assert_eq!(db.ask("SELECT a FROM t"), r#"[["0.5"],[null]]"#);
}

#[test]
fn values_are_converted_by_the_struct_before_a_strict_table_takes_them() {
    let db = hostile("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (1, '#12');");
    let a = |c: orm_core::schema::ColumnBuilder| c.using("CAST(substr(a, 2) AS INTEGER)");
    let table = t().column("id", INTEGER, key).column("a", INTEGER, a).strict(true).build();
    db.keeps_all_but(&["t.a"], &[&table], |it| it);
    assert_eq!(db.ask("SELECT a, typeof(a) FROM t"), r#"[[12,"integer"]]"#);
    // the same struct again, in another rebuild
    let table = t().column("id", INTEGER, key).column("a", INTEGER, a).strict(false).build();
    db.keeps_all_but(&["t.a"], &[&table], |it| it);
    assert_eq!(db.ask("SELECT a FROM t"), "[[12]]");
}

#[test]
fn an_expression_for_another_type_is_inert_where_the_type_stays() {
    let db = hostile(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a DATETIME, b TEXT); INSERT INTO t VALUES (1, '2020-01-01', 'x');",
    );
    let table = t()
        .column("id", INTEGER, key)
        .column("a", Timestamp, |c| c.nullable().using("a || '!'"))
        .column("b", Text, |c| c)
        .strict(false)
        .build();
    db.keeps_all(&[&table]);
}

#[test]
fn an_aggregate_for_a_new_column_would_make_one_row_of_many_and_is_refused() {
    let db = hostile("CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1), (2);");
    let table = t()
        .column("id", INTEGER, key)
        .column("n", INTEGER, |c| c.nullable().backfill("max(id)"))
        .strict(false)
        .build();
    let error = db.refuses(&[&table], |it| it);
    assert_eq!(error.kind(), ErrorKind::InvalidModel);
    assert_eq!(
        error.to_string(),
        "table `t`: the copy would not have as many rows as the table; a `backfill` or `using` is computed for each row by \
         itself, so it cannot be an aggregate"
    );
}

#[test]
fn a_new_column_takes_what_dropped_columns_held() {
    let db = hostile(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT); INSERT INTO t VALUES (1, 'x', 'y');",
    );
    let table =
        t().column("id", INTEGER, key).column("both", Text, |c| c.backfill("a || b")).strict(false).build();
    let consent =
        |it: orm_core::migrate::Migration| it.allow_drop_column("t", "a").allow_drop_column("t", "b");
    db.keeps_all_but(&["t.a", "t.b"], &[&table], consent);
    assert_eq!(db.ask("SELECT * FROM t"), r#"[[1,"xy"]]"#);
}

#[test]
fn odd_values_outlive_a_rebuild_bit_by_bit() {
    let db = hostile(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a, b TEXT, r REAL, n TEXT); INSERT INTO t VALUES \
         (-9223372036854775808, CAST(x'ff00fe' AS TEXT), 'a' || char(0) || 'b', 9e999, 'x'), \
         (9223372036854775807, -9223372036854775808, CAST(x'c0' AS TEXT), -9e999, 'y'), \
         (0, 1e-310, '', 0.1, 'z'), (5, '', x'', 5e-324, x'6162'), (6, 9007199254740993, 1, -0.0, 1.5);",
    );
    let table = t()
        .column("id", INTEGER, key)
        .column("a", Any, nullable)
        .column("b", Text, nullable)
        .column("r", Real, nullable)
        .column("n", Text, |c| c)
        .strict(false)
        .build();
    db.keeps_all(&[&table]);
}

#[test]
fn values_that_another_collation_takes_for_one_are_not_thrown_away() {
    let db = hostile(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT UNIQUE ON CONFLICT REPLACE); INSERT INTO t VALUES (1, 'x'), (2, 'X');",
    );
    let a = |c: orm_core::schema::ColumnBuilder| c.nullable().collation("NOCASE");
    let table = t().column("id", INTEGER, key).column("a", Text, a).strict(false).build();
    assert_eq!(db.refuses(&[&table], |it| it).kind(), ErrorKind::ConstraintViolatedByData);
}

#[test]
fn rows_that_violate_their_own_rules_are_not_lost_in_a_copy() {
    let db = hostile(
        "PRAGMA ignore_check_constraints = ON; CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT CHECK (a <> 'x'), b TEXT \
         UNIQUE); INSERT INTO t VALUES (1, 'x', 'y');",
    );
    let table = t().column("id", INTEGER, key).column("a", Text, nullable).strict(false).build();
    let error = db.refuses(&[&table], |it| it.allow_drop_column("t", "b"));
    assert_eq!(error.kind(), ErrorKind::ConstraintViolatedByData);
}

#[test]
fn a_new_rule_is_enforced_though_the_connection_ignores_rules() {
    let builder = orm_core::Engine::builder()
        .on_connect(|connection| connection.execute_batch("PRAGMA ignore_check_constraints = ON"));
    let db = hostile_with("CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1);", builder);
    let n = |c: orm_core::schema::ColumnBuilder| c.backfill("0").check("n > 0");
    let table = t().column("id", INTEGER, key).column("n", INTEGER, n).strict(false).build();
    assert_eq!(db.refuses(&[&table], |it| it).kind(), ErrorKind::ConstraintViolatedByData);
}

#[test]
fn columns_change_between_computed_and_ordinary_and_keep_their_values() {
    let db = hostile(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, g TEXT AS (a || '!') VIRTUAL, s INT AS (length(a)) STORED); \
         INSERT INTO t (id, a) VALUES (1, 'x'), (2, 'yy');",
    );
    let table = t()
        .column("id", INTEGER, key)
        .column("a", Text, nullable)
        .column("g", Text, nullable)
        .column("s", INTEGER, |c| c.nullable().generated("length(a)", false))
        .strict(false)
        .build();
    db.keeps_all(&[&table]);
    open(&db.path).execute_batch("UPDATE t SET g = 'own', a = 'zzz' WHERE id = 1").unwrap();
    assert_eq!(db.ask("SELECT g, s FROM t"), r#"[["own",3],["yy!",2]]"#);
}
