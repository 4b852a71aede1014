use orm_core::Model;

#[derive(Model)]
#[orm(primary_key(shop, number))]
struct Order {
    shop: i64,
    number: i64,
}

#[derive(Model)]
struct Line {
    #[orm(primary_key)]
    id: i64,
    #[orm(references = Order)]
    order_id: i64,
}

fn main() {}
