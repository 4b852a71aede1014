use orm_core::Model;

#[derive(Model)]
#[orm(many_to_many(
    tags: Tag through PostTag::POST, Label::TAG,
    users: User through PostTag::POST, PostTag::TAG,
))]
struct Post {
    #[orm(primary_key, auto)]
    id: i64,
}

#[derive(Model)]
struct Tag {
    #[orm(primary_key, auto)]
    id: i64,
}

#[derive(Model)]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
}

#[derive(Model)]
#[orm(primary_key(post_id, tag_id))]
struct PostTag {
    #[orm(references = Post)]
    post_id: i64,
    #[orm(references = Tag)]
    tag_id: i64,
}

#[derive(Model)]
struct Label {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(references = Tag)]
    tag_id: i64,
}

fn main() {}
