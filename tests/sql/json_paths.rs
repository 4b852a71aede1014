//! Paths into JSON beside their SQL, and what SQLite answers.

use orm_core::{Engine, ErrorKind, Expr, Json, Model, Session, func, sql};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
struct Prefs {
    #[serde(skip_serializing_if = "Option::is_none")]
    theme: Option<String>,
    size: f64,
    sound: bool,
    tags: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "users")]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(json)]
    prefs: Prefs,
    extra: Option<serde_json::Value>,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "posts")]
struct Post {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(references = User)]
    author_id: i64,
    value: serde_json::Value,
}

fn session() -> Session {
    let session = Engine::open_in_memory().unwrap().session().unwrap();
    session.create_table::<User>().unwrap();
    session.create_table::<Post>().unwrap();
    let prefs = |theme: Option<&str>, tags: &[&str]| Prefs {
        theme: theme.map(str::to_owned),
        size: 1.5,
        sound: true,
        tags: tags.iter().map(|&tag| tag.to_owned()).collect(),
    };
    let extra = serde_json::json!({ "n": [1, "two", null, { "deep": "x" }], "none": null, "text": "3" });
    for (prefs, extra) in [
        (prefs(Some("dark"), &["a", "b"]), Some(extra)),
        (prefs(None, &[]), None),
        (prefs(Some("' OR 1=1"), &["'"]), Some(serde_json::json!([]))),
    ] {
        session.create(User { id: 0, prefs, extra }).unwrap();
    }
    session
}

/// Asserts the text of the expression, and its value for each of the users.
#[track_caller]
fn assert_values<T: orm_core::Field + std::fmt::Debug + PartialEq>(
    expr: Expr<User, T>,
    sql: &str,
    values: impl IntoIterator<Item = T>,
) {
    let session = session();
    let query = session.find::<User>().order_by(User::ID.asc()).select(expr);
    assert_eq!(query.to_sql().sql, sql);
    assert_eq!(query.all().unwrap(), values.into_iter().collect::<Vec<_>>());
}

fn select(expr: &str) -> String {
    format!("SELECT {expr} FROM \"main\".\"users\" ORDER BY \"id\"")
}

#[test]
fn what_is_at_a_path_has_a_type() {
    assert_values(
        User::PREFS.path::<String>("$.theme"),
        &select(r#"json_extract("prefs", '$.theme')"#),
        [Some("dark".to_owned()), None, Some("' OR 1=1".to_owned())],
    );
    assert_values(
        User::PREFS.path::<f64>("$.size"),
        &select(r#"json_extract("prefs", '$.size')"#),
        [Some(1.5); 3],
    );
    assert_values(
        User::PREFS.path::<bool>("$.sound"),
        &select(r#"json_extract("prefs", '$.sound')"#),
        [Some(true); 3],
    );
    assert_values(
        User::EXTRA.path::<i64>("$.n[0]"),
        &select(r#"json_extract("extra", '$.n[0]')"#),
        [Some(1), None, None],
    );
    assert_values(
        User::EXTRA.path::<String>("$.none"),
        &select(r#"json_extract("extra", '$.none')"#),
        [None, None, None],
    );
}

#[test]
fn a_part_of_the_document_is_json_again() {
    let tags = User::PREFS.path::<Json<Vec<String>>>("$.tags");
    assert_values(
        tags,
        &select(r#""prefs" -> '$.tags'"#),
        [
            Some(Json(vec!["a".to_owned(), "b".to_owned()])),
            Some(Json(vec![])),
            Some(Json(vec!["'".to_owned()])),
        ],
    );
    let text = User::EXTRA.path::<serde_json::Value>("$.text");
    assert_values(text.clone(), &select(r#""extra" -> '$.text'"#), [Some("3".into()), None, None]);
    let theme = User::PREFS.path::<serde_json::Value>("$.theme");
    assert_values(
        theme.eq(None),
        &select(r#"("prefs" -> '$.theme') IS NULL"#).replace(['(', ')'], ""),
        [false, true, false],
    );
    let deep = User::EXTRA.path::<serde_json::Value>("$.n").path::<String>("$[3].deep");
    assert_values(
        deep,
        &select(r#"json_extract("extra" -> '$.n', '$[3].deep')"#),
        [Some("x".to_owned()), None, None],
    );
}

#[test]
fn another_type_at_the_path_is_an_error_when_it_is_read() {
    let session = session();
    let error = session.find::<User>().select(User::PREFS.path::<i64>("$.theme")).all().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conversion);
    assert_eq!(error.to_string(), "column `1`: `Option<i64>`: expected an integer, found text");
}

#[test]
fn paths_filter_order_and_group() {
    let session = session();
    let theme = || User::PREFS.path::<String>("$.theme");
    let query = session.find::<User>().filter(theme().ne("dark")).order_by(theme().desc()).select(User::ID);
    assert_eq!(
        query.to_sql().sql,
        "SELECT \"id\" FROM \"main\".\"users\" WHERE json_extract(\"prefs\", '$.theme') IS NOT ?1 ORDER BY \
         json_extract(\"prefs\", '$.theme') DESC"
    );
    assert_eq!(query.all().unwrap(), [3, 2]);
    let groups =
        session.find::<User>().group_by(theme()).order_by(theme().asc()).select((theme(), func::count()));
    assert_eq!(
        groups.all().unwrap(),
        [(None, 1), (Some("' OR 1=1".to_owned()), 1), (Some("dark".to_owned()), 1)]
    );
    let hostile = session.find::<User>().filter(theme().eq("' OR 1=1"));
    assert_eq!(hostile.count().unwrap(), 1);
    let set = session.find::<User>().filter(User::ID.eq(1));
    let change = User::PREFS.set(sql::<Json<Prefs>, _>("json_set(prefs, '$.theme', ?)", ("light",)));
    assert_eq!(set.update(change).unwrap(), 1);
    assert_eq!(set.one().unwrap().prefs.theme.as_deref(), Some("light"));
}

#[test]
fn kinds_lengths_and_elements() {
    let text = |text: &str| Some(text.to_owned());
    assert_values(
        User::EXTRA.type_at("$.n"),
        &select(r#"json_type("extra", '$.n')"#),
        [text("array"), None, None],
    );
    assert_values(
        User::EXTRA.length_at("$"),
        &select(r#"json_array_length("extra", '$')"#),
        [Some(0), None, Some(0)],
    );
    assert_values(
        User::PREFS.length_at("$.tags"),
        &select(r#"json_array_length("prefs", '$.tags')"#),
        [Some(2), Some(0), Some(1)],
    );
    let has = r#"EXISTS (SELECT 1 FROM json_each("users"."prefs", '$.tags') WHERE "json_each"."value" = ?1)"#;
    let select = |expr: &str| format!("SELECT {expr} FROM \"main\".\"users\" ORDER BY \"users\".\"id\"");
    assert_values(User::PREFS.has_at("$.tags", "b"), &select(has), [true, false, false]);
    assert_values(!User::PREFS.has_at("$.tags", "'"), &select(&format!("NOT {has}")), [true, true, false]);
    assert_values(
        User::EXTRA.has_at("$.n", 1),
        &select(r#"EXISTS (SELECT 1 FROM json_each("users"."extra", '$.n') WHERE "json_each"."value" = ?1)"#),
        [true, false, false],
    );
}

#[test]
fn paths_go_through_relations() {
    let session = session();
    // a column that has the name of one of `json_each`
    session.create(Post { id: 0, author_id: 1, value: serde_json::json!(["x"]) }).unwrap();
    let theme = Post::AUTHOR.at(User::PREFS.path::<String>("$.theme"));
    let tagged = Post::AUTHOR.at(User::PREFS.has_at("$.tags", "a"));
    let query = session.find::<Post>().filter(Post::VALUE.has_at("$", "x").and(tagged)).select(theme);
    assert_eq!(
        query.to_sql().sql,
        "SELECT json_extract(\"t1\".\"prefs\", '$.theme') FROM \"main\".\"posts\" LEFT JOIN \"main\".\"users\" AS \"t1\" \
         ON \"t1\".\"id\" = \"posts\".\"author_id\" WHERE EXISTS (SELECT 1 FROM json_each(\"posts\".\"value\", '$') WHERE \
         \"json_each\".\"value\" = ?1) AND EXISTS (SELECT 1 FROM json_each(\"t1\".\"prefs\", '$.tags') WHERE \
         \"json_each\".\"value\" = ?2)"
    );
    assert_eq!(query.all().unwrap(), [Some("dark".to_owned())]);
    assert_eq!(session.find::<Post>().filter(Post::VALUE.has_at("$", "y")).count().unwrap(), 0);
}

#[test]
fn an_index_on_the_same_path_serves() {
    let session = session();
    session.execute_batch("CREATE INDEX by_theme ON users (json_extract(prefs, '$.theme'))").unwrap();
    let plan = |at: &str| {
        session.find::<User>().filter(User::PREFS.path::<String>(at).eq("dark")).explain().unwrap()
    };
    assert!(plan("$.theme").contains("by_theme"), "{}", plan("$.theme"));
    assert!(!plan("$.size").contains("by_theme"));
}

#[test]
fn a_path_is_text_of_the_statement_and_data_all_the_same() {
    let session = session();
    let nothing = |at: &str| session.find::<User>().select(User::PREFS.path::<String>(at)).all();
    assert_eq!(nothing("$.x'), (SELECT 1) --").unwrap(), [None, None, None]);
    for path in ["theme", "", "$.a\0"] {
        let error = nothing(path).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conversion);
        assert_eq!(
            error.to_string(),
            "a value in a query: expected a JSON path such as `$.theme`, found text that is none"
        );
    }
    assert!(nothing("$x").unwrap_err().to_string().starts_with("bad JSON path"));
}

#[test]
fn text_that_is_no_json_is_an_error_of_its_column() {
    let session = session();
    session.execute_batch("UPDATE users SET prefs = '{' WHERE id = 2").unwrap();
    let theme = || User::PREFS.path::<String>("$.theme");
    let all = session.find::<User>();
    let errors = [
        all.clone().select(theme()).all().unwrap_err(),
        all.clone().filter(theme().eq("dark")).count().unwrap_err(),
        all.clone().select(User::PREFS.path::<Json<Vec<String>>>("$.tags")).all().unwrap_err(),
        all.clone().filter(User::PREFS.has_at("$.tags", "a")).delete().unwrap_err(),
        all.clone().filter(theme().eq("dark")).iter().unwrap().find_map(Result::err).unwrap(),
    ];
    for error in errors {
        assert_eq!(error.kind(), ErrorKind::Sql);
        assert_eq!((error.table(), error.column()), (Some("users"), Some("prefs")), "{error}");
        assert!(error.to_string().starts_with("column `prefs` of `users`: malformed JSON (in `"), "{error}");
    }
    let two = all.filter(theme().eq("x") | User::EXTRA.path::<i64>("$.n").eq(1)).all().unwrap_err();
    assert_eq!((two.table(), two.column()), (Some("users"), None), "{two}");
}
