use orm_core::Model;

#[derive(Model)]
struct User {
    #[orm(primary_key, auto)]
    id: String,
}

fn main() {}
