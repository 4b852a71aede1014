//! The chosen columns are those of the table.

use orm_core::{Engine, Model};

#[derive(Model)]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(unique)]
    age: u8,
    name: Option<String>,
    #[orm(generated = "age + 1")]
    next: i64,
}

#[derive(Model)]
struct Post {
    #[orm(primary_key, auto)]
    id: i64,
    title: String,
}

fn main() {
    let session = Engine::open_in_memory().unwrap().session().unwrap();
    let _ = session.inserting::<User>().only((User::AGE, Post::TITLE));
}
