use orm_core::Model;

struct Cache;

#[derive(Model)]
struct User {
    #[orm(primary_key)]
    id: i64,
    #[orm(skip)]
    cache: Cache,
}

fn main() {}
