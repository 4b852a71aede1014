// The library under another name.
#![allow(dead_code)]

mod storage {
    pub mod orm {
        pub use orm_core::*;
    }
}

use storage::orm::{Field, FromRow, Model};

#[derive(Model)]
#[orm(crate = crate::storage::orm, borrowed)]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(json)]
    tags: Vec<u8>,
    colour: Colour,
    #[orm(references = User)]
    parent_id: Option<i64>,
}

#[derive(FromRow)]
#[orm(crate = crate::storage::orm)]
struct Line {
    total: i64,
}

#[derive(Field)]
#[orm(crate = crate::storage::orm)]
enum Colour {
    Red,
}

#[derive(Field)]
#[orm(crate = crate::storage::orm)]
struct Age(u8);

fn main() {
    assert_eq!(User::TAGS.name(), "tags");
}
