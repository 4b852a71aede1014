use orm_core::{Expr, Filter, Order};
use proptest::prelude::*;

use super::rows::Rows;
use super::{Area, Shop};

/// What is asked of rows that belong to a row.
#[derive(Debug, Clone, Copy)]
pub(super) enum Ask {
    Any,
    None,
    All,
}

/// By which relation to many.
#[derive(Debug, Clone, Copy)]
pub(super) enum Many {
    Branches,
    Friends,
    Admirers,
}

/// A condition on a shop.
#[derive(Debug, Clone)]
pub(super) enum OfShop {
    Name(String),
    ScoreAbove(i64),
    ScoreIsNot(i64),
    ParentName(String),
    GrandparentIsNot(String),
    ParentHasBranches(u64),
    AreaName(String),
    ParentArea(String),
    Parent(bool, Box<OfShop>),
    Area(bool, Box<OfArea>),
    Shadow(Ask, Box<OfShop>),
    Related(Many, Ask, Box<OfShop>),
    CountAbove(Many, u64),
    MoreBranchesThanFriends,
    Not(Box<OfShop>),
    Both(Box<OfShop>, Box<OfShop>),
    Either(Box<OfShop>, Box<OfShop>),
}

/// A condition on an area.
#[derive(Debug, Clone)]
pub(super) enum OfArea {
    Name(String),
    Shops(Ask, Box<OfShop>),
    CountAbove(u64),
}

fn ask() -> impl Strategy<Value = Ask> {
    prop_oneof![Just(Ask::Any), Just(Ask::None), Just(Ask::All)]
}

fn many() -> impl Strategy<Value = Many> {
    prop_oneof![Just(Many::Branches), Just(Many::Friends), Just(Many::Admirers)]
}

fn name() -> impl Strategy<Value = String> {
    "[a-c]"
}

pub(super) fn of_shop(depth: u32) -> BoxedStrategy<OfShop> {
    let leaf = prop_oneof![
        name().prop_map(OfShop::Name),
        (0..3_i64).prop_map(OfShop::ScoreAbove),
        (0..3_i64).prop_map(OfShop::ScoreIsNot),
        name().prop_map(OfShop::ParentName),
        name().prop_map(OfShop::GrandparentIsNot),
        (0..3_u64).prop_map(OfShop::ParentHasBranches),
        name().prop_map(OfShop::AreaName),
        name().prop_map(OfShop::ParentArea),
        (many(), 0..3_u64).prop_map(|(many, count)| OfShop::CountAbove(many, count)),
        Just(OfShop::MoreBranchesThanFriends),
    ];
    if depth == 0 {
        return leaf.boxed();
    }
    let shop = || of_shop(depth - 1).prop_map(Box::new);
    let area = of_area(depth - 1).prop_map(Box::new);
    prop_oneof![
        2 => leaf,
        1 => (any::<bool>(), shop()).prop_map(|(there, shop)| OfShop::Parent(there, shop)),
        1 => (any::<bool>(), area).prop_map(|(there, area)| OfShop::Area(there, area)),
        1 => (ask(), shop()).prop_map(|(ask, shop)| OfShop::Shadow(ask, shop)),
        3 => (many(), ask(), shop()).prop_map(|(many, ask, shop)| OfShop::Related(many, ask, shop)),
        1 => shop().prop_map(OfShop::Not),
        1 => (shop(), shop()).prop_map(|(one, other)| OfShop::Both(one, other)),
        1 => (shop(), shop()).prop_map(|(one, other)| OfShop::Either(one, other)),
    ]
    .boxed()
}

pub(super) fn of_area(depth: u32) -> BoxedStrategy<OfArea> {
    let leaf = prop_oneof![name().prop_map(OfArea::Name), (0..3_u64).prop_map(OfArea::CountAbove)];
    if depth == 0 {
        return leaf.boxed();
    }
    let shops = (ask(), of_shop(depth - 1)).prop_map(|(ask, shop)| OfArea::Shops(ask, Box::new(shop)));
    prop_oneof![leaf, shops].boxed()
}

macro_rules! asked {
    ($relation:expr, $ask:expr, $filter:expr) => {
        match $ask {
            Ask::Any => $relation.any($filter),
            Ask::None => $relation.none($filter),
            Ask::All => $relation.all($filter),
        }
    };
}

impl Ask {
    fn holds<T>(self, mut items: impl Iterator<Item = T>, holds: impl FnMut(T) -> bool) -> bool {
        match self {
            Self::Any => items.any(holds),
            Self::None => !items.any(holds),
            Self::All => items.all(holds),
        }
    }
}

impl Many {
    fn count(self) -> Expr<Shop, u64> {
        match self {
            Self::Branches => Shop::BRANCHES.count(),
            Self::Friends => Shop::FRIENDS.count(),
            Self::Admirers => Shop::ADMIRERS.count(),
        }
    }

    fn of<'r>(self, rows: &'r Rows, shop: &Shop) -> Vec<&'r Shop> {
        match self {
            Self::Branches => rows.branches(shop),
            Self::Friends => rows.friends(shop),
            Self::Admirers => rows.admirers(shop),
        }
    }
}

impl OfShop {
    pub(super) fn filter(&self) -> Filter<Shop> {
        match self {
            Self::Name(name) => Shop::NAME.eq(name),
            Self::ScoreAbove(score) => Shop::SCORE.gt(score),
            Self::ScoreIsNot(score) => Shop::SCORE.ne(*score),
            Self::ParentName(name) => Shop::PARENT.at(Shop::NAME).eq(name),
            Self::GrandparentIsNot(name) => Shop::PARENT.at(Shop::PARENT.at(Shop::NAME)).ne(name),
            Self::ParentHasBranches(count) => Shop::PARENT.at(Shop::BRANCHES.count()).gt(count),
            Self::AreaName(name) => Shop::AREA.at(Area::NAME).eq(name),
            Self::ParentArea(name) => Shop::PARENT.at(Shop::AREA.at(Area::NAME)).eq(name),
            Self::Parent(true, shop) => Shop::PARENT.any(shop.filter()),
            Self::Parent(false, shop) => Shop::PARENT.none(shop.filter()),
            Self::Area(true, area) => Shop::AREA.any(area.filter()),
            Self::Area(false, area) => Shop::AREA.none(area.filter()),
            Self::Shadow(ask, shop) => asked!(Shop::SHADOW, ask, shop.filter()),
            Self::Related(Many::Branches, ask, shop) => asked!(Shop::BRANCHES, ask, shop.filter()),
            Self::Related(Many::Friends, ask, shop) => asked!(Shop::FRIENDS, ask, shop.filter()),
            Self::Related(Many::Admirers, ask, shop) => asked!(Shop::ADMIRERS, ask, shop.filter()),
            Self::CountAbove(many, count) => many.count().gt(count),
            Self::MoreBranchesThanFriends => Shop::BRANCHES.count().gt(Shop::FRIENDS.count()),
            Self::Not(shop) => !shop.filter(),
            Self::Both(one, other) => one.filter() & other.filter(),
            Self::Either(one, other) => one.filter() | other.filter(),
        }
    }

    pub(super) fn holds(&self, shop: &Shop, rows: &Rows) -> bool {
        self.truth(shop, rows) == Some(true)
    }

    /// `None` is neither true nor false, which is what an order between NULL and something is.
    fn truth(&self, shop: &Shop, rows: &Rows) -> Option<bool> {
        let parent = || rows.parent(shop);
        let named = |other: Option<&Shop>, name: &str| other.is_some_and(|other| other.name == name);
        let in_area = |shop: &Shop, name: &str| rows.area(shop).is_some_and(|area| area.name == name);
        let so = match self {
            Self::ScoreAbove(score) => return shop.score.map(|found| found > *score),
            Self::Not(of) => return of.truth(shop, rows).map(|truth| !truth),
            Self::Both(one, other) => return and(one.truth(shop, rows), other.truth(shop, rows)),
            Self::Either(one, other) => {
                let not = |of: &Self| of.truth(shop, rows).map(|truth| !truth);
                return and(not(one), not(other)).map(|neither| !neither);
            }
            Self::Name(name) => shop.name == *name,
            Self::ScoreIsNot(score) => shop.score != Some(*score),
            Self::ParentName(name) => named(parent(), name),
            Self::GrandparentIsNot(name) => !named(parent().and_then(|it| rows.parent(it)), name),
            Self::ParentHasBranches(count) => {
                parent().is_some_and(|it| rows.branches(it).len() as u64 > *count)
            }
            Self::AreaName(name) => in_area(shop, name),
            Self::ParentArea(name) => parent().is_some_and(|it| in_area(it, name)),
            Self::Parent(there, of) => parent().is_some_and(|it| of.holds(it, rows)) == *there,
            Self::Area(there, of) => rows.area(shop).is_some_and(|it| of.holds(it, rows)) == *there,
            Self::Shadow(ask, of) => ask.holds(rows.shadow(shop).into_iter(), |it| of.holds(it, rows)),
            Self::Related(many, ask, of) => {
                ask.holds(many.of(rows, shop).into_iter(), |it| of.holds(it, rows))
            }
            Self::CountAbove(many, count) => many.of(rows, shop).len() as u64 > *count,
            Self::MoreBranchesThanFriends => rows.branches(shop).len() > rows.friends(shop).len(),
        };
        Some(so)
    }
}

/// As in SQL.
fn and(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    match (one, other) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        (None, _) | (_, None) => None,
    }
}

impl OfArea {
    pub(super) fn filter(&self) -> Filter<Area> {
        match self {
            Self::Name(name) => Area::NAME.eq(name),
            Self::Shops(ask, shop) => asked!(Area::SHOPS, ask, shop.filter()),
            Self::CountAbove(count) => Area::SHOPS.count().gt(count),
        }
    }

    pub(super) fn holds(&self, area: &Area, rows: &Rows) -> bool {
        match self {
            Self::Name(name) => area.name == *name,
            Self::Shops(ask, of) => ask.holds(rows.shops_of(area).into_iter(), |it| of.holds(it, rows)),
            Self::CountAbove(count) => rows.shops_of(area).len() as u64 > *count,
        }
    }
}

/// An order of shops; those that are equal by it are in the order of their keys.
#[derive(Debug, Clone, Copy)]
pub(super) struct By {
    key: Key,
    descending: bool,
}

#[derive(Debug, Clone, Copy)]
enum Key {
    Id,
    Name,
    Score,
    ParentName,
    GrandparentScore,
    AreaName,
    Count(Many),
}

pub(super) fn by() -> impl Strategy<Value = By> {
    let key = prop_oneof![
        Just(Key::Id),
        Just(Key::Name),
        Just(Key::Score),
        Just(Key::ParentName),
        Just(Key::GrandparentScore),
        Just(Key::AreaName),
        many().prop_map(Key::Count),
    ];
    (key, any::<bool>()).prop_map(|(key, descending)| By { key, descending })
}

impl By {
    pub(super) fn order(self) -> [Order<Shop>; 2] {
        macro_rules! order {
            ($by:expr) => {
                if self.descending { $by.desc() } else { $by.asc() }
            };
        }
        let first = match self.key {
            Key::Id => order!(Shop::ID),
            Key::Name => order!(Shop::NAME),
            Key::Score => order!(Shop::SCORE),
            Key::ParentName => order!(Shop::PARENT.at(Shop::NAME)),
            Key::GrandparentScore => order!(Shop::PARENT.at(Shop::PARENT.at(Shop::SCORE))),
            Key::AreaName => order!(Shop::AREA.at(Area::NAME)),
            Key::Count(many) => order!(many.count()),
        };
        [first, Shop::ID.asc()]
    }

    /// NULL comes before everything else, as `None` does.
    fn value(self, shop: &Shop, rows: &Rows) -> (Option<String>, Option<i64>) {
        let parent = rows.parent(shop);
        match self.key {
            Key::Id => (None, Some(shop.id)),
            Key::Name => (Some(shop.name.clone()), None),
            Key::Score => (None, shop.score),
            Key::ParentName => (parent.map(|parent| parent.name.clone()), None),
            Key::GrandparentScore => (None, parent.and_then(|it| rows.parent(it)).and_then(|it| it.score)),
            Key::AreaName => (rows.area(shop).map(|area| area.name.clone()), None),
            Key::Count(many) => (None, i64::try_from(many.of(rows, shop).len()).ok()),
        }
    }

    pub(super) fn sort(self, shops: &mut [&Shop], rows: &Rows) {
        shops.sort_by(|one, other| {
            let by = self.value(one, rows).cmp(&self.value(other, rows));
            (if self.descending { by.reverse() } else { by }).then(one.id.cmp(&other.id))
        });
    }
}
