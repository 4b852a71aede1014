use orm_core::Model;

#[derive(Model)]
#[orm(has_many(posts: Post::AUTHOR, comments: Comment::POST))]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
}

#[derive(Model)]
#[orm(many_to_many(tags: Tag through PostTag::TAG, PostTag::POST))]
struct Post {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(references = User)]
    author_id: i64,
}

#[derive(Model)]
struct Comment {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(references = Post)]
    post_id: Option<i64>,
}

#[derive(Model)]
struct Tag {
    #[orm(primary_key)]
    name: String,
}

#[derive(Model)]
#[orm(primary_key(post_id, tag_id))]
struct PostTag {
    #[orm(references = Post)]
    post_id: i64,
    #[orm(references = Tag)]
    tag_id: String,
}

fn main() {}
