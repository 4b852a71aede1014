use std::panic::{AssertUnwindSafe, catch_unwind};

use orm_core::{Engine, Error, ErrorKind, Filter, Hooks, Model, Result, Session};

use crate::support::{recorded, refused, sent, session_with};

struct Tenant(i64);

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(hooks)]
struct Invoice {
    #[orm(primary_key, auto)]
    id: i64,
    tenant: i64,
    #[orm(deleted_at)]
    deleted: Option<String>,
}

impl Hooks for Invoice {
    fn scope(session: &Session) -> Result<Option<Filter<Self>>> {
        match session.context::<Tenant>() {
            Some(tenant) if tenant.0 == 0 => Ok(None),
            Some(tenant) => Ok(Some(Invoice::TENANT.eq(tenant.0))),
            None => Err(Error::other("no tenant")),
        }
    }
}

fn invoice(tenant: i64) -> Invoice {
    Invoice { id: 0, tenant, deleted: None }
}

/// Invoices 1 to 3 of tenant 1, 2 and 1.
fn session_of(tenant: i64) -> Session {
    let session = session_with::<Invoice>();
    session.insert_all(&mut [invoice(1), invoice(2), invoice(1)]).unwrap();
    session.set_context(Tenant(tenant));
    session
}

const IN_SCOPE: &str = r#"WHERE "id" = ?1 AND "deleted" IS NULL AND "tenant" = ?2"#;

#[test]
fn get_sees_only_rows_of_the_scope() {
    let session = session_of(1);
    assert_eq!(
        sent(|| session.get::<Invoice>(1)),
        [format!(r#"SELECT "id", "tenant", "deleted" FROM "main"."invoice" {IN_SCOPE}"#)]
    );
    assert_eq!(session.get::<Invoice>(1).unwrap(), Some(Invoice { id: 1, ..invoice(1) }));
    assert_eq!(session.get::<Invoice>(2).unwrap(), None);
    let found = session.get_many::<Invoice, _>([3, 2, 1]).unwrap();
    assert_eq!(found.iter().map(|invoice| invoice.id).collect::<Vec<_>>(), [3, 1]);
}

#[test]
fn unscoped_leaves_the_scope_out_until_it_returns() {
    let session = session_of(1);
    let bare = session.unscoped(|session| session.get::<Invoice>(2)).unwrap();
    assert_eq!(bare, Some(Invoice { id: 2, ..invoice(2) }));
    assert_eq!(session.unscoped(|session| session.get_many::<Invoice, _>([1, 2])).unwrap().len(), 2);
    assert_eq!(session.get::<Invoice>(2).unwrap(), None);
    catch_unwind(AssertUnwindSafe(|| session.unscoped(|_| panic!("on the way")))).unwrap_err();
    assert_eq!(session.get::<Invoice>(2).unwrap(), None);
}

#[test]
fn a_scope_that_gives_none_adds_nothing() {
    let session = session_of(0);
    assert_eq!(
        sent(|| session.get::<Invoice>(2)),
        [r#"SELECT "id", "tenant", "deleted" FROM "main"."invoice" WHERE "id" = ?1 AND "deleted" IS NULL"#]
    );
}

#[test]
fn an_error_of_the_scope_refuses_the_read_and_sends_nothing() {
    let session = session_with::<Invoice>();
    let (outcome, statements) = recorded(|| session.get::<Invoice>(1));
    assert_eq!(refused(outcome), (ErrorKind::Other, "no tenant".to_owned()));
    assert_eq!(statements, [""; 0]);
    assert_eq!(refused(session.get_many::<Invoice, _>([1])).1, "no tenant");
    assert_eq!(refused(session.delete_key::<Invoice>(1)).1, "no tenant");
    assert_eq!(session.unscoped(|session| session.get::<Invoice>(1)).unwrap(), None);
}

#[test]
fn a_row_outside_the_scope_is_not_there_to_be_deleted_by_key() {
    let session = session_of(1);
    assert!(!session.delete_key::<Invoice>(2).unwrap());
    let mut deleted = false;
    assert_eq!(
        sent(|| session.delete_key::<Invoice>(1).map(|there| deleted = there)),
        [
            r#"UPDATE "main"."invoice" SET "deleted" = ?1 WHERE "id" = ?2 AND "deleted" IS NULL AND "tenant" = ?3"#
        ]
    );
    assert!(deleted);
    assert!(!session.delete_key::<Invoice>(1).unwrap());
    assert!(session.unscoped(|session| session.delete_key::<Invoice>(2)).unwrap());
    let left = "SELECT id FROM invoice WHERE deleted IS NULL";
    assert_eq!(session.raw(left, ()).all::<i64>().unwrap(), [3]);
}

#[test]
fn without_soft_deletion_too() {
    #[derive(Debug, Clone, PartialEq, Model)]
    #[orm(hooks)]
    struct Odd {
        #[orm(primary_key)]
        id: i64,
    }

    impl Hooks for Odd {
        fn scope(_: &Session) -> Result<Option<Filter<Self>>> {
            Ok(Some(orm_core::sql("id % 2 = ?", (1,))))
        }
    }

    let session = session_with::<Odd>();
    session.insert_all(&mut [1, 2, 3].map(|id| Odd { id })).unwrap();
    assert_eq!(session.get::<Odd>(2).unwrap(), None);
    assert!(!session.delete_key::<Odd>(2).unwrap());
    assert!(session.delete_key::<Odd>(3).unwrap());
    assert_eq!(session.raw("SELECT id FROM odd", ()).all::<i64>().unwrap(), [1, 2]);
}

#[test]
fn the_context_belongs_to_the_session() {
    let engine = Engine::open_in_memory().unwrap();
    let one = engine.session().unwrap();
    one.create_table::<Invoice>().unwrap();
    one.insert_all(&mut [invoice(1), invoice(2)]).unwrap();
    let two = engine.session().unwrap();
    one.set_context(Tenant(1));
    two.set_context(Tenant(2));
    assert_eq!(one.get::<Invoice>(1).unwrap().map(|it| it.id), Some(1));
    assert_eq!(two.get::<Invoice>(1).unwrap(), None);
    drop(two);
    assert_eq!(refused(engine.session().unwrap().get::<Invoice>(1)).1, "no tenant");
}
