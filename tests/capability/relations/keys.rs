//! Keys of all kinds: of several columns, of text, unique columns that are not the primary key.

use orm_core::{Engine, Filter, Model, Session};

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(primary_key(shop, number), has_many(lines: Line::ORDER), has_many(spare: Line::SPARE_ORDER))]
struct Order {
    shop: i64,
    number: i64,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(
    foreign_key(columns(shop, number), references = Order, as = "order"),
    foreign_key(columns(shop, other), references(Order::SHOP, Order::NUMBER), as = "spare_order")
)]
struct Line {
    #[orm(primary_key, auto)]
    id: i64,
    shop: i64,
    number: i64,
    #[orm(column = "other_number")]
    other: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(has_many(letters: Letter::RECIPIENT_ROW), has_one(passport: Passport::PERSON))]
struct Person {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(unique, collate = "nocase")]
    email: String,
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Letter {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(references(Person::EMAIL), as = "recipient_row")]
    recipient: Option<String>,
}

/// Its key is the foreign key.
#[derive(Debug, Clone, PartialEq, Model)]
struct Passport {
    #[orm(primary_key, references = Person)]
    person_id: i64,
    number: String,
}

fn session() -> Session {
    Engine::open_in_memory().unwrap().session().unwrap()
}

#[test]
fn a_key_of_several_columns_relates_by_all_of_them() {
    let session = session();
    session.create_table::<Order>().unwrap();
    session.create_table::<Line>().unwrap();
    for (shop, number) in [(1, 1), (1, 2), (2, 1)] {
        session.create(Order { shop, number }).unwrap();
    }
    for (shop, number, other) in [(1, 1, None), (1, 2, Some(1)), (2, 1, None)] {
        session.create(Line { id: 0, shop, number, other }).unwrap();
    }
    let orders = session
        .find::<Order>()
        .order_by((Order::SHOP.asc(), Order::NUMBER.asc()))
        .with(Order::LINES)
        .with(Order::SPARE);
    let ids = |lines: Vec<Line>| lines.into_iter().map(|line| line.id).collect::<Vec<_>>();
    let found: Vec<_> =
        orders.all().unwrap().into_iter().map(|(_, lines, spare)| (ids(lines), ids(spare))).collect();
    assert_eq!(found, [(vec![1], vec![2]), (vec![2], vec![]), (vec![3], vec![])]);
    let lines = session
        .find::<Line>()
        .order_by(Line::ID.asc())
        .with(Line::ORDER)
        .with(Line::SPARE_ORDER)
        .all()
        .unwrap();
    let found: Vec<_> =
        lines.into_iter().map(|(_, order, other)| (order.number, other.map(|it| it.number))).collect();
    assert_eq!(found, [(1, None), (2, Some(1)), (1, None)]);
    let numbers = session
        .find::<Line>()
        .order_by(Line::ID.asc())
        .select(Line::SPARE_ORDER.at(Order::NUMBER))
        .all()
        .unwrap();
    assert_eq!(numbers, [None, Some(1), None]);
}

#[test]
fn text_is_compared_as_the_parent_compares_it() {
    let session = session();
    session.create_table::<Person>().unwrap();
    session.create_table::<Letter>().unwrap();
    let ann = session.create(Person { id: 0, email: "ann@x".into() }).unwrap();
    session.create(Letter { id: 0, recipient: Some("ANN@X".into()) }).unwrap();
    session.create(Letter { id: 0, recipient: None }).unwrap();
    assert_eq!(session.load(std::slice::from_ref(&ann), Person::LETTERS).unwrap()[0].len(), 1);
    assert_eq!(session.find::<Person>().with(Person::LETTERS).one().unwrap().1.len(), 1);
    assert_eq!(session.find::<Person>().join(Person::LETTERS).count().unwrap(), 1);
    assert_eq!(session.find::<Person>().filter(Person::LETTERS.any(Filter::all_of([]))).count().unwrap(), 1);
    let letters = session.find::<Letter>().order_by(Letter::ID.asc());
    let parents = letters.clone().with(Letter::RECIPIENT_ROW).all().unwrap();
    assert_eq!(parents.into_iter().map(|(_, person)| person).collect::<Vec<_>>(), [Some(ann.clone()), None]);
    assert_eq!(session.load(&letters.all().unwrap(), Letter::RECIPIENT_ROW).unwrap(), [Some(ann), None]);
}

#[test]
fn keys_of_all_kinds_are_set_in_children() {
    let session = session();
    session.create_table::<Order>().unwrap();
    session.create_table::<Line>().unwrap();
    session.create_table::<Person>().unwrap();
    session.create_table::<Letter>().unwrap();
    session.create_table::<Passport>().unwrap();
    // two columns, one of which another foreign key shares
    let mut lines = [None, Some(2)].map(|other| Line { id: 0, shop: 0, number: 0, other });
    session.create(Order { shop: 7, number: 2 }).unwrap();
    session.insert_with(&mut Order { shop: 7, number: 3 }, Order::LINES, &mut lines).unwrap();
    assert_eq!(
        lines.each_ref().map(|line| (line.shop, line.number, line.other)),
        [(7, 3, None), (7, 3, Some(2))]
    );
    let mut spare = [Line { id: 0, shop: 0, number: 2, other: None }];
    session.insert_with(&mut Order { shop: 7, number: 4 }, Order::SPARE, &mut spare).unwrap();
    assert_eq!(spare, [Line { id: 3, shop: 7, number: 2, other: Some(4) }]);
    // a unique column that is not the key
    let mut ann = Person { id: 0, email: "ann@x".into() };
    let mut letters = [Letter { id: 0, recipient: None }];
    session.insert_with(&mut ann, Person::LETTERS, &mut letters).unwrap();
    assert_eq!(letters, [Letter { id: 1, recipient: Some("ann@x".into()) }]);
    // a key that is the foreign key
    let (mut bob, mut passport) =
        (Person { id: 0, email: "bob@x".into() }, Passport { person_id: 0, number: "7".into() });
    session.insert_with(&mut bob, Person::PASSPORT, &mut passport).unwrap();
    assert_eq!(passport.person_id, bob.id);
    let people = session.find::<Person>().order_by(Person::ID.asc()).with(Person::PASSPORT).all().unwrap();
    assert_eq!(people, [(ann, None), (bob, Some(passport))]);
}
