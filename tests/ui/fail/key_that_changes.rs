use orm_core::Model;

#[derive(Model)]
struct User {
    #[orm(primary_key, generated = "1")]
    id: i64,
}

#[derive(Model)]
struct Tags {
    #[orm(primary_key, json)]
    id: Vec<u8>,
}

#[derive(Model)]
struct Counter {
    #[orm(primary_key, version)]
    id: i64,
}

fn main() {}
