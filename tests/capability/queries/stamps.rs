use orm_core::{Engine, Model, Session};

#[derive(Debug, Clone, PartialEq, Model)]
struct Page {
    #[orm(primary_key, auto)]
    id: i64,
    text: String,
    #[orm(updated_at)]
    changed: Option<String>,
    #[orm(deleted_at)]
    gone: Option<String>,
    #[orm(version)]
    version: i64,
}

fn pages() -> Session {
    let session = Engine::open_in_memory().unwrap().session().unwrap();
    session.create_table::<Page>().unwrap();
    for text in ["a", "b"] {
        session.create(Page { id: 0, text: text.into(), changed: None, gone: None, version: 0 }).unwrap();
    }
    session.execute_batch("UPDATE page SET changed = NULL").unwrap();
    session
}

#[test]
fn a_set_based_update_is_seen_by_optimistic_locking() {
    let session = pages();
    let mut stale = session.find::<Page>().filter(Page::TEXT.eq("a")).one().unwrap();
    assert_eq!(session.find::<Page>().filter(Page::ID.eq(stale.id)).update(Page::TEXT.set("x")).unwrap(), 1);
    let fresh = session.find::<Page>().filter(Page::ID.eq(stale.id)).one().unwrap();
    assert_eq!(fresh.version, stale.version + 1);
    assert!(fresh.changed.is_some());
    assert!(session.update(&mut stale).unwrap_err().is_stale());
}

#[test]
fn what_is_set_by_hand_is_left_alone() {
    let session = pages();
    let all = session.find::<Page>().all_rows();
    assert_eq!(all.update([Page::VERSION.set(9), Page::CHANGED.set("then")]).unwrap(), 2);
    assert!(
        all.all().unwrap().iter().all(|page| page.version == 9 && page.changed.as_deref() == Some("then"))
    );
}

#[test]
fn deleted_rows_are_marked_and_left_out() {
    let session = pages();
    let find = || session.find::<Page>();
    assert_eq!(find().filter(Page::TEXT.eq("a")).delete().unwrap(), 1);
    assert_eq!(find().filter(Page::TEXT.eq("a")).delete().unwrap(), 0);
    assert_eq!(find().count().unwrap(), 1);
    assert_eq!(find().with_deleted().count().unwrap(), 2);
    assert_eq!(find().with_deleted().filter(Page::GONE.is_not_null()).one().unwrap().text, "a");
    assert_eq!(find().all_rows().update(Page::TEXT.set("x")).unwrap(), 1);
    assert_eq!(find().all_rows().hard_delete().unwrap(), 1);
    assert_eq!(find().all_rows().with_deleted().hard_delete().unwrap(), 1);
}
