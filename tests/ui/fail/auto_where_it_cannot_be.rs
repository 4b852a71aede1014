use orm_core::Model;

#[derive(Model)]
#[orm(primary_key(shop, number))]
struct Order {
    #[orm(auto)]
    shop: i64,
    number: i64,
}

#[derive(Model)]
#[orm(without_rowid)]
struct Compact {
    #[orm(primary_key, autoincrement)]
    id: i64,
}

#[derive(Model)]
struct Plain {
    #[orm(primary_key)]
    id: i64,
    #[orm(auto)]
    other: i64,
}

#[derive(Model)]
struct Preset {
    #[orm(primary_key, auto, default = 1)]
    id: i64,
}

fn main() {}
