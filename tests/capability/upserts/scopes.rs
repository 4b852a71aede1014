use orm_core::{ErrorKind, Filter, Hooks, Model, Result, Session, Upserted};

use crate::support::{refused, sent, session_with};

struct Tenant(i64);

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "notes", hooks)]
struct Note {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(unique)]
    slug: String,
    tenant: i64,
    text: String,
}

impl Hooks for Note {
    fn before_insert(&mut self, session: &Session) -> Result<()> {
        self.tenant = session.context::<Tenant>().map_or(0, |tenant| tenant.0);
        Ok(())
    }

    fn scope(session: &Session) -> Result<Option<Filter<Self>>> {
        Ok(session.context::<Tenant>().map(|tenant| Self::TENANT.eq(tenant.0)))
    }
}

fn note(slug: &str, text: &str) -> Note {
    Note { id: 0, slug: slug.into(), tenant: 0, text: text.into() }
}

/// A note of tenant 1, `a`, and one of tenant 2, `b`; the session is tenant 1's.
fn notes() -> Session {
    let session = session_with::<Note>();
    for (tenant, slug) in [(2, "b"), (1, "a")] {
        session.set_context(Tenant(tenant));
        session.create(note(slug, "old")).unwrap();
    }
    session
}

fn texts(session: &Session) -> Vec<String> {
    session.raw("SELECT text FROM notes ORDER BY slug", ()).all().unwrap()
}

#[test]
fn a_row_out_of_the_scope_is_not_changed() {
    let session = notes();
    let upsert = session.inserting::<Note>().on_conflict(Note::SLUG).update(Note::TEXT.set_excluded());
    let mut ours = note("a", "new");
    assert_eq!(
        sent(|| upsert.one(&mut ours))[1],
        "INSERT INTO \"main\".\"notes\" (\"slug\", \"tenant\", \"text\") VALUES (?1, ?2, ?3) ON CONFLICT (\"slug\") DO \
         UPDATE SET \"text\" = \"excluded\".\"text\" WHERE \"notes\".\"tenant\" = ?4 RETURNING \"id\""
    );
    assert_eq!(ours, Note { id: 2, tenant: 1, ..note("a", "new") });
    let mut theirs = note("b", "new");
    assert_eq!(refused(upsert.one(&mut theirs)).0, ErrorKind::Constraint);
    assert_eq!(theirs.id, 0);
    assert_eq!(upsert.clone().filter(Note::ID.gt(0)).one(&mut theirs).unwrap(), Upserted::LeftAlone);
    assert_eq!(texts(&session), ["new", "old"]);
}

#[test]
fn a_scope_is_left_out_by_name_only() {
    let session = notes();
    let upsert = || session.inserting::<Note>().on_conflict(Note::SLUG).update(Note::TEXT.set_excluded());
    assert_eq!(upsert().unscoped().one(&mut note("b", "x")).unwrap(), Upserted::Updated);
    assert_eq!(texts(&session), ["old", "x"]);
    assert_eq!(session.unscoped(|_| upsert().one(&mut note("b", "y"))).unwrap(), Upserted::Updated);
    assert_eq!(texts(&session), ["old", "y"]);
}

#[test]
fn a_row_out_of_the_scope_is_not_found_and_not_inserted_again() {
    let session = notes();
    assert_eq!(session.find_or_insert(Note::SLUG, note("a", "x")).unwrap().0.text, "old");
    assert_eq!(refused(session.find_or_insert(Note::SLUG, note("b", "x"))).0, ErrorKind::Constraint);
    assert_eq!(texts(&session), ["old", "old"]);
}

#[test]
fn what_a_query_gives_stays_in_the_scope_too() {
    let session = notes();
    let texts_of = session.find::<Note>().select((Note::SLUG, Note::TEXT));
    let upsert = session.inserting::<Note>().on_conflict(Note::SLUG).update(Note::TEXT.set("copied"));
    let all = texts_of.clone().unscoped();
    session.execute_batch("CREATE TABLE copy AS SELECT * FROM notes").unwrap();
    assert_eq!(texts_of.count().unwrap(), 1);
    // theirs is met, and left alone
    session.execute_batch("ALTER TABLE notes RENAME COLUMN tenant TO t; ALTER TABLE notes ADD COLUMN tenant INTEGER NOT NULL DEFAULT 2; UPDATE notes SET tenant = t").unwrap();
    session.execute_batch("ALTER TABLE notes DROP COLUMN t").unwrap();
    assert_eq!(upsert.insert_from((Note::SLUG, Note::TEXT), &all).unwrap(), 1);
    assert_eq!(texts(&session), ["copied", "old"]);
}
