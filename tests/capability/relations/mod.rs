//! Relations: what is loaded, by how many statements, and what paths and questions mean.

mod asking;
mod deleting;
mod graph;
mod in_hand;
mod inserting;
mod keys;
mod linked;
mod loading;
mod many_keys;
mod modules;
mod random;
mod scopes;
mod statements;
mod writing;

use std::sync::{Arc, Mutex};

use orm_core::{Engine, Model, Session};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "users", has_many(posts: Post::AUTHOR, edited: Post::EDITOR), has_one(card: Card::USER))]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
    name: String,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "cards")]
struct Card {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(references = User, unique)]
    user_id: i64,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "posts", has_many(comments: Comment::POST), many_to_many(tags: Tag through PostTag::POST, PostTag::TAG))]
struct Post {
    #[orm(primary_key, auto)]
    id: i64,
    title: String,
    score: Option<i64>,
    #[orm(references = User, index)]
    author_id: i64,
    #[orm(references = User, index)]
    editor_id: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "comments", has_many(replies: Comment::PARENT))]
struct Comment {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(references = Post, index)]
    post_id: i64,
    #[orm(references = Comment)]
    parent_id: Option<i64>,
    text: String,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "tags", many_to_many(posts: Post through PostTag::TAG, PostTag::POST))]
struct Tag {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(unique)]
    name: String,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "post_tags", primary_key(post_id, tag_id))]
struct PostTag {
    #[orm(references = Post, on_delete = "cascade")]
    post_id: i64,
    #[orm(references = Tag, index)]
    tag_id: i64,
}

fn empty() -> Session {
    let session = Engine::open_in_memory().unwrap().session().unwrap();
    session.create_table::<User>().unwrap();
    session.create_table::<Card>().unwrap();
    session.create_table::<Post>().unwrap();
    session.create_table::<Comment>().unwrap();
    session.create_table::<Tag>().unwrap();
    session.create_table::<PostTag>().unwrap();
    session
}

/// Ann (1) wrote `a` (1) and `b` (2), Bob (2) wrote `c` (3), edited by Ann, Cid (3) nothing; `a` has two comments, the
/// second a reply; `a` and `c` are about rust, `a` about sql too.
fn blog() -> Session {
    let session = empty();
    for name in ["Ann", "Bob", "Cid"] {
        session.create(User { id: 0, name: name.into() }).unwrap();
    }
    for (title, score, author_id, editor_id) in
        [("a", Some(5), 1, None), ("b", None, 1, None), ("c", Some(7), 2, Some(1))]
    {
        session.create(Post { id: 0, title: title.into(), score, author_id, editor_id }).unwrap();
    }
    session.create(Card { id: 0, user_id: 2 }).unwrap();
    for (parent_id, text) in [(None, "first"), (Some(1), "second")] {
        session.create(Comment { id: 0, post_id: 1, parent_id, text: text.into() }).unwrap();
    }
    for name in ["rust", "sql"] {
        session.create(Tag { id: 0, name: name.into() }).unwrap();
    }
    for (post_id, tag_id) in [(1, 1), (1, 2), (3, 1)] {
        session.create(PostTag { post_id, tag_id }).unwrap();
    }
    session
}

fn titles(posts: &[Post]) -> Vec<&str> {
    posts.iter().map(|post| post.title.as_str()).collect()
}

/// The SELECTs that were sent.
#[derive(Clone, Default)]
struct Sent(Arc<Mutex<Vec<String>>>);

impl<S: Subscriber> Layer<S> for Sent {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "orm_core::sql" {
            event.record(&mut Visitor(self));
        }
    }
}

struct Visitor<'a>(&'a Sent);

impl Visit for Visitor<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        let reads = value.starts_with("SELECT") || value.starts_with("WITH");
        if field.name() == "sql" && reads && !value.contains("sqlite_schema") {
            self.0.0.lock().unwrap().push(value.to_owned());
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

/// What it gives, and how many SELECTs it sent.
fn counted<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let (result, sent) = sent(work);
    (result, sent.len())
}

/// What it gives, and the SELECTs that it sent.
fn sent<T>(work: impl FnOnce() -> T) -> (T, Vec<String>) {
    let sent = Sent::default();
    let subscriber = tracing_subscriber::registry().with(sent.clone());
    let result = tracing::subscriber::with_default(subscriber, work);
    let texts = sent.0.lock().unwrap().clone();
    (result, texts)
}
