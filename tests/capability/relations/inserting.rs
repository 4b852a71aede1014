//! `insert_with`: rows with what belongs to them, in one transaction.

use std::panic::{AssertUnwindSafe, catch_unwind};

use orm_core::{Error, Hooks, Model, Result, Session};

use super::{Card, Post, PostTag, Tag, User, blog};
use crate::support::{engine_at, sent, session};

/// Hooks count in the text, and stop at a bad one.
#[derive(Debug, Clone, PartialEq, Model)]
#[orm(
    hooks,
    has_many(pages: Page::BOOK),
    has_one(cover: Cover::BOOK),
    many_to_many(readers: Reader through Loan::BOOK, Loan::READER)
)]
struct Book {
    #[orm(primary_key, auto)]
    id: i64,
    text: String,
    // a time that no column could hold, until there is one
    #[orm(created_at)]
    created: time::PrimitiveDateTime,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(hooks)]
struct Page {
    #[orm(primary_key, auto)]
    id: i64,
    text: String,
    #[orm(references = Book)]
    book_id: Option<i64>,
    #[orm(updated_at)]
    changed: String,
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Cover {
    #[orm(primary_key)]
    id: i64,
    #[orm(references = Book, unique)]
    book_id: i64,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(hooks)]
struct Reader {
    #[orm(primary_key, auto)]
    id: i64,
    text: String,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(primary_key(book_id, reader_id), hooks)]
struct Loan {
    #[orm(references = Book)]
    book_id: i64,
    #[orm(references = Reader)]
    reader_id: i64,
}

fn checked(text: &mut String) -> Result<()> {
    text.push('+');
    assert_ne!(text, "panic+", "a hook gives up");
    if text == "bad+" { Err(Error::other("a bad one")) } else { Ok(()) }
}

impl Hooks for Book {
    fn before_insert(&mut self, _: &Session) -> Result<()> {
        checked(&mut self.text)
    }
}

impl Hooks for Page {
    fn before_insert(&mut self, session: &Session) -> Result<()> {
        // the parent is there already, and known
        assert!(session.get::<Book>(self.book_id.unwrap())?.is_some());
        checked(&mut self.text)
    }
}

impl Hooks for Reader {
    fn before_insert(&mut self, _: &Session) -> Result<()> {
        checked(&mut self.text)
    }
}

impl Hooks for Loan {
    fn before_insert(&mut self, _: &Session) -> Result<()> {
        Err(Error::other("hooks of a link do not run"))
    }
}

fn library() -> Session {
    let session = engine_at(60).session().unwrap();
    session.create_table::<Book>().unwrap();
    session.create_table::<Page>().unwrap();
    session.create_table::<Cover>().unwrap();
    session.create_table::<Reader>().unwrap();
    session.create_table::<Loan>().unwrap();
    session
}

fn book(text: &str) -> Book {
    Book { id: 0, text: text.into(), created: time::PrimitiveDateTime::MIN }
}

fn page(text: &str) -> Page {
    Page { id: 0, text: text.into(), book_id: None, changed: "never".into() }
}

fn reader(text: &str) -> Reader {
    Reader { id: 0, text: text.into() }
}

/// How many books, pages, covers, readers and loans there are.
fn counts(session: &Session) -> [u64; 5] {
    [
        session.find::<Book>().count().unwrap(),
        session.find::<Page>().count().unwrap(),
        session.find::<Cover>().count().unwrap(),
        session.find::<Reader>().count().unwrap(),
        session.find::<Loan>().count().unwrap(),
    ]
}

#[test]
fn children_refer_to_the_row_and_all_hooks_run() {
    let session = library();
    let (mut book, mut pages) = (book("b"), vec![page("one"), page("two")]);
    session.insert_with(&mut book, Book::PAGES, &mut pages).unwrap();
    assert_eq!((book.id, book.text.as_str()), (1, "b+"));
    let minute = "1970-01-01 00:01:00.000000";
    let page = |id, text: &str| Page { id, text: text.into(), book_id: Some(1), changed: minute.into() };
    assert_eq!(pages, [page(1, "one+"), page(2, "two+")]);
    assert_eq!(
        session.find::<Book>().with(Book::PAGES.order_by(Page::ID.asc())).all().unwrap(),
        [(book, pages)]
    );
}

#[test]
fn a_row_without_children_is_a_row() {
    let session = library();
    session.insert_with(&mut book("b"), Book::PAGES, &mut []).unwrap();
    session.insert_with(&mut book("c"), Book::READERS, &mut []).unwrap();
    assert_eq!(counts(&session), [2, 0, 0, 0, 0]);
}

#[test]
fn the_only_child_refers_to_the_row() {
    let session = blog();
    let (mut dan, mut card) = (User { id: 0, name: "Dan".into() }, Card { id: 0, user_id: 0 });
    session.insert_with(&mut dan, User::CARD, &mut card).unwrap();
    assert_eq!(
        session.find::<User>().filter(User::ID.eq(4)).with(User::CARD).one().unwrap(),
        (dan, Some(card))
    );
}

#[test]
fn linked_rows_are_inserted_and_linked() {
    let session = blog();
    let mut post = Post { id: 0, title: "d".into(), score: None, author_id: 1, editor_id: None };
    let mut tags = ["c", "zig"].map(|name| Tag { id: 0, name: name.into() });
    session.insert_with(&mut post, Post::TAGS, &mut tags).unwrap();
    assert_eq!((post.id, tags.each_ref().map(|tag| tag.id)), (4, [3, 4]));
    assert_eq!(session.load(&[post], Post::TAGS.order_by(Tag::ID.asc())).unwrap(), [tags]);
    let mut rust = Tag { id: 0, name: "go".into() };
    let mut posts = [Post { id: 0, title: "e".into(), score: None, author_id: 1, editor_id: None }];
    session.insert_with(&mut rust, Tag::POSTS, &mut posts).unwrap();
    assert_eq!(
        session.get::<PostTag>((posts[0].id, rust.id)).unwrap(),
        Some(PostTag { post_id: 5, tag_id: 5 })
    );
}

#[test]
fn linked_rows_run_their_hooks_and_the_link_runs_none() {
    let session = library();
    let (mut book, mut readers) = (book("b"), [reader("r")]);
    session.insert_with(&mut book, Book::READERS, &mut readers).unwrap();
    assert_eq!((book.text.as_str(), readers[0].text.as_str()), ("b+", "r+"));
    assert_eq!(counts(&session), [1, 0, 0, 1, 1]);
}

#[test]
fn a_failure_leaves_nothing_and_puts_back_what_was_written() {
    let session = library();
    // by the hook of a child, after the first was inserted
    let (mut parent, mut pages) = (book("b"), [page("one"), page("bad")]);
    let error = session.insert_with(&mut parent, Book::PAGES, &mut pages).unwrap_err();
    assert_eq!(error.to_string(), "a bad one");
    assert_eq!((parent.id, &*parent.text), (0, "b+"));
    assert_eq!(pages, [page("one+"), page("bad+")]);

    // by the row itself
    let (mut parent, mut pages) = (book("bad"), [page("one")]);
    session.insert_with(&mut parent, Book::PAGES, &mut pages).unwrap_err();
    assert_eq!((parent.id, pages), (0, [page("one")]));

    // by the only child
    let mut covered = book("b");
    session.insert_with(&mut covered, Book::COVER, &mut Cover { id: 1, book_id: 0 }).unwrap();
    let (mut parent, mut cover) = (book("b"), Cover { id: 1, book_id: 77 });
    let error = session.insert_with(&mut parent, Book::COVER, &mut cover).unwrap_err();
    assert!(error.constraint().is_some(), "{error}");
    assert_eq!((parent.id, cover), (0, Cover { id: 1, book_id: 77 }));

    // by the link, after both sides were inserted
    session
        .execute_batch("CREATE TRIGGER no BEFORE INSERT ON loan BEGIN SELECT raise(ABORT, 'no loans'); END")
        .unwrap();
    let (mut parent, mut readers) = (book("b"), [reader("r"), reader("s")]);
    session.insert_with(&mut parent, Book::READERS, &mut readers).unwrap_err();
    assert_eq!((parent.id, readers.each_ref().map(|it| it.id)), (0, [0, 0]));
    session
        .execute_batch(
            "DROP TRIGGER no; CREATE TRIGGER no BEFORE INSERT ON loan BEGIN SELECT raise(IGNORE); END",
        )
        .unwrap();
    let error = session.insert_with(&mut parent, Book::READERS, &mut readers).unwrap_err();
    assert_eq!(
        error.to_string(),
        "table `loan`: a trigger or an `ON CONFLICT` clause of the table ignored the link, so the rows are not linked"
    );
    assert_eq!((parent.id, readers.each_ref().map(|it| it.id)), (0, [0, 0]));

    assert_eq!(counts(&session), [1, 0, 1, 0, 0]);
}

#[test]
fn a_panic_in_a_hook_puts_everything_back_too() {
    let session = library();
    let (mut parent, mut pages) = (book("b"), [page("one"), page("panic")]);
    let insert = AssertUnwindSafe(|| session.insert_with(&mut parent, Book::PAGES, &mut pages));
    catch_unwind(insert).unwrap_err();
    assert_eq!((parent.id, parent.created), (0, parent.created));
    assert_eq!(pages, [page("one+"), page("panic+")]);
    assert_eq!(counts(&session), [0; 5]);
}

#[test]
fn many_children_go_into_one_statement() {
    #[derive(Debug, Model)]
    #[orm(has_many(leaves: Leaf::TREE))]
    struct Tree {
        #[orm(primary_key, auto)]
        id: i64,
    }

    #[derive(Debug, Clone, Model)]
    struct Leaf {
        #[orm(primary_key, auto)]
        id: i64,
        #[orm(references = Tree)]
        tree_id: i64,
    }

    let session = session();
    session.create_table::<Tree>().unwrap();
    session.create_table::<Leaf>().unwrap();
    let mut leaves = vec![Leaf { id: 0, tree_id: 0 }; 1000];
    let inserts = sent(|| session.insert_with(&mut Tree { id: 0 }, Tree::LEAVES, &mut leaves));
    assert!(inserts.len() < 100, "{}", inserts.len());
    assert!(leaves.iter().zip(1..).all(|(leaf, id)| (leaf.id, leaf.tree_id) == (id, 1)));
}
