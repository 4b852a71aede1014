use orm_core::{Model, Result, Session};

#[derive(Model)]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
    name: String,
}

fn visit(session: &Session) -> Result<()> {
    session.find::<User>().for_each(|user| {
        println!("{}", user.name);
        Ok(())
    })
}

fn main() {}
