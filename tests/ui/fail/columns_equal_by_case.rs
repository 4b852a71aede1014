use orm_core::Model;

#[derive(Model)]
struct User {
    #[orm(primary_key)]
    id: i64,
    #[orm(column = "Mail")]
    email: String,
    mail: String,
}

fn main() {}
