use orm_core::Model;

#[derive(Model)]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(unique)]
    email: String,
}

#[derive(Model)]
#[orm(foreign_key(columns(a, b), references(User::ID, Post::ID)))]
struct Post {
    #[orm(primary_key)]
    id: i64,
    a: i64,
    b: i64,
}

fn main() {}
