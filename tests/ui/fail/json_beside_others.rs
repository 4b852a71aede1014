use orm_core::Model;

#[derive(Model)]
struct User {
    #[orm(primary_key)]
    id: i64,
    #[orm(json, references = User, as = "other")]
    tags: Vec<i64>,
    #[orm(json, default = 1)]
    list: Vec<i64>,
}

fn main() {}
