use orm_core::Model;

#[derive(orm_core::Field)]
struct Age(u8);

#[derive(Model)]
struct User {
    #[orm(primary_key)]
    id: i64,
    #[orm(default = 300)]
    age: u8,
    #[orm(default = -1)]
    size: Option<u64>,
    #[orm(default = 256)]
    years: Age,
    #[orm(default = "x")]
    count: i64,
    #[orm(default = 1)]
    name: String,
    #[orm(default = 1)]
    active: bool,
    #[orm(default = 1.5)]
    number: i32,
    #[orm(default = "x")]
    bytes: Vec<u8>,
}

fn main() {}
