use orm_core::Model;

#[derive(Model)]
struct User {
    #[orm(primary_key)]
    id: i64,
    #[orm(version)]
    v: Option<i64>,
    #[orm(created_at)]
    made: i64,
    #[orm(deleted_at)]
    gone: String,
}

fn main() {}
