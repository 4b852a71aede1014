use orm_core::Model;

struct Money(i64);

#[derive(Model)]
struct User {
    #[orm(primary_key)]
    id: i64,
    balance: Money,
    credit: Option<Money>,
}

fn main() {}
