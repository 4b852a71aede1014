use orm_core::Model;

#[derive(Model)]
#[orm(fts(text), without_rowid)]
struct Post {
    #[orm(primary_key)]
    id: i64,
    text: String,
}

#[derive(Model)]
#[orm(fts(text), primary_key(day, number))]
struct Page {
    day: i64,
    number: i64,
    text: String,
}

#[derive(Model)]
#[orm(fts(text))]
struct Line {
    #[orm(primary_key)]
    name: String,
    text: String,
}

#[derive(Model)]
#[orm(fts(text), strict = false)]
struct Word {
    #[orm(primary_key, type = "INT")]
    number: i64,
    text: String,
}

fn main() {}
