//! Deleting a row that others refer to: what was declared with `on_delete` happens, and relations show it.

use orm_core::{Engine, Model, Session};

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(has_many(
    goes: Goes::OWNER,
    holds: Holds::OWNER,
    stays: Stays::OWNER,
    falls_back: FallsBack::OWNER,
    waits: Waits::OWNER
))]
struct Owner {
    #[orm(primary_key, auto)]
    id: i64,
}

macro_rules! owned {
    ($($name:ident: $type:ty, ($($attribute:tt)+);)+) => {$(
        #[derive(Debug, Clone, PartialEq, Model)]
        struct $name {
            #[orm(primary_key, auto)]
            id: i64,
            #[orm(references = Owner, $($attribute)+)]
            owner_id: $type,
        }
    )+};
}

owned! {
    Goes: i64, (on_delete = "cascade");
    Holds: Option<i64>, (on_delete = "restrict");
    Stays: Option<i64>, (on_delete = "set null");
    FallsBack: i64, (on_delete = "set default", default = 1);
    Waits: Option<i64>, (deferred);
}

/// Owners 1, 2 and 3; 2 has one of each kind that lets it go.
fn owners() -> Session {
    let engine = Engine::open_in_memory().unwrap();
    engine
        .migrate(&[Owner::TABLE, Goes::TABLE, Holds::TABLE, Stays::TABLE, FallsBack::TABLE, Waits::TABLE])
        .unwrap();
    let session = engine.session().unwrap();
    session.insert_all(&mut [1, 2, 3].map(|id| Owner { id })).unwrap();
    session.create(Goes { id: 0, owner_id: 2 }).unwrap();
    session.create(Stays { id: 0, owner_id: Some(2) }).unwrap();
    session.create(FallsBack { id: 0, owner_id: 2 }).unwrap();
    session
}

/// What belongs to each owner: what goes, stays, falls back.
fn belongings(session: &Session) -> Vec<(i64, u64, u64, u64)> {
    let counts = (Owner::ID, Owner::GOES.count(), Owner::STAYS.count(), Owner::FALLS_BACK.count());
    session.find::<Owner>().order_by(Owner::ID.asc()).select(counts).all().unwrap()
}

#[test]
fn what_refers_to_a_deleted_row_goes_stays_or_falls_back() {
    let deletes: [fn(&Session); 3] = [
        |it| it.delete(&Owner { id: 2 }).unwrap(),
        |it| assert!(it.delete_key::<Owner>(2).unwrap()),
        |it| assert_eq!(it.find::<Owner>().filter(Owner::STAYS.count().eq(1)).delete().unwrap(), 1),
    ];
    for delete in deletes {
        let session = owners();
        assert_eq!(belongings(&session), [(1, 0, 0, 0), (2, 1, 1, 1), (3, 0, 0, 0)]);
        delete(&session);
        assert_eq!(belongings(&session), [(1, 0, 0, 1), (3, 0, 0, 0)]);
        assert_eq!(session.find::<Goes>().count().unwrap(), 0);
        let stays = session.find::<Stays>().with(Stays::OWNER).all().unwrap();
        assert_eq!(stays, [(Stays { id: 1, owner_id: None }, None)]);
    }
}

#[test]
fn a_restricted_row_is_refused_by_every_delete_and_nothing_is_lost() {
    let session = owners();
    session.create(Holds { id: 0, owner_id: Some(2) }).unwrap();
    let before = belongings(&session);
    let errors = [
        session.delete(&Owner { id: 2 }).unwrap_err(),
        session.delete_key::<Owner>(2).unwrap_err(),
        session.find::<Owner>().filter(Owner::ID.gt(1)).delete().unwrap_err(),
        session.find::<Owner>().all_rows().hard_delete().unwrap_err(),
    ];
    for error in errors {
        assert!(error.is_foreign_key_violation(), "{error}");
        assert_eq!(error.table(), Some("owner"));
    }
    assert_eq!(belongings(&session), before);
    // without the one that holds it, it goes
    session.find::<Holds>().filter(Holds::OWNER.any(Owner::ID.eq(2))).delete().unwrap();
    session.delete(&Owner { id: 2 }).unwrap();
    assert_eq!(belongings(&session).len(), 2);
}

#[test]
fn a_deferred_key_is_looked_at_when_the_transaction_ends() {
    let session = owners();
    session.create(Waits { id: 0, owner_id: Some(3) }).unwrap();
    let outcome = session.transaction(|tx| tx.delete(&Owner { id: 3 }));
    assert!(outcome.unwrap_err().is_foreign_key_violation());
    assert_eq!(session.find::<Owner>().filter(Owner::WAITS.count().eq(1)).one().unwrap(), Owner { id: 3 });
    // the row may come back before that
    session
        .transaction(|tx| {
            tx.delete(&Owner { id: 3 })?;
            let lost = tx.find::<Waits>().with(Waits::OWNER).one()?;
            assert_eq!(lost, (Waits { id: 1, owner_id: Some(3) }, None));
            tx.insert(&mut Owner { id: 3 })
        })
        .unwrap();
    assert_eq!(session.find::<Waits>().with(Waits::OWNER).one().unwrap().1, Some(Owner { id: 3 }));
}
