//! Filters and lists of any length, on a thread with a stack of 2 MB.

use orm_core::{Filter, Value, sql};

use crate::support::{TABLE, User, database, ids, sqlite};

const MANY: i64 = 100_000;

fn on_a_small_stack(work: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(2 << 20).spawn(work).unwrap().join().unwrap();
}

fn users(rows: i64) -> rusqlite::Connection {
    database(&format!(
        "{TABLE}; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})
         INSERT INTO users SELECT i, NULL, 'e', i % 100, i, NULL, 0.5, 1, NULL FROM n"
    ))
}

#[test]
fn a_hundred_thousand_alternatives_run() {
    on_a_small_stack(|| {
        let mut filter = Filter::any_of([]);
        for id in 0..MANY {
            filter = filter.or(User::SCORE.eq(id * 2).and(User::AGE.lt(250)));
        }
        let copy = filter.clone();
        drop(filter);
        assert_eq!(ids(&users(7), &copy), [2, 4, 6]);
    });
}

#[test]
fn a_chain_may_grow_at_its_front() {
    on_a_small_stack(|| {
        let mut filter = User::ID.eq(0);
        for id in 1..MANY {
            filter = User::ID.eq(id).or(filter);
        }
        assert_eq!(ids(&users(3), &filter), [1, 2, 3]);
    });
}

#[test]
fn a_hundred_thousand_negated_conditions_run() {
    on_a_small_stack(|| {
        let filter = !Filter::any_of((0..MANY).map(|id| User::SCORE.eq(id)));
        assert_eq!(ids(&users(3), &filter), [0_i64; 0]);
        let mut flipped = User::ID.eq(1);
        for _ in 0..MANY {
            flipped = !flipped;
        }
        assert_eq!(sqlite(&flipped).0, r#""id" = ?1"#);
    });
}

#[test]
fn a_list_of_a_hundred_thousand_runs() {
    on_a_small_stack(|| {
        let users = users(5);
        assert_eq!(ids(&users, &User::ID.is_in(3..MANY)), [3, 4, 5]);
        assert_eq!(ids(&users, &User::SCORE.not_in((0..MANY).filter(|id| *id != 4))), [4]);
    });
}

#[test]
fn parameters_beyond_the_limit_become_literals() {
    let values: Vec<String> = (0..40_000).map(|n| format!("it's {n}")).collect();
    let (sql, params) = sqlite(&User::EMAIL.is_in(&values));
    assert_eq!(params.len(), 32_766);
    assert!(sql.contains("?32766, 'it''s 32766', 'it''s 32767'"));
}

#[test]
fn long_chains_are_written_as_balanced_trees() {
    let filter = Filter::<User>::any_of((0..130).map(|_| sql("x", ())));
    let sql = sqlite(&filter).0;
    let half = vec!["(x)"; 65].join(" OR ");
    assert_eq!(sql, format!("({half}) OR ({half})"));
}

#[test]
fn negative_and_extreme_values_survive_as_literals() {
    let filler = std::iter::repeat_n(Value::Null, 32_766).map(|_| 7);
    let list = filler.chain([i64::MIN, i64::MAX, -3]);
    let database = database(&format!(
        "{TABLE}; INSERT INTO users SELECT id, NULL, '', 1, NULL, NULL, 0.5, 1, NULL FROM (SELECT {} AS id UNION
         SELECT {} UNION SELECT -3 UNION SELECT 4)",
        i64::MIN,
        i64::MAX
    ));
    assert_eq!(ids(&database, &User::ID.is_in(list)), [i64::MIN, -3, i64::MAX]);
}

#[test]
fn what_nests_too_deep_for_sqlite_is_an_error_and_no_overflow() {
    on_a_small_stack(|| {
        let mut filter = User::ID.eq(0);
        for id in 0..MANY {
            filter = filter.or(User::SCORE.eq(id)).and(User::AGE.lt(200));
        }
        let (sql, _) = sqlite(&filter);
        assert!(users(1).prepare(&format!("SELECT id FROM users WHERE {sql}")).is_err());
    });
}
