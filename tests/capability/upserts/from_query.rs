use orm_core::{ErrorKind, Model, Session, func, sql};

use crate::support::{engine_at, refused, sent, session_with};

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "posts")]
struct Post {
    #[orm(primary_key, auto)]
    id: i64,
    title: String,
    year: i64,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "archive")]
struct Archived {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(unique)]
    title: String,
    year: Option<i64>,
    #[orm(default = 1)]
    copies: i64,
}

fn posts() -> Session {
    let session = session_with::<Post>();
    session.create_table::<Archived>().unwrap();
    let posts = [("a", 1999), ("b", 2005), ("c", 2026)];
    session.insert_all(&mut posts.map(|(title, year)| Post { id: 0, title: title.into(), year })).unwrap();
    session
}

fn archive(session: &Session) -> Vec<(String, Option<i64>, i64)> {
    let columns = (Archived::TITLE, Archived::YEAR, Archived::COPIES);
    session.find::<Archived>().order_by(Archived::ID.asc()).select(columns).all().unwrap()
}

#[test]
fn the_rows_of_a_query_are_inserted_in_one_statement() {
    let session = posts();
    let old = session.find::<Post>().filter(Post::YEAR.lt(2010)).order_by(Post::YEAR.desc()).limit(5);
    let rows = old.select((Post::TITLE, Post::YEAR));
    assert_eq!(
        sent(|| session.insert_from((Archived::TITLE, Archived::YEAR), &rows)),
        [
            "INSERT INTO \"main\".\"archive\" (\"title\", \"year\") SELECT \"title\", \"year\" FROM \"main\".\"posts\" WHERE \
          \"year\" < ?1 ORDER BY \"year\" DESC LIMIT ?2"
        ]
    );
    assert_eq!(archive(&session), [("b".into(), Some(2005), 1), ("a".into(), Some(1999), 1)]);
    let error = session.insert_from((Archived::TITLE, Archived::YEAR), &rows).unwrap_err();
    assert_eq!(error.constraint().unwrap().columns, ["title"]);
    assert_eq!(archive(&session).len(), 2);
}

#[test]
fn one_column_takes_one() {
    let session = posts();
    let titles = session.find::<Post>().select(Post::TITLE);
    assert_eq!(session.insert_from(Archived::TITLE, &titles).unwrap(), 3);
    assert_eq!(archive(&session)[0], ("a".into(), None, 1));
}

#[test]
fn a_conflict_needs_a_condition_in_front_of_it() {
    let session = posts();
    session.create(Archived { id: 0, title: "a".into(), year: None, copies: 7 }).unwrap();
    let rows = session.find::<Post>().select((Post::TITLE, Post::YEAR));
    let ignore = session.inserting::<Archived>().on_conflict(Archived::TITLE).ignore();
    assert_eq!(
        sent(|| ignore.insert_from((Archived::TITLE, Archived::YEAR), &rows)),
        [
            "INSERT INTO \"main\".\"archive\" (\"title\", \"year\") SELECT \"title\", \"year\" FROM \"main\".\"posts\" WHERE 1 \
          ON CONFLICT (\"title\") DO NOTHING"
        ]
    );
    assert_eq!(archive(&session)[0], ("a".into(), None, 7));
    let update = session
        .inserting::<Archived>()
        .on_conflict(Archived::TITLE)
        .update([Archived::YEAR.set_excluded(), Archived::COPIES.set(Archived::COPIES + 1)])
        .filter(Archived::COPIES.gt(5));
    let rows = rows.filter(Post::YEAR.lt(2010));
    assert_eq!(
        sent(|| update.insert_from((Archived::TITLE, Archived::YEAR), &rows)),
        [
            "INSERT INTO \"main\".\"archive\" (\"title\", \"year\") SELECT \"title\", \"year\" FROM \"main\".\"posts\" WHERE \
          \"year\" < ?1 ON CONFLICT (\"title\") DO UPDATE SET \"year\" = \"excluded\".\"year\", \"copies\" = \
          \"archive\".\"copies\" + ?2 WHERE \"archive\".\"copies\" > ?3"
        ]
    );
    assert_eq!(archive(&session)[0], ("a".into(), Some(1999), 8));
    assert_eq!(update.insert_from((Archived::TITLE, Archived::YEAR), &rows).unwrap(), 1);
}

#[test]
fn a_grouped_query_can_be_upserted() {
    let session = posts();
    session.create(Archived { id: 0, title: "1990".into(), year: None, copies: 7 }).unwrap();
    let decade = || sql::<String, Post>("year / 10 * 10", ());
    let counts = session.find::<Post>().group_by(decade()).select((decade(), func::sum(Post::ID)));
    let overwrite = session.inserting::<Archived>().on_conflict(Archived::TITLE).overwrite();
    session.execute_batch("DROP TABLE archive; CREATE TABLE archive (id INTEGER PRIMARY KEY, title TEXT UNIQUE, year INTEGER, copies INTEGER)").unwrap();
    assert_eq!(overwrite.insert_from((Archived::TITLE, Archived::COPIES), &counts).unwrap(), 3);
    assert_eq!(overwrite.insert_from((Archived::TITLE, Archived::COPIES), &counts).unwrap(), 3);
    assert_eq!(archive(&session)[0], ("1990".into(), None, 1));
}

#[test]
fn timestamps_are_set_unless_they_are_named() {
    #[derive(Debug, PartialEq, Model)]
    struct Copy {
        #[orm(primary_key)]
        title: String,
        #[orm(created_at)]
        created: String,
        #[orm(updated_at)]
        updated: String,
    }

    crate::support::listen();
    let session = engine_at(60).session().unwrap();
    session.create_table::<Post>().unwrap();
    session.create_table::<Copy>().unwrap();
    session.create(Post { id: 0, title: "a".into(), year: 1 }).unwrap();
    let rows = session.find::<Post>().select((Post::TITLE, Post::TITLE));
    let put = session.inserting::<Copy>().on_conflict(Copy::TITLE).overwrite();
    assert_eq!(
        sent(|| put.insert_from((Copy::TITLE, Copy::CREATED), &rows)),
        [
            "INSERT INTO \"main\".\"copy\" (\"title\", \"created\", \"updated\") SELECT \"title\", \"title\", ?1 FROM \
          \"main\".\"posts\" WHERE 1 ON CONFLICT (\"title\") DO UPDATE SET \"updated\" = \"excluded\".\"updated\""
        ]
    );
    let copy = session.find::<Copy>().one().unwrap();
    assert_eq!((&*copy.created, &*copy.updated), ("a", "1970-01-01 00:01:00.000000"));
}

#[test]
fn what_is_ambiguous_is_refused() {
    let session = posts();
    let rows = session.find::<Post>().select((Post::TITLE, Post::TITLE));
    assert_eq!(
        refused(session.insert_from((Archived::TITLE, Archived::TITLE), &rows)),
        (
            ErrorKind::InvalidQuery,
            "column `title` of `archive`: the column is named twice: name it once".into()
        )
    );
    let titles = session.find::<Post>().select(Post::TITLE);
    let only = session.inserting::<Archived>().only(Archived::YEAR).ignore_conflicts();
    assert_eq!(
        refused(only.insert_from(Archived::TITLE, &titles)),
        (
            ErrorKind::InvalidQuery,
            "table `archive`: `insert_from` names the columns: leave `only` out".into()
        )
    );
    let other = super::people();
    assert_eq!(refused(other.insert_from(Archived::TITLE, &titles)).0, ErrorKind::InvalidQuery);
}

#[test]
fn a_table_can_be_filled_from_itself() {
    let session = posts();
    let next = session.find::<Post>().select((Post::TITLE, Post::YEAR + 1));
    assert_eq!(session.insert_from((Post::TITLE, Post::YEAR), &next).unwrap(), 3);
    assert_eq!(session.find::<Post>().sum(Post::YEAR).unwrap(), 2 * (1999 + 2005 + 2026) + 3);
}
