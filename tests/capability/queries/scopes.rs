use orm_core::{Engine, Error, Filter, Hooks, Model, Result, Session};

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(hooks)]
struct Note {
    #[orm(primary_key, auto)]
    id: i64,
    tenant: i64,
    text: String,
}

struct Tenant(i64);

impl Hooks for Note {
    fn after_find(&mut self, _: &Session) -> Result<()> {
        if self.text == "secret" {
            return Err(Error::other("not for your eyes"));
        }
        self.text.push('!');
        Ok(())
    }

    fn scope(session: &Session) -> Result<Option<Filter<Self>>> {
        let tenant = session.context::<Tenant>().ok_or_else(|| Error::other("no tenant"))?;
        Ok(Some(Self::TENANT.eq(tenant.0)))
    }
}

/// Notes of two tenants; the session is tenant 1's.
fn notes() -> Session {
    let session = Engine::open_in_memory().unwrap().session().unwrap();
    session.create_table::<Note>().unwrap();
    session.set_context(Tenant(1));
    for (tenant, text) in [(1, "a"), (2, "b"), (1, "c")] {
        session.create(Note { id: 0, tenant, text: text.into() }).unwrap();
    }
    session
}

#[test]
fn a_scope_applies_to_every_terminal() {
    let session = notes();
    let all = || session.find::<Note>();
    assert_eq!(all().count().unwrap(), 2);
    assert_eq!(all().all().unwrap().len(), 2);
    assert_eq!(all().iter().unwrap().count(), 2);
    assert_eq!(all().chunks(1).unwrap().count(), 2);
    assert_eq!(all().sum(Note::ID).unwrap(), 4);
    assert_eq!(all().filter(Note::TEXT.eq("b")).first().unwrap(), None);
    assert!(!all().filter(Note::TEXT.eq("b")).exists().unwrap());
    assert_eq!(all().select(Note::TEXT).all().unwrap(), ["a", "c"]);
    assert_eq!(all().all_rows().update(Note::TEXT.set("x")).unwrap(), 2);
    assert_eq!(all().all_rows().delete().unwrap(), 2);
    assert_eq!(all().unscoped().select(Note::TEXT).all().unwrap(), ["b"]);
}

#[test]
fn a_scope_is_left_out_by_name_only() {
    let session = notes();
    assert_eq!(session.find::<Note>().unscoped().count().unwrap(), 3);
    assert_eq!(session.unscoped(|session| session.find::<Note>().count()).unwrap(), 3);
    let either = Note::ID.gt(0).or(Note::TENANT.eq(2));
    assert_eq!(session.find::<Note>().filter(either).count().unwrap(), 2);
}

#[test]
fn a_scope_that_fails_refuses_the_query() {
    let session = notes();
    let other = session.engine().session().unwrap();
    let query = other.find::<Note>();
    assert_eq!(query.count().unwrap_err().to_string(), "no tenant");
    assert_eq!(query.to_sql().sql, "-- no tenant");
    assert!(query.unscoped().all_rows().delete().is_ok());
}

#[test]
fn whole_models_run_their_hook_and_selected_columns_do_not() {
    let session = notes();
    let texts = |notes: Vec<Note>| notes.into_iter().map(|note| note.text).collect::<Vec<_>>();
    let query = session.find::<Note>().order_by(Note::ID.asc());
    assert_eq!(texts(query.all().unwrap()), ["a!", "c!"]);
    assert_eq!(query.first().unwrap().unwrap().text, "a!");
    assert_eq!(texts(query.iter().unwrap().map(Result::unwrap).collect()), ["a!", "c!"]);
    let pages = session.find::<Note>().chunks(2).unwrap().next().unwrap().unwrap();
    assert_eq!(texts(pages), ["a!", "c!"]);
    assert_eq!(query.clone().select(Note::TEXT).all().unwrap(), ["a", "c"]);
    session.find::<Note>().filter(Note::ID.eq(3)).update(Note::TEXT.set("secret")).unwrap();
    assert_eq!(query.all().unwrap_err().to_string(), "not for your eyes");
}
