use orm_core::Model;

#[derive(Model)]
struct User {
    #[orm(primary_key)]
    id: i64,
    #[orm(default = 9223372036854775808)]
    big: u64,
    #[orm(default = 1e999)]
    huge: f64,
    #[orm(default = 'x')]
    letter: char,
    #[orm(default = "current_timestamp")]
    made: String,
    #[orm(default())]
    empty: u8,
}

fn main() {}
