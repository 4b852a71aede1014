//! Random filters, asked of SQLite and of Rust.

use orm_core::{Column, Filter};
use proptest::prelude::*;
use rusqlite::Connection;

use crate::support::{TABLE, User, database, ids};

#[derive(Debug, Clone)]
struct Row {
    id: i64,
    name: Option<String>,
    email: String,
    age: u8,
    score: Option<i64>,
    rank: Option<i64>,
}

/// A filter as data, to be lowered to SQL and to be evaluated in Rust.
#[derive(Debug, Clone)]
enum Tree {
    Score(Test),
    Rank(Test),
    Age(u8, bool),
    SameScoreAndRank,
    RankBelowScore,
    Name(TextTest, String),
    Email(TextTest, String),
    NameIs(Option<String>),
    Not(Box<Tree>),
    And(Vec<Tree>),
    Or(Vec<Tree>),
    AsValue(Box<Tree>, bool),
}

#[derive(Debug, Clone)]
enum Test {
    Eq(Option<i64>),
    Ne(Option<i64>),
    In(Vec<Option<i64>>),
    NotIn(Vec<Option<i64>>),
    Less(i64),
    Between(i64, i64),
    Null,
}

#[derive(Debug, Clone, Copy)]
enum TextTest {
    Contains,
    StartsWith,
    EndsWith,
}

/// True, false, or neither: only order and text operators with NULL are neither.
type Answer = Option<bool>;

impl Tree {
    fn filter(&self) -> Filter<User> {
        match self {
            Self::Score(test) => test.filter(User::SCORE),
            Self::Rank(test) => test.filter(User::RANK),
            Self::Age(age, true) => User::AGE.ge(*age),
            Self::Age(age, false) => User::AGE.ne(*age),
            Self::SameScoreAndRank => User::SCORE.eq(User::RANK),
            Self::RankBelowScore => User::RANK.lt(User::SCORE),
            Self::Name(test, piece) => test.filter(User::NAME, piece),
            Self::Email(test, piece) => match test {
                TextTest::Contains => User::EMAIL.contains(piece),
                TextTest::StartsWith => User::EMAIL.starts_with(piece),
                TextTest::EndsWith => User::EMAIL.ends_with(piece),
            },
            Self::NameIs(name) => User::NAME.eq(name.clone()),
            Self::Not(inner) => !inner.filter(),
            Self::And(inner) => Filter::all_of(inner.iter().map(Self::filter)),
            Self::Or(inner) => Filter::any_of(inner.iter().map(Self::filter)),
            Self::AsValue(inner, value) => inner.filter().eq(*value),
        }
    }

    /// A negation goes to the leaves, and what is neither true nor false stays so.
    fn answer(&self, row: &Row) -> Answer {
        match self {
            Self::Score(test) => test.answer(row.score),
            Self::Rank(test) => test.answer(row.rank),
            Self::Age(age, true) => Some(row.age >= *age),
            Self::Age(age, false) => Some(row.age != *age),
            Self::SameScoreAndRank => Some(row.score == row.rank),
            Self::RankBelowScore => row.rank.zip(row.score).map(|(rank, score)| rank < score),
            Self::Name(test, piece) => row.name.as_ref().map(|name| test.answer(name, piece)),
            Self::Email(test, piece) => Some(test.answer(&row.email, piece)),
            Self::NameIs(name) => Some(row.name == *name),
            Self::Not(inner) => inner.answer(row).map(|answer| !answer),
            Self::And(inner) => every(&answers(inner, row), true),
            Self::Or(inner) => every(&answers(inner, row), false),
            Self::AsValue(inner, value) => Some((inner.answer(row) == Some(true)) == *value),
        }
    }
}

fn answers(trees: &[Tree], row: &Row) -> Vec<Answer> {
    trees.iter().map(|tree| tree.answer(row)).collect()
}

/// Whether every answer is `wanted`; one that is not settles it, even beside one that is neither.
fn every(answers: &[Answer], wanted: bool) -> Answer {
    if answers.contains(&Some(!wanted)) {
        return Some(!wanted);
    }
    if answers.contains(&None) { None } else { Some(wanted) }
}

impl Test {
    fn filter(&self, column: Column<User, Option<i64>>) -> Filter<User> {
        match self {
            Self::Eq(value) => column.eq(*value),
            Self::Ne(value) => column.ne(*value),
            Self::In(list) => column.is_in(list.iter().copied()),
            Self::NotIn(list) => column.not_in(list.iter().copied()),
            Self::Less(value) => column.lt(*value),
            Self::Between(low, high) => column.between(*low, *high),
            Self::Null => column.is_null(),
        }
    }

    fn answer(&self, found: Option<i64>) -> Answer {
        match self {
            Self::Eq(value) => Some(found == *value),
            Self::Ne(value) => Some(found != *value),
            Self::In(list) => Some(list.contains(&found)),
            Self::NotIn(list) => Some(!list.contains(&found)),
            Self::Less(value) => found.map(|found| found < *value),
            Self::Between(low, high) => found.map(|found| (*low..=*high).contains(&found)),
            Self::Null => Some(found.is_none()),
        }
    }
}

impl TextTest {
    fn filter(self, column: Column<User, Option<String>>, piece: &str) -> Filter<User> {
        match self {
            Self::Contains => column.contains(piece),
            Self::StartsWith => column.starts_with(piece),
            Self::EndsWith => column.ends_with(piece),
        }
    }

    fn answer(self, text: &str, piece: &str) -> bool {
        match self {
            Self::Contains => text.contains(piece),
            Self::StartsWith => text.starts_with(piece),
            Self::EndsWith => text.ends_with(piece),
        }
    }
}

fn number() -> impl Strategy<Value = i64> {
    prop_oneof![0..3_i64, Just(i64::MIN), Just(i64::MAX)]
}

/// Short texts over what is awkward: NUL, quotes, wildcards, both cases, the ends of the planes.
fn text() -> impl Strategy<Value = String> {
    let awkward = ['a', 'A', '\0', '\'', '"', '%', '_', 'ä', '\u{D7FF}', '\u{E000}', '\u{10FFFF}', '😀'];
    prop::collection::vec(prop::sample::select(awkward.to_vec()), 0..4).prop_map(String::from_iter)
}

fn row() -> impl Strategy<Value = Row> {
    let options = (prop::option::of(number()), prop::option::of(number()), prop::option::of(text()));
    (options, text(), 0..3_u8).prop_map(|((score, rank, name), email, age)| Row {
        id: 0,
        name,
        email,
        age,
        score,
        rank,
    })
}

fn test() -> impl Strategy<Value = Test> {
    let list = || prop::collection::vec(prop::option::of(number()), 0..4);
    prop_oneof![
        prop::option::of(number()).prop_map(Test::Eq),
        prop::option::of(number()).prop_map(Test::Ne),
        list().prop_map(Test::In),
        list().prop_map(Test::NotIn),
        number().prop_map(Test::Less),
        (number(), number()).prop_map(|(low, high)| Test::Between(low, high)),
        Just(Test::Null),
    ]
}

fn text_test() -> impl Strategy<Value = TextTest> {
    prop_oneof![Just(TextTest::Contains), Just(TextTest::StartsWith), Just(TextTest::EndsWith)]
}

fn tree() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        test().prop_map(Tree::Score),
        test().prop_map(Tree::Rank),
        (0..3_u8, any::<bool>()).prop_map(|(age, order)| Tree::Age(age, order)),
        Just(Tree::SameScoreAndRank),
        Just(Tree::RankBelowScore),
        (text_test(), text()).prop_map(|(test, piece)| Tree::Name(test, piece)),
        (text_test(), text()).prop_map(|(test, piece)| Tree::Email(test, piece)),
        prop::option::of(text()).prop_map(Tree::NameIs),
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(|it| Tree::Not(Box::new(it))),
            prop::collection::vec(inner.clone(), 0..4).prop_map(Tree::And),
            prop::collection::vec(inner.clone(), 0..4).prop_map(Tree::Or),
            (inner, any::<bool>()).prop_map(|(it, value)| Tree::AsValue(Box::new(it), value)),
        ]
    })
}

fn table(rows: &[Row]) -> Connection {
    let database = database(TABLE);
    let insert = "INSERT INTO users VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0.5, 1, NULL)";
    for row in rows {
        database.execute(insert, (row.id, &row.name, &row.email, row.age, row.score, row.rank)).unwrap();
    }
    database
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn sqlite_and_rust_choose_the_same_rows(mut rows in prop::collection::vec(row(), 1..12), tree in tree()) {
        for (row, id) in rows.iter_mut().zip(1..) {
            row.id = id;
        }
        let expected: Vec<i64> =
            rows.iter().filter(|row| tree.answer(row) == Some(true)).map(|row| row.id).collect();
        prop_assert_eq!(ids(&table(&rows), &tree.filter()), expected, "{:?}", tree.filter());
    }
}
