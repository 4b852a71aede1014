use orm_core::Model;

#[derive(Model)]
#[orm(has_many(posts: Post::AUTHOR), has_one(card: Card::USER), many_to_many(tags: Tag through PostTag::POST, PostTag::TAG))]
struct User {
    #[orm(primary_key)]
    id: i64,
}

fn main() {}
