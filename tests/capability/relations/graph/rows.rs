use proptest::prelude::*;

use super::{Area, Pact, Shop};

/// All rows, and what belongs to one by looking at each.
#[derive(Debug, Clone)]
pub(super) struct Rows {
    pub(super) areas: Vec<Area>,
    pub(super) shops: Vec<Shop>,
    pub(super) pacts: Vec<Pact>,
}

impl Rows {
    pub(super) fn shop(&self, id: Option<i64>) -> Option<&Shop> {
        self.shops.iter().find(|shop| Some(shop.id) == id)
    }

    pub(super) fn parent(&self, shop: &Shop) -> Option<&Shop> {
        self.shop(shop.parent_id)
    }

    pub(super) fn area(&self, shop: &Shop) -> Option<&Area> {
        self.areas.iter().find(|area| area.zone == shop.zone && Some(area.number) == shop.area_number)
    }

    pub(super) fn shops_of(&self, area: &Area) -> Vec<&Shop> {
        self.shops.iter().filter(|shop| self.area(shop) == Some(area)).collect()
    }

    pub(super) fn branches(&self, shop: &Shop) -> Vec<&Shop> {
        self.shops.iter().filter(|other| other.parent_id == Some(shop.id)).collect()
    }

    pub(super) fn shadow(&self, shop: &Shop) -> Option<&Shop> {
        self.shops.iter().find(|other| other.twin_id == Some(shop.id))
    }

    /// One for each pact.
    pub(super) fn friends(&self, shop: &Shop) -> Vec<&Shop> {
        let pacts = self.pacts.iter().filter(|pact| pact.one_id == shop.id);
        pacts.filter_map(|pact| self.shop(pact.other_id)).collect()
    }

    pub(super) fn admirers(&self, shop: &Shop) -> Vec<&Shop> {
        let pacts = self.pacts.iter().filter(|pact| pact.other_id == Some(shop.id));
        pacts.filter_map(|pact| self.shop(Some(pact.one_id))).collect()
    }
}

pub(super) fn letter(number: u8) -> String {
    char::from(b'a' + number).to_string()
}

/// A number from 1 to so many; none where there are none.
fn among(number: u8, count: usize) -> Option<i64> {
    let count = i64::try_from(count).unwrap();
    (count > 0).then(|| i64::from(number) % count + 1)
}

/// Name, score, zone, area, parent, twin.
type Draw = (u8, Option<i64>, i64, Option<u8>, Option<u8>, Option<u8>);

fn shop(id: i64, (name, score, zone, area, parent, twin): Draw, areas: &[Area], count: usize) -> Shop {
    let area = area.filter(|_| !areas.is_empty()).map(|area| &areas[usize::from(area) % areas.len()]);
    Shop {
        id,
        name: letter(name),
        score,
        zone: area.map_or(zone, |area| area.zone),
        area_number: area.map(|area| area.number),
        parent_id: parent.and_then(|parent| among(parent, count)),
        twin_id: twin.and_then(|twin| among(twin, count)),
    }
}

pub(super) fn rows() -> impl Strategy<Value = Rows> {
    let maybe = || prop::option::of(0..12_u8);
    let shop_draw = (0..3_u8, prop::option::of(0..3_i64), 1..3_i64, maybe(), maybe(), maybe());
    (
        prop::collection::btree_map((1..3_i64, 1..3_i64), 0..3_u8, 0..4),
        prop::collection::vec(shop_draw, 0..8),
        prop::collection::vec((0..12_u8, maybe()), 0..10),
    )
        .prop_map(|(areas, draws, pacts)| {
            let areas: Vec<Area> = areas
                .into_iter()
                .map(|((zone, number), name)| Area { zone, number, name: letter(name) })
                .collect();
            let count = draws.len();
            let mut shops: Vec<Shop> =
                (1..).zip(draws).map(|(id, draw)| shop(id, draw, &areas, count)).collect();
            for at in 0..shops.len() {
                let taken = shops[..at].iter().any(|shop| shop.twin_id == shops[at].twin_id);
                if taken {
                    shops[at].twin_id = None;
                }
            }
            let pacts = (1..).zip(pacts).filter_map(|(id, (one, other))| {
                let other_id = other.and_then(|other| among(other, count));
                Some(Pact { id, one_id: among(one, count)?, other_id })
            });
            let pacts = pacts.collect();
            Rows { areas, shops, pacts }
        })
}
