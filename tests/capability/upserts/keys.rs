//! No struct gets a wrong key: the key of the last inserted row is another row's after an upsert that updated.

use orm_core::{ErrorKind, Model, Upserted};

use super::{User, people, user, users};
use crate::support::{refused, sent, session_with};

#[test]
fn an_upsert_that_updated_gives_the_key_of_the_row_that_is_there() {
    let session = people();
    session.create(user("eve", "Eve", 1)).unwrap();
    let upsert = session.inserting::<User>().on_conflict(User::EMAIL).update(User::AGE.set_excluded());
    let mut ann = user("ann", "x", 1);
    upsert.one(&mut ann).unwrap();
    assert_eq!(ann.id, 1);
    // also in place of a key that was set
    let mut bob = User { id: 77, ..user("bob", "x", 1) };
    assert_eq!((upsert.one(&mut bob).unwrap(), bob.id), (Upserted::Updated, 2));
    let mut zoe = User { id: 77, ..user("zoe", "x", 1) };
    assert_eq!((upsert.one(&mut zoe).unwrap(), zoe.id), (Upserted::Inserted, 77));
}

#[test]
fn a_struct_that_was_left_alone_gets_no_key() {
    let session = people();
    let ignore = session.inserting::<User>().ignore_conflicts();
    let mut ann = user("ann", "x", 1);
    ignore.one(&mut ann).unwrap();
    assert_eq!(ann.id, 0);
    let mut many = [user("bob", "x", 1), user("eve", "x", 1), user("ann", "x", 1)];
    ignore.all(&mut many).unwrap();
    assert_eq!(many.map(|user| user.id), [0, 3, 0]);
}

#[test]
fn the_key_of_the_last_insert_is_what_it_was_after_an_update() {
    let session = people();
    let last = || session.raw("SELECT last_insert_rowid()", ()).one::<i64>().unwrap();
    assert_eq!(last(), 2);
    let upsert = session.inserting::<User>().on_conflict(User::EMAIL).update(User::AGE.set_excluded());
    upsert.one(&mut user("ann", "x", 1)).unwrap();
    assert_eq!(last(), 2);
    upsert.one(&mut user("ann", "x", 200)).unwrap_err();
    assert_eq!(last(), 2);
    upsert.one(&mut user("eve", "x", 1)).unwrap();
    assert_eq!(last(), 3);
}

#[test]
fn no_key_is_mistaken_for_an_update() {
    let session = people();
    let upsert = session.inserting::<User>().on_conflict(User::EMAIL).update(User::AGE.set_excluded());
    for key in [i64::MIN, i64::MIN + 1, -1, i64::MAX] {
        let mut new = User { id: key, ..user(&format!("{key}"), "x", 1) };
        assert_eq!((upsert.one(&mut new).unwrap(), new.id), (Upserted::Inserted, key));
        assert_eq!((upsert.one(&mut new).unwrap(), new.id), (Upserted::Updated, key));
    }
}

#[test]
fn by_the_key_itself_nothing_is_read_back() {
    let session = people();
    let upsert = session.inserting::<User>().on_conflict(User::ID).update(User::NAME.set_excluded());
    let mut ann = User { id: 1, ..user("other", "Anna", 1) };
    assert_eq!(
        sent(|| upsert.one(&mut ann)),
        [
            "INSERT INTO \"main\".\"users\" (\"id\", \"email\", \"name\", \"age\") VALUES (?1, ?2, ?3, ?4) ON CONFLICT \
          (\"id\") DO UPDATE SET \"name\" = \"excluded\".\"name\""
        ]
    );
    let mut new = user("new", "New", 1);
    assert_eq!((upsert.one(&mut new).unwrap(), new.id), (Upserted::Inserted, 3));
    assert_eq!(users(&session)[0], User { id: 1, ..user("ann", "Anna", 30) });
}

#[test]
fn a_key_that_the_upsert_changes_is_read_back() {
    let session = people();
    let move_away = session.inserting::<User>().on_conflict(User::ID).update(User::ID.set(User::ID + 100));
    let mut ann = User { id: 1, ..user("x", "x", 1) };
    assert_eq!((move_away.one(&mut ann).unwrap(), ann.id), (Upserted::Updated, 101));
}

#[test]
fn a_key_that_does_not_fit_its_field_undoes_the_upsert() {
    #[derive(Debug, Clone, PartialEq, Model)]
    struct Small {
        #[orm(primary_key, auto)]
        id: u8,
        #[orm(unique)]
        name: String,
        n: i64,
    }

    let session = session_with::<Small>();
    session.raw("INSERT INTO small VALUES (300, 'a', 1)", ()).execute().unwrap();
    let upsert = session.inserting::<Small>().on_conflict(Small::NAME).update(Small::N.set_excluded());
    let mut small = Small { id: 0, name: "a".into(), n: 2 };
    assert_eq!(refused(upsert.one(&mut small)).0, ErrorKind::Conversion);
    assert_eq!(small, Small { id: 0, name: "a".into(), n: 2 });
    assert_eq!(session.raw("SELECT n FROM small", ()).one::<i64>().unwrap(), 1);
    small.name = "b".into();
    assert_eq!(refused(upsert.one(&mut small)).0, ErrorKind::Conversion);
    assert_eq!(session.raw("SELECT count(*) FROM small", ()).one::<i64>().unwrap(), 1);
}

#[test]
fn a_key_that_is_no_integer_is_read_back_too() {
    #[derive(Debug, Clone, PartialEq, Model)]
    struct Device {
        #[orm(primary_key)]
        serial: String,
        #[orm(unique)]
        slot: i64,
        n: i64,
    }

    let session = session_with::<Device>();
    let device = |serial: &str, n| Device { serial: serial.into(), slot: 1, n };
    let upsert = session.inserting::<Device>().on_conflict(Device::SLOT).update(Device::N.set_excluded());
    assert_eq!(upsert.one(&mut device("a", 1)).unwrap(), Upserted::Inserted);
    let mut second = device("b", 2);
    assert_eq!(upsert.one(&mut second).unwrap(), Upserted::Updated);
    assert_eq!(second, device("a", 2));
    assert_eq!(session.find::<Device>().all().unwrap(), [second]);
}

#[test]
fn returning_reads_the_whole_row_back() {
    let session = people();
    let upsert =
        session.inserting::<User>().on_conflict(User::EMAIL).update(User::AGE.set(User::AGE + 1)).returning();
    let mut ann = user("ann", "Anna", 99);
    assert_eq!(upsert.one(&mut ann).unwrap(), Upserted::Updated);
    assert_eq!(ann, User { id: 1, ..user("ann", "Ann", 31) });
    let mut many = [user("ann", "x", 9), user("eve", "Eve", 9)];
    upsert.all(&mut many).unwrap();
    assert_eq!(many.to_vec(), [users(&session)[0].clone(), users(&session)[2].clone()]);
}
