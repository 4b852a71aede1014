//! Random relation queries over random rows of a graph with everything in it: keys of several columns, foreign keys that
//! are NULL in part, references to the same table, unique ones, links to it that lead nowhere or are there twice. What the
//! database finds is what loops over the same rows find.

mod condition;
mod queries;
mod rows;

use orm_core::{Engine, Model, Session};

use self::rows::Rows;

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(primary_key(zone, number), has_many(shops: Shop::AREA))]
struct Area {
    zone: i64,
    number: i64,
    name: String,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(
    foreign_key(columns(zone, area_number), references = Area, as = "area"),
    has_many(branches: Shop::PARENT),
    has_one(shadow: Shop::TWIN),
    many_to_many(friends: Shop through Pact::ONE, Pact::OTHER, admirers: Shop through Pact::OTHER, Pact::ONE)
)]
struct Shop {
    #[orm(primary_key, auto)]
    id: i64,
    name: String,
    score: Option<i64>,
    zone: i64,
    area_number: Option<i64>,
    #[orm(references = Shop)]
    parent_id: Option<i64>,
    #[orm(references = Shop, unique)]
    twin_id: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Pact {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(references = Shop)]
    one_id: i64,
    #[orm(references = Shop)]
    other_id: Option<i64>,
}

/// A database with these rows.
fn filled(rows: &Rows) -> Session {
    let session = Engine::open_in_memory().unwrap().session().unwrap();
    session.create_table::<Area>().unwrap();
    session.create_table::<Shop>().unwrap();
    session.create_table::<Pact>().unwrap();
    session.insert_all(&mut rows.areas.clone()).unwrap();
    // shops refer to each other in any order
    let mut alone: Vec<Shop> =
        rows.shops.iter().map(|shop| Shop { parent_id: None, twin_id: None, ..shop.clone() }).collect();
    session.insert_all(&mut alone).unwrap();
    for shop in &rows.shops {
        session.update(&mut shop.clone()).unwrap();
    }
    session.insert_all(&mut rows.pacts.clone()).unwrap();
    session
}
