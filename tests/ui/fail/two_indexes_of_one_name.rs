use orm_core::Model;

#[derive(Model)]
#[orm(index(id, name = "by"), index(name, name = "by"))]
struct User {
    #[orm(primary_key)]
    id: i64,
    name: String,
}

fn main() {}
