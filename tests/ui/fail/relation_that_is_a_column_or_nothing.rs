use orm_core::Model;

#[derive(Model)]
#[orm(has_many(posts: Post::AUTHOR_ID, others: Post::WRITER))]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
}

#[derive(Model)]
struct Post {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(references = User)]
    author_id: i64,
}

fn main() {}
