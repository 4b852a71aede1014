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

fn run(session: &Session, user: &mut User, post: &mut Post, card: &mut Card) -> Result<()> {
    session.insert_with(post, User::CARD, card)?;
    session.insert_with(post, Post::AUTHOR, user)?;
    session.insert_with(user, User::POSTS.limit(1), std::slice::from_mut(post))?;
    session.insert_with(user, User::CARD, std::slice::from_mut(card))?;
    Ok(())
}

fn main() {}
