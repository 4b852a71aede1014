use orm_core::Model;

struct Settings;

#[derive(Model)]
struct User {
    #[orm(primary_key)]
    id: i64,
    #[orm(json)]
    settings: Settings,
}

fn main() {}
