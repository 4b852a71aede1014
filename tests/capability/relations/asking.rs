use orm_core::{Filter, func};

use super::{Comment, Post, Tag, User, blog, titles};

#[test]
fn a_path_filters_orders_groups_and_is_selected() {
    let session = blog();
    let posts = || session.find::<Post>();
    let name = || Post::AUTHOR.at(User::NAME);
    assert_eq!(titles(&posts().filter(name().eq("Ann")).order_by(Post::ID.asc()).all().unwrap()), ["a", "b"]);
    let found =
        posts().order_by((name().desc(), Post::TITLE.desc())).select((Post::TITLE, name())).all().unwrap();
    assert_eq!(
        found,
        [("c", "Bob"), ("b", "Ann"), ("a", "Ann")].map(|(title, name)| (title.into(), name.into()))
    );
    let found =
        posts().group_by(name()).order_by(name().asc()).select((name(), func::count())).all().unwrap();
    assert_eq!(found, [("Ann".to_owned(), 2), ("Bob".to_owned(), 1)]);
    assert_eq!(posts().min(Post::AUTHOR.at(User::NAME)).unwrap(), Some("Ann".into()));
}

#[test]
fn a_path_through_an_optional_key_removes_no_row() {
    let session = blog();
    let editor = Post::EDITOR.at(User::NAME);
    let posts = || session.find::<Post>().order_by(Post::ID.asc());
    assert_eq!(posts().select(editor.clone()).all().unwrap(), [None, None, Some("Ann".to_owned())]);
    assert_eq!(titles(&posts().filter(editor.clone().ne("Ann")).all().unwrap()), ["a", "b"]);
    assert_eq!(titles(&posts().filter(editor.is_null()).all().unwrap()), ["a", "b"]);
    assert_eq!(titles(&posts().filter(Post::EDITOR.any(User::ID.gt(0))).all().unwrap()), ["c"]);
    assert_eq!(titles(&posts().filter(Post::EDITOR.none(User::ID.gt(0))).all().unwrap()), ["a", "b"]);
}

#[test]
fn a_path_leads_through_several_relations_and_to_its_own_table() {
    let session = blog();
    let author = Comment::POST.at(Post::AUTHOR.at(User::NAME));
    let parent = Comment::PARENT.at(Comment::TEXT);
    let found =
        session.find::<Comment>().order_by(Comment::ID.asc()).select((Comment::TEXT, author, parent)).all();
    assert_eq!(
        found.unwrap(),
        [("first".to_owned(), "Ann".to_owned(), None), ("second".into(), "Ann".into(), Some("first".into()))],
    );
    let answered = session
        .find::<Comment>()
        .filter(Comment::REPLIES.any(Comment::ID.gt(Comment::PARENT_ID).or(Comment::TEXT.eq("second"))));
    assert_eq!(answered.select(Comment::ID).all().unwrap(), [1]);
}

#[test]
fn any_none_and_all_ask_of_related_rows() {
    let session = blog();
    let names = |filter: Filter<User>| {
        session.find::<User>().filter(filter).order_by(User::ID.asc()).select(User::NAME).all().unwrap()
    };
    assert_eq!(names(User::POSTS.any(Post::TITLE.eq("b"))), ["Ann"]);
    assert_eq!(names(User::POSTS.none(Post::TITLE.eq("b"))), ["Bob", "Cid"]);
    // no score is not above 4, and not at most 4 either
    assert_eq!(names(User::POSTS.all(Post::SCORE.gt(4))), ["Bob", "Cid"]);
    assert_eq!(names(!User::POSTS.all(Post::SCORE.gt(4))), ["Ann"]);
    assert_eq!(names(User::CARD.any(Filter::all_of([]))), ["Bob"]);
    assert_eq!(names(User::POSTS.any(Post::TAGS.any(Tag::NAME.eq("sql")))), ["Ann"]);
    assert_eq!(names(User::POSTS.any(Post::EDITOR.at(User::NAME).eq("Ann"))), ["Bob"]);
    assert_eq!(names(User::POSTS.any(Post::AUTHOR.any(User::POSTS.any(Post::TITLE.eq("a"))))), ["Ann"]);
}

#[test]
fn a_count_is_compared_ordered_by_and_selected() {
    let session = blog();
    let users = || session.find::<User>().order_by((User::POSTS.count().desc(), User::ID.asc()));
    let found = users().select((User::NAME, User::POSTS.count())).all().unwrap();
    assert_eq!(found, [("Ann".to_owned(), 2), ("Bob".into(), 1), ("Cid".into(), 0)]);
    assert_eq!(users().filter(User::POSTS.count().ge(1)).count().unwrap(), 2);
    let tags = session.find::<Tag>().order_by(Tag::ID.asc()).with_count(Tag::POSTS).all().unwrap();
    assert_eq!(
        tags.into_iter().map(|(tag, count)| (tag.name, count)).collect::<Vec<_>>(),
        [("rust".to_owned(), 2), ("sql".into(), 1)]
    );
    let by_post = Post::AUTHOR.at(User::POSTS.count());
    assert_eq!(session.find::<Post>().order_by(Post::ID.asc()).select(by_post).all().unwrap(), [2, 2, 1]);
}

#[test]
fn writes_by_set_choose_their_rows_by_relations() {
    let session = blog();
    let by_ann = session.find::<Post>().filter(Post::AUTHOR.at(User::NAME).eq("Ann"));
    assert_eq!(by_ann.update(Post::TITLE.set(Post::AUTHOR.at(User::NAME))).unwrap(), 2);
    let found = session.find::<Post>().order_by(Post::ID.asc()).select(Post::TITLE).all().unwrap();
    assert_eq!(found, ["Ann", "Ann", "c"]);
    let first = by_ann.order_by(Post::AUTHOR.at(User::NAME).asc()).order_by(Post::ID.desc()).limit(1);
    assert_eq!(first.update(Post::TITLE.set("last")).unwrap(), 1);
    let found = session.find::<Post>().order_by(Post::ID.asc()).select(Post::TITLE).all().unwrap();
    assert_eq!(found, ["Ann", "last", "c"]);
    assert_eq!(session.find::<User>().filter(User::POSTS.count().eq(0)).delete().unwrap(), 1);
    assert_eq!(session.find::<Tag>().filter(Tag::POSTS.all(Post::ID.gt(1))).count().unwrap(), 0);
}

#[test]
fn pages_are_filtered_by_relations() {
    let session = blog();
    let pages = session.find::<Post>().filter(Post::AUTHOR.at(User::NAME).eq("Ann")).chunks(1).unwrap();
    assert_eq!(pages.map(|page| page.unwrap()[0].id).collect::<Vec<_>>(), [1, 2]);
}
