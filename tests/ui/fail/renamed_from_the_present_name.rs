use orm_core::Model;

#[derive(Model)]
#[orm(renamed_from = "user")]
struct User {
    #[orm(primary_key)]
    id: i64,
    #[orm(renamed_from = "Name")]
    name: String,
}

fn main() {}
