use orm_core::{Model, Result, Session};

#[derive(Model)]
#[orm(has_many(posts: Post::AUTHOR), has_one(card: Card::USER))]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
}

#[derive(Model)]
#[orm(many_to_many(tags: Tag through PostTag::POST, PostTag::TAG))]
struct Post {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(references = User)]
    author_id: i64,
}

#[derive(Model)]
struct Card {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(references = User, unique)]
    user_id: i64,
}

#[derive(Model)]
struct Tag {
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

fn run(session: &Session, user: &User, post: &Post, tag: &Tag) -> Result<()> {
    session.link(user, Post::TAGS, tag)?;
    session.link(post, User::POSTS, tag)?;
    session.unlink(post, Post::TAGS, user)?;
    Ok(())
}

fn main() {}
