//! Private modules, visibilities, and lints that a careful crate denies.
#![deny(missing_docs, unreachable_pub, unused_qualifications, unused, missing_debug_implementations)]
#![deny(private_interfaces, private_bounds, non_snake_case, elided_lifetimes_in_paths, single_use_lifetimes)]

mod storage {
    mod inner {
        use orm_core::{Field, FromRow, Model};

        #[derive(Debug, Model)]
        #[orm(borrowed)]
        pub(crate) struct User {
            #[orm(primary_key, auto)]
            pub(crate) id: i64,
            pub(in crate::storage) name: String,
            pub(super) colour: Colour,
            secret: u8,
        }

        #[derive(Debug, Clone, Copy, PartialEq, Field)]
        pub(crate) enum Colour {
            Red,
        }

        #[derive(Debug, FromRow)]
        pub(crate) struct Line {
            pub(crate) total: i64,
        }

        impl User {
            pub(crate) fn new() -> Self {
                Self { id: 0, name: String::new(), colour: Colour::Red, secret: 0 }
            }
        }
    }

    pub(crate) use inner::{Line, User};

    pub(crate) fn names() -> [&'static str; 2] {
        let user = User::new();
        assert_eq!(user.name, "");
        assert_eq!(user.colour, inner::Colour::Red);
        [User::NAME.name(), User::COLOUR.name()]
    }
}

/// A model that everybody sees.
#[derive(Debug, orm_core::Model)]
#[orm(borrowed = PostRow)]
pub struct Post {
    /// The key.
    #[orm(primary_key)]
    pub id: i64,
}

fn main() {
    assert_eq!(storage::names(), ["name", "colour"]);
    assert_eq!(storage::User::ID.name(), "id");
    assert_eq!(storage::User::new().id, 0);
    assert_eq!(storage::Line { total: 1 }.total, 1);
    assert_eq!(Post { id: 1 }.id, 1);
    assert_eq!(Post::ID.table(), "post");
}
