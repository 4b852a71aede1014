// What a full-text index can say, and where it ends up.
#![allow(dead_code)]

use std::borrow::Cow;

use orm_core::Model;
use orm_core::schema::FtsDef;

#[derive(Model)]
#[orm(table = "posts", fts(title, r#type, tags, short, tokenize = "porter unicode61", prefix = "2 3", name = "words"))]
struct Post {
    #[orm(primary_key)]
    number: u32,
    title: Option<String>,
    #[orm(column = "kind")]
    r#type: String,
    #[orm(json)]
    tags: Vec<String>,
    #[orm(generated = "substr(title, 1, 9)")]
    short: Option<String>,
}

#[derive(Model)]
#[orm(fts(text))]
struct Line {
    #[orm(primary_key, autoincrement)]
    id: Option<i64>,
    text: String,
}

const WORDS: FtsDef = FtsDef {
    name: Some(Cow::Borrowed("words")),
    columns: Cow::Borrowed(&[
        Cow::Borrowed("title"),
        Cow::Borrowed("kind"),
        Cow::Borrowed("tags"),
        Cow::Borrowed("short"),
    ]),
    tokenize: Some(Cow::Borrowed("porter unicode61")),
    prefix: Cow::Borrowed(&[2, 3]),
};

fn main() {
    assert_eq!(Post::TABLE.fts, Some(WORDS));
    assert_eq!(Line::TABLE.fts, Some(FtsDef { columns: vec!["text".into()].into(), ..FtsDef::default() }));
    assert_eq!(Line::TABLE.fts.as_ref().map(|fts| fts.name_for("line")), Some("line_fts".to_owned()));
}
