//! Functions over windows are computed after the rows are chosen.

use orm_core::{Engine, Model, func};

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
    let newest = func::row_number().over(func::window().order_by(User::ID.desc()));
    let _ = users.filter(newest.eq(1)).all();
}
