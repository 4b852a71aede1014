use orm_core::{Engine, ErrorKind, Model};

use crate::support::{recorded, refused, sent, session_with};

#[derive(Debug, Clone, PartialEq, Model)]
struct Account {
    #[orm(primary_key, auto)]
    id: i64,
    balance: i64,
    #[orm(version)]
    version: u32,
}

fn account() -> Account {
    Account { id: 0, balance: 10, version: 0 }
}

const STALE: &str =
    "table `account`: somebody changed the row since it was read: read it again and repeat the change";

#[test]
fn an_update_compares_the_version_and_counts_it_up_in_one_statement() {
    let session = session_with::<Account>();
    let mut account = session.create(account()).unwrap();
    assert_eq!(account.version, 0);
    account.balance = 20;
    assert_eq!(
        sent(|| session.update(&mut account)),
        [r#"UPDATE "main"."account" SET "balance" = ?1, "version" = ?2 WHERE "id" = ?3 AND "version" = ?4"#]
    );
    assert_eq!(account, Account { id: 1, balance: 20, version: 1 });
    assert_eq!(
        sent(|| session.update_only(&mut account, Account::BALANCE)),
        [r#"UPDATE "main"."account" SET "balance" = ?1, "version" = ?2 WHERE "id" = ?3 AND "version" = ?4"#]
    );
    assert_eq!(session.get::<Account>(1).unwrap(), Some(account));
}

#[test]
fn of_two_sessions_that_read_the_same_row_the_second_to_write_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(folder.path().join("bank.db")).unwrap();
    let [one, two] = [(); 2].map(|()| engine.session().unwrap());
    one.create_table::<Account>().unwrap();
    one.create(account()).unwrap();
    let mut read_by_one = one.get::<Account>(1).unwrap().unwrap();
    let mut read_by_two = two.get::<Account>(1).unwrap().unwrap();

    read_by_one.balance += 5;
    one.update(&mut read_by_one).unwrap();
    read_by_two.balance -= 5;
    let before = read_by_two.clone();
    let error = two.update(&mut read_by_two).unwrap_err();
    assert!(error.is_stale());
    assert_eq!((error.kind(), error.to_string()), (ErrorKind::Stale, STALE.to_owned()));
    assert_eq!(read_by_two, before);

    let mut again = two.get::<Account>(1).unwrap().unwrap();
    again.balance -= 5;
    two.update(&mut again).unwrap();
    assert_eq!(one.get::<Account>(1).unwrap(), Some(Account { id: 1, balance: 10, version: 2 }));
}

#[test]
fn a_delete_compares_the_version_too() {
    let session = session_with::<Account>();
    let stale = session.create(account()).unwrap();
    let mut fresh = stale.clone();
    session.update(&mut fresh).unwrap();
    assert_eq!(refused(session.delete(&stale)), (ErrorKind::Stale, STALE.to_owned()));
    assert_eq!(
        sent(|| session.delete(&fresh)),
        [r#"DELETE FROM "main"."account" WHERE "id" = ?1 AND "version" = ?2"#]
    );
}

#[test]
fn delete_key_compares_no_version() {
    let session = session_with::<Account>();
    session.create(Account { version: 7, ..account() }).unwrap();
    assert!(session.delete_key::<Account>(1).unwrap());
}

#[test]
fn a_row_that_is_gone_is_not_found_rather_than_stale() {
    let session = session_with::<Account>();
    let mut account = session.create(account()).unwrap();
    session.delete_key::<Account>(1).unwrap();
    assert_eq!(refused(session.update(&mut account)).0, ErrorKind::NotFound);
    assert_eq!(refused(session.delete(&account)).0, ErrorKind::NotFound);
    assert_eq!(account.version, 0);
}

#[test]
fn a_write_that_a_trigger_ignored_is_not_stale() {
    let session = session_with::<Account>();
    let mut account = session.create(account()).unwrap();
    session
        .execute_batch("CREATE TRIGGER t BEFORE UPDATE ON account BEGIN SELECT RAISE(IGNORE); END")
        .unwrap();
    assert_eq!(refused(session.update(&mut account)).0, ErrorKind::Constraint);
    assert_eq!(account.version, 0);
}

#[test]
fn a_version_that_cannot_count_further_is_an_error_and_sends_nothing() {
    #[derive(Debug, Clone, PartialEq, Model)]
    struct Small {
        #[orm(primary_key)]
        id: i64,
        #[orm(version)]
        version: u8,
    }

    let session = session_with::<Small>();
    let mut last = session.create(Small { id: 1, version: 255 }).unwrap();
    let (outcome, statements) = recorded(|| session.update(&mut last));
    assert_eq!(
        refused(outcome),
        (
            ErrorKind::Conversion,
            "column `version` of `small`: `u8`: expected an integer from 0 to 255, found an integer outside that range"
                .to_owned()
        )
    );
    assert_eq!((last.version, statements), (255, vec![]));

    #[derive(Debug, Clone, PartialEq, Model)]
    struct Large {
        #[orm(primary_key)]
        id: i64,
        #[orm(version)]
        version: i64,
    }

    let session = session_with::<Large>();
    let mut last = session.create(Large { id: 1, version: i64::MAX }).unwrap();
    assert_eq!(
        refused(session.update(&mut last)),
        (ErrorKind::Limit, "column `version` of `large`: the version cannot count any further".to_owned())
    );
}

#[test]
fn a_refused_update_leaves_the_version_as_it_was() {
    let session = session_with::<Account>();
    session.execute_batch("CREATE UNIQUE INDEX one ON account (balance)").unwrap();
    session.create(account()).unwrap();
    let mut other = session.create(Account { balance: 11, ..account() }).unwrap();
    other.balance = 10;
    assert!(session.update(&mut other).unwrap_err().is_unique_violation());
    assert_eq!(other.version, 0);
}

#[test]
fn save_compares_the_version_of_a_row_that_exists() {
    let session = session_with::<Account>();
    let mut stale = account();
    session.save(&mut stale).unwrap();
    let mut fresh = stale.clone();
    session.save(&mut fresh).unwrap();
    assert_eq!(fresh.version, 1);
    assert!(session.save(&mut stale).unwrap_err().is_stale());
}
