use orm_core::{Engine, Filter, Hooks, Model, Result, Session};

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(has_many(notes: Note::TEAM))]
struct Team {
    #[orm(primary_key, auto)]
    id: i64,
    name: String,
    #[orm(deleted_at)]
    deleted_at: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(hooks)]
struct Note {
    #[orm(primary_key, auto)]
    id: i64,
    secret: bool,
    text: String,
    #[orm(references = Team)]
    team_id: i64,
}

impl Hooks for Note {
    fn after_find(&mut self, _: &Session) -> Result<()> {
        self.text.push('!');
        Ok(())
    }

    fn scope(_: &Session) -> Result<Option<Filter<Self>>> {
        Ok(Some(!Self::SECRET))
    }
}

/// Two models whose scopes ask of each other.
#[derive(Debug, Model)]
#[orm(hooks, has_many(eggs: Egg::HEN))]
struct Hen {
    #[orm(primary_key, auto)]
    id: i64,
}

#[derive(Debug, Model)]
#[orm(hooks)]
struct Egg {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(references = Hen)]
    hen_id: i64,
}

impl Hooks for Hen {
    fn scope(_: &Session) -> Result<Option<Filter<Self>>> {
        Ok(Some(Self::EGGS.any(Egg::ID.gt(0))))
    }
}

impl Hooks for Egg {
    fn scope(_: &Session) -> Result<Option<Filter<Self>>> {
        Ok(Some(Self::HEN.at(Hen::ID).gt(0)))
    }
}

/// Team 1 with notes `a` and secret `b`, team 2 with `c`, marked deleted.
fn notes() -> Session {
    let session = Engine::open_in_memory().unwrap().session().unwrap();
    session.create_table::<Team>().unwrap();
    session.create_table::<Note>().unwrap();
    for name in ["one", "two"] {
        session.create(Team { id: 0, name: name.into(), deleted_at: None }).unwrap();
    }
    for (text, secret, team_id) in [("a", false, 1), ("b", true, 1), ("c", false, 2)] {
        session.create(Note { id: 0, secret, text: text.into(), team_id }).unwrap();
    }
    session.delete_key::<Team>(2).unwrap();
    session
}

fn texts(notes: &[Note]) -> Vec<&str> {
    notes.iter().map(|note| note.text.as_str()).collect()
}

#[test]
fn a_scope_and_a_hook_apply_to_related_rows() {
    let session = notes();
    let (team, found) = session.find::<Team>().with(Team::NOTES).one().unwrap();
    assert_eq!((team.name.as_str(), texts(&found)), ("one", vec!["a!"]));
    assert_eq!(texts(&session.load(&[team], Team::NOTES).unwrap()[0]), ["a!"]);
    assert_eq!(session.find::<Team>().select(Team::NOTES.count()).all().unwrap(), [1]);
    assert_eq!(session.find::<Team>().filter(Team::NOTES.any(Note::TEXT.eq("b"))).count().unwrap(), 0);
    let joined = session.find::<Team>().left_join(Team::NOTES).all().unwrap();
    assert_eq!(joined.into_iter().map(|(_, note)| note.unwrap().text).collect::<Vec<_>>(), ["a!"]);
    let all =
        session.unscoped(|session| session.find::<Team>().with(Team::NOTES.order_by(Note::ID.asc())).one());
    assert_eq!(texts(&all.unwrap().1), ["a!", "b!"]);
}

#[test]
fn a_parent_that_is_marked_deleted_is_not_there() {
    let session = notes();
    let notes = || session.find::<Note>().order_by(Note::ID.asc());
    assert_eq!(notes().count().unwrap(), 2);
    let name = Note::TEAM.at(Team::NAME);
    assert_eq!(notes().select(name.clone().nullable()).all().unwrap(), [Some("one".to_owned()), None]);
    assert_eq!(notes().filter(name.clone().ne("one")).count().unwrap(), 1);
    assert!(notes().select(name).all().is_err());
    assert_eq!(notes().with(Note::TEAM).all().unwrap().len(), 1);
    assert_eq!(notes().left_join(Note::TEAM).all().unwrap().len(), 2);
    let all = notes().all().unwrap();
    assert!(session.load(&all, Note::TEAM).unwrap_err().is_not_found());
    assert_eq!(session.load(&all[..1], Note::TEAM).unwrap()[0].name, "one");
}

#[test]
fn scopes_that_ask_of_each_other_without_end_are_an_error() {
    let session = Engine::open_in_memory().unwrap().session().unwrap();
    let error = session.find::<Hen>().all().unwrap_err();
    assert_eq!(error.kind(), orm_core::ErrorKind::InvalidQuery);
}
