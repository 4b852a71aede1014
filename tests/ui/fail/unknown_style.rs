use orm_core::Model;

#[derive(Model)]
#[orm(rename_all = "camel_case")]
struct User {
    #[orm(primary_key)]
    id: i64,
}

fn main() {}
