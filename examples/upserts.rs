//! Upserts: rows that come again, such as those of an import, and what became of each.
//!
//! `cargo run --example upserts`

use orm_core::{Engine, Model, Result, Upserted, func};
use orm_examples::show_sql;

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "books")]
struct Book {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(unique)]
    isbn: String,
    title: String,
    #[orm(default = 1)]
    copies: u32,
}

#[derive(Debug, PartialEq, Model)]
#[orm(table = "shortages")]
struct Shortage {
    #[orm(primary_key)]
    isbn: String,
}

fn book(isbn: &str, title: &str, copies: u32) -> Book {
    Book { id: 0, isbn: isbn.into(), title: title.into(), copies }
}

#[allow(clippy::print_stdout, reason = "an example shows what happens")]
fn main() -> Result<()> {
    show_sql();
    let engine = Engine::open_in_memory()?;
    engine.migrate(&[Book::TABLE, Shortage::TABLE])?;
    let session = engine.session()?;

    println!(
        "a delivery adds copies to the books that are there; `excluded` is the row that could not be inserted:"
    );
    let delivery = session
        .inserting::<Book>()
        .on_conflict(Book::ISBN)
        .update([Book::TITLE.set_excluded(), Book::COPIES.set(Book::COPIES + Book::COPIES.excluded())]);
    let mut first = [book("1", "Knots", 2), book("2", "Sails", 1)];
    assert_eq!(delivery.all(&mut first)?, [Upserted::Inserted, Upserted::Inserted]);
    let mut second = [book("2", "Sails and masts", 3), book("3", "Tides", 1)];
    assert_eq!(delivery.returning().all(&mut second)?, [Upserted::Updated, Upserted::Inserted]);
    assert_eq!(second[0], Book { id: first[1].id, ..book("2", "Sails and masts", 4) });

    println!("a condition says when, and a row that does not meet it is left alone:");
    let corrected = session
        .inserting::<Book>()
        .on_conflict(Book::ISBN)
        .update(Book::COPIES.set_excluded())
        .filter(Book::COPIES.gt(Book::COPIES.excluded()));
    let mut counted = [book("1", "", 9), book("2", "", 2)];
    assert_eq!(corrected.all(&mut counted)?, [Upserted::LeftAlone, Upserted::Updated]);

    println!("some columns, and the database's default for the others:");
    let anchors = session
        .inserting::<Book>()
        .only((Book::ISBN, Book::TITLE))
        .returning()
        .create(book("4", "Anchors", 0))?;
    assert_eq!(anchors.copies, 1);

    println!("the row that is there, or this one:");
    let (found, inserted) = session.find_or_insert(Book::ISBN, book("4", "Another title", 5))?;
    assert_eq!((found, inserted), (anchors, false));

    println!("rows out of a query, which never leave the database:");
    let few = session.find::<Book>().filter(Book::COPIES.lt(2)).select(Book::ISBN);
    assert_eq!(session.insert_from(Shortage::ISBN, &few)?, 2);

    println!("writes by set that give the rows:");
    let short = session.find::<Shortage>().select(Shortage::ISBN);
    let ordered =
        session.find::<Book>().filter(Book::ISBN.is_in(short)).update_returning(Book::COPIES.set(10))?;
    assert_eq!(ordered.len(), 2);
    assert_eq!(session.find::<Book>().select(func::min(Book::COPIES)).one()?, Some(2));
    Ok(())
}
