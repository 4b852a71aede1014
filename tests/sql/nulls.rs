//! NULL as Rust treats `None`: what SQLite answers beside what Rust answers, for every pair.

use orm_core::Filter;
use rusqlite::Connection;

use crate::support::{TABLE, User, database, ids};

const VALUES: [Option<i64>; 3] = [None, Some(1), Some(2)];

/// Id, score and rank.
type Pair = (i64, Option<i64>, Option<i64>);

/// A row for every pair of values of two nullable columns; the id is the pair's position.
fn pairs() -> (Connection, Vec<Pair>) {
    let database = database(TABLE);
    let mut rows = Vec::new();
    for score in VALUES {
        for rank in VALUES {
            let id = rows.len() as i64 + 1;
            let insert = "INSERT INTO users VALUES (?1, NULL, '', 0, ?2, ?3, 0.5, 1, NULL)";
            database.execute(insert, (id, score, rank)).unwrap();
            rows.push((id, score, rank));
        }
    }
    (database, rows)
}

#[track_caller]
fn assert_agrees(filter: &Filter<User>, in_rust: impl Fn(Option<i64>, Option<i64>) -> bool) {
    let (database, rows) = pairs();
    let expected: Vec<i64> =
        rows.into_iter().filter(|(_, score, rank)| in_rust(*score, *rank)).map(|(id, ..)| id).collect();
    assert_eq!(ids(&database, filter), expected, "{filter:?}");
    // the same where the condition is used as a value
    let as_value = filter.clone().eq(true);
    assert_eq!(ids(&database, &as_value), expected, "{as_value:?}");
}

#[track_caller]
fn assert_negatable(filter: &Filter<User>, in_rust: impl Fn(Option<i64>, Option<i64>) -> bool) {
    assert_agrees(filter, &in_rust);
    assert_agrees(&!filter.clone(), |score, rank| !in_rust(score, rank));
}

#[test]
fn equality_with_a_value_is_that_of_options() {
    for value in VALUES {
        assert_negatable(&User::SCORE.eq(value), |score, _| score == value);
        assert_negatable(&User::SCORE.ne(value), |score, _| score != value);
    }
}

#[test]
fn equality_of_two_columns_is_that_of_options() {
    assert_negatable(&User::SCORE.eq(User::RANK), |score, rank| score == rank);
    assert_negatable(&User::SCORE.ne(User::RANK), |score, rank| score != rank);
}

#[test]
fn membership_is_that_of_options() {
    let lists: [&[Option<i64>]; 6] =
        [&[], &[None], &[Some(1)], &[Some(1), None], &[Some(1), Some(2)], &[Some(7), None, None]];
    for list in lists {
        let values = || list.iter().copied();
        assert_negatable(&User::SCORE.is_in(values()), |score, _| list.contains(&score));
        assert_negatable(&User::SCORE.not_in(values()), |score, _| !list.contains(&score));
    }
    assert_negatable(&User::SCORE.is_in([User::RANK, User::RANK]), |score, rank| score == rank);
}

#[test]
fn nested_negations_are_exact() {
    let filter = User::SCORE.eq(1).and(User::RANK.not_in([2])).or(User::RANK.ne(User::SCORE));
    assert_negatable(&filter, |score, rank| (score == Some(1) && rank != Some(2)) || rank != score);
}

#[test]
fn an_order_with_null_neither_holds_nor_fails() {
    for value in [1, 2] {
        let both = |holds: fn(i64, i64) -> bool| {
            move |score: Option<i64>, _| score.is_some_and(|it| holds(it, value))
        };
        assert_agrees(&User::SCORE.lt(value), both(|a, b| a < b));
        assert_agrees(&!User::SCORE.lt(value), both(|a, b| a >= b));
        assert_agrees(&User::SCORE.ge(value), both(|a, b| a >= b));
        assert_agrees(&!User::SCORE.ge(value), both(|a, b| a < b));
        assert_agrees(&User::SCORE.between(value, 2), both(|a, b| a >= b && a <= 2));
        assert_agrees(&!User::SCORE.between(value, 2), both(|a, b| a < b));
    }
    assert_agrees(&User::SCORE.gt(User::RANK), |score, rank| score.zip(rank).is_some_and(|(a, b)| a > b));
    assert_agrees(&User::SCORE.lt(None), |_, _| false);
    assert_agrees(&!User::SCORE.lt(None), |_, _| false);
}

#[test]
fn a_condition_as_a_value_is_never_null() {
    let (database, _) = pairs();
    for filter in [
        User::SCORE.eq(1),
        User::SCORE.gt(User::RANK),
        !User::SCORE.gt(1),
        User::SCORE.is_in([1]),
        User::NAME.contains("x"),
        !User::NAME.like("x"),
        User::SCORE.eq(1).and(User::RANK.gt(1)),
    ] {
        let (sql, params) = crate::support::sqlite(&filter.clone().eq(true));
        let nulls: i64 = database
            .query_row(
                &format!("SELECT count(*) FROM users WHERE ({sql}) IS NULL"),
                crate::support::bind(&params),
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(nulls, 0, "{filter:?}");
    }
}
