//! Queries whose statements are found by their structure, one after the other in one session, against their own text.

use orm_core::{Engine, Filter, Model, Order, Query, Result, Session, sql};
use proptest::prelude::*;

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "teams", has_many(members: Member::TEAM))]
struct Team {
    #[orm(primary_key, auto)]
    id: i64,
    name: String,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "members")]
struct Member {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(references = Team, index)]
    team_id: Option<i64>,
    name: Option<String>,
    age: i64,
}

/// What the values are is drawn anew for each query, from few, so that kinds of queries repeat.
#[derive(Debug, Clone)]
enum Tree {
    Age(u8, i64),
    Team(Option<i64>),
    NotTeam(Option<i64>),
    Ages(Vec<i64>),
    NoneOf(Vec<Option<i64>>),
    Between(i64, i64),
    Name(u8, String),
    TeamName(String),
    InTeamOf(i64),
    Text(i64, i64),
    Sum(i64, i64),
    Not(Box<Tree>),
    Both(Box<Tree>, Box<Tree>),
    Either(Box<Tree>, Box<Tree>),
}

impl Tree {
    fn filter(&self) -> Filter<Member> {
        match self {
            Self::Age(0, age) => Member::AGE.eq(*age),
            Self::Age(1, age) => Member::AGE.gt(*age),
            Self::Age(_, age) => Member::AGE.le(*age),
            Self::Team(team) => Member::TEAM_ID.eq(*team),
            Self::NotTeam(team) => Member::TEAM_ID.ne(*team),
            Self::Ages(ages) => Member::AGE.is_in(ages.iter().copied()),
            Self::NoneOf(teams) => Member::TEAM_ID.not_in(teams.iter().copied()),
            Self::Between(low, high) => Member::AGE.between(*low, *high),
            Self::Name(0, piece) => Member::NAME.contains(piece),
            Self::Name(1, piece) => Member::NAME.starts_with(piece),
            Self::Name(2, piece) => Member::NAME.ends_with(piece),
            Self::Name(_, piece) => Member::NAME.like(piece),
            Self::TeamName(name) => Member::TEAM.at(Team::NAME).eq(name),
            Self::InTeamOf(age) => {
                Member::TEAM.any(Team::MEMBERS.any(Member::AGE.eq(*age)).and(Team::ID.gt(0)))
            }
            Self::Text(low, high) => sql("age BETWEEN ? AND ?", (*low, *high)),
            Self::Sum(more, age) => (Member::AGE + *more).eq(*age),
            Self::Not(inner) => !inner.filter(),
            Self::Both(one, other) => one.filter().and(other.filter()),
            Self::Either(one, other) => one.filter().or(other.filter()),
        }
    }
}

#[derive(Debug, Clone)]
struct Asked {
    filter: Option<Tree>,
    order: u8,
    limit: Option<u64>,
    offset: Option<u64>,
    distinct: bool,
}

impl Asked {
    fn query<'s>(&self, session: &'s Session) -> Query<'s, Member> {
        let mut query = session.find::<Member>();
        if let Some(filter) = &self.filter {
            query = query.filter(filter.filter());
        }
        let order: Option<Order<Member>> = match self.order {
            0 => None,
            1 => Some(Member::NAME.asc().nulls_last()),
            2 => Some(Member::TEAM.at(Team::NAME).desc()),
            _ => Some(Member::AGE.desc()),
        };
        if let Some(order) = order {
            query = query.order_by(order);
        }
        query = query.order_by(Member::ID.asc());
        if let Some(limit) = self.limit {
            query = query.limit(limit);
        }
        if let Some(offset) = self.offset {
            query = query.offset(offset);
        }
        if self.distinct { query.distinct() } else { query }
    }
}

fn ages() -> impl Strategy<Value = i64> {
    0..4_i64
}

fn pieces() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["", "a", "b", "ab", "%"]).prop_map(str::to_owned)
}

fn trees() -> impl Strategy<Value = Tree> {
    let team = || prop::option::of(1..4_i64);
    let leaf = prop_oneof![
        (0..3_u8, ages()).prop_map(|(test, age)| Tree::Age(test, age)),
        team().prop_map(Tree::Team),
        team().prop_map(Tree::NotTeam),
        prop::collection::vec(ages(), 0..3).prop_map(Tree::Ages),
        prop::collection::vec(team(), 0..3).prop_map(Tree::NoneOf),
        (ages(), ages()).prop_map(|(low, high)| Tree::Between(low, high)),
        (0..4_u8, pieces()).prop_map(|(test, piece)| Tree::Name(test, piece)),
        pieces().prop_map(Tree::TeamName),
        ages().prop_map(Tree::InTeamOf),
        (ages(), ages()).prop_map(|(low, high)| Tree::Text(low, high)),
        (ages(), ages()).prop_map(|(more, age)| Tree::Sum(more, age)),
    ];
    leaf.prop_recursive(2, 6, 2, |inner| {
        let pair = || (inner.clone().prop_map(Box::new), inner.clone().prop_map(Box::new));
        prop_oneof![
            inner.clone().prop_map(|tree| Tree::Not(Box::new(tree))),
            pair().prop_map(|(one, other)| Tree::Both(one, other)),
            pair().prop_map(|(one, other)| Tree::Either(one, other)),
        ]
    })
}

fn asked() -> impl Strategy<Value = Asked> {
    let rows = || prop::option::of(0..3_u64);
    (prop::option::of(trees()), 0..4_u8, rows(), rows(), any::<bool>())
        .prop_map(|(filter, order, limit, offset, distinct)| Asked { filter, order, limit, offset, distinct })
}

fn seeded() -> Result<Session> {
    let session = Engine::open_in_memory()?.session()?;
    session.create_table::<Team>()?;
    session.create_table::<Member>()?;
    session.insert_all(&mut ["a", "b", "ab"].map(|name| Team { id: 0, name: name.into() }))?;
    for (id, name) in [None, Some("a"), Some("b"), Some("ab"), Some("ba"), Some("")].into_iter().enumerate() {
        for age in 0..4 {
            let team_id = (age > 0).then_some((id as i64 + age) % 3 + 1);
            session.create(Member { id: 0, team_id, name: name.map(str::to_owned), age })?;
        }
    }
    Ok(session)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn queries_give_what_their_own_text_gives_whatever_was_asked_before(
        asked in prop::collection::vec(asked(), 1..24),
        again in 1..4_usize,
    ) {
        let session = seeded()?;
        for asked in asked.iter().chain(asked.iter().step_by(again)) {
            let query = asked.query(&session);
            let text = query.to_sql();
            prop_assert!(!text.sql.starts_with("--"), "{}", text.sql);
            let expected = session.raw(&text.sql, text.params).all::<Member>()?;
            prop_assert_eq!(query.all()?, expected.clone(), "{}", text.sql);
            prop_assert_eq!(query.count()?, expected.len() as u64);
            prop_assert_eq!(query.exists()?, !expected.is_empty());
            prop_assert_eq!(query.first()?, expected.first().cloned());
            prop_assert_eq!(query.iter()?.collect::<Result<Vec<_>>>()?, expected);
        }
    }

    #[test]
    fn set_based_writes_change_the_rows_of_their_query_whatever_was_written_before(
        writes in prop::collection::vec((trees(), ages(), prop::option::of(1..3_u64)), 1..16),
    ) {
        let session = seeded()?;
        for (tree, age, limit) in writes {
            let transaction = session.begin()?;
            let mut query = session.find::<Member>().filter(tree.filter()).order_by(Member::ID.asc());
            if let Some(limit) = limit {
                query = query.limit(limit);
            }
            let (before, matched) = (session.find::<Member>().all()?, query.all()?);
            prop_assert_eq!(query.update(Member::AGE.set(age + 100))?, matched.len() as u64);
            let expected: Vec<_> = before
                .into_iter()
                .map(|member| if matched.contains(&member) { Member { age: age + 100, ..member } } else { member })
                .collect();
            prop_assert_eq!(session.find::<Member>().all()?, expected.clone());
            let limited = session.find::<Member>().filter(Member::AGE.ge(100));
            prop_assert_eq!(limited.delete()?, matched.len() as u64);
            let left: Vec<_> = expected.into_iter().filter(|member| member.age < 100).collect();
            prop_assert_eq!(session.find::<Member>().all()?, left);
            drop(transaction);
        }
    }
}
