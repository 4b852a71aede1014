//! Random changes, after which each word is found exactly where it is; and random texts, none of which is an error.

use std::collections::BTreeMap;

use orm_core::{Error, Session};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::kept::compare;
use super::{Post, ids, post};
use crate::support::session_with;

#[derive(Debug, Clone)]
enum Change {
    Insert(String, Option<String>),
    InsertMany(Vec<String>),
    Update(i64, String, Option<String>),
    UpdateTitle(i64, String),
    UpdateByFilter(i64, Option<String>),
    Upsert(i64, String),
    Ignore(i64, String),
    Delete(i64),
    DeleteByFilter(i64),
    /// In a savepoint.
    RolledBack(Vec<Change>),
    Committed(Vec<Change>),
}

const WORDS: [&str; 6] = ["red", "Sail", "sails", "AND", "wind's", "\"boat\""];

fn texts() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(WORDS.as_slice()), 0..5).prop_map(|words| words.join(" "))
}

fn changes() -> impl Strategy<Value = Change> {
    let id = || 1..8_i64;
    let body = || prop::option::of(texts());
    let leaf = prop_oneof![
        4 => (texts(), body()).prop_map(|(title, body)| Change::Insert(title, body)),
        1 => prop::collection::vec(texts(), 18..20).prop_map(Change::InsertMany),
        3 => (id(), texts(), body()).prop_map(|(id, title, body)| Change::Update(id, title, body)),
        2 => (id(), texts()).prop_map(|(id, title)| Change::UpdateTitle(id, title)),
        1 => (id(), body()).prop_map(|(id, body)| Change::UpdateByFilter(id, body)),
        2 => (id(), texts()).prop_map(|(id, title)| Change::Upsert(id, title)),
        1 => (id(), texts()).prop_map(|(id, title)| Change::Ignore(id, title)),
        2 => id().prop_map(Change::Delete),
        1 => id().prop_map(Change::DeleteByFilter),
    ];
    leaf.prop_recursive(2, 12, 4, |inner| {
        let several = prop::collection::vec(inner, 1..4);
        prop_oneof![several.clone().prop_map(Change::RolledBack), several.prop_map(Change::Committed)]
    })
}

/// What the rows hold: title and body by id.
type Rows = BTreeMap<i64, (String, Option<String>)>;

impl Change {
    fn apply(&self, session: &Session, rows: &mut Rows) {
        match self {
            Self::Insert(title, body) => {
                let id = session.create(post(title, body.as_deref(), 1)).unwrap().id;
                rows.insert(id, (title.clone(), body.clone()));
            }
            Self::InsertMany(titles) => {
                let mut many: Vec<Post> = titles.iter().map(|title| post(title, None, 1)).collect();
                session.insert_all(&mut many).unwrap();
                rows.extend(many.into_iter().map(|post| (post.id, (post.title, None))));
            }
            Self::Update(id, title, body) => {
                if let Some(row) = rows.get_mut(id) {
                    let mut post = Post { id: *id, ..post(title, body.as_deref(), 2) };
                    session.update(&mut post).unwrap();
                    *row = (title.clone(), body.clone());
                }
            }
            Self::UpdateTitle(id, title) => {
                if let Some(row) = rows.get_mut(id) {
                    let mut post = Post { id: *id, ..post(title, None, 2) };
                    session.update_only(&mut post, Post::TITLE).unwrap();
                    row.0.clone_from(title);
                }
            }
            Self::UpdateByFilter(id, body) => {
                let filter = session.find::<Post>().filter(Post::ID.ge(*id));
                filter.update(Post::BODY.set(body.clone())).unwrap();
                rows.range_mut(id..).for_each(|(_, row)| row.1.clone_from(body));
            }
            Self::Upsert(id, title) => {
                let sql = "INSERT INTO posts VALUES (?1, ?2, NULL, 1) \
                           ON CONFLICT (id) DO UPDATE SET title = excluded.title";
                session.raw(sql, (id, title)).execute().unwrap();
                rows.entry(*id).or_default().0.clone_from(title);
            }
            Self::Ignore(id, title) => {
                let sql = "INSERT OR IGNORE INTO posts VALUES (?1, ?2, NULL, 1)";
                session.raw(sql, (id, title)).execute().unwrap();
                rows.entry(*id).or_insert_with(|| (title.clone(), None));
            }
            Self::Delete(id) => {
                assert_eq!(session.delete_key::<Post>(*id).unwrap(), rows.remove(id).is_some());
            }
            Self::DeleteByFilter(id) => {
                session.find::<Post>().filter(Post::ID.gt(*id)).delete().unwrap();
                rows.retain(|row, _| row <= id);
            }
            Self::RolledBack(changes) => {
                let mut scratch = rows.clone();
                let outcome = session.transaction(|tx| {
                    changes.iter().for_each(|change| change.apply(tx, &mut scratch));
                    Err::<(), _>(Error::other("rolled back"))
                });
                assert!(outcome.is_err());
            }
            Self::Committed(changes) => {
                let apply = |tx: &orm_core::Transaction<'_>| {
                    changes.iter().for_each(|change| change.apply(tx, rows));
                    Ok(())
                };
                session.transaction(apply).unwrap();
            }
        }
    }
}

/// The ids of the rows that have the word in their title or body, as the tokenizer without its stemmer sees it.
fn holding(rows: &Rows, word: &str) -> Vec<i64> {
    let tokens = |text: &str| -> Vec<String> {
        let parts = text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
        parts.map(|part| part.to_lowercase().trim_end_matches('s').to_owned()).collect()
    };
    let wanted = tokens(word);
    let holds = |text: &str| tokens(text).windows(wanted.len()).any(|window| window == wanted);
    let found = rows.iter().filter(|(_, (title, body))| holds(title) || body.as_deref().is_some_and(holds));
    found.map(|(id, _)| *id).collect()
}

#[test]
fn a_word_is_found_exactly_where_it_is() {
    let mut runner = TestRunner::new(ProptestConfig { cases: 48, ..ProptestConfig::default() });
    let outcome = runner.run(&prop::collection::vec(changes(), 1..16), |changes| {
        let (session, mut rows) = (session_with::<Post>(), Rows::new());
        for change in &changes {
            change.apply(&session, &mut rows);
        }
        for word in WORDS {
            prop_assert_eq!(ids(&session, word), holding(&rows, word), "{}", word);
        }
        prop_assert!(compare(&session).is_ok());
        Ok(())
    });
    outcome.unwrap();
}

#[test]
fn no_text_is_an_error_and_its_own_row_is_found() {
    let session = session_with::<Post>();
    let pieces = prop_oneof![
        any::<String>(),
        "[\"'*^:(){}+\\-\0 a-z]{0,12}",
        prop::sample::select(
            [
                "AND",
                "OR",
                "NOT",
                "NEAR(",
                "\"",
                "*",
                "title:",
                "-title :",
                "{title body}:",
                "^",
                "+",
                "\0",
                "é",
                "\u{300}"
            ]
            .as_slice()
        )
        .prop_map(str::to_owned),
    ];
    let texts = prop::collection::vec(pieces, 0..5).prop_map(|pieces| pieces.join(" "));
    let mut runner = TestRunner::new(ProptestConfig { cases: 400, ..ProptestConfig::default() });
    let outcome = runner.run(&texts, |text| {
        let row = session.create(post(&text, None, 1)).unwrap();
        let has_words = text.chars().any(|c| c.is_ascii_alphanumeric());
        for search in [session.search::<Post>(&text), session.search::<Post>(&text).prefix()] {
            let found = search.highlight(Post::TITLE, "<", ">").all();
            prop_assert!(found.is_ok(), "{:?}: {:?}", text, found);
            let found = found.unwrap().iter().any(|(post, _)| post.id == row.id);
            prop_assert!(found || !has_words, "{:?} does not find itself", text);
        }
        session.delete(&row).unwrap();
        Ok(())
    });
    outcome.unwrap();
    compare(&session).unwrap();
}
