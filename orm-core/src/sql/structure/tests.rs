use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use super::{Arrangement, Composed, Structure, write};
use crate::dialect::{Sqlite, TextMatch};
use crate::schema::{IndexColumn, IndexTarget, TableDef};
use crate::sql::{
    Arithmetic, Collated, Comparison, Delete, Expr, Further, Nulls, Order, Path, Rows, Select, Source, Step,
    Terms, Window,
};
use crate::sql::{Assignment, Chosen, Join, Limited, Question, Related, Returning, Update, row_count};
use crate::sql::{Conflict, ConflictAction, ConflictTarget, Insert, Inserted};
use crate::value::{LogicalType, Value};

fn column(name: &'static str, nullable: bool) -> Expr {
    Expr::column(name, nullable)
}

fn integer(value: i64) -> Expr {
    Expr::value(Value::Integer(value))
}

fn text(value: &str) -> Expr {
    Expr::value(Value::Text(value.to_owned()))
}

fn step(filter: Option<Expr>) -> Arc<Step> {
    Arc::new(Step {
        table: "posts".into(),
        model: std::any::TypeId::of::<u8>(),
        here: (&["id"]).into(),
        there: &["author_id"],
        collated: None,
        to_parent: false,
        optional: true,
        visible: None,
        filter,
    })
}

/// Conditions that differ in one thing each, the values being `value` and its neighbours.
fn conditions(value: i64) -> Vec<Expr> {
    let age = || column("age", false);
    let compared = |comparison| age().compare(comparison, integer(value));
    let fragment = |sql: &str| Expr::fragment(sql, vec![Value::Integer(value)], false);
    let related = |question, filter| Expr::related(Related { steps: vec![step(None)], filter, question });
    let shared = step(Some(compared(Comparison::Lt)));
    let through =
        |step: &Arc<Step>| column("id", false).through(&Path::new(vec![Arc::clone(step)])).null_test();
    let mut conditions = reported(value);
    conditions.extend([
        compared(Comparison::Eq),
        compared(Comparison::Ne),
        compared(Comparison::Lt),
        column("age", true).compare(Comparison::Ne, integer(value)),
        column("Age", false).compare(Comparison::Eq, integer(value)),
        Expr::column("age".to_owned(), false).compare(Comparison::Eq, integer(value)),
        integer(value).compare(Comparison::Eq, age()),
        age().compare(Comparison::Eq, Expr::value(Value::Null)),
        age().compare(Comparison::Lt, Expr::value(Value::Null)),
        age().compare(Comparison::Eq, column("score", false)),
        age().one_of([]),
        age().one_of([integer(value)]),
        age().one_of([integer(value), integer(value + 1)]),
        age().one_of([integer(value), Expr::value(Value::Null)]),
        column("age", true).one_of([integer(value)]),
        column("age", true).one_of([integer(value)]).not(),
        age().between(integer(value), integer(value + 1)),
        age().null_test(),
        age().null_test().not(),
        compared(Comparison::Eq).and(compared(Comparison::Lt)),
        compared(Comparison::Eq).or(compared(Comparison::Lt)),
        compared(Comparison::Eq).and(compared(Comparison::Lt)).and(compared(Comparison::Gt)),
        age().arithmetic(Arithmetic::Add, integer(value)).compare(Comparison::Eq, integer(value)),
        age().arithmetic(Arithmetic::Sub, integer(value)).compare(Comparison::Eq, integer(value)),
        age().negate().compare(Comparison::Eq, integer(value)),
        age().text_match(TextMatch::Contains, text(&value.to_string())),
        age().text_match(TextMatch::StartsWith, text("")),
        age().text_match(TextMatch::StartsWith, text(&value.to_string())),
        age().text_match(TextMatch::EndsWith, text("")),
        age().text_match(TextMatch::EndsWith, text(&value.to_string())),
        age().text_match(TextMatch::EndsWith, column("score", false)),
        age().like(text(&value.to_string())),
        Expr::bool(false),
        Expr::function("abs", [age()], false, false).compare(Comparison::Eq, integer(value)),
        Expr::function("abs", [age()], true, false).compare(Comparison::Eq, integer(value)),
        Expr::function("abs", [age()], false, true).compare(Comparison::Ne, integer(value)),
        Expr::row([age(), age()]).compare(Comparison::Gt, Expr::row([integer(value), integer(value)])),
        fragment("age > ?"),
        fragment("age  > ?"),
        fragment("age > ?").and(fragment("age > ?")),
        {
            let one = fragment("age > ?");
            one.clone().and(one)
        },
        related(Question::Exists, None),
        related(Question::Exists, Some(compared(Comparison::Eq))),
        related(Question::Count, None),
        through(&step(None)).and(through(&step(None))),
        through(&shared).and(through(&shared)),
        through(&step(Some(compared(Comparison::Lt)))).and(through(&step(Some(compared(Comparison::Lt))))),
    ]);
    conditions
}

/// Those of what reports ask for.
fn reported(value: i64) -> Vec<Expr> {
    let age = || column("age", false);
    let equal = |expr: Expr| expr.compare(Comparison::Eq, integer(value));
    let branch = || (age().null_test(), integer(value));
    let sum = || Expr::function("sum", [age()], false, true);
    let order = |descending, nulls| vec![Order { expr: age(), descending, nulls }];
    let over = |partition_by, order_by, rows| equal(sum().over(Window { partition_by, order_by, rows }));
    let rows = |start, end| Some(Rows { start, end });
    let has = |path| age().json_has(Expr::literal(path), integer(value));
    vec![
        equal(Expr::case(vec![branch()], None, true)),
        equal(Expr::case(vec![branch()], Some(integer(value)), false)),
        equal(Expr::case(vec![branch()], Some(integer(value)), true)),
        equal(Expr::case(vec![branch(), branch()], None, true)),
        equal(age().cast(LogicalType::Real)),
        equal(age().cast(LogicalType::Text)),
        equal(age().concat(integer(value))),
        equal(age().json_at(Expr::literal("$.a"))),
        equal(age().json_at(Expr::literal("$.b"))),
        has("$.a"),
        has("$.b").not(),
        equal(sum().filtered(age().null_test())),
        equal(sum().in_order(order(false, None))),
        equal(sum().in_order(order(true, None))),
        equal(sum().in_order(order(true, Some(Nulls::First)))),
        over(Vec::new(), Vec::new(), None),
        over(vec![age()], Vec::new(), None),
        over(Vec::new(), order(false, None), None),
        over(Vec::new(), order(true, None), None),
        over(vec![age()], order(true, Some(Nulls::Last)), None),
        over(Vec::new(), order(false, None), rows(Some(-1), Some(0))),
        over(Vec::new(), order(false, None), rows(Some(-2), Some(0))),
        over(Vec::new(), order(false, None), rows(None, None)),
    ]
}

fn selects(value: i64) -> Vec<Select<'static>> {
    let all = || Select::new(Source::Table("users".into()), vec![column("id", false)].into());
    let order = |descending, nulls| Order { expr: column("age", true), descending, nulls };
    let mut selects: Vec<_> = conditions(value)
        .into_iter()
        .map(|filter| Select { filter: Some(Cow::Owned(filter)), ..all() })
        .collect();
    let rows = u64::try_from(value).unwrap();
    let join = |inner| Join { path: Path::new(vec![step(None)]), inner };
    selects.extend([
        all(),
        Select::new(Source::Table("posts".into()), vec![column("id", false)].into()),
        Select::new(Source::Table("users".into()), vec![column("id", false), column("age", false)].into()),
        Select { distinct: true, ..all() },
        Select { last_as: Some("value"), ..all() },
        Select { limit: Some(row_count(rows)), ..all() },
        Select { offset: Some(row_count(rows)), ..all() },
        Select { limit: Some(row_count(rows)), offset: Some(row_count(rows)), ..all() },
        Select { order_by: vec![order(false, None)].into(), ..all() },
        Select { order_by: vec![order(true, None)].into(), ..all() },
        Select { order_by: vec![order(true, Some(Nulls::First))].into(), ..all() },
        Select { order_by: vec![order(true, Some(Nulls::Last))].into(), ..all() },
        Select { group_by: vec![column("age", true)].into(), ..all() },
        Select { having: Some(Cow::Owned(conditions(value).swap_remove(0))), ..all() },
        Select { joins: vec![join(true)].into(), ..all() },
        Select { joins: vec![join(false)].into(), ..all() },
        Select { order_by: Terms::new(&*DOWN, &[]), ..all() },
        Select { order_by: Terms::new(&*DOWN, &*UP), ..all() },
        Select { order_by: Terms::new(&*UP, &*DOWN), ..all() },
        Select::new(Source::Select(Box::new(all())), vec![column("id", false)].into()),
    ]);
    let joined = |further: &'static [Further]| Select {
        joins: vec![Join { path: TO_POSTS.clone(), inner: false }].into(),
        ..Select::of_table(&POSTS, further)
    };
    selects.push(joined(&[]));
    selects.extend(FURTHER.iter().map(|further| joined(further)));
    selects
}

static POSTS: LazyLock<TableDef> = LazyLock::new(|| {
    let integer = LogicalType::Integer { bits: 64, signed: true };
    TableDef::builder("posts")
        .column("id", integer, |column| column)
        .column("size", integer, |column| column)
        .build()
});
static AUTHORS: LazyLock<TableDef> = LazyLock::new(|| {
    TableDef::builder("authors").column("id", LogicalType::Text, |column| column.collation("NOCASE")).build()
});

/// A step from columns with a collation.
static TO_POSTS: LazyLock<Path> = LazyLock::new(|| {
    let collated = Some(Collated { table: &AUTHORS, columns: &["id"] });
    Path::new(vec![Arc::new(Step { collated, ..Step::clone(&step(None)) })])
});

/// What a query can give behind its own columns.
static FURTHER: LazyLock<[Vec<Further>; 5]> = LazyLock::new(|| {
    let joined = |table| Further::Joined(TO_POSTS.clone(), table);
    let column = || Further::Expr(column("id", false).through(&TO_POSTS));
    [
        vec![joined(&POSTS)],
        vec![joined(&AUTHORS)],
        vec![column()],
        vec![column(), joined(&POSTS)],
        vec![joined(&POSTS), column()],
    ]
});

static UP: LazyLock<[Order; 1]> =
    LazyLock::new(|| [Order { expr: column("age", true), descending: false, nulls: None }]);
static DOWN: LazyLock<[Order; 1]> =
    LazyLock::new(|| [Order { expr: column("age", true), descending: true, nulls: None }]);

fn chosen(filter: Expr) -> Chosen<'static> {
    Chosen { table: "users".into(), filter: Some(Cow::Owned(filter)), limited: None }
}

fn limited(value: i64) -> Chosen<'static> {
    let limit = Some(Value::Integer(value));
    let limited =
        Limited { key: vec!["id".into()].into(), order_by: Cow::Borrowed(&[]), limit, offset: None };
    Chosen { limited: Some(limited), ..chosen(column("age", false).null_test()) }
}

/// Inserts that differ in one thing each.
fn inserts(value: i64) -> Vec<Told> {
    let plain = |columns: &[&'static str], conflict| Insert {
        table: "users".into(),
        columns: columns.iter().map(|&name| name.into()).collect(),
        rows: Inserted::Row,
        conflict,
        returning: Vec::new(),
    };
    let term = |target| IndexColumn { target, descending: false, collation: None };
    let target = |target, predicate| ConflictTarget { terms: vec![term(target)], predicate };
    let age = target(IndexTarget::Column("age".into()), None);
    let partial = target(IndexTarget::Column("age".into()), Some("age > 1".into()));
    let expression = target(IndexTarget::Expression("age".into()), None);
    let sum = column("age", false).arithmetic(Arithmetic::Add, integer(value));
    let changes = |value| vec![Assignment { column: "age".into(), value }];
    let (added, taken) = (changes(sum), changes(Expr::excluded("age", false)));
    let condition = column("age", false).compare(Comparison::Lt, integer(value));
    let ignore = |target| Some(Conflict { target, action: ConflictAction::Ignore });
    let update = |assignments, filter| {
        let action = ConflictAction::Update { assignments, filter };
        Some(Conflict { target: Some(&age), action })
    };
    let everything = Select::new(Source::Table("users".into()), vec![column("id", false)].into());
    let limited = Select { limit: Some(Value::Integer(value)), ..everything.clone() };
    let inserts = [
        plain(&[], None),
        plain(&["age"], None),
        plain(&["age", "id"], None),
        Insert { returning: vec!["id".into()], ..plain(&["age"], None) },
        plain(&["age"], ignore(None)),
        plain(&["age"], ignore(Some(&age))),
        plain(&["age"], ignore(Some(&partial))),
        plain(&["age"], ignore(Some(&expression))),
        plain(&["age"], update(&added, None)),
        plain(&["age"], update(&added, Some(&condition))),
        plain(&["age"], update(&taken, None)),
        Insert { rows: Inserted::Select(Box::new(everything.clone())), ..plain(&["age"], None) },
        Insert { rows: Inserted::before_conflict(everything), ..plain(&["age"], ignore(None)) },
        Insert { rows: Inserted::before_conflict(limited), ..plain(&["age"], update(&added, None)) },
    ];
    inserts.iter().map(told).collect()
}

/// What there is to know of a statement.
struct Told {
    words: Option<Vec<u64>>,
    sql: String,
    params: Vec<Value>,
    is_arranged: bool,
}

fn told(statement: &impl Composed) -> Told {
    let structure = Structure::of(statement);
    let written = write(statement, &Sqlite, &()).unwrap();
    let arrangement = structure.arrange(&written);
    let (sql, params) = (written.rendered.sql, written.rendered.params);
    if let (Some(arrangement), Some(_)) = (&arrangement, structure.words()) {
        let listed: Vec<Value> = structure.values.iter().map(|&value| value.clone()).collect();
        let bound: Vec<_> = match arrangement {
            Arrangement::AsListed => listed,
            Arrangement::Chosen(places) => places.iter().map(|&place| listed[place].clone()).collect(),
        };
        assert_eq!(bound, params, "{sql}");
    }
    Told { words: structure.words().map(<[u64]>::to_vec), sql, params, is_arranged: arrangement.is_some() }
}

static TABLE: LazyLock<TableDef> = LazyLock::new(|| TableDef::builder("users").build());

fn all(value: i64) -> Vec<Told> {
    let set = |column: &'static str, value: Expr| vec![Assignment { column: column.into(), value }];
    let mut all: Vec<_> = selects(value).iter().map(told).collect();
    all.extend(conditions(value).into_iter().map(|filter| told(&Delete { rows: chosen(filter) })));
    all.extend(
        conditions(value)
            .into_iter()
            .map(|filter| told(&Update { assignments: set("age", integer(value)), rows: chosen(filter) })),
    );
    let any = || chosen(column("age", false).null_test());
    all.push(told(&Update { assignments: set("score", integer(value)), rows: any() }));
    all.push(told(&Update { assignments: set("age", Expr::value(Value::Null)), rows: any() }));
    all.push(told(&Update { assignments: set("age", integer(value)), rows: limited(value) }));
    all.push(told(&Delete { rows: limited(value) }));
    all.push(told(&Returning { statement: &Delete { rows: limited(value) }, table: &TABLE }));
    all.extend(inserts(value));
    all
}

#[test]
fn two_statements_share_a_structure_only_with_their_text() {
    let (ones, others) = (all(1), all(7));
    for one in &ones {
        for other in ones.iter().chain(&others) {
            if one.words.is_some() && one.words == other.words {
                assert_eq!(one.sql, other.sql);
            }
        }
    }
}

#[test]
fn other_values_leave_the_structure_as_it_is_and_are_found_by_it() {
    for (one, other) in all(1).into_iter().zip(all(7)) {
        let sql = one.sql;
        assert_eq!(one.words, other.words, "{sql}");
        assert_eq!(one.params.len(), other.params.len(), "{sql}");
        // but for what is looked for at the beginning or end of a text, and one fragment that stands twice
        let by_text = ["CAST(", ">= ''", "COLLATE BINARY"].iter().any(|piece| sql.contains(piece));
        let twice = sql.matches("(age > ?").count() == 2;
        assert!(by_text || twice || (one.words.is_some() && one.is_arranged), "{sql}");
    }
}

#[test]
fn a_list_too_long_to_keep_has_no_structure() {
    let listed = |count| {
        let filter = column("age", false).one_of((0..count).map(integer));
        let mut select = Select::new(Source::Table("users".into()), vec![column("id", false)].into());
        select.filter = Some(Cow::Owned(filter));
        Structure::of(&select).words().is_some()
    };
    assert!(listed(1000));
    assert!(!listed(3000));
}
