use orm_core::Model;

#[derive(Model)]
struct User {
    #[orm(primary_key)]
    id: i64,
    table: String,
    table_: String,
}

fn main() {}
