use orm_core::Model;

#[derive(Model)]
#[orm(has_many = "posts", has_many(posts), has_one(card: Card), has_many(id: Card::USER))]
#[orm(many_to_many(tags: Tag), many_to_many(tags: Tag through PostTag::POST), many_to_many(tags: through A::B, A::C))]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
}

#[derive(Model)]
#[orm(has_many(pets: Pet::OWNER), has_many(pets: Pet::OWNER))]
struct Owner {
    #[orm(primary_key, auto)]
    id: i64,
}

#[derive(Model)]
struct Pet {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(references = Owner)]
    owner_id: i64,
}

fn main() {}
