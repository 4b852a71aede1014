//! Full-text search: ranked, marked, kept in step, and safe from what people type.
//!
//! `cargo run --example search`

use orm_core::{Engine, ErrorKind, Model, Result};
use orm_examples::show_sql;

#[derive(Debug, Model)]
#[orm(table = "users")]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
    name: String,
}

#[derive(Debug, Model)]
#[orm(table = "posts", fts(title, body, tokenize = "porter unicode61", prefix = "2 3"))]
struct Post {
    #[orm(primary_key, auto)]
    id: i64,
    title: String,
    body: String,
    #[orm(references = User, index)]
    author_id: i64,
}

#[allow(clippy::print_stdout, reason = "an example shows what happens")]
fn main() -> Result<()> {
    show_sql();
    let engine = Engine::open_in_memory()?;

    println!("the migration makes the index, and triggers that keep it:");
    engine.migrate(&[User::TABLE, Post::TABLE])?;
    let session = engine.session()?;
    let ann = session.create(User { id: 0, name: "Ann".into() })?;
    let bob = session.create(User { id: 0, name: "Bob".into() })?;
    let texts = [
        ("Knots", "Tie the sail with a bowline, then reef it.", ann.id),
        ("Sailing at night", "A sail is hard to see. Sail slowly.", bob.id),
        ("Anchors", "Where to drop one, and how to get it back.", ann.id),
    ];
    let mut posts = texts.map(|(title, body, author_id)| Post {
        id: 0,
        title: title.into(),
        body: body.into(),
        author_id,
    });
    session.insert_all(&mut posts)?;

    println!("all of these words, the best first; `sailed` is found as `sail`:");
    let found = session.search::<Post>("sailed").all()?;
    let titles: Vec<&str> = found.iter().map(|post| post.title.as_str()).collect();
    assert_eq!(titles, ["Sailing at night", "Knots"]);

    println!("a list of hits, without reading the whole text:");
    let hits = session
        .search::<Post>("sail")
        .filter(Post::AUTHOR.at(User::NAME).eq("Ann"))
        .weight(Post::TITLE, 5.0)
        .limit(10)
        .select(|hit| (hit.highlight(Post::TITLE, "[", "]"), hit.snippet(Post::BODY, "[", "]", 4)))
        .all()?;
    println!("{hits:?}");
    assert_eq!(hits, [("Knots".to_owned(), "Tie the [sail] with…".to_owned())]);

    println!("with the author beside each hit:");
    let (post, author) = session.search::<Post>("anchor").with(Post::AUTHOR).first()?.expect("there is one");
    assert_eq!((post.title.as_str(), author.name), ("Anchors", ann.name));

    println!("while somebody types, the last word is the beginning of one:");
    assert_eq!(session.search::<Post>("tie bow").prefix().count()?, 1);

    println!("whatever is typed is data:");
    for text in ["\"", "sail AND", "title:", "*", "NEAR(", ""] {
        session.search::<Post>(text).all()?;
    }

    println!("all of FTS5's syntax has a name of its own, and can be wrong:");
    let either = session.search_expression::<Post>("title : anchor* OR \"sail slowly\"");
    assert_eq!(either.count()?, 2);
    let error = session.search_expression::<Post>("sail AND").all().unwrap_err();
    println!("{error}");
    assert_eq!(error.kind(), ErrorKind::InvalidQuery);

    println!("every write is followed, by triggers:");
    session.find::<Post>().filter(Post::AUTHOR_ID.eq(bob.id)).delete()?;
    session.raw("UPDATE posts SET body = 'Coil the rope.' WHERE title = 'Knots'", ()).execute()?;
    assert_eq!(session.search::<Post>("sail").count()?, 0);
    assert_eq!(session.search::<Post>("ropes").first()?.map(|post| post.title), Some("Knots".to_owned()));
    Ok(())
}
