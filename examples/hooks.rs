//! Hooks: rules before a write, an audit trail after it, a default filter for each tenant, timestamps.
//!
//! `cargo run --example hooks`

use std::time::{Duration, SystemTime};

use orm_core::{Engine, Error, Filter, Hooks, Model, Result, Session};

/// Who uses the session. It travels with it, and hooks ask for it.
struct CurrentUser {
    name: String,
    tenant: i64,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "documents", hooks)]
struct Document {
    #[orm(primary_key, auto)]
    id: i64,
    tenant: i64,
    title: String,
    #[orm(created_at)]
    created: SystemTime,
    #[orm(updated_at)]
    updated: SystemTime,
    /// Counted up by every update, which fails where somebody else was faster.
    #[orm(version)]
    version: i64,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "audit")]
struct Audit {
    #[orm(primary_key, auto)]
    id: i64,
    entry: String,
}

impl Hooks for Document {
    /// What it changes in the struct is what is written.
    fn before_insert(&mut self, session: &Session) -> Result<()> {
        self.tenant = user(session)?.tenant;
        check_title(&self.title)
    }

    /// What it writes is in the same transaction.
    fn after_insert(&mut self, session: &Session) -> Result<()> {
        audit(session, "wrote", &self.title)
    }

    fn before_update(&mut self, _: &Session) -> Result<()> {
        check_title(&self.title)
    }

    fn before_delete(&self, session: &Session) -> Result<()> {
        audit(session, "deleted", &self.title)
    }

    /// Every read, and every write by set, sees the rows of the user's tenant only.
    fn scope(session: &Session) -> Result<Option<Filter<Self>>> {
        Ok(Some(Self::TENANT.eq(user(session)?.tenant)))
    }
}

fn user(session: &Session) -> Result<std::sync::Arc<CurrentUser>> {
    session.context::<CurrentUser>().ok_or_else(|| Error::other("nobody is logged in"))
}

fn check_title(title: &str) -> Result<()> {
    if title.trim().is_empty() { Err(Error::other("a document needs a title")) } else { Ok(()) }
}

fn audit(session: &Session, verb: &str, title: &str) -> Result<()> {
    let name = &user(session)?.name;
    session.create(Audit { id: 0, entry: format!("{name} {verb} {title}") }).map(|_| ())
}

fn document(title: &str) -> Document {
    let unset = SystemTime::UNIX_EPOCH;
    Document { id: 0, tenant: 0, title: title.into(), created: unset, updated: unset, version: 1 }
}

fn main() -> Result<()> {
    // a clock of one's own, as a test would have it
    let noon = SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_268_800);
    let engine = Engine::builder().clock(move || noon).open_in_memory()?;
    engine.migrate(&[Document::TABLE, Audit::TABLE])?;

    let session = engine.session()?;
    session.set_context(CurrentUser { name: "ann".into(), tenant: 1 });

    println!("Insert: tenant, timestamps and the audit trail fill themselves");
    let mut plan = session.create(document("Plan"))?;
    println!("  {plan:?}");
    assert_eq!((plan.tenant, plan.created, plan.updated), (1, noon, noon));

    println!("A hook's error aborts the operation:");
    let error = session.create(document(" ")).unwrap_err();
    println!("  {error}");
    assert_eq!(session.find::<Document>().count()?, 1);

    println!("Two people change the same row; the second is told:");
    let mut other = plan.clone();
    plan.title = "Plan A".into();
    session.update(&mut plan)?;
    other.title = "Plan B".into();
    let error = session.update(&mut other).unwrap_err();
    println!("  {error}");
    assert!(error.is_stale());

    println!("Another tenant's session:");
    let guest = engine.session()?;
    guest.set_context(CurrentUser { name: "bob".into(), tenant: 2 });
    println!("  sees {} documents, and none by its key either", guest.find::<Document>().count()?);
    assert_eq!(guest.find::<Document>().all()?, []);
    assert_eq!(guest.get::<Document>(plan.id)?, None);
    assert_eq!(guest.find::<Document>().unscoped().count()?, 1);

    session.delete(&plan)?;
    let trail = session.find::<Audit>().order_by(Audit::ID.asc()).select(Audit::ENTRY).all()?;
    println!("The audit trail: {trail:?}");
    assert_eq!(trail, ["ann wrote Plan", "ann deleted Plan A"]);
    Ok(())
}
