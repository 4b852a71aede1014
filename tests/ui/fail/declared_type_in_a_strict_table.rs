use orm_core::Model;

#[derive(Model)]
struct User {
    #[orm(primary_key)]
    id: i64,
    #[orm(type = "NVARCHAR(160)")]
    name: String,
}

fn main() {}
