//! Relations are loaded beside whole models, not beside chosen columns.

use orm_core::{Engine, Model};

#[derive(Model)]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
}

#[derive(Model)]
struct Post {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(references = User)]
    user_id: i64,
}

fn main() {
    let session = Engine::open_in_memory().unwrap().session().unwrap();
    let _ = session.find::<Post>().select(Post::ID).with(Post::USER).all();
    let _ = session.find::<Post>().select(Post::ID).join(Post::USER).all();
}
