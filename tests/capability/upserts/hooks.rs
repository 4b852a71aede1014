use std::sync::Mutex;

use orm_core::{Error, Hooks, Model, Result, Session, Upserted};

use crate::support::session_with;

#[derive(Default)]
struct Journal {
    calls: Mutex<Vec<String>>,
    fail: Mutex<Option<&'static str>>,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "users", hooks)]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(unique)]
    email: String,
    age: i64,
}

impl User {
    fn called(&self, session: &Session, hook: &'static str) -> Result<()> {
        let Some(journal) = session.context::<Journal>() else { return Ok(()) };
        journal.calls.lock().unwrap().push(format!("{hook} {} {}", self.id, self.age));
        if *journal.fail.lock().unwrap() == Some(hook) {
            return Err(Error::other(format!("{hook} says no")));
        }
        Ok(())
    }
}

impl Hooks for User {
    fn before_insert(&mut self, session: &Session) -> Result<()> {
        self.email = self.email.to_lowercase();
        self.called(session, "before_insert")
    }

    fn after_insert(&mut self, session: &Session) -> Result<()> {
        self.called(session, "after_insert")
    }

    fn before_update(&mut self, session: &Session) -> Result<()> {
        self.called(session, "before_update")
    }

    fn after_update(&mut self, session: &Session) -> Result<()> {
        self.called(session, "after_update")
    }

    fn after_find(&mut self, session: &Session) -> Result<()> {
        self.called(session, "after_find")
    }
}

fn user(email: &str, age: i64) -> User {
    User { id: 0, email: email.into(), age }
}

fn session() -> Session {
    let session = session_with::<User>();
    session.create(user("ann", 1)).unwrap();
    session.set_context(Journal::default());
    session
}

fn calls(session: &Session) -> Vec<String> {
    std::mem::take(&mut session.context::<Journal>().unwrap().calls.lock().unwrap())
}

fn fail_in(session: &Session, hook: Option<&'static str>) {
    *session.context::<Journal>().unwrap().fail.lock().unwrap() = hook;
}

fn ages(session: &Session) -> Vec<i64> {
    session.raw("SELECT age FROM users ORDER BY id", ()).all().unwrap()
}

#[test]
fn what_runs_after_is_chosen_by_what_happened() {
    let session = session();
    let older = session
        .inserting::<User>()
        .on_conflict(User::EMAIL)
        .update(User::AGE.set_excluded())
        .filter(User::AGE.lt(User::AGE.excluded()));
    assert_eq!(older.one(&mut user("ANN", 2)).unwrap(), Upserted::Updated);
    assert_eq!(calls(&session), ["before_insert 0 2", "after_update 1 2"]);
    assert_eq!(older.one(&mut user("ANN", 2)).unwrap(), Upserted::LeftAlone);
    assert_eq!(calls(&session), ["before_insert 0 2"]);
    let mut many = [user("eve", 5), user("ann", 6)];
    older.all(&mut many).unwrap();
    assert_eq!(
        calls(&session),
        ["before_insert 0 5", "after_insert 2 5", "before_insert 0 6", "after_update 1 6"]
    );
}

#[test]
fn a_row_that_is_read_back_counts_as_found() {
    let session = session();
    let upsert = session
        .inserting::<User>()
        .on_conflict(User::EMAIL)
        .update(User::AGE.set(User::AGE + 10))
        .returning();
    upsert.one(&mut user("ann", 2)).unwrap();
    assert_eq!(calls(&session), ["before_insert 0 2", "after_find 1 11", "after_update 1 11"]);
    session.inserting::<User>().only(User::EMAIL.any()).returning().one(&mut user("eve", 2)).unwrap_err();
    calls(&session);
    session.inserting::<User>().returning().one(&mut user("eve", 2)).unwrap();
    assert_eq!(calls(&session), ["before_insert 0 2", "after_find 2 2", "after_insert 2 2"]);
}

#[test]
fn a_hook_that_fails_undoes_the_upsert() {
    let session = session();
    let upsert = session.inserting::<User>().on_conflict(User::EMAIL).update(User::AGE.set_excluded());
    for (hook, email) in [("before_insert", "ann"), ("after_update", "ann"), ("after_insert", "eve")] {
        fail_in(&session, Some(hook));
        let mut given = user(email, 7);
        assert_eq!(upsert.one(&mut given).unwrap_err().to_string(), format!("{hook} says no"));
        assert_eq!(given, user(email, 7));
        let mut many = [user("zoe", 8), user(email, 7)];
        assert_eq!(upsert.all(&mut many).unwrap_err().to_string(), format!("{hook} says no"));
        assert_eq!(many, [user("zoe", 8), user(email, 7)]);
        assert_eq!(ages(&session), [1]);
    }
}

#[test]
fn a_row_that_is_there_runs_only_its_hook_after_finding() {
    let session = session();
    assert!(!session.find_or_insert(User::EMAIL, user("ann", 7)).unwrap().1);
    assert_eq!(calls(&session), ["after_find 1 1"]);
    assert!(session.find_or_insert(User::EMAIL, user("eve", 7)).unwrap().1);
    assert_eq!(calls(&session), ["before_insert 0 7", "after_insert 2 7"]);
}

#[test]
fn a_hook_may_change_what_a_row_is_found_by() {
    let session = session();
    let (found, inserted) = session.find_or_insert(User::EMAIL, user("ANN", 7)).unwrap();
    assert_eq!((found, inserted), (User { id: 1, ..user("ann", 1) }, false));
    assert_eq!(calls(&session), ["before_insert 0 7", "after_find 1 1"]);
}
