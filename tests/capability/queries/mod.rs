//! Queries: what they read, what they change, and what they refuse.

mod kept;
mod reading;
mod reports;
mod scopes;
mod stamps;
mod writing;

use orm_core::{Engine, Model, Session};

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "users")]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
    name: Option<String>,
    age: u8,
}

/// Ann 30, Bob 17, nobody 18, Cid 30.
fn people() -> Session {
    let session = Engine::open_in_memory().unwrap().session().unwrap();
    session.create_table::<User>().unwrap();
    for (name, age) in [(Some("Ann"), 30), (Some("Bob"), 17), (None, 18), (Some("Cid"), 30)] {
        session.create(User { id: 0, name: name.map(str::to_owned), age }).unwrap();
    }
    session
}

fn names(users: &[User]) -> Vec<&str> {
    users.iter().map(|user| user.name.as_deref().unwrap_or("?")).collect()
}
