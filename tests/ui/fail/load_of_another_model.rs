use orm_core::{Model, Result, Session};

#[derive(Model)]
#[orm(has_many(posts: Post::AUTHOR))]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
    name: String,
}

#[derive(Model)]
struct Post {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(references = User)]
    author_id: i64,
    #[orm(references = User)]
    editor_id: Option<i64>,
}

fn run(session: &Session) -> Result<()> {
    let posts = session.find::<Post>().all()?;
    session.load(&posts, User::POSTS)?;
    session.load(&posts, Post::AUTHOR.with(Post::AUTHOR))?;
    Ok(())
}

fn main() {}
