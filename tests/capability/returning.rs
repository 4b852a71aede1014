//! Set-based writes that give the rows.

use orm_core::{Error, ErrorKind, Filter, Hooks, Model, Result, Session};

use crate::support::{engine_at, refused, sent, session_with};

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "jobs")]
struct Job {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(unique)]
    name: String,
    worker: Option<String>,
    #[orm(version)]
    version: i64,
}

fn jobs() -> Session {
    let session = session_with::<Job>();
    let job = |name: &str| Job { id: 0, name: name.into(), worker: None, version: 0 };
    session.insert_all(&mut [job("a"), job("b"), job("c")]).unwrap();
    session
}

#[test]
fn an_update_gives_the_rows_as_they_are_after_it() {
    let session = jobs();
    let next = session.find::<Job>().filter(Job::WORKER.is_null()).order_by(Job::ID.asc()).limit(1);
    assert_eq!(
        sent(|| next.update_returning(Job::WORKER.set("me"))),
        [
            "BEGIN IMMEDIATE",
            "UPDATE \"main\".\"jobs\" SET \"worker\" = ?1, \"version\" = \"version\" + ?2 WHERE (\"id\") IN (SELECT \
             \"id\" FROM \"main\".\"jobs\" WHERE \"worker\" IS NULL ORDER BY \"id\" LIMIT ?3) RETURNING \"id\", \
             \"name\", \"worker\", \"version\"",
            "COMMIT"
        ]
    );
    let taken = next.update_returning(Job::WORKER.set("me")).unwrap();
    assert_eq!(taken, [Job { id: 2, name: "b".into(), worker: Some("me".into()), version: 1 }]);
    assert_eq!(session.get::<Job>(2).unwrap().as_ref(), taken.first());
    assert_eq!(sent(|| next.update_returning(Vec::new())), [""; 0]);
}

#[test]
fn a_delete_gives_the_rows_that_are_gone() {
    let session = jobs();
    let some = session.find::<Job>().filter(Job::NAME.ne("b"));
    let mut gone = some.delete_returning().unwrap();
    gone.sort_by_key(|job| job.id);
    assert_eq!(gone.iter().map(|job| &*job.name).collect::<Vec<_>>(), ["a", "c"]);
    assert_eq!(some.delete_returning().unwrap(), []);
    assert_eq!(session.find::<Job>().count().unwrap(), 1);
}

#[test]
fn the_whole_table_has_to_be_meant() {
    let session = jobs();
    assert_eq!(
        refused(session.find::<Job>().update_returning(Job::WORKER.set("x"))).0,
        ErrorKind::InvalidQuery
    );
    assert_eq!(refused(session.find::<Job>().delete_returning()).0, ErrorKind::InvalidQuery);
    assert_eq!(session.find::<Job>().all_rows().delete_returning().unwrap().len(), 3);
}

#[test]
fn a_violated_constraint_changes_nothing() {
    let session = jobs();
    let error = session.find::<Job>().all_rows().update_returning(Job::NAME.set("same")).unwrap_err();
    assert!(error.is_unique_violation());
    assert_eq!(session.find::<Job>().filter(Job::NAME.eq("same")).count().unwrap(), 0);
}

#[test]
fn a_row_that_its_struct_cannot_hold_undoes_the_write() {
    let session = jobs();
    session.execute_batch("CREATE TABLE jobs_of_others AS SELECT * FROM jobs; DROP TABLE jobs; ALTER TABLE jobs_of_others RENAME TO jobs; UPDATE jobs SET name = NULL WHERE id = 2").unwrap();
    let all = session.find::<Job>().all_rows();
    assert_eq!(refused(all.update_returning(Job::WORKER.set("me"))).0, ErrorKind::Conversion);
    assert_eq!(refused(all.delete_returning()).0, ErrorKind::Conversion);
    assert_eq!(session.raw("SELECT count(*) FROM jobs WHERE worker IS NULL", ()).one::<i64>().unwrap(), 3);
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "notes", hooks)]
struct Note {
    #[orm(primary_key, auto)]
    id: i64,
    tenant: i64,
    text: String,
    #[orm(deleted_at)]
    deleted: Option<String>,
}

impl Hooks for Note {
    fn after_find(&mut self, _: &Session) -> Result<()> {
        if self.text == "secret" {
            return Err(Error::other("not for your eyes"));
        }
        self.text.push('!');
        Ok(())
    }

    fn scope(_: &Session) -> Result<Option<Filter<Self>>> {
        Ok(Some(Self::TENANT.eq(1)))
    }
}

#[test]
fn scope_marks_and_hooks_hold_as_for_any_query() {
    let session = engine_at(60).session().unwrap();
    session.create_table::<Note>().unwrap();
    for (tenant, text) in [(1, "a"), (2, "b"), (1, "c")] {
        session.create(Note { id: 0, tenant, text: text.into(), deleted: None }).unwrap();
    }
    let all = session.find::<Note>().all_rows();
    let texts = |notes: Vec<Note>| {
        let mut texts: Vec<String> = notes.into_iter().map(|note| note.text).collect();
        texts.sort();
        texts
    };
    let c = session.find::<Note>().filter(Note::ID.eq(3));
    assert_eq!(texts(all.update_returning(Note::TEXT.set("x")).unwrap()), ["x!", "x!"]);
    let gone = c.delete_returning().unwrap();
    assert_eq!(gone[0].deleted.as_deref(), Some("1970-01-01 00:01:00.000000"));
    assert_eq!(texts(all.update_returning(Note::TEXT.set("y")).unwrap()), ["y!"]);
    assert_eq!(all.update_returning(Note::TEXT.set("secret")).unwrap_err().to_string(), "not for your eyes");
    let stored = session.raw("SELECT text FROM notes ORDER BY id", ()).all::<String>().unwrap();
    assert_eq!(stored, ["y", "b", "x"]);
}
