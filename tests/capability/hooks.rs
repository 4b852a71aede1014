use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use orm_core::{Error, ErrorKind, Hooks, Model, Result, Session};

use crate::support::{refused, sent, session_with};

/// What the hooks of one session did, and what they shall do.
#[derive(Default)]
struct Journal {
    calls: Mutex<Vec<String>>,
    fail: Mutex<Option<&'static str>>,
    panic: Mutex<Option<&'static str>>,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "users", hooks)]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
    name: String,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "audit")]
struct Audit {
    #[orm(primary_key, auto)]
    id: i64,
    what: String,
}

impl User {
    /// Notes the call in the journal and in the database, then fails or panics where that is wanted.
    fn called(&self, session: &Session, hook: &'static str) -> Result<()> {
        let Some(journal) = session.context::<Journal>() else { return Ok(()) };
        journal.calls.lock().unwrap().push(format!("{hook} {} {}", self.id, self.name));
        if hook != "after_find" {
            session.create(Audit { id: 0, what: hook.into() })?;
        }
        if *journal.fail.lock().unwrap() == Some(hook) {
            return Err(Error::other(format!("{hook} says no")));
        }
        if *journal.panic.lock().unwrap() == Some(hook) {
            panic!("{hook} panics");
        }
        Ok(())
    }
}

impl Hooks for User {
    fn before_insert(&mut self, session: &Session) -> Result<()> {
        self.name = self.name.to_lowercase();
        self.called(session, "before_insert")
    }

    fn after_insert(&mut self, session: &Session) -> Result<()> {
        self.called(session, "after_insert")
    }

    fn before_update(&mut self, session: &Session) -> Result<()> {
        self.name = self.name.to_lowercase();
        self.called(session, "before_update")
    }

    fn after_update(&mut self, session: &Session) -> Result<()> {
        self.called(session, "after_update")
    }

    fn before_delete(&self, session: &Session) -> Result<()> {
        self.called(session, "before_delete")
    }

    fn after_delete(&self, session: &Session) -> Result<()> {
        self.called(session, "after_delete")
    }

    fn after_find(&mut self, session: &Session) -> Result<()> {
        self.called(session, "after_find")?;
        self.name.push('!');
        Ok(())
    }
}

fn user(name: &str) -> User {
    User { id: 0, name: name.into() }
}

fn session() -> Session {
    let session = session_with::<User>();
    session.create_table::<Audit>().unwrap();
    session.set_context(Journal::default());
    session
}

/// The calls since the last look.
fn calls(session: &Session) -> Vec<String> {
    std::mem::take(&mut session.context::<Journal>().unwrap().calls.lock().unwrap())
}

fn fail_in(session: &Session, hook: &'static str) {
    *session.context::<Journal>().unwrap().fail.lock().unwrap() = Some(hook);
}

fn panic_in(session: &Session, hook: &'static str) {
    *session.context::<Journal>().unwrap().panic.lock().unwrap() = Some(hook);
}

/// Every row of the two tables.
fn rows(session: &Session) -> (Vec<(i64, String)>, Vec<String>) {
    (
        session.raw("SELECT id, name FROM users ORDER BY id", ()).all().unwrap(),
        session.raw("SELECT what FROM audit ORDER BY id", ()).all().unwrap(),
    )
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

#[test]
fn every_hook_runs_around_its_verb() {
    let session = session();
    let mut ann = session.create(user("ann")).unwrap();
    assert_eq!(calls(&session), ["before_insert 0 ann", "after_insert 1 ann"]);
    session.update(&mut ann).unwrap();
    assert_eq!(calls(&session), ["before_update 1 ann", "after_update 1 ann"]);
    session.update_only(&mut ann, User::NAME).unwrap();
    assert_eq!(calls(&session), ["before_update 1 ann", "after_update 1 ann"]);
    session.save(&mut ann).unwrap();
    assert_eq!(calls(&session), ["before_update 1 ann", "after_update 1 ann"]);
    session.save(&mut user("bob")).unwrap();
    assert_eq!(calls(&session), ["before_insert 0 bob", "after_insert 2 bob"]);
    session.delete(&ann).unwrap();
    assert_eq!(calls(&session), ["before_delete 1 ann", "after_delete 1 ann"]);
    session.hard_delete(&User { id: 2, ..user("bob") }).unwrap();
    assert_eq!(calls(&session), ["before_delete 2 bob", "after_delete 2 bob"]);
}

#[test]
fn many_run_their_hooks_one_row_after_the_other() {
    let session = session();
    let mut users = [user("a"), user("b")];
    session.insert_all(&mut users).unwrap();
    assert_eq!(
        calls(&session),
        ["before_insert 0 a", "after_insert 1 a", "before_insert 0 b", "after_insert 2 b"]
    );
    let mut many = vec![user("c"); 40];
    session.insert_all(&mut many).unwrap();
    assert_eq!(calls(&session).len(), 80);
    assert_eq!(many[39].id, 42);
}

#[test]
fn what_a_before_hook_changes_is_what_is_written() {
    let session = session();
    let mut ann = session.create(user("ANN")).unwrap();
    assert_eq!(ann.name, "ann");
    ann.name = "EVE".into();
    session.update(&mut ann).unwrap();
    assert_eq!(rows(&session).0, [(1, "eve".to_owned())]);
}

#[test]
fn a_verb_with_hooks_is_one_transaction_and_one_without_is_one_statement() {
    let session = session();
    let audit = r#"INSERT INTO "main"."audit" ("what") VALUES (?1)"#;
    assert_eq!(
        sent(|| session.insert(&mut user("ann"))),
        ["BEGIN IMMEDIATE", audit, r#"INSERT INTO "main"."users" ("name") VALUES (?1)"#, audit, "COMMIT"]
    );
    assert_eq!(sent(|| session.create(Audit { id: 0, what: "x".into() })), [audit]);
}

#[test]
fn an_error_of_a_hook_is_the_error_of_the_verb_and_rolls_everything_back() {
    type Verb = fn(&Session, &mut User) -> Result<()>;
    let insert: Verb = |session, user| {
        user.id = 0;
        session.insert(user)
    };
    let update: Verb = |session, user| session.update(user);
    let delete: Verb = |session, user| session.delete(user);
    for (hook, verb) in [
        ("before_insert", insert),
        ("after_insert", insert),
        ("before_update", update),
        ("after_update", update),
        ("before_delete", delete),
        ("after_delete", delete),
    ] {
        let session = session();
        let mut ann = session.create(user("ann")).unwrap();
        let before = rows(&session);
        fail_in(&session, hook);
        ann.name = "eve".into();
        let error = verb(&session, &mut ann).unwrap_err();
        assert_eq!((error.kind(), error.to_string()), (ErrorKind::Other, format!("{hook} says no")));
        assert_eq!(rows(&session), before, "{hook}");
        let key_as_before = if hook.ends_with("insert") { 0 } else { 1 };
        assert_eq!(ann, User { id: key_as_before, ..user("eve") }, "{hook}");
        assert!(!session.in_transaction());
    }
}

#[test]
fn an_error_of_a_hook_takes_all_of_many_back() {
    let session = session();
    let mut users = [user("a"), user("b"), user("c")];
    session
        .execute_batch("CREATE TRIGGER t BEFORE INSERT ON users WHEN new.name = 'c' BEGIN SELECT RAISE(ABORT, 'no c'); END")
        .unwrap();
    assert_eq!(
        refused(session.insert_all(&mut users)),
        (ErrorKind::Constraint, "table `users`: no c".to_owned())
    );
    assert_eq!(users, [user("a"), user("b"), user("c")]);
    assert_eq!(rows(&session), (vec![], vec![]));
}

#[test]
fn in_a_transaction_only_the_failed_verb_is_taken_back() {
    let session = session();
    session
        .transaction(|tx| {
            tx.create(user("ann"))?;
            fail_in(tx, "after_insert");
            tx.create(user("bob")).unwrap_err();
            Ok(())
        })
        .unwrap();
    assert_eq!(rows(&session), (vec![(1, "ann".to_owned())], texts(&["before_insert", "after_insert"])));
}

#[test]
fn a_panic_in_a_hook_rolls_back_puts_the_struct_back_and_goes_on() {
    for hook in ["before_insert", "after_insert"] {
        let session = session();
        panic_in(&session, hook);
        let mut users = [user("ann"), user("bob")];
        let panic = catch_unwind(AssertUnwindSafe(|| session.insert(&mut users[0]))).unwrap_err();
        assert_eq!(panic.downcast_ref::<String>().unwrap(), &format!("{hook} panics"));
        catch_unwind(AssertUnwindSafe(|| session.insert_all(&mut users))).unwrap_err();
        assert_eq!(users, [user("ann"), user("bob")]);
        assert_eq!(rows(&session), (vec![], vec![]));
        assert!(!session.in_transaction());
        panic_in(&session, "");
        assert_eq!(session.create(user("eve")).unwrap().id, 1);
    }
}

#[test]
fn a_verb_that_fails_by_itself_does_not_run_the_after_hook() {
    let session = session();
    session.execute_batch("CREATE UNIQUE INDEX one_name ON users (name)").unwrap();
    session.create(user("ann")).unwrap();
    calls(&session);
    session.create(user("ann")).unwrap_err();
    session.update(&mut User { id: 9, ..user("bob") }).unwrap_err();
    session.delete(&User { id: 9, ..user("bob") }).unwrap_err();
    assert_eq!(calls(&session), ["before_insert 0 ann", "before_update 9 bob", "before_delete 9 bob"]);
    assert_eq!(rows(&session).1, ["before_insert", "after_insert"]);
}

#[test]
fn a_commit_that_fails_puts_the_struct_back() {
    let session = session();
    session
        .execute_batch(
            "CREATE TABLE late (id INTEGER REFERENCES audit (id) DEFERRABLE INITIALLY DEFERRED) STRICT;
             CREATE TRIGGER t AFTER INSERT ON users BEGIN INSERT INTO late VALUES (1000); END",
        )
        .unwrap();
    let mut ann = user("ann");
    let error = session.insert(&mut ann).unwrap_err();
    assert!(error.is_foreign_key_violation(), "{error}");
    assert_eq!(ann, user("ann"));
    let mut users = [user("ann"), user("bob")];
    session.insert_all(&mut users).unwrap_err();
    assert_eq!(users, [user("ann"), user("bob")]);
    assert_eq!(rows(&session), (vec![], vec![]));
}

#[test]
fn deleting_by_key_and_raw_sql_run_no_hooks() {
    let session = session();
    session.create(user("ann")).unwrap();
    session.create(user("bob")).unwrap();
    calls(&session);
    assert!(session.delete_key::<User>(1).unwrap());
    session.raw("UPDATE users SET name = 'eve'", ()).execute().unwrap();
    assert_eq!(session.raw("SELECT * FROM users", ()).one::<User>().unwrap(), User { id: 2, ..user("eve") });
    session.raw("DELETE FROM users", ()).execute().unwrap();
    assert_eq!(calls(&session), [""; 0]);
}

mod reading {
    use super::*;

    #[test]
    fn after_find_runs_for_every_row_before_the_caller_sees_it() {
        let session = session();
        session.insert_all(&mut [user("ann"), user("bob")]).unwrap();
        calls(&session);
        assert_eq!(session.get::<User>(1).unwrap().unwrap().name, "ann!");
        assert_eq!(session.get::<User>(9).unwrap(), None);
        let found = session.get_many::<User, _>([2, 9, 1]).unwrap();
        assert_eq!(found.iter().map(|user| &*user.name).collect::<Vec<_>>(), ["bob!", "ann!"]);
        assert_eq!(calls(&session), ["after_find 1 ann", "after_find 2 bob", "after_find 1 ann"]);
    }

    #[test]
    fn an_error_of_after_find_is_the_error_of_the_read() {
        let session = session();
        session.create(user("ann")).unwrap();
        fail_in(&session, "after_find");
        assert_eq!(refused(session.get::<User>(1)).1, "after_find says no");
        assert_eq!(refused(session.get_many::<User, _>([1])).1, "after_find says no");
    }

    static READS: AtomicU64 = AtomicU64::new(0);

    #[derive(Debug, Clone, PartialEq, Model)]
    #[orm(hooks)]
    struct Secret {
        #[orm(primary_key, auto)]
        id: i64,
        reads: u64,
    }

    impl Hooks for Secret {
        fn after_find(&mut self, session: &Session) -> Result<()> {
            READS.fetch_add(1, Ordering::Relaxed);
            self.reads += 1;
            session.raw("UPDATE secret SET reads = ?1 WHERE id = ?2", (self.reads, self.id)).execute()?;
            Ok(())
        }
    }

    #[test]
    fn after_find_may_write() {
        let session = session_with::<Secret>();
        session.insert_all(&mut vec![Secret { id: 0, reads: 0 }; 2]).unwrap();
        session.get::<Secret>(1).unwrap();
        session.get_many::<Secret, _>([1, 2]).unwrap();
        assert_eq!(session.raw("SELECT reads FROM secret ORDER BY id", ()).all::<u64>().unwrap(), [2, 1]);
        assert_eq!(READS.load(Ordering::Relaxed), 3);
    }
}

mod nested {
    use super::*;

    #[derive(Debug, Clone, PartialEq, Model)]
    #[orm(hooks)]
    struct Node {
        #[orm(primary_key, auto)]
        id: i64,
        depth: u8,
        parent: Option<i64>,
    }

    impl Hooks for Node {
        fn after_insert(&mut self, session: &Session) -> Result<()> {
            match self.depth {
                0 => Err(Error::other("too deep")),
                1 => Ok(()),
                depth => {
                    session.create(Node { id: 0, depth: depth - 1, parent: Some(self.id) })?;
                    Ok(())
                }
            }
        }
    }

    #[test]
    fn a_hook_may_insert_rows_with_hooks_and_all_are_one_transaction() {
        let session = session_with::<Node>();
        let root = session.create(Node { id: 0, depth: 3, parent: None }).unwrap();
        assert_eq!(root.id, 1);
        let rows = session.raw("SELECT * FROM node ORDER BY id", ()).all::<Node>().unwrap();
        let node = |id, depth, parent| Node { id, depth, parent };
        assert_eq!(rows, [node(1, 3, None), node(2, 2, Some(1)), node(3, 1, Some(2))]);
    }

    #[test]
    fn an_error_deep_inside_takes_all_back() {
        let session = session_with::<Node>();
        let mut nodes = [Node { id: 0, depth: 2, parent: None }, Node { id: 0, depth: 0, parent: None }];
        assert_eq!(refused(session.insert_all(&mut nodes)).1, "too deep");
        assert_eq!((nodes[0].id, nodes[1].id), (0, 0));
        assert_eq!(session.raw("SELECT count(*) FROM node", ()).one::<i64>().unwrap(), 0);
    }

    #[derive(Debug, Clone, PartialEq, Model)]
    #[orm(hooks)]
    struct Letter {
        #[orm(primary_key, auto)]
        id: i64,
        good: bool,
    }

    static SENT: AtomicU64 = AtomicU64::new(0);

    impl Hooks for Letter {
        fn after_insert(&mut self, session: &Session) -> Result<()> {
            session.after_commit(|| {
                SENT.fetch_add(1, Ordering::Relaxed);
            });
            if self.good { Ok(()) } else { Err(Error::other("a bad letter")) }
        }
    }

    #[test]
    fn what_a_hook_gives_to_after_commit_runs_only_where_the_verb_was_committed() {
        let session = session_with::<Letter>();
        session.create(Letter { id: 0, good: true }).unwrap();
        assert_eq!(SENT.load(Ordering::Relaxed), 1);
        session.create(Letter { id: 0, good: false }).unwrap_err();
        assert_eq!(SENT.load(Ordering::Relaxed), 1);
        session
            .transaction(|tx| {
                tx.create(Letter { id: 0, good: true })?;
                tx.create(Letter { id: 0, good: false }).unwrap_err();
                assert_eq!(SENT.load(Ordering::Relaxed), 1);
                Ok(())
            })
            .unwrap();
        assert_eq!(SENT.load(Ordering::Relaxed), 2);
    }
}
