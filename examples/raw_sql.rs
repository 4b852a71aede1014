//! Raw SQL: parameters, what a row can become, several statements, and what is refused.
//!
//! `cargo run --example raw_sql`

use orm_core::{Engine, ErrorKind, FromRow, Result, ToValue};

/// A row of a report: by column name, whatever their order in the SELECT.
#[derive(Debug, PartialEq, FromRow)]
struct City {
    name: String,
    people: u64,
    oldest: Option<u8>,
}

fn main() -> Result<()> {
    let engine = Engine::open_in_memory()?;
    let session = engine.session()?;

    // several statements, without parameters
    session.execute_batch(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, city TEXT NOT NULL, age INTEGER) STRICT;
         CREATE INDEX people_city ON people (city);",
    )?;

    println!("Parameters by position:");
    let insert = "INSERT INTO people (name, city, age) VALUES (?1, ?2, ?3)";
    for (name, city, age) in [("Ann", "Oslo", Some(34)), ("Bob", "Oslo", None), ("Eve", "Rome", Some(61))] {
        let rows = session.raw(insert, (name, city, age)).execute()?;
        println!("  {name}: {rows} row");
    }

    println!("Parameters by name, a single column:");
    let params: [(&str, &dyn ToValue); 2] = [(":city", &"Oslo"), (":least", &18)];
    let adults = session
        .raw("SELECT name FROM people WHERE city = :city AND age >= :least", params)
        .all::<String>()?;
    println!("  {adults:?}");
    assert_eq!(adults, ["Ann"]);

    println!("A tuple:");
    let (count, average) =
        session.raw("SELECT count(*), avg(age) FROM people", ()).one::<(u64, Option<f64>)>()?;
    println!("  {count} people, {average:?} years on average");
    assert_eq!((count, average), (3, Some(47.5)));

    println!("A struct, by the names of the columns:");
    let cities = session
        .raw("SELECT max(age) AS oldest, count(*) AS people, city AS name FROM people GROUP BY city ORDER BY city", ())
        .all::<City>()?;
    for city in &cities {
        println!("  {city:?}");
    }
    assert_eq!(cities[1], City { name: "Rome".into(), people: 1, oldest: Some(61) });

    println!("Row by row, without holding all of them:");
    for row in session.raw("SELECT name, age FROM people ORDER BY name", ()).iter::<(String, Option<u8>)>()? {
        let (name, age) = row?;
        println!("  {name}, {age:?}");
    }

    println!("What does not work says why:");
    let say = |error: orm_core::Error| {
        println!("  {error}");
        error.kind()
    };
    let surplus = session.raw("SELECT ?1", (1, 2)).one::<i64>().unwrap_err();
    assert_eq!(say(surplus), ErrorKind::Parameters);
    let several = session.raw("SELECT 1; SELECT 2", ()).one::<i64>().unwrap_err();
    assert_eq!(say(several), ErrorKind::MultipleStatements);
    let control = session.raw("BEGIN", ()).execute().unwrap_err();
    assert_eq!(say(control), ErrorKind::TransactionControl);
    let columns = session.raw("SELECT city AS name FROM people", ()).all::<City>().unwrap_err();
    assert_eq!(say(columns), ErrorKind::Columns);
    let null = session.raw("SELECT age FROM people ORDER BY name", ()).all::<u8>().unwrap_err();
    assert_eq!(say(null), ErrorKind::Conversion);
    let twice = session.raw(insert, ("Ann", "Rome", 20)).execute().unwrap_err();
    assert!(twice.is_unique_violation());
    assert_eq!(say(twice), ErrorKind::Constraint);
    Ok(())
}
