//! `inserting`: some columns, upserts, rows out of a query, and `find_or_insert`; the call beside its SQL.

mod find_or_insert;
mod from_query;
mod hooks;
mod keys;
mod only;
mod outcomes;
mod random;
mod scopes;
mod stamps;
mod targets;

use orm_core::{Model, Session};

use crate::support::session_with;

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "users")]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(unique)]
    email: String,
    name: Option<String>,
    #[orm(default = 18, check = "age < 150")]
    age: u8,
}

fn user(email: &str, name: &str, age: u8) -> User {
    User { id: 0, email: email.into(), name: Some(name.into()), age }
}

/// Ann, 30, has key 1; Bob, 40, has key 2.
fn people() -> Session {
    let session = session_with::<User>();
    session.insert_all(&mut [user("ann", "Ann", 30), user("bob", "Bob", 40)]).unwrap();
    session
}

fn users(session: &Session) -> Vec<User> {
    session.find::<User>().order_by(User::ID.asc()).all().unwrap()
}
