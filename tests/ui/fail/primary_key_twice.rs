use orm_core::Model;

#[derive(Model)]
#[orm(primary_key(name))]
struct User {
    #[orm(primary_key)]
    id: i64,
    name: String,
}

fn main() {}
