//! Full-text search: what is found, in which order, with what beside it, and that nothing people type is an error.

mod kept;
mod random;

use std::slice::from_ref;

use orm_core::{ErrorKind, Filter, Hooks, Model, Result, Session};

use crate::support::{recorded, refused, session, session_with};

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "posts", fts(title, body, tokenize = "porter unicode61", prefix = "2 3"))]
struct Post {
    #[orm(primary_key, auto)]
    id: i64,
    title: String,
    body: Option<String>,
    author: i64,
}

fn post(title: &str, body: Option<&str>, author: i64) -> Post {
    Post { id: 0, title: title.to_owned(), body: body.map(str::to_owned), author }
}

/// Four posts, with the ids 1 to 4.
fn posts() -> (Session, [Post; 4]) {
    let session = session_with::<Post>();
    let mut posts = [
        post("Knots", Some("First tie the sail, then the anchor."), 1),
        post("Sailing", Some("A sail, a sail and the wind: sailing."), 1),
        post("Zürich", None, 2),
        post("Anchors", Some("don't drop it; full-text \"quotes\" AND more"), 2),
    ];
    session.insert_all(&mut posts).unwrap();
    assert_eq!(posts.each_ref().map(|post| post.id), [1, 2, 3, 4]);
    (session, posts)
}

fn ids(session: &Session, text: &str) -> Vec<i64> {
    session.search::<Post>(text).order_by(Post::ID.asc()).select(|_| Post::ID).all().unwrap()
}

#[test]
fn every_word_has_to_be_there_and_the_best_comes_first() {
    let (session, [knots, sailing, zurich, _]) = posts();
    assert_eq!(session.search::<Post>("sail").all().unwrap(), [sailing, knots.clone()]);
    assert_eq!(session.search::<Post>("tie anchor").all().unwrap(), [knots]);
    // without regard to case, accents and endings, as the tokenizer says
    assert_eq!(session.search::<Post>("ZURICH").first().unwrap(), Some(zurich));
    assert_eq!(ids(&session, "anchored"), [1, 4]);
    assert_eq!(session.search::<Post>("harbour").first().unwrap(), None);
}

#[test]
fn a_search_is_a_value_with_filters_an_order_and_a_limit() {
    let (session, [knots, sailing, _, anchors]) = posts();
    let search = session.search::<Post>("anchor");
    assert_eq!((search.count().unwrap(), search.exists().unwrap()), (2, true));
    assert_eq!(search.clone().filter(Post::AUTHOR.eq(1)).all().unwrap(), from_ref(&knots));
    assert_eq!(search.clone().filter(Post::AUTHOR.eq(1)).filter(Post::ID.gt(1)).count().unwrap(), 0);
    assert_eq!(search.clone().order_by(Post::ID.asc()).limit(1).all().unwrap(), from_ref(&knots));
    assert_eq!(search.clone().order_by(Post::ID.asc()).offset(1).all().unwrap(), [anchors]);
    assert_eq!(search.clone().limit(1).count().unwrap(), 1);
    assert!(!search.filter(Post::ID.eq(2)).exists().unwrap());
    let sails =
        session.search::<Post>("sail").filter(Post::TITLE.starts_with("K").or(Post::ID.eq(sailing.id)));
    assert_eq!(sails.all().unwrap(), [sailing, knots]);
}

#[test]
fn the_best_ten_are_read_without_sorting_the_rest() {
    let (session, _) = posts();
    let plan = session.search::<Post>("sail").limit(10).explain().unwrap();
    assert!(plan.contains("VIRTUAL TABLE") && plan.contains("INTEGER PRIMARY KEY"), "{plan}");
    assert!(!plan.contains("TEMP B-TREE"), "{plan}");
}

#[test]
fn the_last_word_may_be_a_beginning() {
    let (session, _) = posts();
    let typed = |text: &str| session.search::<Post>(text).prefix().select(|_| Post::ID).all().unwrap();
    assert_eq!(typed("tie an"), [1]);
    assert_eq!(typed("an tie"), [0; 0]);
    assert_eq!(typed("zü"), [3]);
    assert_eq!(typed("tie \""), [1]);
    assert_eq!(typed(" "), [0; 0]);
}

#[test]
fn a_column_can_weigh_more() {
    let (session, _) = posts();
    let first = |search: orm_core::Search<'_, Post>| search.first().unwrap().map(|post| post.id);
    let anchors = session.search::<Post>("anchor");
    assert_eq!(first(anchors.clone().weight(Post::TITLE, 20.0)), Some(4));
    assert_eq!(first(anchors.clone().weight(Post::TITLE, 0.0)), Some(1));
    let both = anchors.clone().weight(Post::TITLE, 0.0).weight(Post::BODY, 1e-300);
    assert_eq!(both.count().unwrap(), 2);
    let (kind, message) = refused(anchors.clone().weight(Post::TITLE, f64::NAN).all());
    assert_eq!(
        (kind, message.as_str()),
        (ErrorKind::InvalidQuery, "the weight of a column is a finite number")
    );
    assert_eq!(refused(anchors.weight(Post::AUTHOR, 1.0).count()).0, ErrorKind::InvalidQuery);
}

#[test]
fn rank_highlight_and_snippet_stand_beside_the_row() {
    let (session, [knots, _, zurich, _]) = posts();
    let (found, rank, title, snippet) = session
        .search::<Post>("tie sail")
        .rank()
        .highlight(Post::TITLE, "<b>", "</b>")
        .snippet(Post::BODY, "[", "]", 3)
        .first()
        .unwrap()
        .unwrap();
    assert_eq!((found, title.as_str(), snippet.as_str()), (knots, "Knots", "…[tie] the [sail]…"));
    assert!(rank < 0.0, "{rank}");

    let marked = session.search::<Post>("sailing").highlight(Post::BODY, "", "*").limit(1).all().unwrap();
    assert_eq!(marked[0].1, "A sail*, a sail* and the wind: sailing*.");
    // NULL has no text
    let nothing = session.search::<Post>("zürich").highlight(Post::BODY, "<", ">").all().unwrap();
    assert_eq!(nothing, [(zurich, String::new())]);
}

#[test]
fn what_is_read_can_be_chosen() {
    let (session, _) = posts();
    let search = session
        .search::<Post>("anchor")
        .order_by(Post::ID.asc())
        .select(|hit| (Post::ID, hit.highlight(Post::TITLE, "<", ">"), hit.snippet(Post::BODY, "<", ">", 2)));
    let rows = search.all().unwrap();
    assert_eq!(rows[0], (1, "Knots".to_owned(), "…the <anchor>.".to_owned()));
    assert_eq!((rows[1].0, rows[1].1.as_str()), (4, "<Anchors>"));
    assert_eq!(search.count().unwrap(), 2);
    let ranks = session.search::<Post>("sail").select(|hit| hit.rank()).all().unwrap();
    assert!(ranks.is_sorted(), "{ranks:?}");
}

#[test]
fn what_a_snippet_cannot_be_is_said() {
    let (session, _) = posts();
    let search = || session.search::<Post>("anchor");
    for words in [0, 65] {
        let (kind, message) = refused(search().snippet(Post::BODY, "", "", words).all());
        assert_eq!((kind, message.as_str()), (ErrorKind::InvalidQuery, "a snippet has from 1 to 64 words"));
    }
    let missing = "the column is not in the full-text index: add its field to `fts(…)`";
    assert_eq!(refused(search().highlight(Post::AUTHOR, "", "").count()).1, missing);
    assert_eq!(refused(search().select(|hit| hit.highlight(Post::ID, "", "")).all()).1, missing);
}

#[test]
fn what_people_type_is_data() {
    let (session, _) = posts();
    let cases: [(&str, &[i64]); 14] = [
        ("\"", &[]),
        ("\"quotes\"", &[4]),
        ("don't", &[4]),
        ("full-text", &[4]),
        ("text-full", &[]),
        ("AND", &[2, 4]),
        ("sail AND", &[2]),
        ("sail OR anchor", &[]),
        ("title:anchors", &[]),
        ("anch*", &[]),
        ("NEAR(tie sail, 5)", &[]),
        ("^knots (", &[1]),
        ("tie\0sail -- ;", &[1]),
        ("😀 \u{301}", &[]),
    ];
    for (text, wanted) in cases {
        assert_eq!(ids(&session, text), wanted, "{text:?}");
    }
    for text in ["", " ", "\0", "--", "\u{feff}"] {
        assert_eq!(session.search::<Post>(text).all().unwrap(), [], "{text:?}");
        assert_eq!(session.search::<Post>(text).prefix().count().unwrap(), 0, "{text:?}");
    }
    let long: String = (0..5000).map(|number| format!("word{number} ")).collect();
    assert_eq!(session.search::<Post>(&long).count().unwrap(), 0);
}

#[test]
fn an_expression_has_all_of_the_syntax() {
    let (session, _) = posts();
    let found = |expression: &str| {
        let search = session.search_expression::<Post>(expression).order_by(Post::ID.asc());
        search.select(|_| Post::ID).all().unwrap()
    };
    assert_eq!(found("sail OR zürich"), [1, 2, 3]);
    assert_eq!(found("anchor NOT tie"), [4]);
    assert_eq!(found("title : anchor"), [4]);
    assert_eq!(found("\"tie the sail\""), [1]);
    assert_eq!(found("NEAR(first sail, 3) AND anch*"), [1]);
}

#[test]
fn a_malformed_expression_is_an_invalid_query_without_the_text() {
    let (session, _) = posts();
    let malformed =
        ["secret AND", "\"secret", "secret:x", "*secret", "NEAR(secret x, y)", "secret)", "{secret", ""];
    for expression in malformed {
        let search = session.search_expression::<Post>(expression);
        for outcome in [search.all().map(|_| ()), search.count().map(|_| ()), search.first().map(|_| ())] {
            let (kind, message) = refused(outcome);
            assert_eq!(
                (kind, message.as_str()),
                (
                    ErrorKind::InvalidQuery,
                    "table `posts`: the search is no expression of FTS5 \
                     (https://sqlite.org/fts5.html#full_text_query_syntax): for what people type there is `search`"
                ),
                "{expression}"
            );
        }
    }
    let (kind, message) = refused(session.search_expression::<Post>("sail\0 AND tie").all());
    assert_eq!((kind, message.as_str()), (ErrorKind::InvalidQuery, "the expression contains NUL: remove it"));
}

#[test]
fn other_errors_are_not_blamed_on_the_expression() {
    let session = session();
    let (kind, message) = refused(session.search_expression::<Post>("sail").all());
    assert_eq!((kind, message.as_str()), (ErrorKind::Sql, "no such table: main.posts"));
}

#[test]
fn a_table_is_created_and_dropped_with_its_index() {
    let session = session_with::<Post>();
    let left = |session: &Session| {
        session.raw("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'posts%'", ()).one::<i64>().unwrap()
    };
    assert_eq!(left(&session), 9);
    session.drop_table::<Post>().unwrap();
    assert_eq!(left(&session), 0);
    session.create_table::<Post>().unwrap();
    session.create(post("Knots", None, 1)).unwrap();
    assert_eq!(ids(&session, "knots"), [1]);
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "notes", fts(text), hooks)]
struct Note {
    #[orm(primary_key, auto)]
    id: i64,
    text: String,
    tenant: i64,
    #[orm(deleted_at)]
    gone: Option<std::time::SystemTime>,
    #[orm(skip)]
    seen: bool,
}

struct Tenant(i64);

impl Hooks for Note {
    fn after_find(&mut self, _: &Session) -> Result<()> {
        self.seen = true;
        Ok(())
    }

    fn scope(session: &Session) -> Result<Option<Filter<Self>>> {
        Ok(session.context::<Tenant>().map(|tenant| Self::TENANT.eq(tenant.0)))
    }
}

#[test]
fn scopes_soft_deletion_and_hooks_apply() {
    let session = session_with::<Note>();
    let note = |text: &str, tenant| Note { id: 0, text: text.into(), tenant, gone: None, seen: false };
    let mut notes = [note("red boat", 1), note("red sail", 1), note("red sea", 2)];
    session.insert_all(&mut notes).unwrap();
    session.delete(&notes[1]).unwrap();
    session.set_context(Tenant(1));
    let reds = session.search::<Note>("red");
    assert_eq!(reds.all().unwrap(), [Note { seen: true, ..notes[0].clone() }]);
    assert_eq!(reds.count().unwrap(), 1);
    assert_eq!(reds.clone().with_deleted().count().unwrap(), 2);
    assert_eq!(reds.clone().unscoped().count().unwrap(), 2);
    assert_eq!(reds.with_deleted().unscoped().count().unwrap(), 3);
    let marked = session.search::<Note>("red").highlight(Note::TEXT, "<", ">").all().unwrap();
    assert_eq!(marked, [(Note { seen: true, ..notes[0].clone() }, "<red> boat".to_owned())]);
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "authors", has_many(articles: Article::AUTHOR), fts(name))]
struct Author {
    #[orm(primary_key, auto)]
    id: i64,
    name: String,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "articles", fts(title))]
struct Article {
    #[orm(primary_key, auto)]
    id: i64,
    title: String,
    #[orm(references = Author, on_delete = "cascade", index)]
    author_id: i64,
}

#[test]
fn relations_are_loaded_beside_the_hits() {
    let session = session_with::<Author>();
    session.create_table::<Article>().unwrap();
    let mut ann = Author { id: 0, name: "Ann".into() };
    let mut articles =
        ["Red", "Red sails", "Blue"].map(|title| Article { id: 0, title: title.into(), author_id: 0 });
    session.insert_with(&mut ann, Author::ARTICLES, &mut articles).unwrap();
    let [red, sails, _] = articles.clone();

    let search = session.search::<Article>("red").highlight(Article::TITLE, "<", ">").with(Article::AUTHOR);
    assert_eq!(
        search.all().unwrap(),
        [(red, "<Red>".to_owned(), ann.clone()), (sails.clone(), "<Red> sails".to_owned(), ann.clone())]
    );
    let by_path = session.search::<Article>("sails").filter(Article::AUTHOR.at(Author::NAME).eq("Ann"));
    assert_eq!(by_path.all().unwrap(), [sails]);
    let (found, statements) =
        recorded(|| session.search::<Author>("ann").with(Author::ARTICLES).all().unwrap());
    assert_eq!(found, [(ann.clone(), articles.to_vec())]);
    assert_eq!(statements.iter().filter(|sql| sql.contains("\"main\"")).count(), 2, "{statements:#?}");
    assert_eq!(
        session.search::<Author>("ann").with_count(Author::ARTICLES).all().unwrap(),
        [(ann.clone(), 3)]
    );

    // the foreign key's CASCADE fires the triggers, too
    session.delete(&ann).unwrap();
    assert_eq!(session.search::<Article>("red").count().unwrap(), 0);
}
