use orm_core::Model;

#[derive(Model)]
#[orm(crate = nowhere)]
struct User {
    #[orm(primary_key)]
    id: i64,
}

fn main() {}
