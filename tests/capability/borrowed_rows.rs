//! Rows that borrow their text and blobs: what is in them, what may happen beside them, and how the call ends.

use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::SystemTime;

use orm_core::{
    BorrowValue, ConversionError, Engine, Error, ErrorKind, Field, Filter, Hooks, LogicalType, Model, Result,
    Session, ToValue, ToValueOutput, Value, ValueRef, class,
};

use crate::support::{Place, sent};

#[derive(Debug, Clone, Copy, PartialEq, Field)]
enum Colour {
    Red,
    Blue,
}

#[derive(Debug, Clone, PartialEq, Field)]
struct Email(String);

/// A field by hand that borrows, too.
#[derive(Debug, Clone, PartialEq)]
struct Slug(String);

impl ToValue for Slug {
    fn to_value(&self) -> Result<ToValueOutput<'_>, ConversionError> {
        self.0.to_value()
    }
}

impl Field for Slug {
    type Inner = Self;
    type Rel<P> = P;
    type Class = class::Text;
    const TYPE: LogicalType = LogicalType::Text;

    fn from_value(value: ValueRef<'_>) -> Result<Self, ConversionError> {
        String::from_value(value).map(Self)
    }
}

impl BorrowValue for Slug {
    type Borrowed<'r> = &'r str;

    fn borrow_value(value: ValueRef<'_>) -> Result<&str, ConversionError> {
        String::borrow_value(value)
    }
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "things", borrowed = ThingRow)]
struct Thing {
    #[orm(primary_key, auto)]
    id: i64,
    name: String,
    #[orm(column = "nick")]
    nickname: Option<String>,
    boxed: Box<str>,
    bytes: Vec<u8>,
    maybe: Option<Vec<u8>>,
    hash: [u8; 4],
    any: Value,
    colour: Colour,
    email: Option<Email>,
    slug: Slug,
    #[orm(json)]
    tags: Vec<String>,
    made: SystemTime,
    ratio: f64,
    #[orm(generated = "length(name)")]
    width: u8,
    #[orm(skip)]
    cached: bool,
}

fn thing() -> Thing {
    Thing {
        id: 0,
        name: "Zoë\0!".into(),
        nickname: Some(String::new()),
        boxed: "box".into(),
        bytes: vec![0, 255],
        maybe: Some(Vec::new()),
        hash: *b"abcd",
        any: Value::from("anything"),
        colour: Colour::Blue,
        email: Some(Email("zoe@example.org".into())),
        slug: Slug("zoe".into()),
        tags: vec!["a".into()],
        made: SystemTime::UNIX_EPOCH,
        ratio: 0.5,
        width: 0,
        cached: true,
    }
}

#[test]
fn text_and_blobs_are_borrowed_and_the_rest_is_as_in_the_model() {
    let session = Engine::open_in_memory().unwrap().session().unwrap();
    session.create_table::<Thing>().unwrap();
    session.create(thing()).unwrap();
    session.create(Thing { nickname: None, maybe: None, email: None, any: Value::Null, ..thing() }).unwrap();
    let mut shown = Vec::new();
    let call = session.find::<Thing>().for_each(|row: ThingRow<'_>| {
        let ThingRow { id, name, nickname, boxed, bytes, maybe, hash, any, colour, email, .. } = row;
        let (name, nickname, boxed): (&str, Option<&str>, &str) = (name, nickname, boxed);
        let (bytes, maybe, any): (&[u8], Option<&[u8]>, ValueRef<'_>) = (bytes, maybe, any);
        assert_eq!((name, boxed, bytes, hash), ("Zoë\0!", "box", &[0, 255][..], *b"abcd"));
        assert_eq!(
            (colour, row.slug, row.made, row.ratio),
            (Colour::Blue, "zoe", SystemTime::UNIX_EPOCH, 0.5)
        );
        assert_eq!((row.tags, row.width), (vec!["a".to_owned()], 3));
        shown.push((id, nickname.map(str::len), maybe.map(<[u8]>::len), any.storage_class(), email));
        Ok(())
    });
    call.unwrap();
    let email = Email("zoe@example.org".into());
    assert_eq!(shown, [(1, Some(0), Some(0), "text", Some(email)), (2, None, None, "NULL", None)]);
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "users", borrowed)]
struct User {
    #[orm(primary_key)]
    id: i64,
    name: String,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "posts", borrowed)]
struct Post {
    #[orm(primary_key)]
    id: i64,
    #[orm(references = User)]
    author_id: i64,
    #[orm(references = User, as = "editor")]
    editor_id: Option<i64>,
    title: String,
}

fn users(engine: &Engine) {
    engine.migrate(&[User::TABLE, Post::TABLE]).unwrap();
    let session = engine.session().unwrap();
    let user = |(id, name): (i64, &str)| User { id, name: name.into() };
    session.insert_all(&mut [(1, "Ann"), (2, "Bob"), (3, "Cid")].map(user)).unwrap();
}

fn file() -> (Place, Engine) {
    let place = Place::new();
    let engine = Engine::open(place.path()).unwrap();
    users(&engine);
    (place, engine)
}

fn engines() -> (Place, [Engine; 3]) {
    let (place, engine) = file();
    let shared = Engine::open_in_memory().unwrap();
    let private = Engine::builder().max_connections(1).open_in_memory().unwrap();
    users(&shared);
    users(&private);
    (place, [engine, shared, private])
}

fn names(session: &Session) -> Vec<String> {
    session.find::<User>().order_by(User::ID.asc()).select(User::NAME).all().unwrap()
}

#[test]
fn a_row_is_shown_with_its_fields() {
    let (_place, engine) = file();
    let mut shown = String::new();
    let session = engine.session().unwrap();
    let ann = session.find::<User>().filter(User::ID.eq(1));
    ann.for_each(|user| Ok(shown = format!("{user:?}"))).unwrap();
    assert_eq!(shown, r#"UserRef { id: 1, name: "Ann" }"#);
}

#[test]
fn a_field_of_a_type_that_cannot_be_shown_is_an_ellipsis() {
    #[derive(Field)]
    enum Kind {
        Only,
    }

    #[derive(Model)]
    #[orm(borrowed)]
    struct Secret {
        #[orm(primary_key)]
        id: i64,
        kind: Kind,
    }

    let session = Engine::open_in_memory().unwrap().session().unwrap();
    session.create_table::<Secret>().unwrap();
    session.create(Secret { id: 1, kind: Kind::Only }).unwrap();
    let mut shown = String::new();
    session.find::<Secret>().for_each(|row| Ok(shown = format!("{row:?}"))).unwrap();
    assert_eq!(shown, "SecretRef { id: 1, kind: … }");
}

#[test]
fn filters_order_and_limits_apply_and_the_sql_is_that_of_all() {
    let (_place, engine) = file();
    let session = engine.session().unwrap();
    let query = session.find::<User>().filter(User::ID.gt(1)).order_by(User::ID.desc()).limit(1);
    let mut seen = Vec::new();
    let statements = sent(|| query.for_each(|user| Ok(seen.push(user.name.to_owned()))));
    assert_eq!(seen, ["Cid"]);
    assert_eq!(statements, [query.to_sql().sql]);
}

#[test]
fn selected_columns_and_joined_models_are_borrowed_too() {
    let (_place, engine) = file();
    let session = engine.session().unwrap();
    let post = |(id, editor_id)| Post { id, author_id: 1, editor_id, title: format!("post {id}") };
    session.insert_all(&mut [(1, None), (2, Some(3))].map(post)).unwrap();
    let mut seen = Vec::new();
    let selected = session.find::<Post>().order_by(Post::ID.asc());
    let selected = selected.select((Post::TITLE, Post::AUTHOR.at(User::NAME), Post::EDITOR.at(User::NAME)));
    let call = selected.for_each(|(title, author, editor): (&str, &str, Option<&str>)| {
        seen.push(format!("{title} by {author}, {}", editor.unwrap_or("nobody")));
        Ok(())
    });
    call.unwrap();
    assert_eq!(seen, ["post 1 by Ann, nobody", "post 2 by Ann, Cid"]);

    let mut pairs = Vec::new();
    let joined = session.find::<Post>().join(Post::AUTHOR).join(Post::EDITOR).order_by(Post::ID.asc());
    let call = joined.for_each(|(post, author, editor): (PostRef<'_>, UserRef<'_>, Option<UserRef<'_>>)| {
        pairs.push((post.id, author.name.to_owned(), editor.map(|editor| editor.name.to_owned())));
        Ok(())
    });
    call.unwrap();
    assert_eq!(pairs, [(1, "Ann".to_owned(), None), (2, "Ann".to_owned(), Some("Cid".to_owned()))]);
}

#[test]
fn the_closure_can_stop_and_the_session_is_free_again() {
    for engine in engines().1 {
        let session = engine.session().unwrap();
        let mut seen = 0;
        let call = session.find::<User>().for_each(|user| {
            seen = user.id;
            Ok(if user.id == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        });
        call.unwrap();
        assert_eq!(seen, 2);
        session.create(User { id: 4, name: "Dot".into() }).unwrap();
    }
}

#[test]
fn an_error_and_a_panic_in_the_closure_release_the_statement() {
    for engine in engines().1 {
        let session = engine.session().unwrap();
        let error = session
            .find::<User>()
            .for_each(|user| Err::<(), _>(Error::other(user.name.to_owned())))
            .unwrap_err();
        assert_eq!(error.to_string(), "Ann");
        session.create(User { id: 4, name: "Dot".into() }).unwrap();

        let panics = || session.find::<User>().for_each(|_| -> Result<()> { panic!("on purpose") });
        assert!(catch_unwind(AssertUnwindSafe(panics)).is_err());
        session.create(User { id: 5, name: "Eve".into() }).unwrap();
        assert_eq!(names(&session).len(), 5);
        drop(session);
        engine.close().unwrap();
    }
}

#[test]
fn a_value_that_does_not_fit_is_an_error_that_names_its_column() {
    let (place, engine) = file();
    let outsider = place.outsider();
    outsider.execute_batch("UPDATE users SET name = CAST(x'FF' AS TEXT) WHERE id = 2").unwrap();
    let session = engine.session().unwrap();
    let mut seen = 0;
    let error = session.find::<User>().for_each(|_| Ok(seen += 1)).unwrap_err();
    assert_eq!((error.kind(), seen), (ErrorKind::Conversion, 1));
    assert_eq!(
        error.to_string(),
        session.find::<User>().all().unwrap_err().to_string(),
        "the same words as for an owned row"
    );
    session.find::<User>().all_rows().delete().unwrap();
}

#[test]
fn the_same_statement_runs_inside_itself() {
    for engine in engines().1 {
        let session = engine.session().unwrap();
        let mut pairs = Vec::new();
        let outer = session.find::<User>().for_each(|one| {
            session.find::<User>().for_each(|other| {
                // the outer row is untouched by what runs meanwhile
                pairs.push(format!("{}{}", one.name, other.name));
                Ok(())
            })?;
            assert_eq!(session.find::<User>().count()?, 3);
            Ok(assert_eq!(session.get::<User>(one.id)?.unwrap().name, one.name))
        });
        outer.unwrap();
        assert_eq!(pairs.len(), 9);
        assert_eq!(pairs[3], "BobAnn");
    }
}

#[test]
fn outside_a_transaction_a_write_beside_a_borrowed_row_is_refused() {
    for engine in engines().1 {
        let session = engine.session().unwrap();
        let call = session.find::<User>().for_each(|user| {
            let kinds = [
                session.delete_key::<User>(user.id).unwrap_err().kind(),
                session.begin().unwrap_err().kind(),
                session.execute_batch("DELETE FROM users").unwrap_err().kind(),
            ];
            Ok(assert_eq!(kinds, [ErrorKind::StatementInProgress; 3]))
        });
        call.unwrap();
        assert_eq!(names(&session), ["Ann", "Bob", "Cid"]);
    }
}

#[test]
fn inside_a_transaction_the_row_stays_while_it_is_written() {
    for engine in engines().1 {
        let call = engine.transaction(|tx| {
            tx.find::<User>().filter(User::ID.le(3)).for_each(|user| {
                tx.find::<User>().filter(User::ID.eq(user.id)).update([User::NAME.set("overwritten")])?;
                tx.create(User { id: user.id + 10, name: user.name.to_uppercase() })?;
                tx.delete_key::<User>(user.id)?;
                let savepoint: Result<()> = tx.transaction(|inner| {
                    inner.create(User { id: 100, name: user.name.into() })?;
                    Err(Error::other("never mind"))
                });
                assert!(savepoint.is_err());
                Ok(assert_eq!(user.name, ["Ann", "Bob", "Cid"][user.id as usize - 1]))
            })
        });
        call.unwrap();
        assert_eq!(names(&engine.session().unwrap()), ["ANN", "BOB", "CID"]);
    }
}

#[test]
fn a_transaction_that_is_over_ends_the_call() {
    let (_place, engine) = file();
    let error = engine
        .transaction(|tx| {
            let mut calls = 0;
            tx.find::<User>().for_each(|user| {
                calls += 1;
                assert_eq!(calls, 1);
                let rollback = tx.raw("INSERT OR ROLLBACK INTO users VALUES (?1, 'again')", (user.id,));
                assert!(rollback.execute().unwrap_err().constraint().is_some());
                Ok(assert_eq!(user.name, "Ann"))
            })
        })
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TransactionEnded);
}

struct Tenant(i64);

#[derive(Debug, Model)]
#[orm(table = "notes", hooks, borrowed)]
struct Note {
    #[orm(primary_key, auto)]
    id: i64,
    tenant: i64,
    text: String,
    #[orm(deleted_at)]
    deleted: Option<SystemTime>,
}

impl Hooks for Note {
    fn after_find(&mut self, _: &Session) -> Result<()> {
        Err(Error::other("`after_find` ran"))
    }

    fn scope(session: &Session) -> Result<Option<Filter<Self>>> {
        Ok(session.context::<Tenant>().map(|tenant| Self::TENANT.eq(tenant.0)))
    }
}

#[test]
fn scopes_and_deletion_marks_apply_and_after_find_does_not_run() {
    let session = Engine::open_in_memory().unwrap().session().unwrap();
    session.create_table::<Note>().unwrap();
    for (tenant, text) in [(1, "mine"), (2, "theirs"), (1, "gone")] {
        session.create(Note { id: 0, tenant, text: text.into(), deleted: None }).unwrap();
    }
    session.find::<Note>().filter(Note::TEXT.eq("gone")).delete().unwrap();
    session.set_context(Tenant(1));
    let mut seen = Vec::new();
    session.find::<Note>().for_each(|note| Ok(seen.push(note.text.to_owned()))).unwrap();
    assert_eq!(seen, ["mine"]);
}
