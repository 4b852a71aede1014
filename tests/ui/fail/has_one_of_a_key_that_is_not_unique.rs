use orm_core::Model;

#[derive(Model)]
#[orm(has_one(card: Card::USER))]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
}

#[derive(Model)]
struct Card {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(references = User)]
    user_id: i64,
}

fn main() {}
