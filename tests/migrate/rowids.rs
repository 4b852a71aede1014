//! Rows that stand in the way are named by their rowid, up to five of them.

use orm_core::Engine;
use orm_core::schema::{ColumnBuilder, TableBuilder, TableDef};

use crate::INTEGER;

fn refusal(setup: &str, tables: &[&TableDef]) -> String {
    let engine = Engine::open_in_memory().unwrap();
    engine.session().unwrap().execute_batch(setup).unwrap();
    engine.migrate(tables).unwrap_err().to_string()
}

fn parent() -> TableDef {
    TableDef::builder("p").column("id", INTEGER, ColumnBuilder::primary_key).strict(false).build()
}

fn child() -> TableBuilder {
    TableDef::builder("t").column("a", INTEGER, ColumnBuilder::nullable).strict(false)
}

const PARENT: &str = "CREATE TABLE p (id INTEGER PRIMARY KEY); INSERT INTO p VALUES (1);";

#[test]
fn rows_without_a_parent() {
    let setup = format!("{PARENT} CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1), (2), (NULL), (3)");
    let child = child().foreign_key(["a"], "p", ["id"], |key| key).build();
    assert_eq!(
        refusal(&setup, &[&parent(), &child]),
        "table `t`: FOREIGN KEY (a) to `p` does not hold in 2 rows (rowid 2, 4); give them a parent first"
    );
}

#[test]
fn rows_that_would_get_a_parent_that_is_not_there() {
    let setup = format!("{PARENT} CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1), (2)");
    let new = child().column("b", INTEGER, |c| c.default(orm_core::schema::DefaultDef::Integer(7)));
    let new = new.foreign_key(["b"], "p", ["id"], |key| key).build();
    assert_eq!(
        refusal(&setup, &[&parent(), &new]),
        "table `t`: 2 rows of `t` (rowid 1, 2) would reference rows of `p` that do not exist; give them a parent first"
    );
}

#[test]
fn values_that_a_strict_table_refuses() {
    let setup = "CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1), ('x'), (x'00'), ('y')";
    assert_eq!(
        refusal(setup, &[&child().strict(true).build()]),
        "column `a` of `t`: the table becomes STRICT, but `t.a` holds BLOB in 1 row (rowid 3); convert them first"
    );
}

#[test]
fn violations_of_a_check_that_names_its_table() {
    let setup =
        "CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1), (0), (2), (-1), (-2), (-3), (-4), (-5)";
    assert_eq!(
        refusal(setup, &[&child().check(None, "t.a > 0").build()]),
        "table `t`: CHECK (t.a > 0) does not hold in 6 rows (rowid 2, 4, 5, 6, 7); change them first"
    );
}
