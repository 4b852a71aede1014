//! Random schemas with random rows, and random models: a migration does all of it, or leaves the database as it was.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use orm_core::migrate::{Plan, StepClass};
use orm_core::schema::{DefaultDef, FtsDef, KeyGeneration, TableDef};
use orm_core::{Engine, ErrorKind, LogicalType};

use crate::INTEGER;
use crate::inspect::{dump, open, rows};

/// xorshift: a seed gives the same pair for ever.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    fn one_in(&mut self, sides: u64) -> bool {
        self.below(sides) == 0
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[usize::try_from(self.below(from.len() as u64)).unwrap()]
    }
}

const COLUMNS: [&str; 5] = ["a", "b", "c", "select", "d e"];

const TYPES: [&str; 7] = ["TEXT", "INTEGER", "REAL", "VARCHAR(9)", "NUMERIC", "ANY", ""];
const STRICT_TYPES: [&str; 5] = ["TEXT", "INTEGER", "REAL", "BLOB", "ANY"];
const VALUES: [&str; 12] = [
    "1",
    "2",
    "'12'",
    "'word'",
    "NULL",
    "2.5",
    "x'00ff'",
    "'007'",
    "' 7 '",
    "9007199254740993",
    "'9007199254740993'",
    "1e300",
];

fn column_sql(dice: &mut Dice, name: &str, is_strict: bool) -> String {
    let types = if is_strict { &STRICT_TYPES[..] } else { &TYPES[..] };
    let mut sql = format!("\"{name}\" {}", dice.pick(types));
    if dice.one_in(5) {
        sql += " NOT NULL DEFAULT 7";
    } else if dice.one_in(4) {
        sql += dice.pick(&[" DEFAULT 'x'", " DEFAULT (1 + 1)", " DEFAULT NULL"]);
    }
    if dice.one_in(6) {
        sql += &format!(" CHECK (t.\"{name}\" IS NOT 'never')");
    }
    if dice.one_in(6) {
        sql += " COLLATE NOCASE";
    }
    if dice.one_in(8) {
        sql += " REFERENCES p (id) ON DELETE CASCADE";
    }
    if dice.one_in(8) {
        sql += " UNIQUE";
    }
    sql
}

/// Table `t`, its parent and child, and objects around them; then rows, of which a table takes what it takes.
fn database(dice: &mut Dice) -> (String, Vec<String>) {
    let key = dice.pick(&["id INTEGER PRIMARY KEY", "id INTEGER PRIMARY KEY AUTOINCREMENT"]);
    let columns: Vec<&str> = COLUMNS.into_iter().filter(|_| !dice.one_in(3)).collect();
    let is_strict = dice.one_in(5);
    let mut parts = vec![key.to_owned()];
    parts.extend(columns.iter().map(|name| column_sql(dice, name, is_strict)));
    if dice.one_in(6) {
        parts.push("g TEXT AS ('g' || id) VIRTUAL".to_owned());
    }
    let mut sql = format!(
        "PRAGMA foreign_keys = OFF; CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t ({}){}; CREATE TABLE c (x INT \
         REFERENCES t (id) ON DELETE CASCADE); CREATE TABLE log (x); INSERT INTO p VALUES (1), (2), (3);",
        parts.join(", "),
        if is_strict { " STRICT" } else { "" }
    );
    let mut rows = Vec::new();
    for id in 1..=dice.below(6) {
        rows.push(format!("INSERT INTO t (id) VALUES ({}); INSERT INTO c VALUES ({})", id * 3, id * 3));
        for name in &columns {
            let value = dice.pick(&VALUES);
            rows.push(format!("UPDATE t SET \"{name}\" = {value} WHERE id = {}", id * 3));
        }
    }
    // rows that reference nobody would be found, and are another test's business
    rows.push("DELETE FROM c WHERE x NOT IN (SELECT id FROM t)".to_owned());
    for name in columns.iter().filter(|_| dice.one_in(4)) {
        sql += &format!("CREATE INDEX \"i {name}\" ON t (\"{name}\" DESC);");
    }
    if dice.one_in(3) {
        sql += "CREATE TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.id); END;";
    }
    if dice.one_in(3) {
        sql += "CREATE VIEW v AS SELECT * FROM t;";
    }
    (sql, rows)
}

fn model(dice: &mut Dice) -> TableDef {
    let mut table = TableDef::builder("t")
        .column("id", INTEGER, |c| c.primary_key().key_generation(KeyGeneration::Auto))
        .strict(dice.one_in(8));
    for name in COLUMNS {
        if dice.one_in(3) {
            continue;
        }
        let logical = [LogicalType::Text, INTEGER, LogicalType::Real, LogicalType::Any];
        let logical = logical[usize::try_from(dice.below(4)).unwrap()];
        let new_name = if name == "c" && dice.one_in(3) { "renamed" } else { name };
        table = table.column(new_name, logical, |mut c| {
            if new_name != name {
                c = c.renamed_from(name);
            }
            if !dice.one_in(4) {
                c = c.nullable();
            }
            if dice.one_in(4) {
                c = c.default(DefaultDef::Integer(5));
            }
            if dice.one_in(5) {
                c = c.backfill("6");
            }
            if dice.one_in(5) {
                c = c.using(format!("'u' || \"{new_name}\""));
            }
            if dice.one_in(8) {
                c = c.unique();
            }
            if dice.one_in(8) { c.check(format!("\"{new_name}\" IS NOT 'no'")) } else { c }
        });
        if dice.one_in(5) {
            table = table.index([new_name], |index| index);
        }
    }
    table.build()
}

/// A full-text index over some of the columns, for two of three models.
fn with_full_text(table: TableDef, dice: &mut Dice) -> TableDef {
    let chosen = table.columns.iter().skip(1).filter(|_| dice.one_in(2));
    let columns: Vec<_> = chosen.map(|column| column.name.clone()).collect();
    if columns.is_empty() || dice.one_in(3) {
        return table;
    }
    let tokenize = dice.one_in(4).then(|| "porter".into());
    TableDef { fts: Some(FtsDef { columns: columns.into(), tokenize, ..FtsDef::default() }), ..table }
}

/// The full-text index holds what the rows hold, and its triggers keep it so.
fn compare_full_text(path: &Path, table: &TableDef, seed: u64, plan: &Plan) {
    let Some(fts) = &table.fts else { return };
    let connection = open(path);
    connection.execute_batch("PRAGMA foreign_keys = OFF; BEGIN").unwrap();
    let column = &fts.columns[0];
    let writes = [
        "SELECT 1".to_owned(),
        "UPDATE t SET id = id + 1000".to_owned(),
        format!("UPDATE OR IGNORE t SET \"{column}\" = 123"),
        "DELETE FROM t WHERE id % 2 = 0".to_owned(),
    ];
    for write in writes {
        connection.execute_batch(&write).unwrap();
        connection
            .execute_batch("INSERT INTO t_fts (t_fts, rank) VALUES ('integrity-check', 1)")
            .unwrap_or_else(|error| panic!("seed {seed}: {error} after {write}\n{plan}"));
    }
}

fn count(path: &Path, sql: &str) -> String {
    rows(&open(path), sql).unwrap().to_string()
}

/// Names of everything around `t`, and rows of everything else.
fn around(path: &Path) -> Vec<String> {
    vec![
        // a rename goes through the texts
        count(
            path,
            "SELECT type, name, replace(sql, 'renamed', 'c') FROM sqlite_schema WHERE type IN ('trigger', 'view') AND \
             name NOT LIKE 't_fts%' ORDER BY name",
        ),
        count(path, "SELECT name FROM sqlite_schema WHERE name LIKE 'i %' ORDER BY name"),
        count(path, "SELECT * FROM c"),
        count(path, "SELECT id FROM t ORDER BY id"),
        count(path, "SELECT * FROM log"),
    ]
}

/// The values of each column as text, where they are not NULL. A whole number is the same as an integer and as a real.
fn values(path: &Path) -> BTreeMap<String, BTreeMap<String, String>> {
    let connection = open(path);
    let mut values = BTreeMap::new();
    for name in COLUMNS.into_iter().chain(["renamed"]) {
        let sql = format!("SELECT id, CAST([{name}] AS TEXT) FROM t WHERE [{name}] IS NOT NULL");
        let Ok(found) = rows(&connection, &sql) else { continue };
        let of_column = found.as_array().unwrap().iter().map(|row| {
            let text = row[1].as_str().unwrap_or_default();
            (row[0].to_string(), text.strip_suffix(".0").unwrap_or(text).to_owned())
        });
        values.insert(name.to_owned(), of_column.collect());
    }
    values
}

/// Rows that reference nobody.
fn orphans(path: &Path) -> BTreeSet<String> {
    let orphans = "SELECT \"table\", rowid, parent FROM pragma_foreign_key_check";
    rows(&open(path), orphans).unwrap().as_array().unwrap().iter().map(ToString::to_string).collect()
}

/// How many of two migrations, one after the other, went through.
fn run(seed: u64) -> usize {
    let dice = &mut Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("random.db");
    let (schema, rows) = database(dice);
    let connection = open(&path);
    connection.execute_batch(&schema).unwrap_or_else(|error| panic!("seed {seed}: {error} in {schema}"));
    let taken = rows.iter().filter(|sql| connection.execute_batch(sql).is_ok()).count();
    assert!(taken > 0, "seed {seed}");
    drop(connection);
    let engine = Engine::builder().max_connections(2).open(&path).unwrap();
    // the second has the first for its base
    let texts = &mut Dice(seed.wrapping_mul(0xD1B5_4A32_D192_ED03) | 1);
    (0..2).filter(|_| migrates((&mut *dice, &mut *texts), &engine, &path, seed)).count()
}

/// Whether the migration went through.
fn migrates((dice, texts): (&mut Dice, &mut Dice), engine: &Engine, path: &Path, seed: u64) -> bool {
    let table = with_full_text(model(dice), texts);
    let (before, beside, held) = (dump(&open(path)), around(path), values(path));
    let lonely = orphans(path);
    let mut migration = engine.migration(&[&table]);
    for name in COLUMNS.into_iter().chain(["renamed"]) {
        if !dice.one_in(4) {
            migration = migration.allow_drop_column("t", name);
        }
        if dice.one_in(4) {
            migration = migration.allow_lossy("t", name);
        }
    }
    let plan = migration.plan().unwrap_or_else(|error| panic!("seed {seed}: {error}"));
    if let Err(error) = plan.apply() {
        assert_ne!(error.kind(), ErrorKind::Internal, "seed {seed}: {error}\n{plan}\n{before:#?}");
        assert_eq!(dump(&open(path)), before, "seed {seed}: {error}");
        return false;
    }
    assert_eq!(around(path), beside, "seed {seed}:\n{plan}");
    assert!(orphans(path).is_subset(&lonely), "seed {seed}:\n{plan}");
    let holds = values(path);
    let lost = |name: &str| {
        plan.steps().iter().flat_map(|step| &step.changes).any(|change| {
            change.text.starts_with(&format!("drop column `{name}`"))
                || (change.class == StepClass::Lossy && change.text.starts_with(&format!("column `{name}`")))
        })
    };
    let is_renamed = plan.to_string().contains("rename column `c` to `renamed`");
    for (column, old) in held {
        let now = if column == "c" && is_renamed { "renamed".to_owned() } else { column };
        if lost(&now) {
            continue;
        }
        for (id, value) in old {
            assert_eq!(holds[&now].get(&id), Some(&value), "seed {seed}: {now} of {id}\n{plan}");
        }
    }
    let again = engine.migration(&[&table]).plan().unwrap();
    assert!(again.is_empty(), "seed {seed}:\n{plan}\nthen\n{again}");
    assert_eq!(count(path, "PRAGMA integrity_check"), r#"[["ok"]]"#, "seed {seed}:\n{plan}");
    compare_full_text(path, &table, seed, &plan);
    true
}

#[test]
fn a_random_database_takes_the_shape_of_a_random_model_or_stays_as_it_was() {
    let number = |name| std::env::var(name).ok().map(|it| it.parse::<u64>().unwrap());
    let (from, pairs) = match number("ORM_RANDOM_PAIRS") {
        Some(pairs) => (number("ORM_RANDOM_FROM").unwrap_or(1_000_000), pairs),
        None => (1, 200),
    };
    let done: usize = (from..from + pairs).map(run).sum();
    assert!(done > 20, "only {done} of {pairs} went through");
    println!("{done} of {pairs} went through");
}
