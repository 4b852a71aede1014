use orm_core::{Engine, ErrorKind, Filter, Model};

use super::{User, names, people};

#[test]
fn an_update_changes_the_rows_of_its_filter() {
    let session = people();
    let thirty = session.find::<User>().filter(User::AGE.eq(30));
    assert_eq!(thirty.update([User::AGE.set(User::AGE + 1), User::NAME.set(User::NAME)]).unwrap(), 2);
    assert_eq!(thirty.update(User::AGE.set(1)).unwrap(), 0);
    let ages = session.find::<User>().order_by(User::ID.asc()).select(User::AGE).all().unwrap();
    assert_eq!(ages, [31, 17, 18, 31]);
}

#[test]
fn an_optional_column_takes_values_and_none() {
    let session = people();
    let ann = session.find::<User>().filter(User::ID.eq(1));
    for (change, expected) in [
        (User::NAME.set("x"), Some("x")),
        (User::NAME.set(None), None),
        (User::NAME.set(Some("y".to_owned())), Some("y")),
        (User::NAME.set(String::from("z")), Some("z")),
    ] {
        assert_eq!(ann.update(change).unwrap(), 1);
        assert_eq!(ann.one().unwrap().name.as_deref(), expected);
    }
}

#[test]
fn a_write_without_a_filter_has_to_be_meant() {
    let session = people();
    let everybody = session.find::<User>();
    for error in [
        everybody.update(User::AGE.set(1)).unwrap_err(),
        everybody.delete().unwrap_err(),
        everybody.clone().filter(Filter::all_of([])).delete().unwrap_err(),
        everybody.clone().limit(1).delete().unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::InvalidQuery);
        assert_eq!(
            error.to_string(),
            "table `users`: this would change every row: add a filter, or `all_rows()` if that is meant"
        );
    }
    assert_eq!(everybody.count().unwrap(), 4);
    assert_eq!(everybody.clone().all_rows().update(User::AGE.set(1)).unwrap(), 4);
    assert_eq!(everybody.all_rows().delete().unwrap(), 4);
}

#[test]
fn no_changes_send_nothing() {
    let session = people();
    assert_eq!(session.find::<User>().update(Vec::new()).unwrap(), 0);
}

#[test]
fn a_write_obeys_its_limit() {
    let session = people();
    let oldest = session.find::<User>().all_rows().order_by([User::AGE.desc(), User::ID.asc()]).limit(2);
    assert_eq!(oldest.update(User::NAME.set("old")).unwrap(), 2);
    assert_eq!(session.find::<User>().all_rows().order_by(User::ID.asc()).offset(3).delete().unwrap(), 1);
    let left = session.find::<User>().order_by(User::ID.asc()).all().unwrap();
    assert_eq!(names(&left), ["old", "Bob", "?"]);
}

#[test]
fn groups_and_columns_set_twice_are_refused() {
    let session = people();
    let some = session.find::<User>().filter(User::AGE.gt(1));
    let twice = some.update([User::AGE.set(1), User::AGE.set(2)]).unwrap_err();
    assert_eq!(twice.to_string(), "column `age` of `users`: the column is set twice: set it once");
    for query in [some.clone().distinct(), some.group_by(User::AGE)] {
        assert_eq!(query.delete().unwrap_err().kind(), ErrorKind::InvalidQuery);
    }
}

#[test]
fn a_violated_constraint_is_named() {
    #[derive(Debug, Model)]
    struct Tag {
        #[orm(primary_key)]
        name: String,
    }

    let session = Engine::open_in_memory().unwrap().session().unwrap();
    session.create_table::<Tag>().unwrap();
    for name in ["a", "b"] {
        session.create(Tag { name: name.into() }).unwrap();
    }
    let error = session.find::<Tag>().filter(Tag::NAME.eq("a")).update(Tag::NAME.set("b")).unwrap_err();
    assert!(error.is_unique_violation());
    assert_eq!(error.constraint().unwrap().columns, ["name"]);
}
