use orm_core::Model;

#[derive(Model)]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(unique)]
    email: String,
}

#[derive(Model)]
struct Post {
    #[orm(primary_key)]
    id: i64,
    #[orm(references = User)]
    author_id: i32,
    #[orm(references(User::EMAIL))]
    mail_id: Option<i64>,
}

fn main() {}
