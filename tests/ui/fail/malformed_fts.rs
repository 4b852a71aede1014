use orm_core::Model;

#[derive(Model)]
#[orm(fts(title, tokenise = "porter", prefix = "2 x", tokenize = porter), fts(body))]
struct Post {
    #[orm(primary_key, auto)]
    id: i64,
    title: String,
    body: String,
}

#[derive(Model)]
#[orm(fts(prefix = "0"))]
struct Page {
    #[orm(primary_key, auto)]
    id: i64,
    text: String,
}

#[derive(Model)]
#[orm(fts = "text")]
struct Line {
    #[orm(primary_key, auto)]
    id: i64,
    text: String,
}

fn main() {}
