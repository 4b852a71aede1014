//! Random structs and random verbs, beside a map that does the same.

use std::collections::BTreeMap;

use orm_core::{Json, Model, Session};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::fields;
use crate::values_in_tables::session_with;

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(index(name, age desc))]
struct Person {
    #[orm(primary_key, auto)]
    id: i64,
    name: String,
    nick: Option<String>,
    age: u8,
    score: f64,
    photo: Option<Vec<u8>>,
    born: Option<chrono::NaiveDate>,
    #[orm(column = "money")]
    balance: rust_decimal::Decimal,
    tags: Json<Vec<String>>,
    #[orm(version)]
    version: u32,
}

prop_compose! {
    fn people()(
        name in fields::texts(),
        nick in proptest::option::of(fields::texts()),
        age in any::<u8>(),
        score in fields::floats(),
        photo in proptest::option::of(fields::blobs()),
        day in proptest::option::of(0..100_000i32),
        balance in fields::decimals(),
        tags in vec(any::<String>(), 0..3),
    ) -> Person {
        let born = day.map(|day| chrono::NaiveDate::from_num_days_from_ce_opt(day + 600_000).unwrap());
        Person { id: 0, name, nick, age, score, photo, born, balance, tags: Json(tags), version: 0 }
    }
}

/// One call. Which row it is about is a number, taken modulo the rows that there are.
#[derive(Debug, Clone)]
enum Verb {
    Insert(Person),
    InsertAll(Vec<Person>),
    Update(How, usize, Person),
    UpdateOnly(usize, Person),
    Delete(usize),
    DeleteKey(i64),
    RolledBack(Box<Verb>),
}

#[derive(Debug, Clone, Copy)]
enum How {
    Update,
    Save,
}

fn verbs() -> impl Strategy<Value = Verb> {
    let row = any::<usize>();
    let how = prop_oneof![Just(How::Update), Just(How::Save)];
    let leaf = prop_oneof![
        people().prop_map(Verb::Insert),
        vec(people(), 0..24).prop_map(Verb::InsertAll),
        (how, row, people()).prop_map(|(how, row, next)| Verb::Update(how, row, next)),
        (row, people()).prop_map(|(row, next)| Verb::UpdateOnly(row, next)),
        row.prop_map(Verb::Delete),
        (-2..30i64).prop_map(Verb::DeleteKey),
    ];
    leaf.prop_recursive(1, 2, 1, |verb| verb.prop_map(|verb| Verb::RolledBack(Box::new(verb))))
}

type Rows = BTreeMap<i64, Person>;

fn row(rows: &Rows, number: usize) -> Option<Person> {
    rows.values().nth(number.checked_rem(rows.len())?).cloned()
}

fn insert(rows: &mut Rows, mut person: Person) -> Person {
    person.id = rows.last_key_value().map_or(1, |(last, _)| last + 1);
    rows.insert(person.id, person.clone());
    person
}

/// Does it in the database and in the map, and compares the structs after it.
fn run(session: &Session, rows: &mut Rows, verb: Verb) -> Result<(), TestCaseError> {
    match verb {
        Verb::Insert(mut person) => {
            session.insert(&mut person)?;
            prop_assert_eq!(&person, &insert(rows, Person { id: 0, ..person.clone() }));
        }
        Verb::InsertAll(mut people) => {
            session.insert_all(&mut people)?;
            for person in people {
                prop_assert_eq!(&person, &insert(rows, Person { id: 0, ..person.clone() }));
            }
        }
        Verb::Update(how, number, next) if row(rows, number).is_some() => {
            let stale = row(rows, number).unwrap();
            let mut person = Person { id: stale.id, version: stale.version, ..next };
            match how {
                How::Update => session.update(&mut person)?,
                How::Save => session.save(&mut person)?,
            }
            prop_assert_eq!(person.version, stale.version + 1);
            prop_assert!(session.delete(&stale).unwrap_err().is_stale());
            rows.insert(person.id, person);
        }
        Verb::UpdateOnly(number, next) if row(rows, number).is_some() => {
            let before = row(rows, number).unwrap();
            let mut person = Person { id: before.id, version: before.version, ..next };
            session.update_only(&mut person, (Person::NICK, Person::BALANCE))?;
            let Person { nick, balance, version, .. } = person;
            rows.insert(before.id, Person { nick, balance, version, ..before });
        }
        Verb::Update(How::Update, _, mut person) | Verb::UpdateOnly(_, mut person) => {
            prop_assert!(session.update(&mut person).unwrap_err().is_not_found());
        }
        Verb::Update(How::Save, _, mut person) => {
            session.save(&mut person)?;
            prop_assert_eq!(&person, &insert(rows, Person { id: 0, ..person.clone() }));
        }
        Verb::Delete(number) => {
            if let Some(person) = row(rows, number) {
                session.delete(&person)?;
                rows.remove(&person.id);
                prop_assert!(session.delete(&person).unwrap_err().is_not_found());
            }
        }
        Verb::DeleteKey(key) => {
            prop_assert_eq!(session.delete_key::<Person>(key)?, rows.remove(&key).is_some());
        }
        Verb::RolledBack(verb) => {
            let tx = session.begin()?;
            run(&tx, &mut rows.clone(), *verb)?;
            tx.rollback()?;
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_table_holds_what_a_map_would(verbs in vec(verbs(), 1..12)) {
        let session = session_with::<Person>();
        let mut rows = Rows::new();
        for verb in verbs {
            run(&session, &mut rows, verb)?;
            let stored = session.raw("SELECT * FROM person ORDER BY id", ()).all::<Person>()?;
            prop_assert_eq!(stored, rows.values().cloned().collect::<Vec<_>>());
            let keys: Vec<i64> = (0..30).collect();
            let found = session.get_many::<Person, _>(&keys)?;
            let expected = keys.iter().filter_map(|key| rows.get(key)).cloned().collect::<Vec<_>>();
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_failed_insert_of_many_leaves_table_and_structs_as_they_were(
        mut people in vec(people(), 1..80),
        bad in any::<prop::sample::Index>(),
    ) {
        let session = session_with::<Person>();
        session.execute_batch(
            "CREATE UNIQUE INDEX one ON person (version) WHERE version > 0; INSERT INTO person \
             VALUES (1, '', NULL, 0, 0, NULL, NULL, '0', '[]', 7)",
        )?;
        bad.get_mut(&mut people).version = 7;
        let before = people.clone();
        prop_assert!(session.insert_all(&mut people).unwrap_err().is_unique_violation());
        prop_assert_eq!(people, before);
        prop_assert_eq!(session.raw("SELECT count(*) FROM person", ()).one::<i64>()?, 1);
    }
}
