use orm_core::{Query, Session, func};

use super::{Doc, Folder, Label, Mark, Note, Remark, everything, office};

/// A way of reading: the numbers of the documents from 1 to 4 that it shows.
type Way = (&'static str, fn(&Session) -> Vec<i64>);

/// Those of the four for which it holds.
fn each(holds: impl Fn(i64) -> bool) -> Vec<i64> {
    (1..=4).filter(|&id| holds(id)).collect()
}

fn ids(docs: &[Doc]) -> Vec<i64> {
    let mut ids: Vec<i64> = docs.iter().map(|doc| doc.id).filter(|&id| id <= 4).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn all<'s>(session: &'s Session) -> Query<'s, Doc> {
    session.find::<Doc>()
}

fn find(session: &Session, id: i64) -> Query<'_, Doc> {
    all(session).filter(Doc::ID.eq(id))
}

fn folders(session: &Session) -> Query<'_, Folder> {
    session.find::<Folder>()
}

fn notes(session: &Session) -> Query<'_, Note> {
    session.find::<Note>()
}

fn labels(session: &Session) -> Query<'_, Label> {
    session.find::<Label>()
}

/// The numbers of the rows of a query.
macro_rules! numbers {
    ($query:expr, $column:expr) => {
        $query.order_by($column.asc()).select($column).all().unwrap()
    };
}

const BY_KEY: [Way; 2] = [
    ("get", |it| each(|id| it.get::<Doc>(id).unwrap().is_some())),
    ("get_many", |it| ids(&it.get_many::<Doc, _>([4, 3, 2, 1]).unwrap())),
];

/// The terminals of a query, which is handed in so that more can be said of it.
type Terminal = (&'static str, fn(Query<'_, Doc>) -> Vec<i64>);

const TERMINALS: [Terminal; 15] = [
    ("all", |query| ids(&query.all().unwrap())),
    ("first", |query| each(|id| query.clone().filter(Doc::ID.eq(id)).first().unwrap().is_some())),
    ("one", |query| each(|id| query.clone().filter(Doc::ID.eq(id)).one().is_ok())),
    ("count", |query| each(|id| query.clone().filter(Doc::ID.eq(id)).count().unwrap() > 0)),
    ("count of some", |query| each(|id| query.clone().filter(Doc::ID.eq(id)).limit(9).count().unwrap() > 0)),
    ("exists", |query| each(|id| query.clone().filter(Doc::ID.eq(id)).exists().unwrap())),
    ("iter", |query| ids(&query.iter().unwrap().map(Result::unwrap).collect::<Vec<_>>())),
    ("chunks", |query| {
        let pages = query.chunks(2).unwrap().map(Result::unwrap);
        ids(&pages.flatten().collect::<Vec<_>>())
    }),
    ("sum", |query| each(|id| query.clone().filter(Doc::ID.eq(id)).sum(Doc::ID).unwrap() > 0)),
    ("avg", |query| each(|id| query.clone().filter(Doc::ID.eq(id)).avg(Doc::ID).unwrap().is_some())),
    ("max of some", |query| {
        each(|id| query.clone().filter(Doc::ID.eq(id)).limit(3).max(Doc::ID).unwrap().is_some())
    }),
    ("select", |query| numbers!(query.filter(Doc::ID.le(4)), Doc::ID)),
    ("distinct", |query| numbers!(query.filter(Doc::ID.le(4)).distinct(), Doc::ID)),
    ("group_by", |query| numbers!(query.filter(Doc::ID.le(4)).group_by(Doc::ID), Doc::ID)),
    ("having", |query| {
        numbers!(query.filter(Doc::ID.le(4)).group_by(Doc::ID).having(func::count().gt(0)), Doc::ID)
    }),
];

/// By way of other tables, all of whose rows can be seen.
const THROUGH_RELATIONS: [Way; 50] = [
    ("with children", |it| ids(&folders(it).with(Folder::DOCS).all().unwrap()[0].1)),
    ("with the first children", |it| {
        ids(&folders(it).with(Folder::DOCS.order_by(Doc::ID.asc()).limit(4)).first().unwrap().unwrap().1)
    }),
    ("with filtered children", |it| {
        ids(&folders(it).with(Folder::DOCS.filter(Doc::ID.le(4))).all().unwrap()[0].1)
    }),
    ("with a child", |it| {
        ids(&folders(it)
            .with(Folder::SEAL)
            .all()
            .unwrap()
            .into_iter()
            .filter_map(|(_, it)| it)
            .collect::<Vec<_>>())
    }),
    ("with linked rows", |it| {
        ids(&labels(it)
            .with(Label::DOCS)
            .all()
            .unwrap()
            .into_iter()
            .flat_map(|(_, it)| it)
            .collect::<Vec<_>>())
    }),
    ("with a parent", |it| {
        ids(&notes(it).with(Note::DOC).all().unwrap().into_iter().map(|(_, doc)| doc).collect::<Vec<_>>())
    }),
    ("with a parent, counted", |it| {
        each(|id| notes(it).filter(Note::ID.eq(id)).with(Note::DOC).count().unwrap() > 0)
    }),
    ("with a parent that may be missing", |it| {
        ids(&notes(it)
            .with(Note::COPY)
            .all()
            .unwrap()
            .into_iter()
            .filter_map(|(_, doc)| doc)
            .collect::<Vec<_>>())
    }),
    ("with a parent and what belongs to it", |it| {
        let rows = notes(it).with(Note::DOC.with(Doc::FOLDER).with(Doc::PARTS)).all().unwrap();
        ids(&rows
            .into_iter()
            .flat_map(|(_, (doc, _, parts))| [vec![doc], parts].concat())
            .collect::<Vec<_>>())
    }),
    ("with a parent of a parent", |it| {
        let rows = it.find::<Remark>().with(Remark::NOTE.with(Note::DOC)).all().unwrap();
        ids(&rows.into_iter().map(|(_, (_, doc))| doc).collect::<Vec<_>>())
    }),
    ("with children of its own table", |it| {
        let rows = find(it, 1).with(Doc::PARTS).all().unwrap();
        ids(&rows.into_iter().flat_map(|(doc, parts)| [vec![doc], parts].concat()).collect::<Vec<_>>())
    }),
    ("with a parent of its own table", |it| {
        let rows = all(it).filter(Doc::ID.gt(4)).with(Doc::WHOLE).all().unwrap();
        ids(&rows.into_iter().filter_map(|(_, whole)| whole).collect::<Vec<_>>())
    }),
    ("with a count", |it| {
        let rows = folders(it).with_count(Folder::SEALS).all().unwrap();
        rows.into_iter().filter(|(_, count)| *count > 0).map(|(folder, _)| folder.id).collect()
    }),
    ("with a count of linked rows", |it| {
        let rows = labels(it).with_count(Label::DOCS).all().unwrap();
        rows.into_iter().filter(|(_, count)| *count > 0).map(|(label, _)| label.id).collect()
    }),
    ("load children", |it| ids(&it.load(&folders(it).all().unwrap(), Folder::DOCS).unwrap().concat())),
    ("load the first children", |it| {
        let first = Folder::DOCS.order_by(Doc::ID.asc()).limit(4);
        ids(&it.load(&folders(it).all().unwrap(), first).unwrap().concat())
    }),
    ("load a child", |it| {
        let found = it.load(&folders(it).all().unwrap(), Folder::SEAL).unwrap();
        ids(&found.into_iter().flatten().collect::<Vec<_>>())
    }),
    ("load linked rows", |it| ids(&it.load(&labels(it).all().unwrap(), Label::DOCS).unwrap().concat())),
    ("load parents", |it| {
        let rows = notes(it).order_by(Note::ID.asc()).all().unwrap();
        each(|id| it.load(&rows[usize::try_from(id).unwrap() - 1..][..1], Note::DOC).is_ok())
    }),
    ("load parents with more", |it| {
        let rows = notes(it).order_by(Note::ID.asc()).all().unwrap();
        each(|id| it.load(&rows[usize::try_from(id).unwrap() - 1..][..1], Note::DOC.with(Doc::PARTS)).is_ok())
    }),
    ("load parents that may be missing", |it| {
        let found = it.load(&notes(it).all().unwrap(), Note::COPY).unwrap();
        ids(&found.into_iter().flatten().collect::<Vec<_>>())
    }),
    ("load parents that may be missing, with more", |it| {
        let found = it.load(&notes(it).all().unwrap(), Note::COPY.with(Doc::FOLDER)).unwrap();
        ids(&found.into_iter().flatten().map(|(doc, _)| doc).collect::<Vec<_>>())
    }),
    ("load parents of parents", |it| {
        let rows = it.find::<Remark>().order_by(Remark::ID.asc()).all().unwrap();
        each(|id| {
            it.load(&rows[usize::try_from(id).unwrap() - 1..][..1], Remark::NOTE.with(Note::DOC)).is_ok()
        })
    }),
    ("join a parent", |it| numbers!(notes(it).join(Note::DOC), Note::ID)),
    ("join a parent that may be missing", |it| {
        ids(&notes(it)
            .join(Note::COPY)
            .all()
            .unwrap()
            .into_iter()
            .filter_map(|(_, doc)| doc)
            .collect::<Vec<_>>())
    }),
    ("left join a parent", |it| {
        ids(&notes(it)
            .left_join(Note::DOC)
            .all()
            .unwrap()
            .into_iter()
            .filter_map(|(_, doc)| doc)
            .collect::<Vec<_>>())
    }),
    ("join children", |it| {
        ids(&folders(it)
            .join(Folder::DOCS)
            .all()
            .unwrap()
            .into_iter()
            .map(|(_, doc)| doc)
            .collect::<Vec<_>>())
    }),
    ("left join children", |it| {
        let rows = folders(it).left_join(Folder::SEALS.filter(Doc::ID.le(4))).all().unwrap();
        assert_eq!(rows.len(), 4);
        ids(&rows.into_iter().filter_map(|(_, doc)| doc).collect::<Vec<_>>())
    }),
    ("left join a child", |it| {
        ids(&folders(it)
            .left_join(Folder::SEAL)
            .all()
            .unwrap()
            .into_iter()
            .filter_map(|(_, doc)| doc)
            .collect::<Vec<_>>())
    }),
    ("join linked rows", |it| {
        ids(&labels(it).join(Label::DOCS).all().unwrap().into_iter().map(|(_, doc)| doc).collect::<Vec<_>>())
    }),
    ("left join linked rows", |it| {
        let rows = labels(it).left_join(Label::DOCS).all().unwrap();
        assert_eq!(rows.len(), 4);
        ids(&rows.into_iter().filter_map(|(_, doc)| doc).collect::<Vec<_>>())
    }),
    ("select by a path", |it| {
        let path = Note::DOC.at(Doc::ID).nullable();
        notes(it).order_by(Note::ID.asc()).select(path).all().unwrap().into_iter().flatten().collect()
    }),
    ("filter by a path", |it| numbers!(notes(it).filter(Note::DOC.at(Doc::TEXT).starts_with("d")), Note::ID)),
    ("filter by a path to a condition", |it| {
        numbers!(notes(it).filter(Note::DOC.at(Doc::ID.gt(0))), Note::ID)
    }),
    ("group by a path", |it| {
        let path = || Note::DOC.at(Doc::ID).nullable();
        notes(it)
            .group_by(path())
            .order_by(path().asc())
            .select(path())
            .all()
            .unwrap()
            .into_iter()
            .flatten()
            .collect()
    }),
    ("filter by a long path", |it| {
        numbers!(it.find::<Remark>().filter(Remark::NOTE.at(Note::DOC.at(Doc::ID)).gt(0)), Remark::ID)
    }),
    ("a path behind a hidden row", |it| {
        numbers!(notes(it).filter(Note::DOC.at(Doc::FOLDER.at(Folder::ID)).eq(1)), Note::ID)
    }),
    ("a path to its own table", |it| {
        let whole = Doc::WHOLE.at(Doc::ID);
        all(it)
            .filter(Doc::ID.gt(4))
            .order_by(Doc::ID.asc())
            .select(whole)
            .all()
            .unwrap()
            .into_iter()
            .flatten()
            .collect()
    }),
    ("any parent", |it| numbers!(notes(it).filter(Note::DOC.any(everything())), Note::ID)),
    ("no parent", |it| numbers!(notes(it).filter(!Note::DOC.none(everything())), Note::ID)),
    ("any child", |it| numbers!(folders(it).filter(Folder::SEALS.any(everything())), Folder::ID)),
    ("no child", |it| numbers!(folders(it).filter(!Folder::SEALS.none(Doc::ID.gt(0))), Folder::ID)),
    ("all children", |it| numbers!(folders(it).filter(!Folder::SEALS.all(Doc::ID.lt(0))), Folder::ID)),
    ("the number of children", |it| numbers!(folders(it).filter(Folder::SEALS.count().gt(0)), Folder::ID)),
    ("any linked row", |it| numbers!(labels(it).filter(Label::DOCS.any(everything())), Label::ID)),
    ("no linked row", |it| numbers!(labels(it).filter(!Label::DOCS.none(everything())), Label::ID)),
    ("all linked rows", |it| numbers!(labels(it).filter(!Label::DOCS.all(Doc::ID.lt(0))), Label::ID)),
    ("the number of linked rows", |it| numbers!(labels(it).filter(Label::DOCS.count().gt(0)), Label::ID)),
    ("any, by way of a hidden row", |it| {
        numbers!(labels(it).filter(Label::DOCS.any(Doc::FOLDER.at(Folder::ID).eq(1))), Label::ID)
    }),
    ("what is set by a path", |it| {
        let text = func::coalesce(Note::DOC.at(Doc::TEXT).nullable(), "-");
        notes(it).all_rows().update(Note::TEXT.set(text)).unwrap();
        let shown = numbers!(notes(it).filter(Note::TEXT.ne("-")), Note::ID);
        notes(it).all_rows().update(Note::TEXT.set("-")).unwrap();
        shown
    }),
];

#[test]
fn no_way_of_reading_shows_a_hidden_row() {
    let (session, _) = office();
    for (way, read) in BY_KEY.into_iter().chain(THROUGH_RELATIONS) {
        assert_eq!(read(&session), [1], "{way}");
        // the scope is left out by name, the mark of deletion stays
        assert_eq!(session.unscoped(read), [1, 2], "{way}");
        assert_eq!(read(&session), [1], "{way}, afterwards");
    }
}

#[test]
fn a_query_shows_hidden_rows_by_name() {
    let (session, _) = office();
    for (way, read) in TERMINALS {
        assert_eq!(read(all(&session)), [1], "{way}");
        assert_eq!(read(all(&session).unscoped()), [1, 2], "{way}");
        assert_eq!(session.unscoped(|session| read(all(session))), [1, 2], "{way}");
        assert_eq!(read(all(&session).with_deleted()), [1, 3], "{way}");
        assert_eq!(read(all(&session).with_deleted().unscoped()), [1, 2, 3, 4], "{way}");
    }
}

#[test]
fn a_filter_cannot_reach_around_the_scope() {
    let (session, _) = office();
    let either = Doc::ID.gt(0).or(Doc::TENANT.eq(2)).or(Doc::GONE.is_not_null());
    assert_eq!(ids(&all(&session).filter(either.clone()).all().unwrap()), [1]);
    let folder = folders(&session).with(Folder::DOCS.filter(either.clone())).first().unwrap().unwrap();
    assert_eq!(ids(&folder.1), [1]);
    assert_eq!(numbers!(folders(&session).filter(Folder::SEALS.any(either)), Folder::ID), [1]);
}

#[test]
fn a_link_that_is_hidden_leads_nowhere() {
    let (session, _) = office();
    let shown = |session: &Session| {
        let label = labels(session).filter(Label::ID.eq(1));
        (
            label.clone().with(Label::DOCS).one().unwrap().1.len(),
            label.clone().left_join(Label::DOCS).one().unwrap().1.is_some(),
            label.filter(Label::DOCS.any(everything())).count().unwrap(),
        )
    };
    assert_eq!(shown(&session), (1, true, 1));
    let mark = session.find::<Mark>().filter(Mark::LABEL_ID.eq(1));
    mark.update(Mark::TENANT.set(2)).unwrap();
    assert_eq!(shown(&session), (0, false, 0));
    assert_eq!(session.unscoped(shown), (1, true, 1));
    mark.clone().unscoped().update(Mark::TENANT.set(1)).unwrap();
    mark.delete().unwrap();
    assert_eq!(shown(&session), (0, false, 0));
}
