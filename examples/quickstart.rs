//! From nothing to a working program: models, a migration, rows in and out, queries, a transaction, a hook.
//! The indented lines are the SQL that was sent.
//!
//! `cargo run --example quickstart`

use orm_core::{Engine, Error, Hooks, Model, Result, Session};

/// One struct for each table. There is no second schema file.
#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "users", hooks)]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(unique)]
    email: String,
    name: Option<String>,
    #[orm(default = 18, check = "age < 150")]
    age: u8,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "posts")]
struct Post {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(references = User, on_delete = "cascade", index)]
    author_id: i64,
    title: String,
}

/// What runs around every insert of a user, in the same transaction.
impl Hooks for User {
    fn before_insert(&mut self, _: &Session) -> Result<()> {
        self.email = self.email.trim().to_lowercase();
        if self.email.contains('@') { Ok(()) } else { Err(Error::other("an e-mail address needs an @")) }
    }
}

fn user(email: &str, name: Option<&str>, age: u8) -> User {
    User { id: 0, email: email.into(), name: name.map(str::to_owned), age }
}

fn main() -> Result<()> {
    orm_examples::show_sql();
    let folder = tempfile::tempdir().map_err(Error::other)?;
    let engine = Engine::open(folder.path().join("app.db"))?;

    println!("Migrate: bring the file to the shape of the structs");
    let tables = [User::TABLE, Post::TABLE];
    print!("{}", engine.migration(&tables).plan()?);
    engine.migrate(&tables)?;

    println!("\nInsert: the database assigns the key, the hook tidies the address");
    let session = engine.session()?;
    let mut ann = user(" Ann@Example.org ", Some("Ann"), 34);
    session.insert(&mut ann)?;
    println!("→ {ann:?}");
    assert_eq!((ann.id, ann.email.as_str()), (1, "ann@example.org"));

    println!("\nA hook refuses what it does not like; nothing is written");
    let refused = session.create(user("nobody", None, 20)).unwrap_err();
    println!("→ {refused}");

    println!("\nMany at once, in one transaction");
    let mut others = [user("bob@example.org", None, 17), user("amy@example.org", Some("Amy"), 61)];
    session.insert_all(&mut others)?;
    let [mut bob, amy] = others;

    println!("\nQuery: columns are constants, a mistake is a compile error");
    let adults = session
        .find::<User>()
        .filter(User::AGE.ge(18).and(User::NAME.starts_with("A")))
        .order_by(User::AGE.desc())
        .limit(10)
        .all()?;
    println!("→ {adults:?}");
    assert_eq!(adults, [amy, ann.clone()]);

    println!("\nUpdate one row, then all that match");
    bob.name = Some("Bob".into());
    session.update(&mut bob)?;
    let minors = session.find::<User>().filter(User::AGE.lt(18)).update(User::AGE.set(User::AGE + 1))?;
    println!("→ {minors} row");
    assert_eq!(session.get::<User>(bob.id)?.map(|it| it.age), Some(18));

    println!("\nA transaction: Err rolls everything back, and so would a panic");
    let outcome = engine.transaction(|tx| {
        tx.create(Post { id: 0, author_id: ann.id, title: "Hello".into() })?;
        tx.create(Post { id: 0, author_id: 999, title: "Whose is it?".into() })
    });
    let error = outcome.unwrap_err();
    println!("→ {error}");
    assert!(error.is_foreign_key_violation());
    assert_eq!(session.find::<Post>().count()?, 0);

    println!("\nThe same without the mistake");
    engine.transaction(|tx| {
        for title in ["Hello", "Goodbye"] {
            tx.create(Post { id: 0, author_id: ann.id, title: title.into() })?;
        }
        Ok(())
    })?;

    println!("\nSome columns only, and SQL where you want it");
    let titles = session.find::<Post>().order_by(Post::TITLE.asc()).select(Post::TITLE).all()?;
    let posts = session
        .raw(
            "SELECT name, count(*) FROM users JOIN posts ON posts.author_id = users.id WHERE age > ?1 GROUP BY 1",
            (30,),
        )
        .all::<(String, u64)>()?;
    println!("→ {titles:?}, {posts:?}");
    assert_eq!(titles, ["Goodbye", "Hello"]);
    assert_eq!(posts, [("Ann".to_owned(), 2)]);

    println!("\nDelete: the posts go with their author");
    session.delete(&ann)?;
    assert_eq!(session.find::<Post>().count()?, 0);
    assert_eq!(session.find::<User>().count()?, 2);

    drop(session);
    engine.close()
}
