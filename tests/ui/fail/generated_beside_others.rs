use orm_core::Model;

#[derive(Model)]
struct User {
    #[orm(primary_key)]
    id: i64,
    #[orm(generated = "id + 1", default = 1, version)]
    next: i64,
}

fn main() {}
