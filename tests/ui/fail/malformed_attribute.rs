use orm_core::Model;

#[derive(Model)]
#[orm]
#[orm = "users"]
struct User {
    #[orm(primary_key auto)]
    id: i64,
    #[orm("email")]
    email: String,
    #[orm(column = )]
    name: String,
    #[orm(check = "", collate = "a\0b")]
    age: u8,
}

fn main() {}
