use std::sync::Barrier;
use std::thread;

use orm_core::{ErrorKind, Model};

use super::{User, people, user, users};
use crate::support::{Place, recorded, refused, sent, session_with};

const LOOK: &str = r#"SELECT "id", "email", "name", "age" FROM "main"."users" WHERE "email" = ?1 LIMIT ?2"#;

#[test]
fn a_row_that_is_there_costs_one_select() {
    let session = people();
    assert_eq!(sent(|| session.find_or_insert(User::EMAIL, user("ann", "x", 1))), [LOOK]);
    let found = session.find_or_insert(User::EMAIL, user("ann", "x", 1)).unwrap();
    assert_eq!(found, (User { id: 1, ..user("ann", "Ann", 30) }, false));
    // a snapshot can do that too
    let (bob, inserted) = session.read(|it| it.find_or_insert(User::EMAIL, user("bob", "x", 1))).unwrap();
    assert_eq!((bob.id, inserted), (2, false));
    let refused_in_snapshot = refused(session.read(|it| it.find_or_insert(User::EMAIL, user("eve", "x", 1))));
    assert_eq!(refused_in_snapshot.0, ErrorKind::ReadOnly);
}

#[test]
fn a_row_that_is_not_there_is_looked_for_again_under_the_lock() {
    let session = people();
    assert_eq!(
        sent(|| session.find_or_insert(User::EMAIL, user("eve", "Eve", 20))),
        [
            LOOK,
            "BEGIN IMMEDIATE",
            LOOK,
            "INSERT INTO \"main\".\"users\" (\"email\", \"name\", \"age\") VALUES (?1, ?2, ?3) ON CONFLICT (\"email\") DO \
             NOTHING",
            "COMMIT"
        ]
    );
    assert_eq!(users(&session)[2], User { id: 3, ..user("eve", "Eve", 20) });
    session
        .transaction(|tx| {
            let (zoe, statements) = recorded(|| tx.find_or_insert(User::EMAIL, user("zoe", "Zoe", 1)));
            assert_eq!(zoe?, (User { id: 4, ..user("zoe", "Zoe", 1) }, true));
            assert_eq!(statements.iter().filter(|sql| sql.starts_with("SELECT")).count(), 1);
            Ok(())
        })
        .unwrap();
}

#[test]
fn two_threads_insert_one_row() {
    let place = Place::new();
    let engine = orm_core::Engine::open(place.path()).unwrap();
    engine.migrate(&[User::TABLE]).unwrap();
    let start = Barrier::new(2);
    let results: Vec<Vec<(i64, bool)>> = thread::scope(|scope| {
        let threads = [(); 2].map(|()| {
            scope.spawn(|| {
                let session = engine.session().unwrap();
                (0..50)
                    .map(|number| {
                        start.wait();
                        let (found, inserted) =
                            session.find_or_insert(User::EMAIL, user(&format!("{number}"), "x", 1)).unwrap();
                        (found.id, inserted)
                    })
                    .collect::<Vec<_>>()
            })
        });
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    for (one, other) in results[0].iter().zip(&results[1]) {
        assert_eq!(one.0, other.0);
        assert!(one.1 != other.1, "one of them inserted it");
    }
    assert_eq!(engine.session().unwrap().find::<User>().count().unwrap(), 50);
}

#[test]
fn the_columns_are_those_of_a_unique_rule_and_not_null() {
    #[derive(Debug, Clone, PartialEq, Model)]
    #[orm(unique(country, number), index(name, unique, where = "country = 'NO'"))]
    struct Phone {
        #[orm(primary_key, auto)]
        id: i64,
        country: String,
        number: i64,
        #[orm(unique)]
        label: Option<String>,
        name: String,
    }

    let session = session_with::<Phone>();
    let phone = |country: &str, label: Option<&str>| Phone {
        id: 0,
        country: country.into(),
        number: 7,
        label: label.map(str::to_owned),
        name: "x".into(),
    };
    let by = (Phone::NUMBER, Phone::COUNTRY);
    assert!(session.find_or_insert(by, phone("CH", None)).unwrap().1);
    assert!(!session.find_or_insert(by, phone("CH", Some("a"))).unwrap().1);
    // not found by an index to which the other row does not belong
    assert!(session.find_or_insert(Phone::NAME, phone("NO", None)).unwrap().1);
    assert_eq!(session.find_or_insert(Phone::NAME, phone("NO", None)).unwrap().0.id, 2);
    assert_eq!(
        refused(session.find_or_insert(Phone::LABEL, phone("SE", None))),
        (
            ErrorKind::InvalidQuery,
            "column `label` of `phone`: NULL is equal to no other in a unique column, so no row is found by it: set \
             the column"
                .into()
        )
    );
    assert_eq!(refused(session.find_or_insert(Phone::NUMBER, phone("SE", None))).0, ErrorKind::InvalidQuery);
    // an unset key is none yet
    assert!(session.find_or_insert(Phone::ID, phone("SE", None)).unwrap().1);
    assert!(!session.find_or_insert(Phone::ID, Phone { id: 3, ..phone("XX", None) }).unwrap().1);
}

#[test]
fn a_row_is_found_as_the_rule_compares() {
    #[derive(Debug, Clone, PartialEq, Model)]
    #[orm(index(email collate nocase, site, unique))]
    struct Account {
        #[orm(primary_key, auto)]
        id: i64,
        site: String,
        email: String,
    }

    let session = session_with::<Account>();
    let account = |email: &str, site: &str| Account { id: 0, site: site.into(), email: email.into() };
    let by = (Account::EMAIL, Account::SITE);
    let ann = Account { id: 1, ..account("Ann", "a") };
    assert_eq!(session.find_or_insert(by, account("Ann", "a")).unwrap(), (ann.clone(), true));
    let (found, statements) = recorded(|| session.find_or_insert(by, account("ANN", "a")).unwrap());
    assert_eq!(found, (ann, false));
    assert_eq!(
        statements,
        [
            r#"SELECT "id", "site", "email" FROM "main"."account" WHERE "site" = ?1 AND ("email" COLLATE "nocase" = ?2) LIMIT ?3"#
        ]
    );
    assert!(session.find_or_insert(by, account("ann", "A")).unwrap().1);
}
