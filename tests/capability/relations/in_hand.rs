//! `load` takes what `with` takes, and gives what stands beside the rows there.

use std::fmt::Debug;

use orm_core::{Loadable, Model, Relation, Session, Shape};

use super::{Card, Comment, Post, Tag, User, blog, counted};

/// Asserts that both give the same for all rows in the order of their keys; the statements that `load` sends.
#[track_caller]
fn assert_same<M, R, O>(session: &Session, relation: R) -> usize
where
    M: Model + Debug + PartialEq,
    O: Debug + PartialEq,
    R: Relation<M, Part: Shape<Output = O>> + Loadable<M, Output = O> + Clone,
{
    let rows = session.find::<M>().all().unwrap();
    let with = session.find::<M>().with(relation.clone()).all().unwrap();
    let (loaded, statements) = counted(|| session.load(&rows, relation).unwrap());
    assert_eq!(rows.into_iter().zip(loaded).collect::<Vec<_>>(), with);
    statements
}

#[test]
fn every_relation_with_every_nesting() {
    let session = blog();
    let session = &session;
    let by_id = || Post::TAGS.order_by(Tag::ID.asc());
    // parents
    assert_eq!(assert_same::<Post, _, _>(session, Post::AUTHOR), 1);
    assert_eq!(assert_same::<Post, _, _>(session, Post::EDITOR), 1);
    assert_eq!(assert_same::<Post, _, _>(session, Post::AUTHOR.with(User::CARD)), 2);
    assert_eq!(assert_same::<Post, _, _>(session, Post::EDITOR.with(User::CARD).with_count(User::POSTS)), 2);
    assert_eq!(assert_same::<Post, _, _>(session, Post::EDITOR.with_count(User::POSTS)), 1);
    assert_eq!(assert_same::<Card, _, _>(session, Card::USER.with(User::POSTS.with(by_id()))), 3);
    assert_eq!(assert_same::<Comment, _, _>(session, Comment::POST.with(Post::AUTHOR.with(User::CARD))), 2);
    let deep =
        Comment::PARENT.with(Comment::POST.with(Post::EDITOR).with(by_id()).with_count(Post::COMMENTS));
    assert_eq!(assert_same::<Comment, _, _>(session, deep), 2);
    // at most one child
    assert_eq!(assert_same::<User, _, _>(session, User::CARD), 1);
    assert_eq!(assert_same::<User, _, _>(session, User::CARD.filter(Card::ID.gt(1))), 1);
    assert_eq!(assert_same::<User, _, _>(session, User::CARD.with(Card::USER.with_count(User::POSTS))), 1);
    // children
    let posts = User::POSTS.filter(Post::TITLE.ne("x")).order_by(Post::ID.desc()).limit(1);
    assert_eq!(assert_same::<User, _, _>(session, posts.clone()), 1);
    assert_eq!(assert_same::<User, _, _>(session, posts.with(by_id().limit(1)).with(Post::AUTHOR)), 2);
    assert_eq!(
        assert_same::<User, _, _>(session, User::POSTS.with_count(Post::TAGS).order_by(Post::ID.asc())),
        1
    );
    // over a link
    assert_eq!(assert_same::<Post, _, _>(session, by_id()), 1);
    let tags = by_id()
        .filter(Tag::NAME.ne("x"))
        .limit(1)
        .with(Tag::POSTS.order_by(Post::ID.asc()).with(Post::EDITOR));
    assert_eq!(assert_same::<Post, _, _>(session, tags), 2);
}

#[test]
fn rows_without_a_parent_get_none_and_the_order_of_the_rows_stays() {
    let session = blog();
    let mut posts = session.find::<Post>().order_by(Post::ID.desc()).all().unwrap();
    posts.push(posts[0].clone());
    let found = session.load(&posts, Post::EDITOR.with(User::POSTS.order_by(Post::ID.asc()))).unwrap();
    let found: Vec<_> =
        found.into_iter().map(|editor| editor.map(|(editor, posts)| (editor.name, posts.len()))).collect();
    let ann = || Some(("Ann".to_owned(), 2));
    assert_eq!(found, [ann(), None, None, ann()]);
    let none = counted(|| session.load(&posts[1..3], Post::EDITOR.with(User::CARD)).unwrap());
    assert_eq!(none, (vec![None, None], 0));
}
