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
    session.find::<User>().filter(User::POSTS.any(User::NAME.eq("Ann"))).all()?;
    Ok(())
}

fn main() {}
