use orm_core::ErrorKind;

use super::{Post, PostTag, Tag, User, blog};

#[test]
fn a_parent_is_inserted_with_its_children() {
    let session = blog();
    let mut dan = User { id: 0, name: "Dan".into() };
    let mut posts = ["x", "y"].map(|title| Post {
        id: 0,
        title: title.into(),
        score: None,
        author_id: 0,
        editor_id: None,
    });
    session.insert_with(&mut dan, User::POSTS, &mut posts).unwrap();
    assert_eq!((dan.id, posts.each_ref().map(|post| (post.id, post.author_id))), (4, [(4, 4), (5, 4)]));
    assert_eq!(session.load(&[dan], User::POSTS).unwrap(), [posts.to_vec()]);
}

#[test]
fn a_child_that_fails_leaves_nothing_and_puts_everything_back() {
    let session = blog();
    let dan = User { id: 0, name: "Dan".into() };
    let posts = [None, Some(99)].map(|editor_id| Post {
        id: 0,
        title: "x".into(),
        score: None,
        author_id: 0,
        editor_id,
    });
    let (mut parent, mut children) = (dan.clone(), posts.clone());
    let error = session.insert_with(&mut parent, User::POSTS, &mut children).unwrap_err();
    assert!(error.constraint().is_some(), "{error}");
    assert_eq!((parent, children), (dan, posts));
    assert_eq!((session.find::<User>().count().unwrap(), session.find::<Post>().count().unwrap()), (3, 3));
}

#[test]
fn rows_are_linked_and_unlinked_from_both_sides() {
    let session = blog();
    let post = session.get::<Post>(2).unwrap().unwrap();
    let tag = session.get::<Tag>(1).unwrap().unwrap();
    assert!(session.link(&post, Post::TAGS, &tag).unwrap());
    assert!(!session.link(&tag, Tag::POSTS, &post).unwrap());
    assert_eq!(session.get::<PostTag>((2, 1)).unwrap(), Some(PostTag { post_id: 2, tag_id: 1 }));
    assert!(session.unlink(&tag, Tag::POSTS, &post).unwrap());
    assert!(!session.unlink(&post, Post::TAGS, &tag).unwrap());
    assert_eq!(session.find::<PostTag>().count().unwrap(), 3);
    let error = session.link(&post, Post::TAGS, &Tag { id: 99, name: "x".into() }).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Constraint);
}

#[test]
fn a_delete_obeys_the_declared_action() {
    let session = blog();
    assert!(session.delete_key::<Tag>(1).unwrap_err().constraint().is_some());
    let post = session.get::<Post>(3).unwrap().unwrap();
    session.delete(&post).unwrap();
    assert_eq!(session.find::<PostTag>().filter(PostTag::POST_ID.eq(3)).count().unwrap(), 0);
}
