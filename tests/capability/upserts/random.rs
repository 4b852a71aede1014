//! Random rows, upserted, beside maps that do the same.

use std::collections::BTreeMap;

use orm_core::{Model, Upserted};

use crate::support::session_with;

#[derive(Debug, Clone, PartialEq, Model)]
struct Item {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(unique)]
    name: i64,
    n: i64,
    total: i64,
}

/// Xorshift: the same numbers each time.
fn numbers(seed: u64) -> impl FnMut(u64) -> i64 {
    let mut state = seed * 2 + 1;
    move |below| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below) as i64
    }
}

/// What an upsert by name does: adds to the total, where the new number is not smaller.
fn expected(rows: &mut BTreeMap<i64, Item>, next_key: &mut i64, item: &mut Item) -> Upserted {
    match rows.get_mut(&item.name) {
        None => {
            item.id = *next_key;
            *next_key += 1;
            rows.insert(item.name, item.clone());
            Upserted::Inserted
        }
        Some(row) if row.n <= item.n => {
            row.n = item.n;
            row.total += item.total;
            item.id = row.id;
            Upserted::Updated
        }
        Some(_) => Upserted::LeftAlone,
    }
}

#[test]
fn a_table_holds_what_a_map_would() {
    for seed in 0..60 {
        let mut number = numbers(seed);
        let session = session_with::<Item>();
        let upsert = session
            .inserting::<Item>()
            .on_conflict(Item::NAME)
            .update([Item::N.set_excluded(), Item::TOTAL.set(Item::TOTAL + Item::TOTAL.excluded())])
            .filter(Item::N.le(Item::N.excluded()));
        let (mut rows, mut next_key) = (BTreeMap::new(), 1);
        for _ in 0..10 {
            let count = number(30) + 1;
            let mut items: Vec<Item> = (0..count)
                .map(|_| Item { id: 0, name: number(40), n: number(10), total: number(100) })
                .collect();
            let mut model = items.clone();
            let outcomes: Vec<Upserted> =
                model.iter_mut().map(|item| expected(&mut rows, &mut next_key, item)).collect();
            assert_eq!(upsert.all(&mut items).unwrap(), outcomes, "seed {seed}");
            assert_eq!(items, model, "seed {seed}");
            let stored = session.find::<Item>().order_by(Item::NAME.asc()).all().unwrap();
            assert_eq!(stored, rows.values().cloned().collect::<Vec<_>>(), "seed {seed}");
        }
    }
}
