use orm_core::Model;

#[derive(Model)]
#[orm(column = "id")]
struct User {
    #[orm(primary_key)]
    id: i64,
    #[orm(table = "users")]
    email: String,
}

fn main() {}
