use orm_core::{ErrorKind, Session};

use super::{Comment, Post, Tag, User, blog, counted, empty, titles};

#[test]
fn children_come_with_each_parent_in_two_statements() {
    let session = blog();
    let query = session.find::<User>().order_by(User::NAME.desc()).with(User::POSTS.order_by(Post::ID.asc()));
    let (users, statements) = counted(|| query.all().unwrap());
    let found: Vec<_> = users.iter().map(|(user, posts)| (user.name.as_str(), titles(posts))).collect();
    assert_eq!(found, [("Cid", vec![]), ("Bob", vec!["c"]), ("Ann", vec!["a", "b"])]);
    assert_eq!(statements, 2);
}

#[test]
fn the_number_of_statements_depends_on_the_relations_alone() {
    let session = empty();
    let query = session
        .find::<User>()
        .with(User::POSTS.with(Post::COMMENTS).with(Post::TAGS).with(Post::EDITOR))
        .with(User::CARD)
        .with_count(User::EDITED);
    assert_eq!(counted(|| query.all().unwrap()), (vec![], 1));
    for rows in [1, 100] {
        for _ in 0..rows {
            let author_id = session.create(User { id: 0, name: "x".into() }).unwrap().id;
            let post = Post { id: 0, title: "x".into(), score: None, author_id, editor_id: Some(author_id) };
            let post_id = session.create(post).unwrap().id;
            session.create(Comment { id: 0, post_id, parent_id: None, text: "x".into() }).unwrap();
        }
        let (users, statements) = counted(|| query.all().unwrap());
        assert_eq!(statements, 5);
        for (user, posts, card, edited) in users {
            let [(post, comments, tags, editor)] = posts.as_slice() else { panic!("{posts:?}") };
            assert_eq!((post.author_id, comments.len(), tags.len()), (user.id, 1, 0));
            assert_eq!((editor.as_ref(), card, edited), (Some(&user), None, 1));
        }
    }
}

#[test]
fn every_terminal_sends_as_few_statements_as_it_can() {
    let session = blog();
    let users = || session.find::<User>().order_by(User::ID.asc()).with(User::POSTS.with(Post::TAGS));
    assert_eq!(counted(|| users().first().unwrap().unwrap().1.len()), (2, 3));
    assert_eq!(counted(|| users().filter(User::ID.eq(2)).one().unwrap().1.len()), (1, 3));
    assert_eq!(counted(|| users().limit(2).all().unwrap().len()), (2, 3));
    // what is loaded is not counted, and of nothing nothing is loaded
    assert_eq!(counted(|| users().count().unwrap()), (3, 1));
    assert_eq!(counted(|| users().exists().unwrap()), (true, 1));
    assert_eq!(counted(|| users().filter(User::ID.eq(9)).first().unwrap()), (None, 1));
    assert_eq!(counted(|| users().filter(User::ID.eq(3)).one().unwrap().1), (vec![], 2));
    assert_eq!(counted(|| users().select(User::ID).all().unwrap()), (vec![1, 2, 3], 1));
}

#[test]
fn parents_are_joined_in_one_statement() {
    let session = blog();
    let query = session.find::<Post>().order_by(Post::ID.asc()).with(Post::AUTHOR).with(Post::EDITOR);
    let (posts, statements) = counted(|| query.all().unwrap());
    let found: Vec<_> = posts
        .iter()
        .map(|(post, author, editor)| {
            (post.title.as_str(), author.name.as_str(), editor.as_ref().map(|it| it.id))
        })
        .collect();
    assert_eq!(found, [("a", "Ann", None), ("b", "Ann", None), ("c", "Bob", Some(1))]);
    assert_eq!(statements, 1);
    assert_eq!(query.count().unwrap(), 3);
    assert_eq!(query.first().unwrap().unwrap().1.name, "Ann");
}

#[test]
fn one_child_at_most_is_an_option() {
    let session = blog();
    let users = session.find::<User>().order_by(User::ID.asc()).with(User::CARD).all().unwrap();
    let cards: Vec<_> = users.into_iter().map(|(_, card)| card.map(|card| card.user_id)).collect();
    assert_eq!(cards, [None, Some(2), None]);
}

#[test]
fn many_to_many_is_loaded_from_both_sides() {
    let session = blog();
    let posts =
        session.find::<Post>().order_by(Post::ID.asc()).with(Post::TAGS.order_by(Tag::NAME.desc())).all();
    let names = |tags: Vec<Tag>| tags.into_iter().map(|tag| tag.name).collect::<Vec<_>>();
    let found: Vec<_> = posts.unwrap().into_iter().map(|(_, tags)| names(tags)).collect();
    assert_eq!(found, [vec!["sql".to_owned(), "rust".into()], vec![], vec!["rust".into()]]);
    let tags = session
        .find::<Tag>()
        .order_by(Tag::ID.asc())
        .with(Tag::POSTS.order_by(Post::ID.asc()))
        .all()
        .unwrap();
    assert_eq!(tags.iter().map(|(_, posts)| titles(posts)).collect::<Vec<_>>(), [vec!["a", "c"], vec!["a"]]);
}

#[test]
fn children_are_filtered_ordered_and_limited_for_each_parent() {
    let session = blog();
    let users = || session.find::<User>().order_by(User::ID.asc());
    let last = User::POSTS.order_by(Post::TITLE.desc()).limit(1);
    let found = users().with(last.clone()).all().unwrap();
    assert_eq!(
        found.iter().map(|(_, posts)| titles(posts)).collect::<Vec<_>>(),
        [vec!["b"], vec!["c"], vec![]]
    );
    // what is loaded with them, and what a path leads to, goes through the limit
    let with = last.with(Post::AUTHOR).with(Post::COMMENTS).filter(Post::AUTHOR.at(User::NAME).eq("Ann"));
    let found = users().with(with).all().unwrap();
    let found: Vec<Vec<_>> = found
        .into_iter()
        .map(|(_, posts)| {
            posts.into_iter().map(|(post, author, comments)| (post.title, author.name, comments)).collect()
        })
        .collect();
    assert_eq!(found, [vec![("b".to_owned(), "Ann".to_owned(), vec![])], vec![], vec![]]);
}

#[test]
fn rows_in_hand_get_one_entry_each_in_order() {
    let session = blog();
    let mut users = session.find::<User>().order_by(User::ID.desc()).all().unwrap();
    // twice the same is twice the same
    users.push(users[2].clone());
    let (posts, statements) = counted(|| session.load(&users, User::POSTS.order_by(Post::ID.asc())).unwrap());
    assert_eq!(
        posts.iter().map(|posts| titles(posts)).collect::<Vec<_>>(),
        [vec![], vec!["c"], vec!["a", "b"], vec!["a", "b"]]
    );
    assert_eq!(statements, 1);
    let posts = session.find::<Post>().order_by(Post::ID.asc()).all().unwrap();
    let names =
        session.load(&posts, Post::AUTHOR).unwrap().into_iter().map(|user| user.name).collect::<Vec<_>>();
    assert_eq!(names, ["Ann", "Ann", "Bob"]);
    let editors = session.load(&posts, Post::EDITOR).unwrap();
    assert_eq!(
        editors.into_iter().map(|it| it.map(|it| it.name)).collect::<Vec<_>>(),
        [None, None, Some("Ann".into())]
    );
    assert_eq!(counted(|| session.load(&posts[..2], Post::EDITOR).unwrap()), (vec![None, None], 0));
    assert_eq!(session.load::<User, _>(&[], User::POSTS).unwrap(), Vec::<Vec<Post>>::new());
    assert_eq!(session.load(&users[..1], User::CARD).unwrap(), [None]);
}

#[test]
fn keys_beyond_the_limit_of_parameters_are_one_load() {
    let session = empty();
    let mut users: Vec<User> = (0..40_000).map(|_| User { id: 0, name: "x".into() }).collect();
    session.insert_all(&mut users).unwrap();
    for author_id in [1, 39_999, 40_000, 40_000] {
        let post = Post { id: 0, title: author_id.to_string(), score: None, author_id, editor_id: None };
        session.create(post).unwrap();
    }
    let (posts, statements) = counted(|| session.load(&users, User::POSTS).unwrap());
    let counts: Vec<_> =
        posts.iter().enumerate().filter(|(_, it)| !it.is_empty()).map(|(at, it)| (at, it.len())).collect();
    assert_eq!((counts, statements), (vec![(0, 1), (39_998, 1), (39_999, 2)], 1));
}

#[test]
fn joined_children_make_a_row_each() {
    let session = blog();
    let pairs = session
        .find::<User>()
        .left_join(User::POSTS.filter(Post::TITLE.ne("a")).order_by(Post::ID.desc()))
        .order_by(User::ID.asc());
    let (found, statements) = counted(|| pairs.all().unwrap());
    let found: Vec<_> =
        found.into_iter().map(|(user, post)| (user.name, post.map(|post| post.title))).collect();
    let expected = [("Ann", Some("b")), ("Bob", Some("c")), ("Cid", None)];
    assert_eq!(found, expected.map(|(name, title)| (name.to_owned(), title.map(str::to_owned))));
    assert_eq!(statements, 1);
    assert_eq!(session.find::<User>().join(User::POSTS).count().unwrap(), 3);
    assert_eq!(session.find::<User>().join(User::POSTS).join(User::CARD).count().unwrap(), 1);
}

#[test]
fn everything_is_read_from_one_snapshot() {
    let folder = tempfile::tempdir().unwrap();
    let engine = orm_core::Engine::open(folder.path().join("blog.db")).unwrap();
    let session = engine.session().unwrap();
    let fill = |session: &Session| {
        session.create_table::<User>().unwrap();
        session.create_table::<Post>().unwrap();
        session.create(User { id: 0, name: "Ann".into() }).unwrap();
    };
    fill(&session);
    let writer = engine.session().unwrap();
    let users = session
        .read(|snapshot| {
            let users = snapshot.find::<User>().all()?;
            let post = Post { id: 0, title: "late".into(), score: None, author_id: 1, editor_id: None };
            writer.create(post)?;
            snapshot.load(&users, User::POSTS)
        })
        .unwrap();
    assert_eq!(users, [vec![]]);
    assert_eq!(titles(&session.find::<User>().with(User::POSTS).one().unwrap().1), ["late"]);
}

#[test]
fn an_iterator_loads_nothing_and_says_so() {
    let session = blog();
    let error = session.find::<User>().with(User::POSTS).iter().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidQuery);
    assert_eq!(session.find::<Post>().with(Post::AUTHOR).iter().unwrap().count(), 3);
}

#[test]
fn a_parent_brings_its_own_relations() {
    let session = blog();
    let query = session
        .find::<Comment>()
        .order_by(Comment::ID.asc())
        .with(
            Comment::POST
                .with(Post::AUTHOR.with(User::CARD))
                .with(Post::EDITOR.with(User::POSTS))
                .with_count(Post::TAGS),
        )
        .with(Comment::PARENT.with(Comment::POST.with(Post::TAGS.order_by(Tag::ID.asc()))));
    let (found, statements) = counted(|| query.all().unwrap());
    let [(first, (post, (author, card), editor, tags), None), (second, _, Some((parent, (same, named))))] =
        found.as_slice()
    else {
        panic!("{found:?}")
    };
    assert_eq!(
        (first.id, post.id, author.id, card.as_ref(), editor.as_ref(), *tags),
        (1, 1, 1, None, None, 2)
    );
    assert_eq!((second.id, parent, same, named.len()), (2, first, post, 2));
    // what has to be joined, the cards and the tags; no editor has posts
    assert_eq!(statements, 3);
    let posts = session
        .find::<Post>()
        .order_by(Post::ID.asc())
        .with(Post::EDITOR.with(User::POSTS.order_by(Post::ID.asc())));
    let found = posts.all().unwrap().into_iter().map(|(_, editor)| editor.map(|(_, posts)| posts.len()));
    assert_eq!(found.collect::<Vec<_>>(), [None, None, Some(2)]);
}
