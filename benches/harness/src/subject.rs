use std::hint::black_box;
use std::{env, process};

use crate::Checksum;

/// The tables, the same for everybody.
pub const SCHEMA: &str = "
    PRAGMA foreign_keys = ON;
    PRAGMA cache_size = -16384;
    PRAGMA cell_size_check = ON;
    CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT) STRICT;
    CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, title TEXT NOT NULL) STRICT;
    CREATE INDEX posts_user_id ON posts (user_id);
    CREATE TABLE comments (id INTEGER PRIMARY KEY, post_id INTEGER NOT NULL, text TEXT NOT NULL) STRICT;
    CREATE INDEX comments_post_id ON comments (post_id);
    CREATE TABLE wide (
        id INTEGER PRIMARY KEY, i1 INTEGER NOT NULL, i2 INTEGER NOT NULL, i3 INTEGER, i4 INTEGER NOT NULL,
        f1 REAL NOT NULL, f2 REAL NOT NULL, f3 REAL, t1 TEXT NOT NULL, t2 TEXT NOT NULL, t3 TEXT, t4 TEXT NOT NULL,
        b1 BLOB NOT NULL, b2 BLOB NOT NULL, b3 BLOB, b4 BLOB NOT NULL
    ) STRICT;
";

/// A row of `users`.
pub trait User: Sized {
    fn new(id: i64, name: String, email: Option<String>) -> Self;
    fn add_to(&self, sum: &mut Checksum);
}

/// A row of `posts`.
pub trait Post {
    fn add_to(&self, sum: &mut Checksum);
}

/// A row of `comments`.
pub trait Comment {
    fn add_to(&self, sum: &mut Checksum);
}

/// A row of `wide`.
pub trait Wide {
    fn add_to(&self, sum: &mut Checksum);
}

/// Where a database is.
pub enum Place {
    /// A private `:memory:`.
    Memory,
    /// A new file, with a write-ahead log and `synchronous=NORMAL`.
    File(String),
}

impl Place {
    /// A file in the folder that `BENCH_FOLDER` names, or memory where it names none.
    pub(crate) fn wanted() -> Self {
        match env::var("BENCH_FOLDER") {
            Ok(folder) => Self::File(format!("{folder}/{}.db", process::id())),
            Err(_) => Self::Memory,
        }
    }

    /// As SQLite wants to be told.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Memory => ":memory:",
            Self::File(path) => path,
        }
    }
}

/// Users, each with its posts, each with its comments.
pub type Tree<U, P, C> = Vec<(U, Vec<(P, Vec<C>)>)>;

/// One way to talk to SQLite: what each workload does once.
pub trait Subject: Sized {
    type User: User;
    type Post: Post;
    type Comment: Comment;
    type Wide: Wide;

    /// An empty database there, which nobody else uses.
    fn open(place: &Place) -> Self;

    /// Runs SQL that is not measured.
    fn execute(&mut self, sql: &str);

    /// `sqlite_version()`.
    fn version(&mut self) -> String;

    /// All users.
    fn users(&mut self) -> Vec<Self::User>;

    /// Reads all users: what W1 measures. By itself into a `Vec`.
    fn read_users(&mut self) {
        drop(black_box(self.users()));
    }

    /// One user by key.
    fn user(&mut self, id: i64) -> Option<Self::User>;

    /// Inserts users, whose keys the database assigns, in one transaction.
    fn insert_users(&mut self, users: &mut [Self::User]);

    /// Inserts one user, whose key the database assigns.
    fn insert_user(&mut self, user: &mut Self::User);

    /// Writes a user's columns by its key.
    fn update_user(&mut self, user: &mut Self::User);

    /// Deletes a user by its key.
    fn delete_user(&mut self, user: &Self::User);

    /// Users with keys above `above`, each beside its posts or beside nothing, in the order of users and posts: so many rows.
    fn users_with_posts(&mut self, above: i64, rows: usize) -> Vec<(Self::User, Option<Self::Post>)>;

    /// All users, their posts by the users' keys, their comments by the posts' keys.
    fn tree(&mut self) -> Tree<Self::User, Self::Post, Self::Comment>;

    /// All wide rows.
    fn wide(&mut self) -> Vec<Self::Wide>;

    /// Reads all wide rows: what W9 measures. By itself into a `Vec`.
    fn read_wide(&mut self) {
        drop(black_box(self.wide()));
    }

    /// In one transaction: reads a user, writes it with this name, inserts this one, reads users with keys from `id` up to
    /// and without `id + 10`, in order.
    fn oltp(&mut self, id: i64, name: String, new: &mut Self::User) -> Vec<Self::User>;
}
