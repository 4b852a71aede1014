//! Random filters with queries inside, choices and compounds, asked of SQLite and of Rust.

use orm_core::{Column, Compound, Engine, Filter, Model, Query, Scalar, Session, func};
use proptest::prelude::*;

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "rows")]
struct Row {
    #[orm(primary_key, auto)]
    id: i64,
    a: Option<i64>,
    b: Option<i64>,
    c: i64,
}

/// A column that may be NULL.
#[derive(Debug, Clone, Copy)]
enum Field {
    A,
    B,
}

/// A query of one column: the rows with such a `c`, by their key, up and down, perhaps only the first of them.
#[derive(Debug, Clone)]
struct Inner {
    field: Option<Field>,
    least: i64,
    down: bool,
    limit: Option<u64>,
}

#[derive(Debug, Clone, Copy)]
enum Operator {
    Union,
    UnionAll,
    Intersect,
    Except,
}

#[derive(Debug, Clone)]
enum Tree {
    In(Field, Inner),
    KeyIn(Inner),
    /// In a query that gives no NULL.
    InPlain(Field, Inner),
    InCompound(Field, Inner, Operator, Inner),
    EqualsScalar(Field, Inner),
    BelowScalar(Field, Inner),
    Exists(Inner),
    Case(Box<Tree>, Option<i64>, Field, Option<i64>),
    CaseOfOne(Box<Tree>, i64),
    Below(Field, i64),
    Not(Box<Tree>),
    And(Vec<Tree>),
    Or(Vec<Tree>),
    AsValue(Box<Tree>),
}

type Answer = Option<bool>;

impl Field {
    fn column(self) -> Column<Row, Option<i64>> {
        match self {
            Self::A => Row::A,
            Self::B => Row::B,
        }
    }

    fn of(self, row: &Row) -> Option<i64> {
        match self {
            Self::A => row.a,
            Self::B => row.b,
        }
    }
}

impl Inner {
    fn query<'s>(&self, session: &'s Session) -> Query<'s, Row, Scalar<Option<i64>>> {
        let order = if self.down { Row::ID.desc() } else { Row::ID.asc() };
        let mut query = session.find::<Row>().filter(Row::C.ge(self.least)).order_by(order);
        if let Some(limit) = self.limit {
            query = query.limit(limit);
        }
        // as expressions of one type
        query.select(match self.field {
            Some(field) => func::nullif(field.column(), None),
            None => func::nullif(Row::ID, None),
        })
    }

    fn rows<'r>(&self, rows: &'r [Row]) -> Vec<&'r Row> {
        let mut found: Vec<&Row> = rows.iter().filter(|row| row.c >= self.least).collect();
        if self.down {
            found.reverse();
        }
        found.truncate(self.limit.map_or(usize::MAX, |limit| limit as usize));
        found
    }

    fn values(&self, rows: &[Row]) -> Vec<Option<i64>> {
        let value = |row: &Row| self.field.map_or(Some(row.id), |field| field.of(row));
        self.rows(rows).into_iter().map(value).collect()
    }
}

impl Operator {
    fn join<'s>(self, session: &'s Session, one: &Inner, other: &Inner) -> Compound<'s, Scalar<Option<i64>>> {
        let (one, other) = (one.query(session), other.query(session));
        match self {
            Self::Union => one.union(other),
            Self::UnionAll => one.union_all(other),
            Self::Intersect => one.intersect(other),
            Self::Except => one.except(other),
        }
    }

    fn values(self, one: &[Option<i64>], other: &[Option<i64>]) -> Vec<Option<i64>> {
        match self {
            Self::Union | Self::UnionAll => [one, other].concat(),
            Self::Intersect => one.iter().copied().filter(|value| other.contains(value)).collect(),
            Self::Except => one.iter().copied().filter(|value| !other.contains(value)).collect(),
        }
    }
}

impl Tree {
    fn filter(&self, session: &Session) -> Filter<Row> {
        match self {
            Self::In(field, inner) => field.column().is_in(inner.query(session)),
            Self::KeyIn(inner) => Row::ID.is_in(inner.query(session)),
            Self::InPlain(field, inner) => field.column().is_in(inner.query(session).select(Row::C)),
            Self::InCompound(field, one, operator, other) => {
                field.column().is_in(operator.join(session, one, other))
            }
            Self::EqualsScalar(field, inner) => field.column().eq(inner.query(session).scalar()),
            Self::BelowScalar(field, inner) => field.column().lt(inner.query(session).scalar()),
            Self::Exists(inner) => func::exists(inner.query(session)),
            Self::Case(condition, value, field, wanted) => {
                let choice = func::case().when(condition.filter(session), *value).otherwise(field.column());
                choice.eq(*wanted)
            }
            Self::CaseOfOne(condition, wanted) => {
                func::case().when(condition.filter(session), Row::C).end().ne(*wanted)
            }
            Self::Below(field, value) => field.column().lt(*value),
            Self::Not(inner) => !inner.filter(session),
            Self::And(inner) => Filter::all_of(inner.iter().map(|tree| tree.filter(session))),
            Self::Or(inner) => Filter::any_of(inner.iter().map(|tree| tree.filter(session))),
            Self::AsValue(inner) => inner.filter(session).eq(true),
        }
    }

    /// What is neither true nor false is so for an order with NULL only.
    fn answer(&self, row: &Row, rows: &[Row]) -> Answer {
        let first = |inner: &Inner| inner.values(rows).first().copied().flatten();
        match self {
            Self::In(field, inner) => Some(inner.values(rows).contains(&field.of(row))),
            Self::KeyIn(inner) => Some(inner.values(rows).contains(&Some(row.id))),
            Self::InPlain(field, inner) => {
                Some(inner.rows(rows).into_iter().any(|other| field.of(row) == Some(other.c)))
            }
            Self::InCompound(field, one, operator, other) => {
                Some(operator.values(&one.values(rows), &other.values(rows)).contains(&field.of(row)))
            }
            Self::EqualsScalar(field, inner) => Some(field.of(row) == first(inner)),
            Self::BelowScalar(field, inner) => {
                field.of(row).zip(first(inner)).map(|(one, other)| one < other)
            }
            Self::Exists(inner) => Some(!inner.values(rows).is_empty()),
            Self::Case(condition, value, field, wanted) => {
                let holds = condition.answer(row, rows) == Some(true);
                Some((if holds { *value } else { field.of(row) }) == *wanted)
            }
            Self::CaseOfOne(condition, wanted) => {
                let holds = condition.answer(row, rows) == Some(true);
                Some(holds.then_some(row.c) != Some(*wanted))
            }
            Self::Below(field, value) => field.of(row).map(|found| found < *value),
            Self::Not(inner) => inner.answer(row, rows).map(|answer| !answer),
            Self::And(inner) => every(inner, row, rows, true),
            Self::Or(inner) => every(inner, row, rows, false),
            Self::AsValue(inner) => Some(inner.answer(row, rows) == Some(true)),
        }
    }
}

/// Whether every answer is `wanted`; one that is not settles it, even beside one that is neither.
fn every(trees: &[Tree], row: &Row, rows: &[Row], wanted: bool) -> Answer {
    let answers: Vec<Answer> = trees.iter().map(|tree| tree.answer(row, rows)).collect();
    if answers.contains(&Some(!wanted)) {
        return Some(!wanted);
    }
    if answers.contains(&None) { None } else { Some(wanted) }
}

fn row() -> impl Strategy<Value = Row> {
    let number = || prop::option::of(0..4_i64);
    (number(), number(), 0..4_i64).prop_map(|(a, b, c)| Row { id: 0, a, b, c })
}

fn field() -> impl Strategy<Value = Field> {
    prop_oneof![Just(Field::A), Just(Field::B)]
}

fn inner() -> impl Strategy<Value = Inner> {
    (prop::option::weighted(0.8, field()), 0..5_i64, any::<bool>(), prop::option::of(0..3_u64))
        .prop_map(|(field, least, down, limit)| Inner { field, least, down, limit })
}

fn operator() -> impl Strategy<Value = Operator> {
    prop_oneof![
        Just(Operator::Union),
        Just(Operator::UnionAll),
        Just(Operator::Intersect),
        Just(Operator::Except)
    ]
}

fn tree() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        (field(), inner()).prop_map(|(field, inner)| Tree::In(field, inner)),
        inner().prop_map(Tree::KeyIn),
        (field(), inner()).prop_map(|(field, inner)| Tree::InPlain(field, inner)),
        (field(), inner(), operator(), inner())
            .prop_map(|(field, one, operator, other)| Tree::InCompound(field, one, operator, other)),
        (field(), inner()).prop_map(|(field, inner)| Tree::EqualsScalar(field, inner)),
        (field(), inner()).prop_map(|(field, inner)| Tree::BelowScalar(field, inner)),
        inner().prop_map(Tree::Exists),
        (field(), 0..4_i64).prop_map(|(field, value)| Tree::Below(field, value)),
    ];
    let number = || prop::option::of(0..4_i64);
    leaf.prop_recursive(4, 20, 3, move |inner| {
        prop_oneof![
            inner.clone().prop_map(|it| Tree::Not(Box::new(it))),
            prop::collection::vec(inner.clone(), 0..4).prop_map(Tree::And),
            prop::collection::vec(inner.clone(), 0..4).prop_map(Tree::Or),
            inner.clone().prop_map(|it| Tree::AsValue(Box::new(it))),
            (inner.clone(), number(), field(), number()).prop_map(|(it, value, field, wanted)| Tree::Case(
                Box::new(it),
                value,
                field,
                wanted
            )),
            (inner, 0..4_i64).prop_map(|(it, wanted)| Tree::CaseOfOne(Box::new(it), wanted)),
        ]
    })
}

fn table(rows: &mut [Row]) -> Session {
    let session = Engine::open_in_memory().unwrap().session().unwrap();
    session.create_table::<Row>().unwrap();
    session.insert_all(rows).unwrap();
    session
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn sqlite_and_rust_choose_the_same_rows(mut rows in prop::collection::vec(row(), 1..9), tree in tree()) {
        let session = table(&mut rows);
        let expected: Vec<i64> =
            rows.iter().filter(|row| tree.answer(row, &rows) == Some(true)).map(|row| row.id).collect();
        let query = session.find::<Row>().filter(tree.filter(&session)).order_by(Row::ID.asc()).select(Row::ID);
        prop_assert_eq!(query.all().unwrap(), expected, "{}", query.to_sql().sql);
        // chosen, and as a value of each row
        let values = session.find::<Row>().order_by(Row::ID.asc()).select(tree.filter(&session));
        let expected: Vec<bool> = rows.iter().map(|row| tree.answer(row, &rows) == Some(true)).collect();
        prop_assert_eq!(values.all().unwrap(), expected, "{}", values.to_sql().sql);
    }
}
