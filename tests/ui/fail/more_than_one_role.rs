use orm_core::Model;

#[derive(Model)]
struct User {
    #[orm(primary_key)]
    id: i64,
    #[orm(version)]
    a: i64,
    #[orm(version)]
    b: i64,
    #[orm(created_at, updated_at)]
    c: String,
}

fn main() {}
