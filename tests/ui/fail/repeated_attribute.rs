use orm_core::Model;

#[derive(Model)]
struct User {
    #[orm(primary_key)]
    id: i64,
    #[orm(unique, unique)]
    email: String,
    #[orm(default = 1)]
    #[orm(default = 2)]
    age: u8,
}

fn main() {}
