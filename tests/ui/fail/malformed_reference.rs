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
    #[orm(references(User))]
    a_id: i64,
    #[orm(references = "users")]
    b_id: i64,
    #[orm(references())]
    c_id: i64,
    #[orm(references(User::ID, User::EMAIL))]
    d_id: i64,
    #[orm(references = User, as = "the writer")]
    e_id: i64,
}

fn main() {}
