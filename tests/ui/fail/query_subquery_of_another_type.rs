//! A query inside gives values of the column's type.

use orm_core::{Engine, Model};

#[derive(Model)]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
    age: u8,
    name: Option<String>,
    #[orm(generated = "age + 1")]
    next: i64,
    price: rust_decimal::Decimal,
}

#[derive(Model)]
struct Post {
    #[orm(primary_key, auto)]
    id: i64,
    title: String,
}

fn main() {
    let session = Engine::open_in_memory().unwrap().session().unwrap();
    let users = session.find::<User>().filter(User::ID.gt(0));
    let titles = session.find::<Post>().select(Post::TITLE);
    let _ = users.filter(User::ID.is_in(titles)).all();
}
