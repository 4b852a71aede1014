use orm_core::Model;

#[derive(Model)]
#[orm(borrowed = "UserRow")]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
}

#[derive(Model)]
#[orm(borrowed(PostRow))]
struct Post {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(borrowed)]
    title: String,
}

fn main() {}
