// A borrowed row lives until its call ends: the compiler sees to it.
use orm_core::{Model, Result, Session};

#[derive(Model)]
#[orm(borrowed)]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
    name: String,
}

fn text(session: &Session) -> Result<Vec<&str>> {
    let mut names = Vec::new();
    session.find::<User>().for_each(|user: UserRef<'_>| {
        names.push(user.name);
        Ok(())
    })?;
    Ok(names)
}

fn row(session: &Session) -> Result<()> {
    let mut last = None;
    session.find::<User>().for_each(|user: UserRef<'_>| {
        last = Some(user);
        Ok(())
    })
}

fn column(session: &Session) -> Result<()> {
    let mut last = "";
    session.find::<User>().select(User::NAME).for_each(|name: &str| {
        last = name;
        Ok(())
    })
}

fn main() {}
