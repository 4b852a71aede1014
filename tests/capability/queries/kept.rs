//! Queries that differ in their values only run one kept statement; all others run their own.

use std::mem;

use orm_core::{Engine, Filter, Model, Result, Session, sql};

use crate::support::file;

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "notes")]
struct Note {
    #[orm(primary_key, auto)]
    id: i64,
    text: Option<String>,
    stars: i64,
}

fn session() -> Session {
    let session = Engine::open_in_memory().unwrap().session().unwrap();
    session.create_table::<Note>().unwrap();
    let texts = [None, Some("a"), Some("b"), Some("ab")];
    let mut notes = texts.map(|text| Note { id: 0, text: text.map(str::to_owned), stars: 0 });
    notes.iter_mut().zip(1..).for_each(|(note, stars)| note.stars = stars);
    session.insert_all(&mut notes).unwrap();
    session
}

fn ids(session: &Session, filter: Filter<Note>) -> Vec<i64> {
    session.find::<Note>().filter(filter).order_by(Note::ID.asc()).select(Note::ID).all().unwrap()
}

/// As often as it is asked, in turns.
fn in_turns(
    session: &Session,
    one: impl Fn() -> Filter<Note>,
    other: impl Fn() -> Filter<Note>,
) -> [Vec<i64>; 2] {
    let first = [ids(session, one()), ids(session, other())];
    for _ in 0..3 {
        assert_eq!([ids(session, one()), ids(session, other())], first);
    }
    first
}

#[test]
fn none_is_another_question_than_some() {
    let session = session();
    let text = |text: Option<&str>| Note::TEXT.eq(text.map(str::to_owned));
    assert_eq!(in_turns(&session, || text(Some("a")), || text(None)), [vec![2], vec![1]]);
    let not = |text: Option<&str>| Note::TEXT.ne(text.map(str::to_owned));
    assert_eq!(in_turns(&session, || not(Some("a")), || not(None)), [vec![1, 3, 4], vec![2, 3, 4]]);
}

#[test]
fn lists_of_any_length_and_with_null_are_told_apart() {
    let session = session();
    let among = |texts: &[Option<&str>]| Note::TEXT.is_in(texts.iter().map(|text| text.map(str::to_owned)));
    assert_eq!(in_turns(&session, || among(&[]), || among(&[Some("a")])), [vec![], vec![2]]);
    let lists = in_turns(&session, || among(&[Some("a"), Some("b")]), || among(&[Some("b"), None]));
    assert_eq!(lists, [vec![2, 3], vec![1, 3]]);
}

#[test]
fn the_empty_prefix_is_no_prefix_and_each_prefix_has_its_own_range() {
    let session = session();
    let prefixed = |prefix: &'static str| move || Note::TEXT.starts_with(prefix);
    assert_eq!(in_turns(&session, prefixed("a"), prefixed("")), [vec![2, 4], vec![2, 3, 4]]);
    assert_eq!(in_turns(&session, prefixed("b"), prefixed("\u{10ffff}")), [vec![3], vec![]]);
    let ending = |suffix: &'static str| move || Note::TEXT.ends_with(suffix);
    assert_eq!(in_turns(&session, ending("b"), ending("")), [vec![3, 4], vec![2, 3, 4]]);
}

#[test]
fn fragments_are_told_apart_by_their_text() {
    let session = session();
    let fragment = |text: &'static str, stars: i64| move || sql(text, (stars,));
    assert_eq!(in_turns(&session, fragment("stars < ?", 2), fragment("stars > ?", 2)), [vec![1], vec![3, 4]]);
    assert_eq!(in_turns(&session, fragment("stars < ?", 3), fragment("stars < ?", 1)), [vec![1, 2], vec![]]);
}

#[test]
fn a_condition_that_stands_twice_is_not_taken_for_two() {
    let session = session();
    let stars = |stars: i64| sql::<bool, Note>("stars = ?", (stars,));
    let twice = || {
        let one = stars(2);
        one.clone().or(one)
    };
    assert_eq!(in_turns(&session, twice, || stars(1).or(stars(3))), [vec![2], vec![1, 3]]);
}

#[test]
fn the_same_query_inside_its_own_iteration_has_a_place_of_its_own() {
    let session = session();
    let query = |stars: i64| session.find::<Note>().filter(Note::STARS.ge(stars)).order_by(Note::ID.asc());
    let mut pairs = Vec::new();
    for outer in query(2).iter().unwrap() {
        for inner in query(3).iter().unwrap() {
            pairs.push((outer.as_ref().unwrap().id, inner.unwrap().id));
        }
    }
    assert_eq!(pairs, [(2, 3), (2, 4), (3, 3), (3, 4), (4, 3), (4, 4)]);
}

#[test]
fn a_leaked_iteration_leaves_the_query_usable_here_and_in_the_next_session() {
    let engine = Engine::builder().max_connections(1).open_in_memory().unwrap();
    let session = engine.session().unwrap();
    session.create_table::<Note>().unwrap();
    session.insert_all(&mut [1, 2].map(|stars| Note { id: 0, text: None, stars })).unwrap();
    let all = |session: &Session| session.find::<Note>().filter(Note::STARS.gt(0)).all().unwrap().len();
    for _ in 0..2 {
        let mut rows = session.find::<Note>().filter(Note::STARS.gt(0)).iter().unwrap();
        rows.next().unwrap().unwrap();
        mem::forget(rows);
    }
    assert_eq!(all(&session), 2);
    drop(session);
    let session = engine.session().unwrap();
    assert_eq!((all(&session), all(&session)), (2, 2));
    assert_eq!(session.find::<Note>().filter(Note::STARS.gt(0)).delete().unwrap(), 2);
}

#[test]
fn more_kinds_of_queries_than_are_kept_all_stay_right() {
    let session = session();
    for _ in 0..2 {
        for length in 0..300_i64 {
            let filter = Note::ID.is_in(1..=length);
            assert_eq!(session.find::<Note>().filter(filter).count().unwrap(), length.min(4).unsigned_abs());
        }
    }
}

#[test]
fn a_query_goes_on_after_another_program_has_changed_the_table() {
    let (place, engine) = file();
    let session = engine.session().unwrap();
    session.create_table::<Note>().unwrap();
    session.create(Note { id: 0, text: Some("a".into()), stars: 1 }).unwrap();
    let read = || session.find::<Note>().filter(Note::STARS.eq(1)).all();
    let before = read().unwrap();
    place
        .outsider()
        .execute_batch(
            "CREATE TABLE n(stars INTEGER NOT NULL, id INTEGER PRIMARY KEY, text TEXT);
             INSERT INTO n(id, text, stars) SELECT id, text, stars FROM notes;
             DROP TABLE notes; ALTER TABLE n RENAME TO notes",
        )
        .unwrap();
    assert_eq!(read().unwrap(), before);
}

#[test]
fn columns_that_are_written_choose_the_statement_of_update_only() -> Result<()> {
    let session = session();
    let mut note = session.get::<Note>(2)?.unwrap();
    for round in 1..4 {
        note.stars = 10 * round;
        note.text = Some(format!("{round}"));
        session.update_only(&mut note, Note::STARS)?;
        let row = session.get::<Note>(2)?.unwrap();
        assert_eq!(
            (row.stars, row.text.clone()),
            (10 * round, (round > 1).then(|| format!("{}", round - 1)).or(Some("a".into())))
        );
        session.update_only(&mut note, Note::TEXT)?;
        session.update_only(&mut note, (Note::TEXT, Note::STARS))?;
        assert_eq!(session.get::<Note>(2)?.unwrap(), note);
    }
    Ok(())
}
