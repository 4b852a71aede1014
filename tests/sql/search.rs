//! Searches beside their SQL, and the definition of their index.

use orm_core::dialect::Sqlite;
use orm_core::schema::{ColumnBuilder, TableDef};
use orm_core::sql::{Drop, FullText};
use orm_core::{Engine, ErrorKind, LogicalType, Model, Session, Value};

use crate::postgres::Postgres;

#[derive(Debug, Model)]
#[orm(table = "users")]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
    name: String,
}

#[derive(Debug, Model)]
#[orm(table = "posts", fts(title, text))]
struct Post {
    #[orm(primary_key, auto)]
    id: i64,
    title: String,
    #[orm(column = "body")]
    text: Option<String>,
    #[orm(references = User)]
    author_id: i64,
    #[orm(deleted_at)]
    gone: Option<std::time::SystemTime>,
}

fn session() -> Session {
    Engine::open_in_memory().unwrap().session().unwrap()
}

const COLUMNS: &str = r#""posts"."id", "posts"."title", "posts"."body", "posts"."author_id", "posts"."gone""#;
const JOINED: &str = r#"FROM "main"."posts" JOIN "main"."posts_fts" AS "t1" ON "posts"."id" = "t1"."rowid""#;

#[test]
fn a_search_joins_the_index_and_orders_by_rank() {
    let session = session();
    let search = session.search::<Post>("rust  \"orm\"");
    let rendered = search.to_sql();
    assert_eq!(
        rendered.sql,
        format!(
            r#"SELECT {COLUMNS} {JOINED} WHERE match(?1, "t1"."posts_fts") AND "posts"."gone" IS NULL ORDER BY "t1"."rank""#
        )
    );
    assert_eq!(rendered.params, [Value::from(r#""rust" """orm""""#)]);
    assert_eq!(search.prefix().to_sql().params, [Value::from(r#""rust" """orm"""*"#)]);
    let expression = session.search_expression::<Post>("rust OR orm*").prefix();
    assert_eq!(expression.to_sql().params, [Value::from("rust OR orm*")]);
}

#[test]
fn filters_weights_order_and_limit_stand_where_they_belong() {
    let session = session();
    let search = session
        .search::<Post>("rust")
        .weight(Post::TEXT, 2.5)
        .filter(Post::AUTHOR_ID.eq(7))
        .order_by(Post::ID.desc())
        .limit(10)
        .offset(20)
        .with_deleted();
    let rendered = search.to_sql();
    assert_eq!(
        rendered.sql,
        format!(
            r#"SELECT {COLUMNS} {JOINED} WHERE match(?1, "t1"."posts_fts") AND match(?2, "t1"."rank") AND "posts"."author_id" = ?3 ORDER BY "posts"."id" DESC, "t1"."rank" LIMIT ?4 OFFSET ?5"#
        )
    );
    let params: [Value; 5] = [r#""rust""#.into(), "bm25(1, 2.5)".into(), 7.into(), 10.into(), 20.into()];
    assert_eq!(rendered.params, params);
}

#[test]
fn what_stands_beside_a_hit_is_read_from_the_same_join() {
    let session = session();
    let search = session
        .search::<Post>("rust")
        .with_deleted()
        .rank()
        .highlight(Post::TITLE, "<", ">")
        .snippet(Post::TEXT, "[", "]", 12)
        .with(Post::AUTHOR);
    let rendered = search.to_sql();
    assert_eq!(
        rendered.sql,
        format!(
            r#"SELECT {COLUMNS}, "t1"."rank", coalesce(highlight("t1"."posts_fts", ?1, ?2, ?3), ?4), coalesce(snippet("t1"."posts_fts", ?5, ?6, ?7, ?8, ?9), ?10), "t2"."id", "t2"."name" {JOINED} JOIN "main"."users" AS "t2" ON "t2"."id" = "posts"."author_id" WHERE match(?11, "t1"."posts_fts") ORDER BY "t1"."rank""#
        )
    );
    let values: Vec<Value> = vec![
        0.into(),
        "<".into(),
        ">".into(),
        "".into(),
        1.into(),
        "[".into(),
        "]".into(),
        "…".into(),
        12.into(),
        "".into(),
        r#""rust""#.into(),
    ];
    assert_eq!(rendered.params, values);
}

#[test]
fn what_is_selected_replaces_the_model() {
    let session = session();
    let search = session.search::<Post>("rust").with_deleted().select(|hit| (Post::ID, hit.rank()));
    assert_eq!(
        search.to_sql().sql,
        format!(
            r#"SELECT "posts"."id", "t1"."rank" {JOINED} WHERE match(?1, "t1"."posts_fts") ORDER BY "t1"."rank""#
        )
    );
    assert_eq!(format!("{search:?}"), format!("Search({})", search.to_sql().sql));
}

#[test]
fn an_index_is_made_with_three_triggers() {
    let table = TableDef::builder("a'b")
        .column("id", LogicalType::Integer { bits: 64, signed: true }, ColumnBuilder::primary_key)
        .column("x\"y", LogicalType::Text, |c| c)
        .fts(["x\"y"], |fts| fts.name("f").tokenize("unicode61 tokenchars '-'").prefix([2, 3]))
        .build();
    let index = FullText::of(&table).unwrap().unwrap();
    assert_eq!(
        index.create(&Sqlite).unwrap().sql,
        r#"CREATE VIRTUAL TABLE "main"."f" USING fts5("x""y", content='a''b', content_rowid='id', tokenize='unicode61 tokenchars ''-''', prefix='2 3')"#
    );
    let triggers = index.triggers(&Sqlite).unwrap().map(|trigger| trigger.sql);
    let removed = r#"INSERT INTO "f" ("f", "rowid", "x""y") VALUES ('delete', old."id", old."x""y");"#;
    let added = r#"INSERT INTO "f" ("rowid", "x""y") VALUES (new."id", new."x""y");"#;
    let changed = r#"old."id" IS NOT new."id" OR CAST(old."x""y" AS BLOB) IS NOT CAST(new."x""y" AS BLOB)"#;
    assert_eq!(
        triggers,
        [
            format!(r#"CREATE TRIGGER "main"."f_ai" AFTER INSERT ON "a'b" BEGIN {added} END"#),
            format!(r#"CREATE TRIGGER "main"."f_ad" AFTER DELETE ON "a'b" BEGIN {removed} END"#),
            format!(
                r#"CREATE TRIGGER "main"."f_au" AFTER UPDATE OF "id", "x""y", "rowid", "_rowid_", "oid" ON "a'b" WHEN {changed} BEGIN {removed} {added} END"#
            ),
        ]
    );
    assert_eq!(index.rebuild(&Sqlite).unwrap().sql, r#"INSERT INTO "main"."f" ("f") VALUES ('rebuild')"#);
    let trigger = Drop::Trigger { name: "f_ai", if_exists: true };
    assert_eq!(trigger.render(&Sqlite).unwrap().sql, r#"DROP TRIGGER IF EXISTS "main"."f_ai""#);
    let error = index.create(&Postgres).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnsupportedObject);
}

#[test]
fn what_contains_nul_is_refused() {
    let table = |name: &'static str, tokenizer: &'static str| {
        TableDef::builder(name)
            .column("id", LogicalType::Integer { bits: 64, signed: true }, ColumnBuilder::primary_key)
            .column("a", LogicalType::Text, |c| c)
            .fts(["a"], |fts| fts.name("f").tokenize(tokenizer))
            .build()
    };
    for table in [table("t\0", "ascii"), table("t", "ascii\0")] {
        let error = FullText::of(&table).unwrap().unwrap().create(&Sqlite).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidModel, "{error}");
    }
}
