use orm_core::Model;

#[derive(Model)]
#[orm(table = users, strict = "yes", index = "name", hooks(all))]
struct User {
    #[orm(primary_key)]
    id: i64,
    #[orm(column = 5)]
    email: String,
    #[orm(unique = true)]
    name: String,
    #[orm(default = User)]
    age: u8,
    #[orm(check)]
    size: u8,
    #[orm(generated())]
    twice: u8,
}

impl orm_core::Hooks for User {}

fn main() {}
