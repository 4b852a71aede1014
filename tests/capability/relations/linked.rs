//! Relations over a table that links: keys of several columns that share one, links to the same table, links that are
//! marked deleted or lead to what is.

use orm_core::{ErrorKind, Filter, Model, Session};

use super::{Post, Tag};
use super::{blog, counted};
use crate::support::engine_at;

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(
    primary_key(tenant, number),
    many_to_many(members: Member through Seat::TEAM, Seat::MEMBER),
)]
struct Team {
    tenant: i64,
    number: i64,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(
    primary_key(tenant, name),
    many_to_many(teams: Team through Seat::MEMBER, Seat::TEAM),
)]
struct Member {
    tenant: i64,
    name: String,
    #[orm(deleted_at)]
    gone: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(
    primary_key(tenant, team_number, name),
    foreign_key(columns(tenant, team_number), references = Team, as = "team"),
    foreign_key(columns(tenant, name), references = Member, as = "member"),
    rename_all = "camelCase"
)]
struct Seat {
    tenant: i64,
    #[orm(column = "in")]
    team_number: i64,
    name: String,
    #[orm(created_at)]
    since: String,
    #[orm(updated_at)]
    changed: String,
    #[orm(deleted_at)]
    left: Option<String>,
    #[orm(version)]
    version: i64,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(many_to_many(
    friends: Person through Friendship::ONE, Friendship::OTHER,
    admirers: Person through Friendship::OTHER, Friendship::ONE,
))]
struct Person {
    #[orm(primary_key, auto)]
    id: i64,
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Friendship {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(references = Person)]
    one_id: i64,
    #[orm(references = Person)]
    other_id: Option<i64>,
}

const NOW: &str = "1970-01-01 00:00:07.000000";

fn member(tenant: i64, name: &str) -> Member {
    Member { tenant, name: name.into(), gone: None }
}

/// Teams 1/1, 1/2 and 2/1; Ann and Bob of tenant 1, Ann of tenant 2. Ann and Bob are in 1/1, Bob in 1/2, Ann in 2/1. The
/// clock stands at the seventh second.
fn teams() -> Session {
    let session = engine_at(7).session().unwrap();
    session.create_table::<Team>().unwrap();
    session.create_table::<Member>().unwrap();
    session.create_table::<Seat>().unwrap();
    for (tenant, number) in [(1, 1), (1, 2), (2, 1)] {
        session.create(Team { tenant, number }).unwrap();
    }
    for (tenant, name) in [(1, "Ann"), (1, "Bob"), (2, "Ann")] {
        session.create(member(tenant, name)).unwrap();
    }
    for (tenant, number, name) in [(1, 1, "Ann"), (1, 1, "Bob"), (1, 2, "Bob"), (2, 1, "Ann")] {
        assert!(session.link(&Team { tenant, number }, Team::MEMBERS, &member(tenant, name)).unwrap());
    }
    session
}

fn everything<M>() -> Filter<M> {
    Filter::all_of([])
}

type Pairs = Vec<(i64, i64, Option<String>)>;

fn pairs(rows: Vec<(Team, Option<Member>)>) -> Pairs {
    rows.into_iter().map(|(team, member)| (team.tenant, team.number, member.map(|it| it.name))).collect()
}

fn expected(pairs: &[(i64, i64, Option<&str>)]) -> Pairs {
    pairs.iter().map(|(tenant, number, name)| (*tenant, *number, name.map(str::to_owned))).collect()
}

fn in_order(session: &Session) -> orm_core::Query<'_, Team> {
    session.find::<Team>().order_by((Team::TENANT.asc(), Team::NUMBER.asc()))
}

#[test]
fn a_join_over_a_link_makes_a_row_of_each_pair() {
    let session = blog();
    let posts = || session.find::<Post>().order_by(Post::ID.asc());
    let tags = || Post::TAGS.order_by(Tag::NAME.desc());
    let (found, statements) = counted(|| posts().join(tags()).all().unwrap());
    let found: Vec<_> = found.into_iter().map(|(post, tag)| (post.title, tag.name)).collect();
    let names = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(title, name)| ((*title).to_owned(), (*name).to_owned())).collect::<Vec<_>>()
    };
    assert_eq!((found, statements), (names(&[("a", "sql"), ("a", "rust"), ("c", "rust")]), 1));
    assert_eq!(posts().join(Post::TAGS).count().unwrap(), 3);
    assert_eq!(posts().join(Post::TAGS.filter(Tag::NAME.eq("sql"))).count().unwrap(), 1);
    assert!(!posts().join(Post::TAGS.filter(Tag::NAME.eq("none"))).exists().unwrap());
}

#[test]
fn a_left_join_over_a_link_keeps_a_row_whose_links_lead_to_nothing_once() {
    let session = blog();
    let posts = || session.find::<Post>().order_by(Post::ID.asc());
    let found = |tags| {
        let rows = posts().left_join(tags).all().unwrap().into_iter();
        rows.map(|(post, tag): (Post, Option<Tag>)| (post.id, tag.map(|tag| tag.id))).collect::<Vec<_>>()
    };
    let in_order = || Post::TAGS.order_by(Tag::ID.asc());
    assert_eq!(found(in_order()), [(1, Some(1)), (1, Some(2)), (2, None), (3, Some(1))]);
    assert_eq!(found(in_order().filter(Tag::NAME.eq("sql"))), [(1, Some(2)), (2, None), (3, None)]);
    assert_eq!(found(in_order().filter(Tag::NAME.eq("none"))), [(1, None), (2, None), (3, None)]);
    // one relation twice, each with its own condition
    let twice = posts()
        .left_join(in_order().filter(Tag::NAME.eq("sql")))
        .join(Post::TAGS.filter(Tag::NAME.eq("rust")))
        .all()
        .unwrap();
    let twice: Vec<_> =
        twice.into_iter().map(|(post, sql, rust)| (post.id, sql.is_some(), rust.id)).collect();
    assert_eq!(twice, [(1, true, 1), (3, false, 1)]);
}

#[test]
fn a_link_that_is_marked_deleted_or_leads_to_what_is_does_not_count() {
    let session = teams();
    session.delete(&member(1, "Ann")).unwrap();
    session.unlink(&Team { tenant: 2, number: 1 }, Team::MEMBERS, &member(2, "Ann")).unwrap();
    let left = in_order(&session).left_join(Team::MEMBERS).all().unwrap();
    assert_eq!(pairs(left), expected(&[(1, 1, Some("Bob")), (1, 2, Some("Bob")), (2, 1, None)]));
    assert_eq!(in_order(&session).join(Team::MEMBERS).all().unwrap().len(), 2);
    let counts = in_order(&session).select(Team::MEMBERS.count()).all().unwrap();
    assert_eq!(counts, [1, 1, 0]);
    let loaded = in_order(&session).with(Team::MEMBERS).all().unwrap();
    assert_eq!(loaded.iter().map(|(_, members)| members.len()).collect::<Vec<_>>(), [1, 1, 0]);
    let teams = in_order(&session).all().unwrap();
    let loaded = session.load(&teams, Team::MEMBERS).unwrap();
    assert_eq!(loaded.iter().map(Vec::len).collect::<Vec<_>>(), [1, 1, 0]);
    assert_eq!(session.find::<Team>().filter(Team::MEMBERS.none(everything())).count().unwrap(), 1);
}

#[test]
fn keys_of_several_columns_that_share_one_link_within_it() {
    let session = teams();
    let loaded = in_order(&session).with(Team::MEMBERS.order_by(Member::NAME.asc())).all().unwrap();
    let names: Vec<Vec<_>> =
        loaded.into_iter().map(|(_, members)| members.into_iter().map(|it| it.name).collect()).collect();
    assert_eq!(names, [vec!["Ann", "Bob"], vec!["Bob"], vec!["Ann"]]);
    let joined = in_order(&session).left_join(Team::MEMBERS.order_by(Member::NAME.desc())).all().unwrap();
    let all = [(1, 1, Some("Bob")), (1, 1, Some("Ann")), (1, 2, Some("Bob")), (2, 1, Some("Ann"))];
    assert_eq!(pairs(joined), expected(&all));
    let of_ann = session.find::<Team>().filter(Team::MEMBERS.any(Member::NAME.eq("Ann")));
    assert_eq!(of_ann.order_by(Team::TENANT.asc()).select(Team::TENANT).all().unwrap(), [1, 2]);
    let error = session.link(&Team { tenant: 1, number: 1 }, Team::MEMBERS, &member(2, "Ann")).unwrap_err();
    assert_eq!(
        (error.kind(), error.table(), error.column()),
        (ErrorKind::InvalidQuery, Some("seat"), Some("tenant"))
    );
}

#[test]
fn a_link_has_its_timestamps_and_first_version_and_comes_back_after_unlinking() {
    let session = teams();
    let (team, ann) = (Team { tenant: 1, number: 1 }, member(1, "Ann"));
    let seat = || {
        session.find::<Seat>().with_deleted().filter(Seat::TENANT.eq(1) & Seat::NAME.eq("Ann")).one().unwrap()
    };
    let first = Seat {
        tenant: 1,
        team_number: 1,
        name: "Ann".into(),
        since: NOW.into(),
        changed: NOW.into(),
        left: None,
        version: 0,
    };
    assert_eq!(seat(), first);
    assert!(session.unlink(&ann, Member::TEAMS, &team).unwrap());
    assert_eq!(seat(), Seat { left: Some(NOW.into()), ..first.clone() });
    assert!(!session.unlink(&ann, Member::TEAMS, &team).unwrap());
    assert!(session.link(&ann, Member::TEAMS, &team).unwrap());
    assert_eq!(seat(), Seat { version: 1, ..first });
}

#[test]
fn a_model_is_linked_with_itself() {
    let session = engine_at(7).session().unwrap();
    session.create_table::<Person>().unwrap();
    session.create_table::<Friendship>().unwrap();
    let mut people = [1, 2, 3].map(|id| Person { id });
    session.insert_all(&mut people).unwrap();
    let [one, two, three] = &people;
    session.link(one, Person::FRIENDS, two).unwrap();
    session.link(one, Person::FRIENDS, three).unwrap();
    session.link(two, Person::ADMIRERS, three).unwrap();
    // a link to nobody
    session.create(Friendship { id: 0, one_id: 2, other_id: None }).unwrap();
    let find = || session.find::<Person>().order_by(Person::ID.asc());
    let ids = |people: &[Person]| people.iter().map(|it| it.id).collect::<Vec<_>>();
    let found = find()
        .with(Person::FRIENDS.order_by(Person::ID.asc()))
        .with(Person::ADMIRERS.order_by(Person::ID.asc()))
        .all()
        .unwrap();
    let found: Vec<_> =
        found.iter().map(|(it, friends, admirers)| (it.id, ids(friends), ids(admirers))).collect();
    assert_eq!(found, [(1, vec![2, 3], vec![]), (2, vec![], vec![1, 3]), (3, vec![2], vec![1])],);
    let of_friends = Person::FRIENDS.any(Person::FRIENDS.any(Person::ID.eq(2)));
    assert_eq!(ids(&find().filter(of_friends).all().unwrap()), [1]);
    let joined = find().left_join(Person::FRIENDS.order_by(Person::ID.asc())).all().unwrap();
    let joined: Vec<_> = joined.into_iter().map(|(it, friend)| (it.id, friend.map(|it| it.id))).collect();
    assert_eq!(joined, [(1, Some(2)), (1, Some(3)), (2, None), (3, Some(2))]);
    let counts = find().select((Person::FRIENDS.count(), Person::ADMIRERS.count())).all().unwrap();
    assert_eq!(counts, [(2, 0), (0, 2), (1, 1)]);
}
