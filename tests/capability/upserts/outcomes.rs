use orm_core::{Model, Upserted, func, sql};

use super::{User, people, user, users};
use crate::support::{sent, session_with};

const INSERT: &str = r#"INSERT INTO "main"."users" ("email", "name", "age") VALUES (?1, ?2, ?3)"#;

#[test]
fn ignoring_leaves_the_row_alone_and_the_struct_as_it_was() {
    let session = people();
    let ignore = session.inserting::<User>().on_conflict(User::EMAIL).ignore();
    let mut ann = user("ann", "Anna", 99);
    let mut eve = user("eve", "Eve", 20);
    assert_eq!(sent(|| ignore.one(&mut ann)), [format!(r#"{INSERT} ON CONFLICT ("email") DO NOTHING"#)]);
    assert_eq!(ignore.one(&mut ann).unwrap(), Upserted::LeftAlone);
    assert_eq!(ann, user("ann", "Anna", 99));
    assert_eq!(ignore.one(&mut eve).unwrap(), Upserted::Inserted);
    assert_eq!(users(&session)[0], User { id: 1, ..user("ann", "Ann", 30) });
    assert_eq!(users(&session)[2], eve);
}

#[test]
fn any_conflict_can_be_ignored_and_other_constraints_are_not() {
    let session = people();
    let ignore = session.inserting::<User>().ignore_conflicts();
    assert_eq!(sent(|| ignore.one(&mut user("ann", "x", 1))), [format!("{INSERT} ON CONFLICT DO NOTHING")]);
    assert_eq!(ignore.one(&mut User { id: 2, ..user("new", "x", 1) }).unwrap(), Upserted::LeftAlone);
    let error = ignore.one(&mut user("new", "x", 200)).unwrap_err();
    assert_eq!(error.constraint().unwrap().kind, orm_core::ConstraintKind::Check);
}

#[test]
fn an_update_changes_the_row_in_the_way() {
    let session = people();
    let upsert = session
        .inserting::<User>()
        .on_conflict(User::EMAIL)
        .update([User::NAME.set_excluded(), User::AGE.set(User::AGE + User::AGE.excluded() + 1)]);
    let mut ann = user("ann", "Anna", 5);
    assert_eq!(
        sent(|| upsert.one(&mut ann)),
        [format!(
            "{INSERT} ON CONFLICT (\"email\") DO UPDATE SET \"name\" = \"excluded\".\"name\", \"age\" = \
             \"users\".\"age\" + \"excluded\".\"age\" + ?4 RETURNING \"id\""
        )]
    );
    assert_eq!(users(&session)[0], User { id: 1, ..user("ann", "Anna", 36) });
    assert_eq!(upsert.one(&mut user("ann", "Anna", 1)).unwrap(), Upserted::Updated);
    assert_eq!(upsert.one(&mut user("eve", "Eve", 1)).unwrap(), Upserted::Inserted);
    assert_eq!(users(&session)[2], User { id: 3, ..user("eve", "Eve", 1) });
}

#[test]
fn a_filter_decides_whether_the_row_in_the_way_changes() {
    let session = people();
    let older = session
        .inserting::<User>()
        .on_conflict(User::EMAIL)
        .update(User::AGE.set_excluded())
        .filter(User::AGE.lt(User::AGE.excluded()))
        .filter(User::NAME.ne("Bob"));
    let mut ann = user("ann", "Anna", 31);
    assert_eq!(
        sent(|| older.one(&mut ann)),
        [format!(
            "{INSERT} ON CONFLICT (\"email\") DO UPDATE SET \"age\" = \"excluded\".\"age\" WHERE \
             \"users\".\"age\" < \"excluded\".\"age\" AND \"users\".\"name\" IS NOT ?4 RETURNING \"id\""
        )]
    );
    for (email, age, expected) in [
        ("ann", 31, Upserted::LeftAlone),
        ("ann", 32, Upserted::Updated),
        ("bob", 99, Upserted::LeftAlone),
        ("eve", 1, Upserted::Inserted),
    ] {
        let mut given = user(email, "x", age);
        assert_eq!(older.one(&mut given).unwrap(), expected);
        assert_eq!(given.id == 0, expected == Upserted::LeftAlone);
    }
    assert_eq!(users(&session).iter().map(|user| user.age).collect::<Vec<_>>(), [32, 40, 1]);
}

#[test]
fn overwriting_takes_over_all_but_key_and_target() {
    let session = people();
    let overwrite = session.inserting::<User>().on_conflict(User::EMAIL).overwrite();
    let mut ann = user("ann", "Anna", 31);
    assert_eq!(
        sent(|| overwrite.one(&mut ann)),
        [format!(
            "{INSERT} ON CONFLICT (\"email\") DO UPDATE SET \"name\" = \"excluded\".\"name\", \"age\" = \
             \"excluded\".\"age\" RETURNING \"id\""
        )]
    );
    assert_eq!(users(&session)[0], ann);
    let mut named = user("ann", "Only the name", 99);
    session
        .inserting::<User>()
        .only((User::EMAIL, User::NAME))
        .on_conflict(User::EMAIL)
        .overwrite()
        .one(&mut named)
        .unwrap();
    assert_eq!(users(&session)[0], User { id: 1, ..user("ann", "Only the name", 31) });
}

#[test]
fn no_changes_leave_the_row_alone() {
    let session = people();
    let nothing = session.inserting::<User>().on_conflict(User::EMAIL).update(Vec::new());
    let mut ann = user("ann", "x", 1);
    assert_eq!(sent(|| nothing.one(&mut ann)), [format!(r#"{INSERT} ON CONFLICT ("email") DO NOTHING"#)]);
    assert_eq!(nothing.one(&mut ann).unwrap(), Upserted::LeftAlone);

    #[derive(Debug, Model)]
    #[orm(primary_key(a, b))]
    struct Link {
        a: i64,
        b: i64,
    }
    let session = session_with::<Link>();
    let link = session.inserting::<Link>().on_conflict((Link::B, Link::A)).overwrite();
    assert_eq!(link.one(&mut Link { a: 1, b: 2 }).unwrap(), Upserted::Inserted);
    assert_eq!(link.one(&mut Link { a: 1, b: 2 }).unwrap(), Upserted::LeftAlone);
}

#[test]
fn many_are_told_apart_in_one_transaction_with_one_statement() {
    let session = people();
    let upsert = session.inserting::<User>().on_conflict(User::EMAIL).update(User::NAME.set_excluded());
    let mut many = [user("ann", "A", 1), user("eve", "E", 2), user("eve", "F", 3)];
    let statements = sent(|| {
        let outcomes = upsert.all(&mut many)?;
        assert_eq!(outcomes, [Upserted::Updated, Upserted::Inserted, Upserted::Updated]);
        Ok(())
    });
    assert_eq!(statements.len(), 5);
    assert_eq!((&*statements[0], &*statements[4]), ("BEGIN IMMEDIATE", "COMMIT"));
    assert_eq!(statements[1], statements[3]);
    assert_eq!(many.map(|user| user.id), [1, 3, 3]);
    assert_eq!(upsert.all(&mut []).unwrap(), []);
    let names: Vec<_> = users(&session).into_iter().map(|user| user.name.unwrap()).collect();
    assert_eq!(names, ["A", "Bob", "F"]);
}

#[test]
fn where_one_fails_nothing_is_written_and_all_structs_are_as_before() {
    let session = people();
    let upsert = session.inserting::<User>().on_conflict(User::EMAIL).update(User::NAME.set_excluded());
    let mut many = [user("ann", "A", 1), user("eve", "E", 2), user("old", "O", 200)];
    let before = many.clone();
    assert!(upsert.all(&mut many).unwrap_err().constraint().is_some());
    assert_eq!(many, before);
    assert_eq!(
        users(&session),
        [User { id: 1, ..user("ann", "Ann", 30) }, User { id: 2, ..user("bob", "Bob", 40) }]
    );
}

#[test]
fn a_conflict_with_another_rule_is_an_error() {
    let session = people();
    let upsert = session.inserting::<User>().on_conflict(User::EMAIL).update(User::NAME.set_excluded());
    let mut second_one = User { id: 1, ..user("new", "x", 1) };
    let error = upsert.one(&mut second_one).unwrap_err();
    assert_eq!(error.constraint().unwrap().columns, ["id"]);
}

#[test]
fn functions_and_fragments_are_over_the_row_in_the_way() {
    let session = people();
    let upsert = session.inserting::<User>().on_conflict(User::EMAIL).update([
        User::NAME.set(func::coalesce(User::NAME.excluded(), "nobody")),
        User::AGE.set(sql::<u8, _>("age + ?", (2,))),
    ]);
    upsert.one(&mut User { name: None, ..user("ann", "", 1) }).unwrap();
    assert_eq!(users(&session)[0], User { id: 1, ..user("ann", "nobody", 32) });
}

#[test]
fn triggers_do_not_confuse_what_became_of_a_row() {
    let session = people();
    session
        .execute_batch(
            "CREATE TABLE log (id INTEGER PRIMARY KEY, text TEXT) STRICT;
             CREATE TRIGGER a BEFORE INSERT ON users BEGIN INSERT INTO log (text) VALUES ('before'); END;
             CREATE TRIGGER b AFTER INSERT ON users BEGIN INSERT INTO log (text) VALUES ('insert'); END;
             CREATE TRIGGER c AFTER UPDATE ON users BEGIN INSERT INTO log (text) VALUES ('update'), ('u'); END;",
        )
        .unwrap();
    let upsert = session.inserting::<User>().on_conflict(User::EMAIL).update(User::NAME.set_excluded());
    let mut ann = user("ann", "A", 1);
    assert_eq!((upsert.one(&mut ann).unwrap(), ann.id), (Upserted::Updated, 1));
    let mut eve = user("eve", "E", 1);
    assert_eq!((upsert.one(&mut eve).unwrap(), eve.id), (Upserted::Inserted, 3));
    assert_eq!((upsert.one(&mut eve).unwrap(), eve.id), (Upserted::Updated, 3));
}

#[test]
fn a_search_index_does_not_confuse_what_became_of_a_row() {
    let session = people();
    session
        .execute_batch(
            "CREATE VIRTUAL TABLE search USING fts5(email);
             INSERT INTO search (rowid, email) VALUES (1000, 'x');
             CREATE TRIGGER a AFTER INSERT ON users BEGIN INSERT INTO search (email) VALUES (new.email); END;
             CREATE TRIGGER b AFTER UPDATE ON users BEGIN INSERT INTO search (email) VALUES (new.email); END;",
        )
        .unwrap();
    let upsert = session.inserting::<User>().on_conflict(User::EMAIL).update(User::NAME.set_excluded());
    let mut ann = user("ann", "A", 1);
    assert_eq!((upsert.one(&mut ann).unwrap(), ann.id), (Upserted::Updated, 1));
    let mut eve = user("eve", "E", 1);
    assert_eq!((upsert.one(&mut eve).unwrap(), eve.id), (Upserted::Inserted, 3));
}

#[test]
fn a_row_that_a_trigger_ignores_is_an_error_unless_rows_may_be_left_alone() {
    let session = people();
    session.execute_batch("CREATE TRIGGER t BEFORE INSERT ON users BEGIN SELECT RAISE(IGNORE); END").unwrap();
    let inserting = || session.inserting::<User>().on_conflict(User::EMAIL);
    let mut eve = user("eve", "E", 1);
    assert!(inserting().update(User::NAME.set_excluded()).one(&mut eve).is_err());
    assert_eq!(inserting().ignore().one(&mut eve).unwrap(), Upserted::LeftAlone);
    assert_eq!(eve, user("eve", "E", 1));
}

/// A table WITHOUT ROWID has no key of the last insert by which an insert could be told from an update.
mod without_rowid {
    use super::*;

    #[derive(Debug, Clone, PartialEq, Model)]
    #[orm(table = "hits", without_rowid, primary_key(page, day))]
    struct Hits {
        page: String,
        day: i64,
        count: i64,
    }

    fn hit(page: &str) -> Hits {
        Hits { page: page.into(), day: 1, count: 1 }
    }

    #[test]
    fn an_insert_is_told_from_an_update() {
        let session = session_with::<Hits>();
        let count = session
            .inserting::<Hits>()
            .on_conflict((Hits::PAGE, Hits::DAY))
            .update(Hits::COUNT.set(Hits::COUNT + Hits::COUNT.excluded()));
        assert_eq!(count.one(&mut hit("/")).unwrap(), Upserted::Inserted);
        assert_eq!(count.one(&mut hit("/")).unwrap(), Upserted::Updated);
        let mut more = [hit("/"), hit("/a"), hit("/a")];
        assert_eq!(count.all(&mut more).unwrap(), [Upserted::Updated, Upserted::Inserted, Upserted::Updated]);
        let few = count.clone().filter(Hits::COUNT.lt(3));
        assert_eq!(
            few.all(&mut more).unwrap(),
            [Upserted::LeftAlone, Upserted::Updated, Upserted::LeftAlone]
        );
        let counts = session.find::<Hits>().order_by(Hits::PAGE.asc()).select(Hits::COUNT).all().unwrap();
        assert_eq!(counts, [3, 3]);
    }

    #[test]
    fn triggers_see_each_row_once() {
        let session = session_with::<Hits>();
        session
            .execute_batch(
                "CREATE TABLE log (text TEXT) STRICT;
                 CREATE TRIGGER t BEFORE INSERT ON hits BEGIN INSERT INTO log VALUES (new.page); END",
            )
            .unwrap();
        let count = session.inserting::<Hits>().on_conflict((Hits::PAGE, Hits::DAY)).overwrite();
        count.all(&mut [hit("/"), hit("/"), hit("/")]).unwrap();
        assert_eq!(session.raw("SELECT count(*) FROM log", ()).one::<i64>().unwrap(), 3);
    }
}
