use orm_core::Model;

#[derive(Model)]
struct User {
    #[orm(primary_key)]
    id: i64,
    #[orm(on_delete = "cascade", deferred, as = "writer")]
    author_id: i64,
}

fn main() {}
