//! An `Option` fits only into a column that is one.

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
    let names = session.find::<User>().select(User::NAME);
    let _ = session.insert_from(Post::TITLE, &names);
    let both = session.find::<User>().select((User::ID, User::NAME));
    let _ = session.insert_from((Post::ID, Post::TITLE), &both);
}
