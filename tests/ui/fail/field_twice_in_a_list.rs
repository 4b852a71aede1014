use orm_core::Model;

#[derive(Model)]
#[orm(index(name, name desc), unique(name, name))]
struct User {
    #[orm(primary_key)]
    id: i64,
    name: String,
}

fn main() {}
