//! Full-text indexes through every change of their table: what is found is what the rows hold.

use orm_core::migrate::{Migration, StepClass, Strategy};
use orm_core::schema::{ColumnBuilder, FtsBuilder, TableBuilder, TableDef};
use orm_core::{Engine, ErrorKind, LogicalType};

use crate::INTEGER;

const POSTS: &str = "CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT NOT NULL, body TEXT NOT NULL) STRICT; \
                     INSERT INTO posts VALUES (3, 'Knots', 'tie the sail'), (7, 'Sails', 'of linen');";

fn plain() -> TableBuilder {
    named("posts")
}

fn named(name: &'static str) -> TableBuilder {
    TableDef::builder(name)
        .column("id", INTEGER, ColumnBuilder::primary_key)
        .column("title", LogicalType::Text, |c| c)
        .column("body", LogicalType::Text, |c| c)
}

fn indexed() -> TableBuilder {
    plain().fts(["title", "body"], |fts| fts)
}

/// An engine on a database with the table and its index.
fn migrated() -> Engine {
    let engine = Engine::open_in_memory().unwrap();
    engine.session().unwrap().execute_batch(POSTS).unwrap();
    engine.migrate(&[&indexed().build()]).unwrap();
    engine
}

/// The ids of the rows with that word, after the index was compared with the rows.
#[track_caller]
fn found(engine: &Engine, index: &str, word: &str) -> Vec<i64> {
    let session = engine.session().unwrap();
    session
        .raw(&format!("INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)"), ())
        .execute()
        .unwrap();
    session
        .raw(&format!("SELECT rowid FROM {index} WHERE {index} MATCH ?1 ORDER BY rowid"), (word,))
        .all()
        .unwrap()
}

fn execute(engine: &Engine, sql: &str) {
    engine.session().unwrap().execute_batch(sql).unwrap();
}

/// Writes by hand after the migration: the triggers are those of the index that is there.
#[track_caller]
fn is_kept(engine: &Engine, table: &str, column: &str, index: &str) {
    execute(engine, &format!("UPDATE {table} SET {column} = 'anchor' WHERE id = 3"));
    assert_eq!(found(engine, index, "anchor"), [3]);
    execute(engine, &format!("DELETE FROM {table} WHERE id = 3"));
    assert_eq!(found(engine, index, "anchor"), [0; 0]);
}

#[track_caller]
fn lines(migration: Migration) -> Vec<String> {
    let plan = migration.plan().unwrap();
    let lines = plan.steps().iter().flat_map(|step| &step.changes).map(|change| change.text.clone());
    let lines = lines.collect();
    plan.apply().unwrap();
    lines
}

#[track_caller]
fn is_done(engine: &Engine, table: &TableDef) {
    let plan = engine.migration(&[table]).plan().unwrap();
    assert!(plan.is_empty(), "{plan}");
    engine.verify(&[table]).unwrap();
    engine.check_drift(&[table]).unwrap();
}

#[test]
fn a_new_table_gets_its_index_and_triggers() {
    let engine = Engine::open_in_memory().unwrap();
    let posts = indexed().build();
    assert_eq!(
        engine.migration(&[&posts]).plan().unwrap().to_string(),
        r#"posts  create
  + create the table
  + add full-text index `posts_fts`
      CREATE TABLE "main"."posts" ("id" INTEGER NOT NULL, "title" TEXT NOT NULL, "body" TEXT NOT NULL, PRIMARY KEY ("id")) STRICT;
      CREATE VIRTUAL TABLE "main"."posts_fts" USING fts5("title", "body", content='posts', content_rowid='id');
      CREATE TRIGGER "main"."posts_fts_ai" AFTER INSERT ON "posts" BEGIN INSERT INTO "posts_fts" ("rowid", "title", "body") VALUES (new."id", new."title", new."body"); END;
      CREATE TRIGGER "main"."posts_fts_ad" AFTER DELETE ON "posts" BEGIN INSERT INTO "posts_fts" ("posts_fts", "rowid", "title", "body") VALUES ('delete', old."id", old."title", old."body"); END;
      CREATE TRIGGER "main"."posts_fts_au" AFTER UPDATE OF "id", "title", "body", "rowid", "_rowid_", "oid" ON "posts" WHEN old."id" IS NOT new."id" OR CAST(old."title" AS BLOB) IS NOT CAST(new."title" AS BLOB) OR CAST(old."body" AS BLOB) IS NOT CAST(new."body" AS BLOB) BEGIN INSERT INTO "posts_fts" ("posts_fts", "rowid", "title", "body") VALUES ('delete', old."id", old."title", old."body"); INSERT INTO "posts_fts" ("rowid", "title", "body") VALUES (new."id", new."title", new."body"); END;
"#
    );
    engine.migrate(&[&posts]).unwrap();
    is_done(&engine, &posts);
    execute(&engine, "INSERT INTO posts VALUES (3, 'Knots', 'tie the sail')");
    assert_eq!(found(&engine, "posts_fts", "sail"), [3]);
    is_kept(&engine, "posts", "title", "posts_fts");
}

#[test]
fn rows_that_are_there_are_indexed() {
    let engine = Engine::open_in_memory().unwrap();
    execute(&engine, POSTS);
    let plan = engine.migration(&[&indexed().build()]).plan().unwrap();
    let [step] = plan.steps() else { panic!("{plan}") };
    assert_eq!((step.strategy, step.class), (Strategy::InPlace, StepClass::Safe));
    assert_eq!(step.sql[1], r#"INSERT INTO "main"."posts_fts" ("posts_fts") VALUES ('rebuild')"#);
    plan.apply().unwrap();
    is_done(&engine, &indexed().build());
    assert_eq!(found(&engine, "posts_fts", "sail OR sails"), [3, 7]);
    is_kept(&engine, "posts", "body", "posts_fts");
}

#[test]
fn another_meaning_makes_the_index_anew() {
    let tokenized = |fts: FtsBuilder| fts.tokenize("porter  unicode61").prefix([2, 3]);
    let meanings: [TableBuilder; 3] = [
        plain().fts(["body", "title"], |fts| fts),
        plain().fts(["title", "body"], tokenized),
        plain().fts(["title"], |fts| fts),
    ];
    for posts in meanings.map(TableBuilder::build) {
        let engine = migrated();
        assert_eq!(lines(engine.migration(&[&posts])), ["make full-text index `posts_fts` anew"]);
        is_done(&engine, &posts);
        assert_eq!(found(&engine, "posts_fts", "knots"), [3]);
        is_kept(&engine, "posts", "title", "posts_fts");
    }
}

#[test]
fn another_name_is_another_index() {
    let engine = migrated();
    let posts = plain().fts(["title", "body"], |fts| fts.name("words")).build();
    assert_eq!(
        lines(engine.migration(&[&posts])),
        ["drop full-text index `posts_fts`", "add full-text index `words`"]
    );
    is_done(&engine, &posts);
    is_kept(&engine, "posts", "title", "words");
}

#[test]
fn a_trigger_that_somebody_dropped_comes_back_with_what_was_missed() {
    let engine = migrated();
    execute(&engine, "DROP TRIGGER posts_fts_ai; INSERT INTO posts VALUES (9, 'Wind', 'and water')");
    let posts = indexed().build();
    assert_eq!(engine.verify(&[&posts]).unwrap_err().kind(), ErrorKind::SchemaMismatch);
    assert_eq!(
        engine.check_drift(&[&posts]).unwrap_err().to_string(),
        "the database changed since the last migration; to be as it was it would have to: `posts`: make full-text index \
         `posts_fts` anew"
    );
    engine.migrate(&[&posts]).unwrap();
    is_done(&engine, &posts);
    assert_eq!(found(&engine, "posts_fts", "wind"), [9]);
}

#[test]
fn an_index_that_the_struct_had_goes_with_it_and_one_of_others_stays() {
    let engine = migrated();
    let posts = plain().build();
    assert_eq!(lines(engine.migration(&[&posts])), ["drop full-text index `posts_fts`"]);
    is_done(&engine, &posts);
    let left = engine.session().unwrap();
    let left = left.raw("SELECT name FROM sqlite_schema WHERE name LIKE 'posts_fts%'", ()).all::<String>();
    assert_eq!(left.unwrap(), [""; 0]);

    execute(&engine, "CREATE VIRTUAL TABLE theirs USING fts5(title, content=posts, content_rowid=id)");
    let plan = engine.migration(&[&posts]).plan().unwrap();
    assert!(plan.is_empty());
    assert_eq!(plan.notes(), ["posts: kept undeclared full-text index `theirs`"]);
    let allowed = engine.migration(&[&posts]).allow_drop_index("theirs");
    assert_eq!(lines(allowed), ["drop full-text index `theirs`"]);
}

#[test]
fn a_rebuilt_table_keeps_its_index() {
    let engine = migrated();
    let posts = indexed().check(None, "length(title) < 100").column("n", INTEGER, |c| c.unique().nullable());
    let posts =
        posts.column("m", INTEGER, |c| c.default(orm_core::schema::DefaultDef::Expression("1+1".into())));
    let posts = posts.build();
    let plan = engine.migration(&[&posts]).plan().unwrap();
    assert!(plan.steps().iter().any(|step| step.strategy == Strategy::Rebuild), "{plan}");
    assert!(!plan.to_string().contains("'rebuild'"), "{plan}");
    plan.apply().unwrap();
    is_done(&engine, &posts);
    assert_eq!(found(&engine, "posts_fts", "sail OR sails"), [3, 7]);
    is_kept(&engine, "posts", "title", "posts_fts");
}

#[test]
fn a_rebuild_that_changes_text_fills_the_index_anew() {
    let setup = "CREATE TABLE posts (id INTEGER PRIMARY KEY, title BLOB NOT NULL, body TEXT) STRICT; \
                 INSERT INTO posts VALUES (3, x'4b6e6f7473', NULL)";
    let engine = Engine::open_in_memory().unwrap();
    execute(&engine, setup);
    let table = |title, define: fn(ColumnBuilder) -> ColumnBuilder| {
        TableDef::builder("posts")
            .column("id", INTEGER, ColumnBuilder::primary_key)
            .column("title", title, define)
            .column("body", LogicalType::Text, ColumnBuilder::nullable)
            .fts(["title", "body"], |fts| fts)
            .build()
    };
    engine.migrate(&[&table(LogicalType::Blob, |c| c)]).unwrap();
    let converted = table(LogicalType::Text, |c| c.using("'the ' || CAST(title AS TEXT)"));
    let plan = engine.migration(&[&converted]).plan().unwrap();
    assert!(plan.to_string().contains("('rebuild')"), "{plan}");
    plan.apply().unwrap();
    is_done(&engine, &converted);
    assert_eq!(found(&engine, "posts_fts", "\"the knots\""), [3]);
    is_kept(&engine, "posts", "body", "posts_fts");
}

#[test]
fn an_index_of_others_that_reads_what_changes_is_named() {
    let engine = Engine::open_in_memory().unwrap();
    execute(&engine, POSTS);
    execute(&engine, "CREATE VIRTUAL TABLE theirs USING fts5(title, content=posts, content_rowid=id)");
    let posts = TableDef::builder("posts")
        .column("id", INTEGER, ColumnBuilder::primary_key)
        .column("title", LogicalType::Blob, |c| c.using("CAST(title AS BLOB)"))
        .column("body", LogicalType::Text, |c| c)
        .build();
    let plan = engine.migration(&[&posts]).plan().unwrap();
    assert_eq!(
        plan.notes(),
        [
            "posts: kept undeclared full-text index `theirs`",
            "posts: full-text index `theirs` did not come from a struct, and reads what changes; fill it anew"
        ]
    );
    plan.apply().unwrap();
}

#[test]
fn a_renamed_table_takes_its_index_along() {
    let engine = migrated();
    let articles = named("articles").renamed_from("posts").fts(["title", "body"], |fts| fts).build();
    assert_eq!(
        lines(engine.migration(&[&articles])),
        [
            "rename table `posts` to `articles`",
            "drop full-text index `posts_fts`, which spells the old name",
            "add full-text index `articles_fts`"
        ]
    );
    is_done(&engine, &articles);
    assert_eq!(found(&engine, "articles_fts", "sail"), [3]);
    is_kept(&engine, "articles", "title", "articles_fts");
}

#[test]
fn a_renamed_column_or_key_takes_its_index_along() {
    let table = |key: &'static str, title: &'static str| {
        TableDef::builder("posts")
            .column(key, INTEGER, |c| c.primary_key().renamed_from("id"))
            .column(title, LogicalType::Text, |c| c.renamed_from("title"))
            .column("body", LogicalType::Text, |c| c)
            .fts([title, "body"], |fts| fts)
            .build()
    };
    for (key, title) in [("id", "headline"), ("number", "title"), ("number", "headline")] {
        let engine = migrated();
        let posts = table(key, title);
        engine.migrate(&[&posts]).unwrap();
        is_done(&engine, &posts);
        assert_eq!(found(&engine, "posts_fts", "knots"), [3], "{key} {title}");
        execute(&engine, &format!("UPDATE posts SET {title} = 'anchor' WHERE {key} = 3"));
        assert_eq!(found(&engine, "posts_fts", "anchor"), [3], "{key} {title}");
    }
}

#[test]
fn a_rename_that_would_break_an_index_of_others_is_refused() {
    let engine = Engine::open_in_memory().unwrap();
    execute(&engine, POSTS);
    execute(&engine, "CREATE VIRTUAL TABLE theirs USING fts5(title, content='posts', content_rowid='id')");
    let articles = named("articles").renamed_from("posts").fts(["title", "body"], |fts| fts).build();
    let error = engine.migrate(&[&articles]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DependentObject);
    assert!(error.to_string().contains("virtual table `theirs`"), "{error}");
    // unless it may go
    engine.migration(&[&articles]).allow_drop_index("theirs").plan().unwrap().apply().unwrap();
    is_done(&engine, &articles);
}

#[test]
fn a_dropped_column_leaves_the_index() {
    let engine = migrated();
    let posts = TableDef::builder("posts")
        .column("id", INTEGER, ColumnBuilder::primary_key)
        .column("title", LogicalType::Text, |c| c)
        .fts(["title"], |fts| fts)
        .build();
    assert_eq!(engine.migrate(&[&posts]).unwrap_err().kind(), ErrorKind::DestructiveChange);
    let consented = engine.migration(&[&posts]).allow_drop_column("posts", "body");
    assert_eq!(lines(consented), ["drop column `body`", "make full-text index `posts_fts` anew"]);
    is_done(&engine, &posts);
    assert_eq!(found(&engine, "posts_fts", "knots"), [3]);
    is_kept(&engine, "posts", "title", "posts_fts");
}

#[test]
fn a_dropped_table_takes_its_index_along() {
    let engine = migrated();
    let users = TableDef::builder("users").column("name", LogicalType::Text, |c| c).build();
    let dropped = lines(engine.migration(&[&users]).allow_drop_table("posts"));
    assert_eq!(
        dropped,
        [
            "create the table",
            "drop the table with 2 rows",
            "drop full-text index `posts_fts` with it",
            "drop trigger `posts_fts_ai` with it",
            "drop trigger `posts_fts_ad` with it",
            "drop trigger `posts_fts_au` with it"
        ]
    );
}

#[test]
fn an_index_made_by_hand_is_adopted_without_its_triggers() {
    let engine = Engine::open_in_memory().unwrap();
    execute(&engine, POSTS);
    execute(
        &engine,
        "CREATE VIRTUAL TABLE posts_fts USING fts5(title, body, content = posts, content_rowid = id); \
         INSERT INTO posts_fts (posts_fts) VALUES ('rebuild'); \
         CREATE TRIGGER mine AFTER INSERT ON posts BEGIN \
         INSERT INTO posts_fts(rowid, title, body) VALUES (new.id, new.title, new.body); END;",
    );
    let posts = indexed().build();
    let error = engine.migrate(&[&posts]).unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (
            ErrorKind::DependentObject,
            "table `posts`: trigger `mine` keeps full-text index `posts_fts` already, and did not come from a struct: \
             `.allow_drop_trigger(\"mine\")` drops it, and the index gets triggers that do"
        )
    );
    let lines = lines(engine.migration(&[&posts]).allow_drop_trigger("mine"));
    assert_eq!(lines, ["drop trigger `mine`", "make full-text index `posts_fts` anew"]);
    is_done(&engine, &posts);
    // its own are not for a person to drop
    assert!(engine.migration(&[&posts]).allow_drop_trigger("posts_fts_ai").plan().unwrap().is_empty());
    is_kept(&engine, "posts", "title", "posts_fts");
}

#[test]
fn a_name_that_is_taken_is_refused() {
    for taken in [
        "CREATE TABLE posts_fts (a)",
        "CREATE VIEW posts_fts AS SELECT 1",
        "CREATE VIRTUAL TABLE posts_fts USING fts5(a)",
        "CREATE INDEX posts_fts ON posts (title)",
    ] {
        let engine = Engine::open_in_memory().unwrap();
        execute(&engine, &format!("{POSTS} {taken}"));
        let error = engine.migrate(&[&indexed().build()]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NameInUse, "{error}");
    }
}

#[test]
fn a_table_without_a_number_for_its_rows_cannot_have_an_index() {
    let keyed = |define: fn(ColumnBuilder) -> ColumnBuilder| {
        TableDef::builder("t").column("id", INTEGER, define).column("a", LogicalType::Text, |c| c)
    };
    let tables = [
        keyed(|c| c),
        keyed(|c| c.primary_key().declared_type("INT")).strict(false),
        keyed(ColumnBuilder::primary_key).without_rowid(),
        keyed(|c| c).primary_key(["id", "a"]),
    ];
    for table in tables {
        let engine = Engine::open_in_memory().unwrap();
        let error = engine.migrate(&[&table.fts(["a"], |fts| fts).build()]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidModel, "{error}");
    }
    let engine = Engine::open_in_memory().unwrap();
    let unknown = keyed(ColumnBuilder::primary_key).fts(["b"], |fts| fts).build();
    assert_eq!(
        engine.migrate(&[&unknown]).unwrap_err().to_string(),
        "table `t`: the full-text index is about `b`, which is no column"
    );
    let misspelt = keyed(ColumnBuilder::primary_key).fts(["a"], |fts| fts.tokenize("portr")).build();
    let error = engine.migrate(&[&misspelt]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidModel, "{error}");
}

#[test]
fn hostile_names_are_names() {
    let table = "po'st\"s";
    let posts = TableDef::builder(table)
        .column("i'd\"", INTEGER, ColumnBuilder::primary_key)
        .column("ti'tle\", x", LogicalType::Text, |c| c)
        .fts(["ti'tle\", x"], |fts| fts.name("ft's\" (").tokenize("unicode61 tokenchars '-'"))
        .build();
    let engine = Engine::open_in_memory().unwrap();
    engine.migrate(&[&posts]).unwrap();
    is_done(&engine, &posts);
    execute(&engine, "INSERT INTO \"po'st\"\"s\" VALUES (5, 'anchor-chain')");
    let index = "\"ft's\"\" (\"";
    assert_eq!(found(&engine, index, "\"anchor-chain\""), [5]);
}

#[test]
fn a_history_from_before_the_index_is_read() {
    let engine = Engine::open_in_memory().unwrap();
    engine.migrate(&[&plain().build()]).unwrap();
    execute(&engine, "INSERT INTO posts VALUES (3, 'Knots', 'tie the sail')");
    assert_eq!(lines(engine.migration(&[&indexed().build()])), ["add full-text index `posts_fts`"]);
    assert_eq!(found(&engine, "posts_fts", "knots"), [3]);
    engine.migration(&[&indexed().build()]).baseline().unwrap();
}

#[test]
fn a_trigger_that_keeps_the_index_goes_with_the_index_only() {
    let engine = migrated();
    let plan = engine.migration(&[&indexed().build()]).allow_drop_trigger("posts_fts_ai").plan().unwrap();
    assert!(plan.is_empty(), "{plan}");
    is_kept(&engine, "posts", "title", "posts_fts");
}
