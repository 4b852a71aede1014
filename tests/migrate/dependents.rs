//! Views and triggers that use what is dropped: named with table and column before anything runs.

use orm_core::schema::{ColumnBuilder, TableDef};
use orm_core::{Engine, ErrorKind, LogicalType};

use crate::INTEGER;

const TABLES: &str = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, oid TEXT); CREATE TABLE u (a TEXT, x TEXT); \
                      INSERT INTO t VALUES (1, 'one', 'o'); INSERT INTO u VALUES ('other', 'x');";

fn engine(sql: &str) -> Engine {
    let engine = Engine::open_in_memory().unwrap();
    engine.session().unwrap().execute_batch(&format!("{TABLES}{sql}")).unwrap();
    engine
}

/// `t` without one of its columns.
fn without(column: &str) -> TableDef {
    let all = TableDef::builder("t").column("id", INTEGER, ColumnBuilder::primary_key).strict(false);
    let left = ["a", "oid"].into_iter().filter(|name| *name != column);
    left.fold(all, |table, name| table.column(name, LogicalType::Text, ColumnBuilder::nullable)).build()
}

/// The notes of the plan that drops the column; the message where it is refused.
fn drop_column(sql: &str, column: &str) -> Result<Vec<String>, String> {
    let engine = engine(sql);
    let table = without(column);
    let plan = engine.migration(&[&table]).allow_drop_column("t", column).plan().unwrap();
    let steps = plan.steps().len();
    match plan.apply() {
        Ok(()) => Ok(plan.notes().to_vec()),
        Err(error) => {
            assert_eq!((error.kind(), steps), (ErrorKind::DependentObject, 1), "{error}");
            assert_eq!((error.table(), error.column()), (Some("t"), Some(column)), "{error}");
            let rows = "SELECT count(a) + count(oid) FROM t";
            assert_eq!(engine.session().unwrap().raw(rows, ()).one::<i64>().unwrap(), 2);
            Err(error.to_string())
        }
    }
}

fn would_break(what: &str) -> Result<Vec<String>, String> {
    Err(format!("column `a` of `t`: the change would break {what}, which uses `t.a`; {}", way_out(what)))
}

fn way_out(what: &str) -> &'static str {
    if what.starts_with("view") {
        "change it first, or `.allow_drop_view(\"v\")` drops it"
    } else {
        "change it first, or `.allow_drop_trigger(\"g\")` drops it"
    }
}

fn would_mean_another(what: &str, column: &str) -> Result<Vec<String>, String> {
    Err(format!(
        "column `{column}` of `t`: without it, {what} would still compile and mean something else, since it uses \
         `t.{column}`; {}",
        way_out(what)
    ))
}

#[test]
fn a_view_is_named_with_the_column_that_it_reads() {
    assert_eq!(drop_column("CREATE VIEW v AS SELECT a FROM t", "a"), would_break("view `v`"));
    let through_a_table_expression = "CREATE VIEW v AS WITH w AS (SELECT a FROM t) SELECT * FROM w";
    assert_eq!(drop_column(through_a_table_expression, "a"), would_break("view `v`"));
    assert_eq!(drop_column("CREATE VIEW v AS SELECT oid FROM t", "a"), Ok(vec![]));
}

#[test]
fn a_trigger_is_named_with_its_table_and_the_column_that_it_reads_or_writes() {
    let reads = "CREATE TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO u VALUES (new.a, ''); END";
    assert_eq!(drop_column(reads, "a"), would_break("trigger `g` on table `t`"));
    let writes = "CREATE TRIGGER g AFTER INSERT ON u BEGIN UPDATE t SET a = new.x; END";
    assert_eq!(drop_column(writes, "a"), would_break("trigger `g` on table `u`"));
    let when = "CREATE TRIGGER g BEFORE DELETE ON t WHEN old.a IS NULL BEGIN SELECT 1; END";
    assert_eq!(drop_column(when, "a"), would_break("trigger `g` on table `t`"));
    let inserts = "CREATE TRIGGER g AFTER INSERT ON u BEGIN INSERT INTO t (a) VALUES (new.x); END";
    let message = "table `t`: the change would break trigger `g` on table `u`; change it first, or \
                   `.allow_drop_trigger(\"g\")` drops it";
    let engine = engine(inserts);
    let error =
        engine.migration(&[&without("a")]).allow_drop_column("t", "a").plan().unwrap().apply().unwrap_err();
    assert_eq!(error.to_string(), message);
}

#[test]
fn a_name_that_would_mean_an_outer_column_is_found_though_the_view_still_compiles() {
    let correlated = "CREATE VIEW v AS SELECT (SELECT a FROM t) AS first FROM u";
    assert_eq!(drop_column(correlated, "a"), would_mean_another("view `v`", "a"));
    let in_a_trigger = "CREATE TRIGGER g AFTER INSERT ON u BEGIN UPDATE u SET x = (SELECT a FROM t); END";
    assert_eq!(drop_column(in_a_trigger, "a"), would_mean_another("trigger `g` on table `u`", "a"));
}

#[test]
fn a_name_that_would_mean_the_rowid_is_found_though_the_view_still_compiles() {
    assert_eq!(
        drop_column("CREATE VIEW v AS SELECT oid FROM t", "oid"),
        would_mean_another("view `v`", "oid")
    );
}

#[test]
fn a_natural_join_that_would_lose_its_condition_is_found() {
    let natural = "CREATE VIEW v AS SELECT count(*) AS n FROM t NATURAL JOIN u";
    assert_eq!(drop_column(natural, "a"), would_mean_another("view `v`", "a"));
}

#[test]
fn a_view_of_all_columns_shows_one_less_and_the_plan_says_so() {
    assert_eq!(
        drop_column("CREATE VIEW v AS SELECT * FROM t", "a"),
        Ok(vec!["view `v` no longer shows `t.a`".into()])
    );
    let by_a_view_on_it = "CREATE VIEW w AS SELECT * FROM t; CREATE VIEW v AS SELECT a FROM w";
    let engine = engine(by_a_view_on_it);
    let error =
        engine.migration(&[&without("a")]).allow_drop_column("t", "a").plan().unwrap().apply().unwrap_err();
    let message =
        "table `t`: the change would break view `v`; change it first, or `.allow_drop_view(\"v\")` drops it";
    assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::DependentObject, message));
}

#[test]
fn what_reads_a_table_that_is_dropped_is_named_with_it() {
    let engine = engine("CREATE VIEW v AS SELECT 1 FROM u; CREATE VIEW w AS SELECT a FROM u");
    let error = engine.migration(&[]).allow_drop_table("u").plan().unwrap().apply().unwrap_err();
    assert_eq!(
        error.to_string(),
        "table `u`: the change would break view `v`, which uses `u`; change it first, or `.allow_drop_view(\"v\")` \
         drops it; column `a` of `u`: the change would break view `w`, which uses `u.a`; change it first, or \
         `.allow_drop_view(\"w\")` drops it"
    );
}

#[test]
fn a_renamed_table_is_known_by_its_new_name() {
    let engine = engine("CREATE VIEW v AS SELECT a FROM t");
    let table = TableDef { name: "s".into(), renamed_from: vec!["t".into()].into(), ..without("a") };
    let error = engine.migration(&[&table]).allow_drop_column("s", "a").plan().unwrap().apply().unwrap_err();
    assert_eq!(
        error.to_string(),
        "column `a` of `s`: the change would break view `v`, which uses `s.a`; change it first, or \
         `.allow_drop_view(\"v\")` drops it"
    );
}

#[test]
fn a_view_and_a_trigger_in_the_way_are_dropped_where_that_is_allowed() {
    let engine = engine(
        "CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT x FROM u; \
         CREATE TRIGGER on_v INSTEAD OF INSERT ON v BEGIN SELECT 1; END; \
         CREATE TRIGGER g AFTER INSERT ON u BEGIN UPDATE t SET a = new.x; END; \
         CREATE TRIGGER h AFTER INSERT ON t BEGIN INSERT INTO u VALUES ('', ''); END",
    );
    let migration = engine.migration(&[&without("a")]).allow_drop_column("t", "a");
    let plan =
        migration.allow_drop_view("V").allow_drop_trigger("g").allow_drop_trigger("none").plan().unwrap();
    let head = "v  drop\n  - drop view `v`\n  - drop trigger `on_v` with it\n      DROP VIEW \"main\".\"v\";\n\
                u  drop\n  - drop trigger `g`\n      DROP TRIGGER \"main\".\"g\";\n\
                t  in place\n  ! drop column `a`\n";
    assert!(plan.to_string().starts_with(head), "{plan}");
    plan.apply().unwrap();
    let session = engine.session().unwrap();
    let left = "SELECT name FROM sqlite_schema WHERE type IN ('view', 'trigger') ORDER BY 1";
    assert_eq!(session.raw(left, ()).all::<String>().unwrap(), ["h", "w"]);
    assert!(engine.migration(&[&without("a")]).allow_drop_view("v").plan().unwrap().is_empty());
}

#[test]
fn a_view_that_another_one_needs_is_not_dropped() {
    let engine = engine("CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM v");
    let error = engine.migration(&[]).allow_drop_view("v").plan().unwrap().apply().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DependentObject);
    assert!(error.to_string().contains("would break view `w`"), "{error}");
}
