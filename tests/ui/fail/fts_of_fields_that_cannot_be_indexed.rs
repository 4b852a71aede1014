use orm_core::Model;

#[derive(Model)]
#[orm(fts(titel, body, body, cache, rank, name = "_orm_words"), index(title, name = "words"))]
struct Post {
    #[orm(primary_key, auto)]
    id: i64,
    title: String,
    body: String,
    rank: String,
    #[orm(skip)]
    cache: String,
}

#[derive(Model)]
#[orm(fts(title, name = "By_title"), index(title, name = "by_title"))]
struct Line {
    #[orm(primary_key, auto)]
    id: i64,
    title: String,
}

#[derive(Model)]
#[orm(fts(title, words, at))]
struct Page {
    #[orm(primary_key, auto)]
    id: i64,
    title: Option<String>,
    words: u32,
    at: Vec<u8>,
}

fn main() {}
