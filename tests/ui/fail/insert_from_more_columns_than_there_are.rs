//! A query selects as many columns as it is inserted into.

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
    let both = session.find::<User>().select((User::ID, User::AGE));
    let _ = session.insert_from(Post::ID, &both);
    let _ = session.insert_from(Post::ID, &session.find::<User>());
}
