use orm_core::{Children, Filter, HasMany, ManyToMany, Model, Query, Session};
use proptest::prelude::*;
use proptest::test_runner::{TestCaseResult, TestRunner};

use super::condition::{By, OfShop, by, of_area, of_shop};
use super::rows::{Rows, rows};
use super::{Area, Pact, Shop, filled};

/// Some of the rows that belong to a row: where it holds, in that order, so many for each.
#[derive(Debug, Clone)]
struct Chosen {
    of: OfShop,
    by: By,
    limit: Option<u8>,
}

fn chosen() -> impl Strategy<Value = Chosen> {
    (of_shop(1), by(), prop::option::of(0..4_u8)).prop_map(|(of, by, limit)| Chosen { of, by, limit })
}

impl Chosen {
    fn children<M: Model>(&self, relation: HasMany<M, Shop>) -> Children<M, Shop> {
        self.limited(relation.filter(self.of.filter()))
    }

    fn linked(&self, relation: ManyToMany<Shop, Shop, Pact>) -> Children<Shop, Shop> {
        self.limited(relation.filter(self.of.filter()))
    }

    fn limited<M: Model>(&self, children: Children<M, Shop>) -> Children<M, Shop> {
        let children = children.order_by(self.by.order());
        match self.limit {
            Some(limit) => children.limit(limit.into()),
            None => children,
        }
    }

    fn among<'r>(&self, mut shops: Vec<&'r Shop>, rows: &Rows) -> Vec<&'r Shop> {
        shops.retain(|shop| self.of.holds(shop, rows));
        self.by.sort(&mut shops, rows);
        shops.truncate(self.limit.map_or(usize::MAX, usize::from));
        shops
    }
}

fn shops<'s>(session: &'s Session, of: &OfShop, by: By) -> Query<'s, Shop> {
    session.find::<Shop>().filter(of.filter()).order_by(by.order())
}

fn shops_of<'r>(rows: &'r Rows, of: &OfShop, by: By) -> Vec<&'r Shop> {
    let mut shops: Vec<&Shop> = rows.shops.iter().filter(|shop| of.holds(shop, rows)).collect();
    by.sort(&mut shops, rows);
    shops
}

fn cloned(shops: Vec<&Shop>) -> Vec<Shop> {
    shops.into_iter().cloned().collect()
}

fn run<S: Strategy>(strategy: S, check: impl Fn(S::Value) -> TestCaseResult) {
    TestRunner::new(ProptestConfig::with_cases(120)).run(&strategy, check).unwrap();
}

/// What stands beside a shop: its parent with the parent's area and shadow, some branches with some of their friends and
/// how many branches these have, its shadow with its own, some admirers, its area with the number of shops there.
type Beside = (
    Option<(Shop, Option<Area>, Option<Shop>)>,
    Vec<(Shop, Vec<Shop>, u64)>,
    Option<(Shop, Option<Shop>)>,
    Vec<Shop>,
    Option<(Area, u64)>,
);

macro_rules! parent {
    () => {
        Shop::PARENT.with(Shop::AREA).with(Shop::SHADOW)
    };
}

macro_rules! branches {
    ($branches:expr, $friends:expr) => {
        $branches.children(Shop::BRANCHES).with($friends.linked(Shop::FRIENDS)).with_count(Shop::BRANCHES)
    };
}

fn beside(shop: &Shop, rows: &Rows, branches: &Chosen, friends: &Chosen) -> Beside {
    let parent = rows
        .parent(shop)
        .map(|parent| (parent.clone(), rows.area(parent).cloned(), rows.shadow(parent).cloned()));
    let branch = |branch: &Shop| {
        let friends = cloned(friends.among(rows.friends(branch), rows));
        (branch.clone(), friends, rows.branches(branch).len() as u64)
    };
    let shadow = rows.shadow(shop).map(|shadow| (shadow.clone(), rows.shadow(shadow).cloned()));
    (
        parent,
        branches.among(rows.branches(shop), rows).into_iter().map(branch).collect(),
        shadow,
        cloned(friends.among(rows.admirers(shop), rows)),
        rows.area(shop).map(|area| (area.clone(), rows.shops_of(area).len() as u64)),
    )
}

#[test]
fn with_and_load_find_what_loops_find() {
    run((rows(), of_shop(3), by(), chosen(), chosen()), |(rows, of, by, branches, friends)| {
        let session = filled(&rows);
        let expected: Vec<(Shop, Beside)> = shops_of(&rows, &of, by)
            .into_iter()
            .map(|shop| (shop.clone(), beside(shop, &rows, &branches, &friends)))
            .collect();
        let found = shops(&session, &of, by)
            .with(parent!())
            .with(branches!(branches, friends))
            .with(Shop::SHADOW.with(Shop::SHADOW))
            .with(friends.linked(Shop::ADMIRERS))
            .with(Shop::AREA.with_count(Area::SHOPS));
        let found = found.all().unwrap().into_iter();
        let found: Vec<(Shop, Beside)> = found.map(|(it, a, b, c, d, e)| (it, (a, b, c, d, e))).collect();
        prop_assert_eq!(&found, &expected);

        let rows = shops(&session, &of, by).all().unwrap();
        let loaded = session
            .load(&rows, parent!())
            .unwrap()
            .into_iter()
            .zip(session.load(&rows, branches!(branches, friends)).unwrap())
            .zip(session.load(&rows, Shop::SHADOW.with(Shop::SHADOW)).unwrap())
            .zip(session.load(&rows, friends.linked(Shop::ADMIRERS)).unwrap())
            .zip(session.load(&rows, Shop::AREA.with_count(Area::SHOPS)).unwrap());
        let loaded = loaded.map(|((((a, b), c), d), e)| (a, b, c, d, e));
        prop_assert_eq!(rows.into_iter().zip(loaded).collect::<Vec<_>>(), expected);
        Ok(())
    });
}

#[test]
fn counts_and_writes_by_set_choose_what_loops_choose() {
    run((rows(), of_shop(3), by(), 0..4_u8), |(rows, of, by, limit)| {
        let session = filled(&rows);
        let expected = shops_of(&rows, &of, by);
        let query = shops(&session, &of, by);
        prop_assert_eq!(query.count().unwrap(), expected.len() as u64);
        prop_assert_eq!(query.exists().unwrap(), !expected.is_empty());
        prop_assert_eq!(query.first().unwrap(), expected.first().copied().cloned());
        let first = &expected[..expected.len().min(limit.into())];
        prop_assert_eq!(
            query.clone().limit(limit.into()).update(Shop::SCORE.set(99)).unwrap(),
            first.len() as u64
        );
        let written = session.find::<Shop>().filter(Shop::SCORE.eq(99)).order_by(Shop::ID.asc());
        let mut ids: Vec<i64> = first.iter().map(|shop| shop.id).collect();
        ids.sort_unstable();
        prop_assert_eq!(written.select(Shop::ID).all().unwrap(), ids);
        Ok(())
    });
}

/// A pair for each partner, in order; one with none where there is no partner.
fn outer<'r>(shops: &[&'r Shop], partners: impl Fn(&Shop) -> Vec<&'r Shop>) -> Vec<(Shop, Option<Shop>)> {
    let pairs = shops.iter().flat_map(|shop| {
        let found: Vec<Option<Shop>> = partners(shop).into_iter().cloned().map(Some).collect();
        let found = if found.is_empty() { vec![None] } else { found };
        found.into_iter().map(|partner| ((*shop).clone(), partner)).collect::<Vec<_>>()
    });
    pairs.collect()
}

fn inner(pairs: &[(Shop, Option<Shop>)]) -> Vec<(Shop, Shop)> {
    pairs.iter().filter_map(|(shop, partner)| Some((shop.clone(), partner.clone()?))).collect()
}

#[test]
fn joins_find_what_loops_find() {
    run((rows(), of_shop(2), by(), chosen()), |(rows, of, by, mut some)| {
        some.limit = None;
        let session = filled(&rows);
        let (query, here) = (shops(&session, &of, by), shops_of(&rows, &of, by));
        macro_rules! check {
            ($relation:expr, $partners:expr) => {
                let expected = outer(&here, $partners);
                prop_assert_eq!(&query.clone().left_join($relation).all().unwrap(), &expected);
                prop_assert_eq!(query.clone().left_join($relation).count().unwrap(), expected.len() as u64);
                prop_assert_eq!(query.clone().join($relation).all().unwrap(), inner(&expected));
                prop_assert_eq!(
                    query.clone().join($relation).count().unwrap(),
                    inner(&expected).len() as u64
                );
            };
        }
        check!(some.children(Shop::BRANCHES), |shop| some.among(rows.branches(shop), &rows));
        check!(some.linked(Shop::FRIENDS), |shop| some.among(rows.friends(shop), &rows));
        check!(some.linked(Shop::ADMIRERS), |shop| some.among(rows.admirers(shop), &rows));
        check!(Shop::SHADOW, |shop| rows.shadow(shop).into_iter().collect());
        check!(Shop::SHADOW.filter(some.of.filter()), |shop| {
            rows.shadow(shop).into_iter().filter(|shadow| some.of.holds(shadow, &rows)).collect()
        });
        // through an optional key, a join leaves no row out
        let parents = outer(&here, |shop| rows.parent(shop).into_iter().collect());
        prop_assert_eq!(&query.clone().join(Shop::PARENT).all().unwrap(), &parents);
        prop_assert_eq!(&query.clone().left_join(Shop::PARENT).all().unwrap(), &parents);
        Ok(())
    });
}

#[test]
fn several_joins_make_a_row_of_each_combination() {
    run((rows(), of_shop(1), by(), chosen(), chosen()), |(rows, of, by, mut one, mut other)| {
        (one.limit, other.limit) = (None, None);
        let session = filled(&rows);
        let query = shops(&session, &of, by);
        let found = query
            .left_join(one.linked(Shop::FRIENDS))
            .join(other.children(Shop::BRANCHES))
            .left_join(other.linked(Shop::FRIENDS))
            .join(Shop::AREA)
            .all()
            .unwrap();
        let here = shops_of(&rows, &of, by);
        let mut expected = Vec::new();
        for shop in here {
            let only = [shop];
            let firsts = outer(&only, |shop| one.among(rows.friends(shop), &rows));
            let branches = other.among(rows.branches(shop), &rows);
            let lasts = outer(&only, |shop| other.among(rows.friends(shop), &rows));
            for (_, first) in &firsts {
                for branch in &branches {
                    for (_, last) in &lasts {
                        let area = rows.area(shop).cloned();
                        expected.push((shop.clone(), first.clone(), (*branch).clone(), last.clone(), area));
                    }
                }
            }
        }
        // links that are there twice make rows that no order tells apart
        let sorted = |rows: &[_]| {
            let mut rows: Vec<String> = rows.iter().map(|row| format!("{row:?}")).collect();
            rows.sort();
            rows
        };
        prop_assert_eq!(sorted(&found), sorted(&expected));
        Ok(())
    });
}

#[test]
fn keys_of_several_columns_find_what_loops_find() {
    run((rows(), of_area(3), chosen()), |(rows, of, some)| {
        let session = filled(&rows);
        let areas = || {
            let filter: Filter<Area> = of.filter();
            session.find::<Area>().filter(filter).order_by((Area::ZONE.asc(), Area::NUMBER.asc()))
        };
        let here = || rows.areas.iter().filter(|area| of.holds(area, &rows));
        let expected: Vec<(Area, Vec<Shop>)> =
            here().map(|area| (area.clone(), cloned(some.among(rows.shops_of(area), &rows)))).collect();
        prop_assert_eq!(&areas().with(some.children(Area::SHOPS)).all().unwrap(), &expected);
        let unlimited = Chosen { limit: None, ..some.clone() };
        let joined = here().flat_map(|area| {
            unlimited.among(rows.shops_of(area), &rows).into_iter().map(|shop| (area.clone(), shop.clone()))
        });
        let expected: Vec<(Area, Shop)> = joined.collect();
        prop_assert_eq!(areas().join(unlimited.children(Area::SHOPS)).all().unwrap(), expected);
        Ok(())
    });
}
