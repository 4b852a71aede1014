use std::hint::black_box;

use crate::subject::{Comment, Post, User, Wide};
use crate::{Checksum, Subject};

/// How many rows there are where one is looked for.
const MANY: usize = 10_000;

/// The key above which users are joined.
const ABOVE: i64 = 100;

/// What is measured, with its number of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Workload {
    /// W1: load n users.
    Load(usize),
    /// W2: one row by key out of 10,000.
    Get,
    /// W3: insert n rows in one transaction.
    InsertMany(usize),
    /// W4: insert one row, autocommit.
    Insert,
    /// W5: n rows of users with their posts or without, by a join, filtered, in order.
    Join(usize),
    /// W6: 100 users, their 10 posts each, 10 comments each.
    Tree,
    /// W7: update one row by key, autocommit.
    Update,
    /// W8: delete one row by key, autocommit.
    Delete,
    /// W9: load n rows of 16 columns.
    LoadWide(usize),
    /// W10: a transaction of select by key, update, insert, select 10 rows by range.
    Oltp,
}

impl Workload {
    /// All of them, in every size.
    pub const ALL: &[Self] = &[
        Self::Load(1),
        Self::Load(10),
        Self::Load(100),
        Self::Load(1000),
        Self::Load(10_000),
        Self::Get,
        Self::InsertMany(1),
        Self::InsertMany(10),
        Self::InsertMany(25),
        Self::InsertMany(50),
        Self::InsertMany(100),
        Self::InsertMany(10_000),
        Self::Insert,
        Self::Join(10),
        Self::Join(100),
        Self::Join(1000),
        Self::Join(10_000),
        Self::Tree,
        Self::Update,
        Self::Delete,
        Self::LoadWide(10_000),
        Self::Oltp,
    ];

    /// Those that only read, in one size each.
    pub const READS: &[Self] =
        &[Self::Load(1000), Self::Get, Self::Join(1000), Self::Tree, Self::LoadWide(10_000)];

    /// One size of each.
    pub const QUICK: &[Self] = &[
        Self::Load(1),
        Self::Load(1000),
        Self::Get,
        Self::InsertMany(1),
        Self::InsertMany(100),
        Self::InsertMany(10_000),
        Self::Insert,
        Self::Join(10),
        Self::Join(1000),
        Self::Tree,
        Self::Update,
        Self::Delete,
        Self::LoadWide(1000),
        Self::Oltp,
    ];

    /// Its name in tables and on command lines, and its number of rows.
    #[must_use]
    pub fn name(self) -> (&'static str, usize) {
        match self {
            Self::Load(n) => ("W1", n),
            Self::Get => ("W2", MANY),
            Self::InsertMany(n) => ("W3", n),
            Self::Insert => ("W4", 1),
            Self::Join(n) => ("W5", n),
            Self::Tree => ("W6", 100),
            Self::Update => ("W7", MANY),
            Self::Delete => ("W8", 1),
            Self::LoadWide(n) => ("W9", n),
            Self::Oltp => ("W10", MANY),
        }
    }

    /// The workload of that name.
    #[must_use]
    pub fn named(name: &str, rows: usize) -> Option<Self> {
        Some(match name {
            "W1" => Self::Load(rows),
            "W2" => Self::Get,
            "W3" => Self::InsertMany(rows),
            "W4" => Self::Insert,
            "W5" => Self::Join(rows),
            "W6" => Self::Tree,
            "W7" => Self::Update,
            "W8" => Self::Delete,
            "W9" => Self::LoadWide(rows),
            "W10" => Self::Oltp,
            _ => return None,
        })
    }

    /// Whether it reads whole tables and keeps nothing, which a subject may do without a copy of the rows.
    #[must_use]
    pub fn is_scan(self) -> bool {
        matches!(self, Self::Load(_) | Self::LoadWide(_))
    }

    /// How often it is done in one batch. The same for every subject, since tables grow by it.
    #[must_use]
    pub fn runs(self) -> usize {
        match self {
            Self::Load(n) => (50_000 / n).clamp(4, 10_000),
            Self::Get => 20_000,
            Self::InsertMany(n) => (20_000 / n).clamp(2, 4000),
            Self::Insert | Self::Update | Self::Delete => 5000,
            Self::Join(n) => (20_000 / n).clamp(4, 4000),
            Self::Tree => 10,
            Self::LoadWide(n) => (30_000 / n).clamp(3, 1000),
            Self::Oltp => 2000,
        }
    }

    /// The rows that are there before anything is measured.
    #[must_use]
    pub fn seed(self) -> String {
        match self {
            Self::Load(n) => users(n),
            Self::Get | Self::Update | Self::Oltp => users(MANY),
            Self::InsertMany(_) | Self::Insert | Self::Delete => String::new(),
            Self::Join(_) => format!(
                "{} WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {MANY})
                 INSERT INTO posts SELECT i, (i * 7) % 5000 * 2 + 1, 'the title of post ' || i FROM n;",
                users(MANY)
            ),
            Self::Tree => format!(
                "{} WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
                 INSERT INTO posts SELECT i, (i * 7) % 100 + 1, 'the title of post ' || i FROM n;
                 WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
                 INSERT INTO comments SELECT i, (i * 7) % 1000 + 1, 'a comment, number ' || i FROM n;",
                users(100)
            ),
            Self::LoadWide(n) => wide(n),
        }
    }

    /// Prepares a batch of so many runs; calling what is given back is the batch.
    pub(crate) fn batch<S: Subject>(self, subject: &mut S, runs: usize) -> Box<dyn FnMut() + '_> {
        match self {
            Self::Load(_) => Box::new(move || (0..runs).for_each(|_| subject.read_users())),
            Self::Get => Box::new(move || keys(runs).for_each(|key| drop(black_box(subject.user(key))))),
            Self::InsertMany(n) => {
                subject.execute("DELETE FROM users");
                let mut batches: Vec<Vec<S::User>> = (0..runs).map(|_| fresh(n)).collect();
                Box::new(move || batches.iter_mut().for_each(|users| subject.insert_users(users)))
            }
            Self::Insert => {
                subject.execute("DELETE FROM users");
                let mut users = fresh::<S::User>(runs);
                Box::new(move || users.iter_mut().for_each(|user| subject.insert_user(user)))
            }
            Self::Join(n) => Box::new(move || {
                (0..runs).for_each(|_| drop(black_box(subject.users_with_posts(ABOVE, n))));
            }),
            Self::Tree => Box::new(move || (0..runs).for_each(|_| drop(black_box(subject.tree())))),
            Self::Update => {
                let mut users: Vec<S::User> = keys(runs).map(renamed).collect();
                Box::new(move || users.iter_mut().for_each(|user| subject.update_user(user)))
            }
            Self::Delete => {
                subject.execute("DELETE FROM users");
                subject.execute(&users(runs + 1));
                let users: Vec<S::User> = (1..=runs as i64).map(renamed).collect();
                Box::new(move || users.iter().for_each(|user| subject.delete_user(user)))
            }
            Self::LoadWide(_) => Box::new(move || (0..runs).for_each(|_| subject.read_wide())),
            Self::Oltp => {
                subject.execute(&format!("DELETE FROM users WHERE id > {MANY}"));
                let mut calls: Vec<_> = keys(runs).zip(names()).zip(fresh::<S::User>(runs)).collect();
                Box::new(move || {
                    for ((key, name), new) in &mut calls {
                        black_box(subject.oltp(*key, std::mem::take(name), new));
                    }
                })
            }
        }
    }

    /// What everybody has to have read, or to have left in the tables, after a batch.
    pub(crate) fn checksum<S: Subject>(self, subject: &mut S) -> u64 {
        let mut sum = Checksum::default();
        match self {
            Self::Get => keys(100).filter_map(|key| subject.user(key)).for_each(|user| user.add_to(&mut sum)),
            Self::Join(n) => {
                for (user, post) in subject.users_with_posts(ABOVE, n) {
                    user.add_to(&mut sum);
                    sum.optional(post, |sum, post| post.add_to(sum));
                }
            }
            Self::Tree => {
                for (user, posts) in subject.tree() {
                    user.add_to(&mut sum);
                    for (post, comments) in posts {
                        post.add_to(&mut sum);
                        comments.iter().for_each(|comment| comment.add_to(&mut sum));
                    }
                }
            }
            Self::LoadWide(_) => subject.wide().iter().for_each(|row| row.add_to(&mut sum)),
            Self::Oltp => {
                let mut new = S::User::new(0, "the last".to_owned(), None);
                let read = subject.oltp(77, "another name".to_owned(), &mut new);
                read.iter().chain(&subject.users()).for_each(|user| user.add_to(&mut sum));
            }
            Self::Load(_) | Self::InsertMany(_) | Self::Insert | Self::Update | Self::Delete => {
                subject.users().iter().for_each(|user| user.add_to(&mut sum));
            }
        }
        sum.value()
    }
}

/// Keys all over the table, the same for everybody.
fn keys(count: usize) -> impl Iterator<Item = i64> {
    (0..count).map(|at| (at * 7919 % MANY) as i64 + 1)
}

fn names() -> impl Iterator<Item = String> {
    (0..).map(|at| format!("the new name of user {at}"))
}

fn renamed<U: User>(key: i64) -> U {
    U::new(
        key,
        format!("the new name of user {key}"),
        (key % 3 != 0).then(|| format!("user{key}@example.org")),
    )
}

/// Users without keys.
fn fresh<U: User>(count: usize) -> Vec<U> {
    (1..=count as i64)
        .map(|at| {
            U::new(
                0,
                format!("the name of user {at}"),
                (at % 3 != 0).then(|| format!("user{at}@example.com")),
            )
        })
        .collect()
}

fn users(count: usize) -> String {
    format!(
        "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
         INSERT INTO users SELECT i, 'the name of user ' || i, CASE WHEN i % 3 THEN 'user' || i || '@example.com' END FROM n;"
    )
}

fn wide(count: usize) -> String {
    format!(
        "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
         INSERT INTO wide SELECT i, i * 3, -i, CASE WHEN i % 2 THEN i * 1000000 END, i % 7, i / 3.0, i * 1.5,
             CASE WHEN i % 5 THEN i / 7.0 END, 'text one of ' || i, 'short', CASE WHEN i % 4 THEN 'maybe ' || i END,
             'a longer text, which has some more characters in row ' || i, CAST('blob ' || i AS BLOB), x'00ff10',
             CASE WHEN i % 3 THEN CAST('perhaps ' || i AS BLOB) END, zeroblob(64) FROM n;"
    )
}
