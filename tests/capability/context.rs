//! What travels with a session.

use orm_core::Engine;

#[derive(Debug, PartialEq)]
struct Tenant(i64);

#[derive(Debug, PartialEq)]
struct User(&'static str);

#[test]
fn a_session_keeps_one_value_of_each_type() {
    let session = Engine::open_in_memory().unwrap().session().unwrap();
    session.set_context(Tenant(1));
    session.set_context(User("Ann"));
    session.set_context(Tenant(2));
    assert_eq!(
        (
            session.context::<Tenant>().as_deref(),
            session.context::<User>().as_deref(),
            session.context::<i64>()
        ),
        (Some(&Tenant(2)), Some(&User("Ann")), None)
    );
}

#[test]
fn the_context_is_seen_through_transactions_and_snapshots_and_survives_their_end() {
    let session = Engine::open_in_memory().unwrap().session().unwrap();
    session.set_context(Tenant(1));
    session
        .transaction(|tx| {
            assert_eq!(tx.context::<Tenant>().as_deref(), Some(&Tenant(1)));
            tx.set_context(Tenant(2));
            tx.read(|snapshot| {
                assert_eq!(snapshot.context::<Tenant>().as_deref(), Some(&Tenant(2)));
                Ok(())
            })
        })
        .unwrap();
    assert_eq!(session.context::<Tenant>().as_deref(), Some(&Tenant(2)));
}

#[test]
fn the_context_ends_with_its_session_and_not_with_the_connection() {
    let engine = Engine::builder().max_connections(1).open_in_memory().unwrap();
    let session = engine.session().unwrap();
    session.set_context(Tenant(1));
    let kept = session.context::<Tenant>();
    drop(session);
    assert_eq!(engine.session().unwrap().context::<Tenant>(), None);
    assert_eq!(kept.as_deref(), Some(&Tenant(1)));
}

#[test]
fn a_session_carries_its_context_to_another_thread() {
    let session = Engine::open_in_memory().unwrap().session().unwrap();
    session.set_context(Tenant(1));
    let seen = std::thread::spawn(move || session.context::<Tenant>()).join().unwrap();
    assert_eq!(seen.as_deref(), Some(&Tenant(1)));
}
