//! Random questions about random rows, answered by the database and by loops over the same rows.

use orm_core::{Filter, Session};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::{Comment, Post, PostTag, Tag, User, empty};

/// All rows of a small blog.
#[derive(Debug, Clone)]
struct Rows {
    users: Vec<User>,
    posts: Vec<Post>,
    comments: Vec<Comment>,
    tags: Vec<Tag>,
    links: Vec<PostTag>,
}

fn rows() -> impl Strategy<Value = Rows> {
    let post = (0..4_i64, prop::option::of(0..5_i64), prop::option::of(0..3_i64), 0..3_u8);
    let comment = (0..8_i64, 0..3_u8);
    (
        prop::collection::vec(0..3_u8, 1..5),
        prop::collection::vec(post, 0..8),
        prop::collection::vec(comment, 0..8),
        prop::collection::btree_set((0..8_i64, 0..3_i64), 0..8),
    )
        .prop_map(|(users, posts, comments, links)| {
            let letter = |number: u8| char::from(b'a' + number).to_string();
            let count = |length: usize| i64::try_from(length).unwrap();
            let (user_count, post_count) = (count(users.len()), count(posts.len()));
            let users = (1..).zip(users).map(|(id, name)| User { id, name: letter(name) }).collect();
            let posts = (1..).zip(posts).map(|(id, (author, editor, score, title))| Post {
                id,
                title: letter(title),
                score,
                author_id: author % user_count + 1,
                editor_id: editor.map(|editor| editor % user_count + 1),
            });
            let comments = (1..).zip(comments).filter(|_| post_count > 0).map(|(id, (post, text))| Comment {
                id,
                post_id: post % post_count + 1,
                parent_id: if id > 1 { Some(id / 2) } else { None },
                text: letter(text),
            });
            let tags = (1..=3).map(|id| Tag { id, name: letter(u8::try_from(id).unwrap()) }).collect();
            let links = links.into_iter().filter(|(post, _)| *post < post_count);
            let links = links.map(|(post, tag)| PostTag { post_id: post + 1, tag_id: tag + 1 }).collect();
            Rows { users, posts: posts.collect(), comments: comments.collect(), tags, links }
        })
}

/// A condition on a user, by way of what belongs to it.
#[derive(Debug, Clone)]
enum OfUser {
    Name(String),
    AnyPost(Box<OfPost>),
    NoPost(Box<OfPost>),
    AllPosts(Box<OfPost>),
    Posts(u64),
    Not(Box<OfUser>),
    Both(Box<OfUser>, Box<OfUser>),
}

/// A condition on a post, likewise.
#[derive(Debug, Clone)]
enum OfPost {
    Title(String),
    Score(i64),
    Author(Box<OfUser>),
    AuthorName(String),
    EditorIsNot(String),
    AnyComment(String),
    AnyTag(String),
    Tags(u64),
    Either(Box<OfPost>, Box<OfPost>),
}

fn of_user(depth: u32) -> BoxedStrategy<OfUser> {
    let leaf = prop_oneof!["[a-c]".prop_map(OfUser::Name), (0..3_u64).prop_map(OfUser::Posts)];
    if depth == 0 {
        return leaf.boxed();
    }
    let post = || of_post(depth - 1).prop_map(Box::new);
    let user = || of_user(depth - 1).prop_map(Box::new);
    prop_oneof![
        leaf,
        post().prop_map(OfUser::AnyPost),
        post().prop_map(OfUser::NoPost),
        post().prop_map(OfUser::AllPosts),
        user().prop_map(OfUser::Not),
        (user(), user()).prop_map(|(one, other)| OfUser::Both(one, other)),
    ]
    .boxed()
}

fn of_post(depth: u32) -> BoxedStrategy<OfPost> {
    let leaf = prop_oneof![
        "[a-c]".prop_map(OfPost::Title),
        (0..3_i64).prop_map(OfPost::Score),
        "[a-c]".prop_map(OfPost::AuthorName),
        "[a-c]".prop_map(OfPost::EditorIsNot),
        "[a-c]".prop_map(OfPost::AnyComment),
        "[b-d]".prop_map(OfPost::AnyTag),
        (0..3_u64).prop_map(OfPost::Tags),
    ];
    if depth == 0 {
        return leaf.boxed();
    }
    let post = || of_post(depth - 1).prop_map(Box::new);
    prop_oneof![
        leaf,
        of_user(depth - 1).prop_map(|user| OfPost::Author(Box::new(user))),
        (post(), post()).prop_map(|(one, other)| OfPost::Either(one, other)),
    ]
    .boxed()
}

impl OfUser {
    fn filter(&self) -> Filter<User> {
        match self {
            Self::Name(name) => User::NAME.eq(name),
            Self::AnyPost(post) => User::POSTS.any(post.filter()),
            Self::NoPost(post) => User::POSTS.none(post.filter()),
            Self::AllPosts(post) => User::POSTS.all(post.filter()),
            Self::Posts(count) => User::POSTS.count().eq(count),
            Self::Not(user) => !user.filter(),
            Self::Both(one, other) => one.filter() & other.filter(),
        }
    }

    fn holds(&self, user: &User, rows: &Rows) -> bool {
        let mut posts = rows.posts.iter().filter(|post| post.author_id == user.id);
        match self {
            Self::Name(name) => user.name == *name,
            Self::AnyPost(it) => posts.any(|post| it.holds(post, rows)),
            Self::NoPost(it) => !posts.any(|post| it.holds(post, rows)),
            Self::AllPosts(it) => posts.all(|post| it.holds(post, rows)),
            Self::Posts(count) => posts.count() as u64 == *count,
            Self::Not(it) => !it.holds(user, rows),
            Self::Both(one, other) => one.holds(user, rows) && other.holds(user, rows),
        }
    }
}

impl OfPost {
    fn filter(&self) -> Filter<Post> {
        match self {
            Self::Title(title) => Post::TITLE.eq(title),
            Self::Score(score) => Post::SCORE.ne(*score),
            Self::Author(user) => Post::AUTHOR.at(user.filter()),
            Self::AuthorName(name) => Post::AUTHOR.at(User::NAME).eq(name),
            Self::EditorIsNot(name) => Post::EDITOR.at(User::NAME).ne(name),
            Self::AnyComment(text) => Post::COMMENTS.any(Comment::TEXT.eq(text)),
            Self::AnyTag(name) => Post::TAGS.any(Tag::NAME.eq(name)),
            Self::Tags(count) => Post::TAGS.count().eq(count),
            Self::Either(one, other) => one.filter() | other.filter(),
        }
    }

    fn holds(&self, post: &Post, rows: &Rows) -> bool {
        let user = |id: i64| rows.users.iter().find(|user| user.id == id).unwrap();
        let linked = |tag: &&Tag| rows.links.contains(&PostTag { post_id: post.id, tag_id: tag.id });
        let mut tags = rows.tags.iter().filter(linked);
        match self {
            Self::Title(title) => post.title == *title,
            Self::Score(score) => post.score != Some(*score),
            Self::Author(it) => it.holds(user(post.author_id), rows),
            Self::AuthorName(name) => user(post.author_id).name == *name,
            Self::EditorIsNot(name) => post.editor_id.is_none_or(|id| user(id).name != *name),
            Self::AnyComment(text) => {
                rows.comments.iter().any(|comment| comment.post_id == post.id && comment.text == *text)
            }
            Self::AnyTag(name) => tags.any(|tag| tag.name == *name),
            Self::Tags(count) => tags.count() as u64 == *count,
            Self::Either(one, other) => one.holds(post, rows) || other.holds(post, rows),
        }
    }
}

fn fill(session: &Session, rows: &mut Rows) {
    session.insert_all(&mut rows.users).unwrap();
    session.insert_all(&mut rows.posts).unwrap();
    session.insert_all(&mut rows.comments).unwrap();
    session.insert_all(&mut rows.tags).unwrap();
    session.insert_all(&mut rows.links).unwrap();
}

/// Users where the first condition holds, by the number of their posts; with each the best posts where the second one
/// holds, with author, editor, tags and the number of comments.
type Found = Vec<(User, Vec<(Post, User, Option<User>, Vec<Tag>, u64)>)>;

fn asked(session: &Session, of_user: &OfUser, of_post: &OfPost, limit: u64) -> Found {
    let posts = User::POSTS
        .filter(of_post.filter())
        .order_by((Post::EDITOR.at(User::NAME).desc(), Post::ID.asc()))
        .limit(limit)
        .with(Post::AUTHOR)
        .with(Post::EDITOR)
        .with(Post::TAGS.order_by(Tag::NAME.desc()))
        .with_count(Post::COMMENTS);
    let users = session.find::<User>().filter(of_user.filter());
    users.order_by((User::POSTS.count().desc(), User::ID.asc())).with(posts).all().unwrap()
}

fn looped(rows: &Rows, of_user: &OfUser, of_post: &OfPost, limit: u64) -> Found {
    let by =
        |user: &User| rows.posts.iter().filter(|post| post.author_id == user.id).cloned().collect::<Vec<_>>();
    let user = |id: i64| rows.users.iter().find(|user| user.id == id).unwrap().clone();
    let mut users: Vec<User> = rows.users.iter().filter(|user| of_user.holds(user, rows)).cloned().collect();
    users.sort_by_key(|user| (std::cmp::Reverse(by(user).len()), user.id));
    let full = |post: Post| {
        let mut tags: Vec<Tag> = rows
            .tags
            .iter()
            .filter(|tag| rows.links.contains(&PostTag { post_id: post.id, tag_id: tag.id }))
            .cloned()
            .collect();
        tags.sort_by(|one, other| other.name.cmp(&one.name));
        let comments = rows.comments.iter().filter(|comment| comment.post_id == post.id).count() as u64;
        (post.clone(), user(post.author_id), post.editor_id.map(user), tags, comments)
    };
    let with_posts = |it: User| {
        let mut posts = by(&it);
        posts.retain(|post| of_post.holds(post, rows));
        posts.sort_by_key(|post| (std::cmp::Reverse(post.editor_id.map(|id| user(id).name)), post.id));
        posts.truncate(usize::try_from(limit).unwrap());
        (it, posts.into_iter().map(full).collect())
    };
    users.into_iter().map(with_posts).collect()
}

#[test]
fn the_database_finds_what_loops_find() {
    let mut runner = TestRunner::new(ProptestConfig::with_cases(150));
    let strategy = (rows(), of_user(3), of_post(2), 0..4_u64);
    let checked = runner.run(&strategy, |(mut rows, of_user, of_post, limit)| {
        let session = empty();
        fill(&session, &mut rows);
        prop_assert_eq!(asked(&session, &of_user, &of_post, limit), looped(&rows, &of_user, &of_post, limit));
        Ok(())
    });
    checked.unwrap();
}
