//! Relations: loaded in a fixed number of statements, asked about, and written.
//!
//! `cargo run --example relations`

use orm_core::{Engine, Model, Result, func};

#[derive(Debug, Model)]
#[orm(table = "users", has_many(posts: Post::AUTHOR), has_one(profile: Profile::USER))]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
    name: String,
}

#[derive(Debug, Model)]
#[orm(table = "profiles")]
struct Profile {
    #[orm(primary_key, auto)]
    id: i64,
    boat: String,
    #[orm(references = User, on_delete = "cascade", unique)]
    user_id: i64,
}

#[derive(Debug, Model)]
#[orm(table = "posts", has_many(comments: Comment::POST), many_to_many(tags: Tag through PostTag::POST, PostTag::TAG))]
struct Post {
    #[orm(primary_key, auto)]
    id: i64,
    title: String,
    #[orm(references = User, on_delete = "cascade", index)]
    author_id: i64,
}

#[derive(Debug, Model)]
#[orm(table = "comments")]
struct Comment {
    #[orm(primary_key, auto)]
    id: i64,
    text: String,
    #[orm(references = Post, on_delete = "cascade", index)]
    post_id: i64,
}

#[derive(Debug, Model)]
#[orm(table = "tags")]
struct Tag {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(unique)]
    name: String,
}

#[derive(Debug, Model)]
#[orm(table = "post_tags", primary_key(post_id, tag_id))]
struct PostTag {
    #[orm(references = Post, on_delete = "cascade")]
    post_id: i64,
    #[orm(references = Tag, on_delete = "cascade", index)]
    tag_id: i64,
}

#[allow(clippy::print_stdout, reason = "an example shows what happens")]
fn main() -> Result<()> {
    let engine = Engine::open_in_memory()?;
    engine.migrate(&[
        User::TABLE,
        Profile::TABLE,
        Post::TABLE,
        Comment::TABLE,
        Tag::TABLE,
        PostTag::TABLE,
    ])?;
    let session = engine.session()?;

    // a user with posts, in one transaction; their foreign keys are set
    let mut ann = User { id: 0, name: "Ann".into() };
    let mut posts = ["Rust at sea", "Knots"].map(|title| Post { id: 0, title: title.into(), author_id: 0 });
    session.insert_with(&mut ann, User::POSTS, &mut posts)?;
    let (mut bob, mut boat) =
        (User { id: 0, name: "Bob".into() }, Profile { id: 0, boat: "Ida".into(), user_id: 0 });
    session.insert_with(&mut bob, User::PROFILE, &mut boat)?;
    assert_eq!((posts[1].author_id, boat.user_id), (ann.id, bob.id));
    session.create(Comment { id: 0, text: "more!".into(), post_id: posts[0].id })?;
    let sailing = session.create(Tag { id: 0, name: "sailing".into() })?;
    for post in &posts {
        session.link(post, Post::TAGS, &sailing)?;
    }
    let mut new = Post { id: 0, title: "Oars".into(), author_id: bob.id };
    let mut tags = ["wood", "muscle"].map(|name| Tag { id: 0, name: name.into() });
    session.insert_with(&mut new, Post::TAGS, &mut tags)?;

    // four statements, however many rows there are
    let wanted = User::POSTS.order_by(Post::TITLE.asc()).with(Post::COMMENTS).with(Post::TAGS);
    for (user, posts) in session.find::<User>().order_by(User::NAME.asc()).with(wanted).all()? {
        println!("by {}:", user.name);
        for (post, comments, tags) in posts {
            let tags: Vec<_> = tags.iter().map(|tag| tag.name.as_str()).collect();
            println!("  {} {tags:?}, comments: {}", post.title, comments.len());
        }
    }

    // for rows in hand, the same; what a foreign key refers to is joined
    let comments = session.find::<Comment>().all()?;
    for (comment, (post, author)) in
        comments.iter().zip(session.load(&comments, Comment::POST.with(Post::AUTHOR))?)
    {
        println!("\n{} wrote {}, and somebody said: {}", author.name, post.title, comment.text);
    }

    // a row of each pair; those without a partner stay
    let boats = session.find::<User>().order_by(User::NAME.asc()).left_join(User::PROFILE).all()?;
    for (user, profile) in boats {
        println!("{} sails {}", user.name, profile.map_or("no boat".to_owned(), |profile| profile.boat));
    }
    let tagged = session.find::<Post>().join(Post::TAGS.order_by(Tag::NAME.asc())).order_by(Post::ID.asc());
    assert_eq!(tagged.count()?, 4);

    // conditions, orders and groups go through relations
    let query = session.find::<Post>().filter(Post::AUTHOR.at(User::NAME).eq("Ann")).select(Post::TITLE);
    println!("\n{}\n  {:?}", query.to_sql().sql, query.all()?);
    let quiet =
        session.find::<User>().filter(User::POSTS.none(Post::TITLE.starts_with("Rust"))).select(User::NAME);
    println!("{}\n  {:?}", quiet.to_sql().sql, quiet.all()?);
    let author = || Comment::POST.at(Post::AUTHOR.at(User::NAME));
    let comments = session.find::<Comment>().group_by(author()).select((author(), func::count())).all()?;
    assert_eq!(comments, [("Ann".to_owned(), 1)]);

    // a delete does what `on_delete` says: the posts go with their author, and the links with the posts
    session.delete(&ann)?;
    assert_eq!((session.find::<Post>().count()?, session.find::<PostTag>().count()?), (1, 2));
    Ok(())
}
