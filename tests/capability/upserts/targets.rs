use orm_core::{AnyColumn, ErrorKind, Model, Upserted};

use crate::support::{recorded, refused, sent, session_with};

#[allow(clippy::duplicated_attributes, reason = "two indexes on one column are two")]
#[derive(Debug, Clone, PartialEq, Model)]
#[orm(
    table = "posts",
    unique(author, slug),
    index(slug, unique, where = "state = 'draft'", name = "one_draft"),
    index(title, unique, where = "state = 'draft'", name = "draft_titles"),
    index(title, unique, where = "state = 'public'", name = "public_titles"),
    index(state)
)]
struct Post {
    #[orm(primary_key, auto)]
    id: i64,
    author: String,
    slug: String,
    title: String,
    state: String,
    n: i64,
}

fn post(author: &str, slug: &str, state: &str, n: i64) -> Post {
    Post { id: 0, author: author.into(), slug: slug.into(), title: slug.into(), state: state.into(), n }
}

const INSERT: &str = "INSERT INTO \"main\".\"posts\" (\"author\", \"slug\", \"title\", \"state\", \"n\") VALUES (?1, ?2, \
                      ?3, ?4, ?5)";

#[test]
fn a_tuple_of_columns_names_their_rule_in_any_order() {
    let session = session_with::<Post>();
    let upsert =
        session.inserting::<Post>().on_conflict((Post::SLUG, Post::AUTHOR)).update(Post::N.set_excluded());
    let mut first = post("Ann", "a", "old", 1);
    assert_eq!(
        sent(|| upsert.one(&mut first)),
        [format!(
            r#"{INSERT} ON CONFLICT ("author", "slug") DO UPDATE SET "n" = "excluded"."n" RETURNING "id""#
        )]
    );
    assert_eq!(upsert.one(&mut post("Ann", "a", "old", 2)).unwrap(), Upserted::Updated);
    assert_eq!(upsert.one(&mut post("Bob", "a", "old", 2)).unwrap(), Upserted::Inserted);
}

#[test]
fn the_condition_of_a_partial_index_is_added() {
    let session = session_with::<Post>();
    let upsert = session.inserting::<Post>().on_conflict(Post::SLUG).update(Post::N.set_excluded());
    let mut first = post("Ann", "a", "draft", 1);
    assert_eq!(
        sent(|| upsert.one(&mut first)),
        [format!(
            "{INSERT} ON CONFLICT (\"slug\") WHERE state = 'draft' DO UPDATE SET \"n\" = \"excluded\".\"n\" \
             RETURNING \"id\""
        )]
    );
    assert_eq!(upsert.one(&mut post("Bob", "a", "draft", 2)).unwrap(), Upserted::Updated);
    // outside its condition the index says nothing
    assert_eq!(
        upsert.one(&mut Post { title: "b".into(), ..post("Bob", "a", "old", 2) }).unwrap(),
        Upserted::Inserted
    );
}

#[test]
fn an_index_can_be_named_where_its_columns_do_not_tell() {
    let session = session_with::<Post>();
    let by_title = session.inserting::<Post>().on_conflict(Post::TITLE).ignore();
    let (outcome, statements) = recorded(|| by_title.one(&mut post("Ann", "a", "draft", 1)));
    assert_eq!(
        refused(outcome),
        (
            ErrorKind::InvalidQuery,
            "table `posts`: several partial indexes are made of `title`: name one of them by `on_conflict_index`".into()
        )
    );
    assert_eq!(statements, [""; 0]);
    let draft = session.inserting::<Post>().on_conflict_index("draft_titles").ignore();
    assert_eq!(
        sent(|| draft.one(&mut post("Ann", "a", "draft", 1))),
        [format!(r#"{INSERT} ON CONFLICT ("title") WHERE state = 'draft' DO NOTHING"#)]
    );
    let public =
        session.inserting::<Post>().on_conflict_index("PUBLIC_TITLES").update(Post::N.set_excluded());
    assert_eq!(public.one(&mut post("Eve", "a", "public", 1)).unwrap(), Upserted::Inserted);
    let mut other = post("Bob", "a", "public", 2);
    assert_eq!((public.one(&mut other).unwrap(), other.id), (Upserted::Updated, 2));
}

#[test]
fn what_is_no_unique_rule_is_refused_before_anything_is_sent() {
    let session = session_with::<Post>();
    let inserting = || session.inserting::<Post>();
    let mut given = post("Ann", "a", "draft", 1);
    let none: [AnyColumn<Post>; 0] = [];
    for (upsert, message) in [
        (
            inserting().on_conflict(Post::AUTHOR),
            "neither the key nor a unique constraint or index is made of `author`, so no row can be in the way by it",
        ),
        (
            inserting().on_conflict((Post::STATE, Post::N)),
            "neither the key nor a unique constraint or index is made of `state`, `n`, so no row can be in the way by it",
        ),
        (
            inserting().on_conflict(none),
            "a conflict is named by the columns of a unique rule; `ignore_conflicts` takes any",
        ),
        (
            inserting().on_conflict_index("ix_posts_state"),
            "there is no unique index `ix_posts_state`: there is `one_draft`, `draft_titles`, `public_titles`",
        ),
    ] {
        let upsert = upsert.update(Post::N.set_excluded());
        let (outcome, statements) = recorded(|| upsert.one(&mut given));
        assert_eq!(refused(outcome), (ErrorKind::InvalidQuery, format!("table `posts`: {message}")));
        assert_eq!(statements, [""; 0]);
    }
    assert_eq!(given, post("Ann", "a", "draft", 1));
}

#[test]
fn a_rule_that_only_the_struct_knows_is_sqlites_error() {
    let session = session_with::<Post>();
    session.execute_batch("DROP INDEX one_draft").unwrap();
    let upsert = session.inserting::<Post>().on_conflict(Post::SLUG).ignore();
    let (kind, message) = refused(upsert.one(&mut post("Ann", "a", "draft", 1)));
    assert_eq!(kind, ErrorKind::Sql);
    assert!(message.contains("ON CONFLICT clause does not match"), "{message}");
}

#[test]
fn a_column_that_is_set_twice_is_refused() {
    let session = session_with::<Post>();
    let twice =
        session.inserting::<Post>().on_conflict(Post::ID).update([Post::N.set(1), Post::N.set_excluded()]);
    assert_eq!(
        refused(twice.one(&mut post("Ann", "a", "x", 1))),
        (ErrorKind::InvalidQuery, "column `n` of `posts`: the column is set twice: set it once".into())
    );
}

#[test]
fn excluded_belongs_into_an_upsert() {
    let session = session_with::<Post>();
    let message =
        "column `n`: `excluded` is the row that an upsert could not insert: use it in what the upsert does";
    let query = session.find::<Post>().filter(Post::N.gt(Post::N.excluded()));
    assert_eq!(refused(query.all()), (ErrorKind::InvalidQuery, message.into()));
    let update = session.find::<Post>().all_rows().update(Post::N.set_excluded());
    assert_eq!(refused(update), (ErrorKind::InvalidQuery, message.into()));

    #[derive(Debug, Model)]
    struct Excluded {
        #[orm(primary_key)]
        id: i64,
        n: i64,
    }
    let session = session_with::<Excluded>();
    let upsert = session.inserting::<Excluded>().on_conflict(Excluded::ID);
    let (kind, _) = refused(upsert.update(Excluded::N.set_excluded()).one(&mut Excluded { id: 1, n: 1 }));
    assert_eq!(kind, ErrorKind::InvalidQuery);
}
