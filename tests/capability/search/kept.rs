//! The index is in step with the rows, however these change.

use orm_core::rusqlite::Connection;
use orm_core::{Engine, Error, Model, Session};

use super::{Post, ids, post, posts};
use crate::support::session_with;

/// Compares the index with the rows; an error says that they differ.
pub(super) fn compare(session: &Session) -> orm_core::Result<u64> {
    session.raw("INSERT INTO posts_fts (posts_fts, rank) VALUES ('integrity-check', 1)", ()).execute()
}

/// Everything that the index has on disk.
fn stored(session: &Session) -> Vec<(i64, Vec<u8>)> {
    session.raw("SELECT id, block FROM posts_fts_data ORDER BY id", ()).all().unwrap()
}

#[test]
fn every_verb_is_followed() {
    let (session, [mut knots, sailing, _, _]) = posts();
    knots.body = Some("untie the boat".into());
    session.update(&mut knots).unwrap();
    assert_eq!((ids(&session, "sail"), ids(&session, "boat")), (vec![2], vec![1]));
    session.delete(&sailing).unwrap();
    assert_eq!(ids(&session, "sail"), [0; 0]);
    session.find::<Post>().filter(Post::ID.lt(4)).update(Post::TITLE.set("Ropes")).unwrap();
    assert_eq!(ids(&session, "ropes"), [1, 3]);
    session.find::<Post>().filter(Post::TITLE.eq("Ropes")).delete().unwrap();
    assert_eq!(ids(&session, "ropes"), [0; 0]);
    let upsert = "INSERT INTO posts VALUES (4, 'Chains', NULL, 1), (9, 'Chains', 'and ropes', 1) \
                  ON CONFLICT (id) DO UPDATE SET title = excluded.title";
    session.raw(upsert, ()).execute().unwrap();
    assert_eq!((ids(&session, "chains"), ids(&session, "anchors")), (vec![4, 9], vec![]));
    session.raw("INSERT OR IGNORE INTO posts VALUES (4, 'Nothing', NULL, 1)", ()).execute().unwrap();
    assert_eq!(ids(&session, "nothing"), [0; 0]);
    session.raw("UPDATE posts SET id = 70 WHERE id = 9", ()).execute().unwrap();
    assert_eq!(ids(&session, "ropes"), [70]);
    compare(&session).unwrap();
}

#[test]
fn a_key_that_changes_by_another_of_its_names_is_followed() {
    let (session, _) = posts();
    for (key, name) in [(70, "rowid"), (80, "_rowid_"), (90, "OID")] {
        session
            .raw(&format!("UPDATE posts SET {name} = {key} WHERE title = 'Zürich'"), ())
            .execute()
            .unwrap();
        assert_eq!(ids(&session, "zurich"), [key]);
        compare(&session).unwrap();
    }
}

#[test]
fn the_key_that_is_written_back_is_the_rows() {
    let session = session_with::<Post>();
    let mut many: Vec<Post> = (0..40).map(|number| post(&format!("number {number}"), None, 1)).collect();
    session.insert_all(&mut many).unwrap();
    assert_eq!(many.iter().map(|post| post.id).collect::<Vec<_>>(), (1..=40).collect::<Vec<_>>());
    assert_eq!(session.create(post("last", None, 1)).unwrap().id, 41);
    assert_eq!((ids(&session, "number 17"), ids(&session, "last")), (vec![18], vec![41]));
}

#[test]
fn what_is_rolled_back_is_not_found() {
    let (session, [knots, ..]) = posts();
    let rolled_back = session.transaction(|tx| {
        tx.create(post("Storm", None, 1))?;
        tx.delete(&knots)?;
        let inner: orm_core::Result<()> = tx.transaction(|inner| {
            inner.create(post("Calm", None, 1))?;
            Err(Error::other("inner"))
        });
        assert!(inner.is_err());
        assert_eq!((ids(tx, "storm"), ids(tx, "calm"), ids(tx, "knots")), (vec![5], vec![], vec![]));
        Err::<(), _>(Error::other("outer"))
    });
    assert!(rolled_back.is_err());
    assert_eq!((ids(&session, "storm"), ids(&session, "knots")), (vec![], vec![1]));
    compare(&session).unwrap();
}

#[test]
fn an_update_that_leaves_the_text_alone_does_not_touch_the_index() {
    let (session, [mut knots, ..]) = posts();
    let before = stored(&session);
    knots.author = 7;
    session.update(&mut knots).unwrap();
    session.find::<Post>().all_rows().update(Post::AUTHOR.set(8)).unwrap();
    assert_eq!(stored(&session), before);
    knots.title = "knots".into();
    session.update(&mut knots).unwrap();
    assert_ne!(stored(&session), before);
    compare(&session).unwrap();
}

#[test]
fn replace_goes_past_the_triggers_until_the_index_is_made_anew() {
    let (session, _) = posts();
    session.raw("REPLACE INTO posts VALUES (1, 'Chains', NULL, 1)", ()).execute().unwrap();
    assert_eq!(ids(&session, "knots"), [1]);
    assert!(compare(&session).is_err());
    session.rebuild_search::<Post>().unwrap();
    assert_eq!((ids(&session, "knots"), ids(&session, "chains")), (vec![], vec![1]));
    compare(&session).unwrap();
}

#[test]
fn with_recursive_triggers_replace_is_followed() {
    let on_connect = |connection: &Connection| connection.execute_batch("PRAGMA recursive_triggers = ON");
    let engine = Engine::builder().on_connect(on_connect).open_in_memory().unwrap();
    let session = engine.session().unwrap();
    session.create_table::<Post>().unwrap();
    session.create(post("Knots", None, 1)).unwrap();
    session.raw("REPLACE INTO posts VALUES (1, 'Chains', NULL, 1)", ()).execute().unwrap();
    assert_eq!((ids(&session, "knots"), ids(&session, "chains")), (vec![], vec![1]));
    compare(&session).unwrap();
}

#[test]
fn vacuum_leaves_the_index_right() {
    let place = crate::support::Place::new();
    let engine = Engine::open(place.path()).unwrap();
    engine.migrate(&[Post::TABLE]).unwrap();
    let session = engine.session().unwrap();
    let mut many: Vec<Post> = (0..9).map(|number| post(&format!("n{number}"), None, 1)).collect();
    session.insert_all(&mut many).unwrap();
    session.find::<Post>().filter(Post::ID.le(5)).delete().unwrap();
    session.raw("VACUUM", ()).execute().unwrap();
    assert_eq!((ids(&session, "n8"), ids(&session, "n1")), (vec![9], vec![]));
    compare(&session).unwrap();
    // another program's write, past the library
    place.outsider().execute_batch("INSERT INTO posts VALUES (20, 'theirs', NULL, 1)").unwrap();
    assert_eq!(ids(&session, "theirs"), [20]);
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "posts", fts(whole, name, kind), strict = false)]
struct Computed {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(collate = "nocase")]
    name: String,
    #[orm(type = "BLOB")]
    kind: String,
    #[orm(generated = "name || ' of ' || place")]
    whole: String,
    place: String,
}

#[test]
fn computed_columns_collations_and_loose_types_are_followed() {
    let definition = Computed::TABLE;
    let engine = Engine::open_in_memory().unwrap();
    engine.migrate(&[definition]).unwrap();
    let session = engine.session().unwrap();
    let found = |text: &str| session.search::<Computed>(text).select(|_| Computed::ID).all().unwrap();
    let row = |name: &str| Computed {
        id: 0,
        name: name.into(),
        kind: "x".into(),
        whole: String::new(),
        place: "Oslo".into(),
    };
    let mut ann = session.create(row("ann")).unwrap();
    assert_eq!((found("ann oslo"), found("of")), (vec![1], vec![1]));
    ann.place = "Rome".into();
    session.update_only(&mut ann, Computed::PLACE).unwrap();
    assert_eq!((found("oslo"), found("rome")), (vec![], vec![1]));
    ann.name = "ANN".into();
    session.update(&mut ann).unwrap();
    compare(&session).unwrap();
    for kind in ["1", "1.0", "x'31'", "'1'"] {
        session.raw(&format!("UPDATE posts SET kind = {kind}"), ()).execute().unwrap();
        compare(&session).unwrap();
    }
    session.find::<Computed>().all_rows().delete().unwrap();
    compare(&session).unwrap();
}
