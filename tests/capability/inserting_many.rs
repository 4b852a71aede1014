use orm_core::{ErrorKind, Model};

use crate::support::{refused, sent, session, session_with};

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "users")]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(unique)]
    email: String,
    name: Option<String>,
    #[orm(default = 18)]
    age: u8,
}

fn user(email: &str) -> User {
    User { id: 0, email: email.into(), name: None, age: 30 }
}

const INSERT: &str = r#"INSERT INTO "main"."users" ("email", "name", "age") VALUES (?1, ?2, ?3)"#;
const INSERT_WITH_KEY: &str =
    r#"INSERT INTO "main"."users" ("id", "email", "name", "age") VALUES (?1, ?2, ?3, ?4)"#;

fn users(count: usize) -> Vec<User> {
    (0..count).map(|number| user(&format!("user{number}"))).collect()
}

#[test]
fn nothing_is_sent_for_an_empty_list() {
    let session = session_with::<User>();
    assert_eq!(sent(|| session.insert_all::<User>(&mut [])), [""; 0]);
}

#[test]
fn one_is_inserted_like_one() {
    let session = session_with::<User>();
    assert_eq!(sent(|| session.insert_all(&mut users(1))), [INSERT]);
}

#[test]
fn a_few_are_inserted_one_by_one_in_one_transaction() {
    let session = session_with::<User>();
    let mut few = users(3);
    assert_eq!(sent(|| session.insert_all(&mut few)), ["BEGIN IMMEDIATE", INSERT, INSERT, INSERT, "COMMIT"]);
    assert_eq!(few.iter().map(|user| user.id).collect::<Vec<_>>(), [1, 2, 3]);
}

#[test]
fn many_are_inserted_by_statements_of_many_rows() {
    let session = session_with::<User>();
    let mut many = users(1 + 4 * 256 + 64 + 16 + 8 + 2);
    let statements = sent(|| session.insert_all(&mut many));
    let rows: Vec<usize> = statements
        .iter()
        .filter(|sql| sql.starts_with("INSERT"))
        .map(|sql| sql.matches('(').count() - 1)
        .collect();
    assert_eq!(rows, [1, 256, 256, 256, 256, 64, 16, 8, 1, 1]);
    assert_eq!(statements[3], r#"SELECT max("id") FROM "main"."users""#);
    assert_eq!(statements[statements.len() - 2], INSERT_WITH_KEY);
    let stored = session.raw("SELECT * FROM users ORDER BY id", ()).all::<User>().unwrap();
    assert_eq!(stored, many);
    assert_eq!(many[1114].id, 1115);
}

#[test]
fn any_number_of_rows_is_inserted() {
    for count in [8, 9, 10, 17, 18, 33, 1025, 10_000] {
        let session = session_with::<User>();
        session.create(user("first")).unwrap();
        let mut many = users(count);
        session.insert_all(&mut many).unwrap();
        let keys: Vec<i64> = many.iter().map(|user| user.id).collect();
        assert_eq!(keys, (2..count as i64 + 2).collect::<Vec<_>>());
        let stored = session.raw("SELECT * FROM users WHERE id > 1 ORDER BY id", ()).all::<User>().unwrap();
        assert_eq!(stored, many);
    }
}

#[test]
fn keys_that_are_set_are_written_as_they_are_and_may_be_mixed_with_unset_ones() {
    for every in [1, 2] {
        let session = session_with::<User>();
        let mut many = users(40);
        for (number, user) in (1000..).zip(&mut many).step_by(every) {
            user.id = number;
        }
        session.insert_all(&mut many).unwrap();
        for (number, user) in (1000..).zip(&many).step_by(every) {
            assert_eq!(user.id, number);
        }
        for user in many {
            assert_eq!(session.get::<User>(user.id).unwrap(), Some(user));
        }
    }
}

#[test]
fn none_is_inserted_and_all_are_as_before_where_one_fails() {
    for (count, bad) in [(2, 1), (10, 9), (30, 0), (30, 29), (600, 599)] {
        let session = session_with::<User>();
        session.create(user("taken")).unwrap();
        let mut many = users(count);
        many[bad].email = "taken".into();
        let before = many.clone();
        let error = session.insert_all(&mut many).unwrap_err();
        assert!(error.is_unique_violation(), "{error}");
        assert_eq!(many, before);
        assert_eq!(session.raw("SELECT count(*) FROM users", ()).one::<i64>().unwrap(), 1);
    }
}

#[test]
fn inside_a_transaction_it_fails_alone() {
    let session = session_with::<User>();
    session
        .transaction(|tx| {
            tx.create(user("kept"))?;
            let mut twins = vec![user("twin"); 40];
            assert!(tx.insert_all(&mut twins).unwrap_err().is_unique_violation());
            tx.create(user("kept too"))
        })
        .unwrap();
    assert_eq!(session.raw("SELECT email FROM users", ()).all::<String>().unwrap(), ["kept", "kept too"]);
}

#[test]
fn at_the_end_of_the_range_the_keys_are_those_that_the_database_picks() {
    let session = session_with::<User>();
    session.create(User { id: i64::MAX - 5, ..user("last") }).unwrap();
    let mut many = users(40);
    session.insert_all(&mut many).unwrap();
    for user in many {
        assert_eq!(session.get::<User>(user.id).unwrap(), Some(user));
    }
}

#[test]
fn a_full_range_fails_with_autoincrement() {
    #[derive(Debug, Clone, PartialEq, Model)]
    struct Counted {
        #[orm(primary_key, autoincrement)]
        id: i64,
        n: i64,
    }

    let session = session_with::<Counted>();
    session.create(Counted { id: i64::MAX - 5, n: 0 }).unwrap();
    let mut many = vec![Counted { id: 0, n: 1 }; 40];
    assert_eq!(refused(session.insert_all(&mut many)).0, ErrorKind::DiskFull);
    assert_eq!(many, vec![Counted { id: 0, n: 1 }; 40]);
    assert_eq!(session.raw("SELECT count(*) FROM counted", ()).one::<i64>().unwrap(), 1);
}

#[test]
fn rows_of_many_columns_fit_the_parameters_of_a_statement() {
    let session = session();
    session.create_table::<Wide>().unwrap();
    let mut rows = vec![Wide::default(); 300];
    session.insert_all(&mut rows).unwrap();
    assert_eq!(session.raw("SELECT count(*) FROM wide", ()).one::<i64>().unwrap(), 300);
    assert_eq!(rows[299].id, 300);
}

macro_rules! wide {
    ($($column:ident)+) => {
        #[derive(Debug, Clone, PartialEq, Default, Model)]
        struct Wide {
            #[orm(primary_key, auto)]
            id: i64,
            $($column: i64,)+
        }
    };
}

wide! {
    a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 b0 b1 b2 b3 b4 b5 b6 b7 b8 b9 c0 c1 c2 c3 c4 c5 c6 c7 c8 c9
    d0 d1 d2 d3 d4 d5 d6 d7 d8 d9 e0 e1 e2 e3 e4 e5 e6 e7 e8 e9 f0 f1 f2 f3 f4 f5 f6 f7 f8 f9
    g0 g1 g2 g3 g4 g5 g6 g7 g8 g9 h0 h1 h2 h3 h4 h5 h6 h7 h8 h9 i0 i1 i2 i3 i4 i5 i6 i7 i8 i9
    j0 j1 j2 j3 j4 j5 j6 j7 j8 j9 k0 k1 k2 k3 k4 k5 k6 k7 k8 k9 l0 l1 l2 l3 l4 l5 l6 l7 l8 l9
    m0 m1 m2 m3 m4 m5 m6 m7 m8 m9
}
