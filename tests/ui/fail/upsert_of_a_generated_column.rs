//! A generated column cannot be taken over.

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
    let upsert = session.inserting::<User>().on_conflict(User::AGE);
    let _ = upsert.update(User::NEXT.set_excluded());
}
