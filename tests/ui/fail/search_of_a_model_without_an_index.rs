use orm_core::{Model, Result, Session};

#[derive(Model)]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
    name: String,
}

#[derive(Model)]
#[orm(fts(title))]
struct Post {
    #[orm(primary_key, auto)]
    id: i64,
    title: String,
}

fn run(session: &Session) -> Result<()> {
    session.search::<User>("ann").all()?;
    session.search::<Post>("knots").filter(User::NAME.eq("Ann")).all()?;
    session.search::<Post>("knots").highlight(User::NAME, "<", ">").all()?;
    Ok(())
}

fn main() {}
