use orm_core::{Engine, ErrorKind, Filter, Model, Value, func, sql};

use super::{User, names, people};

#[test]
fn all_gives_the_rows_in_the_order_asked_for() {
    let session = people();
    let users = session.find::<User>().order_by([User::AGE.desc(), User::NAME.desc()]).all().unwrap();
    assert_eq!(names(&users), ["Cid", "Ann", "?", "Bob"]);
    let page = session.find::<User>().order_by(User::ID.asc()).limit(2).offset(1).all().unwrap();
    assert_eq!(names(&page), ["Bob", "?"]);
    let nulls = session.find::<User>().order_by(User::NAME.asc().nulls_last()).all().unwrap();
    assert_eq!(names(&nulls), ["Ann", "Bob", "Cid", "?"]);
}

#[test]
fn a_base_query_is_not_changed_by_its_terminals_and_clones() {
    let session = people();
    let adults = session.find::<User>().filter(User::AGE.ge(18));
    assert_eq!(adults.count().unwrap(), 3);
    assert_eq!(adults.clone().filter(User::NAME.eq("Ann")).count().unwrap(), 1);
    assert_eq!(adults.first().unwrap().unwrap().age, 30);
    assert_eq!(adults.count().unwrap(), 3);
}

#[test]
fn first_is_optional_and_one_is_exact() {
    let session = people();
    let named = |name: &str| session.find::<User>().filter(User::NAME.eq(name));
    assert_eq!(named("Ann").one().unwrap().id, 1);
    assert_eq!(named("nobody").first().unwrap(), None);
    assert!(named("nobody").one().unwrap_err().is_not_found());
    let thirty = session.find::<User>().filter(User::AGE.eq(30));
    assert_eq!(thirty.one().unwrap_err().kind(), ErrorKind::TooManyRows);
    assert_eq!(thirty.clone().limit(1).one().unwrap().age, 30);
    assert_eq!(thirty.limit(0).first().unwrap(), None);
}

#[test]
fn counting_obeys_limits_distinct_rows_and_groups() {
    let session = people();
    let all = || session.find::<User>();
    assert_eq!(all().count().unwrap(), 4);
    assert_eq!(all().limit(3).count().unwrap(), 3);
    assert_eq!(all().offset(3).count().unwrap(), 1);
    assert_eq!(all().select(User::AGE).count().unwrap(), 4);
    assert_eq!(all().select(User::AGE).distinct().count().unwrap(), 3);
    assert_eq!(all().group_by(User::AGE).count().unwrap(), 3);
    assert_eq!(all().group_by(User::AGE).having(func::count().gt(1)).count().unwrap(), 1);
    assert_eq!(all().filter(User::AGE.gt(99)).select(func::count()).count().unwrap(), 1);
}

#[test]
fn existence_obeys_limits_and_groups() {
    let session = people();
    let all = || session.find::<User>();
    assert!(all().exists().unwrap());
    assert!(!all().limit(0).exists().unwrap());
    assert!(!all().offset(4).exists().unwrap());
    assert!(all().select(User::AGE).distinct().offset(2).exists().unwrap());
    assert!(!all().select(User::AGE).distinct().offset(3).exists().unwrap());
    assert!(!all().group_by(User::AGE).having(func::count().gt(2)).exists().unwrap());
}

#[test]
fn columns_and_expressions_become_tuples() {
    let session = people();
    let ann = session.find::<User>().filter(User::ID.eq(1));
    let row = ann.clone().select((User::NAME, User::AGE + 1, func::length(User::NAME), User::AGE.gt(29)));
    assert_eq!(row.one().unwrap(), (Some("Ann".to_owned()), 31, Some(3), true));
    assert_eq!(ann.clone().select(User::AGE).one().unwrap(), 30);
    assert_eq!(ann.clone().select(User::AGE / 0).one().unwrap(), None);
    assert_eq!(ann.select(sql::<String, _>("name || ?", ("!",))).one().unwrap(), "Ann!");
    // a condition of NULL is false, and never a NULL that `bool` could not hold
    let nobody = session.find::<User>().filter(User::NAME.is_null());
    let conditions = (User::NAME.gt("A"), User::NAME.eq("x"), User::NAME.ne("x"), User::NAME.contains("x"));
    assert_eq!(nobody.select(conditions).one().unwrap(), (false, false, true, false));
}

#[test]
fn groups_give_one_row_each() {
    let session = people();
    let groups = session
        .find::<User>()
        .group_by(User::AGE)
        .having(func::count().ge(1))
        .order_by(User::AGE.asc())
        .select((User::AGE, func::count(), func::max(User::NAME)))
        .all()
        .unwrap();
    assert_eq!(groups, [(17, 1, Some("Bob".into())), (18, 1, None), (30, 2, Some("Cid".into()))]);
}

#[test]
fn aggregates_obey_filters_and_limits() {
    let session = people();
    let all = || session.find::<User>();
    assert_eq!(all().sum(User::AGE).unwrap(), 95);
    assert_eq!(all().avg(User::AGE).unwrap(), Some(23.75));
    assert_eq!(all().min(User::NAME).unwrap(), Some("Ann".to_owned()));
    assert_eq!(all().max(User::AGE).unwrap(), Some(30));
    assert_eq!(all().order_by(User::AGE.asc()).limit(2).sum(User::AGE * 2).unwrap(), 70);
    let nobody = || all().filter(User::AGE.gt(99));
    assert_eq!((nobody().sum(User::AGE).unwrap(), nobody().avg(User::AGE).unwrap()), (0, None));
    assert_eq!(nobody().max(User::NAME).unwrap(), None);
    let grouped = all().group_by(User::AGE).sum(User::AGE).unwrap_err();
    assert_eq!(grouped.kind(), ErrorKind::InvalidQuery);
}

#[test]
fn an_iterator_reads_as_it_is_asked_and_frees_the_session_at_its_end() {
    let session = people();
    let mut iter = session.find::<User>().order_by(User::ID.asc()).iter().unwrap();
    assert_eq!(iter.next().unwrap().unwrap().id, 1);
    let refused = session.find::<User>().all_rows().delete().unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::StatementInProgress);
    assert_eq!(iter.by_ref().count(), 3);
    assert_eq!(session.find::<User>().all_rows().delete().unwrap(), 4);
}

#[test]
fn pages_follow_the_key_while_rows_are_written() {
    #[derive(Debug, Model)]
    #[orm(primary_key(part, number))]
    struct Line {
        #[orm(collate = "nocase")]
        part: String,
        number: i64,
        seen: bool,
    }

    let session = Engine::open_in_memory().unwrap().session().unwrap();
    session.create_table::<Line>().unwrap();
    for part in ["b", "A", "c"] {
        for number in 0..5 {
            session.create(Line { part: part.into(), number, seen: false }).unwrap();
        }
    }
    let mut found = Vec::new();
    let query = session.find::<Line>().filter(Line::NUMBER.ne(1)).filter(!Line::SEEN);
    for page in query.chunks(5).unwrap() {
        for mut line in page.unwrap() {
            found.push(format!("{}{}", line.part, line.number));
            line.seen = true;
            session.update(&mut line).unwrap();
        }
    }
    let expected = ["A0", "A2", "A3", "A4", "b0", "b2", "b3", "b4", "c0", "c2", "c3", "c4"];
    assert_eq!(found, expected);
    assert_eq!(session.find::<Line>().chunks(15).unwrap().count(), 1);
    assert_eq!(query.chunks(5).unwrap().count(), 0);
    for refused in
        [query.clone().limit(1), query.clone().order_by(Line::SEEN.asc()), query.clone().distinct()]
    {
        assert_eq!(refused.chunks(1).unwrap_err().kind(), ErrorKind::InvalidQuery);
    }
    assert_eq!(query.chunks(0).unwrap_err().kind(), ErrorKind::InvalidQuery);
}

#[test]
fn filters_are_values_that_can_be_built_at_run_time() {
    let session = people();
    let wanted: Vec<Filter<User>> = vec![User::NAME.starts_with("A"), User::AGE.lt(18)];
    let found = session.find::<User>().filter(Filter::any_of(wanted)).order_by(User::ID.asc()).all().unwrap();
    assert_eq!(names(&found), ["Ann", "Bob"]);
    let ids: Vec<i64> = (0..50_000).collect();
    assert_eq!(session.find::<User>().filter(User::ID.is_in(&ids)).count().unwrap(), 4);
}

#[test]
fn a_value_that_does_not_fit_names_the_column() {
    let session = people();
    session.execute_batch("UPDATE users SET age = 300 WHERE id = 2").unwrap();
    let error = session.find::<User>().all().unwrap_err();
    assert_eq!((error.kind(), error.column()), (ErrorKind::Conversion, Some("age")));
    let error = session.find::<User>().select((User::ID, User::AGE)).all().unwrap_err();
    assert_eq!((error.kind(), error.column()), (ErrorKind::Conversion, Some("2")));
}

#[test]
fn the_parameters_are_bound_and_not_written() {
    let session = people();
    let hostile = "'; DROP TABLE users; --";
    let query = session.find::<User>().filter(User::NAME.eq(hostile));
    assert_eq!(query.to_sql().params, [Value::from(hostile)]);
    assert_eq!(query.count().unwrap(), 0);
    assert!(query.explain().unwrap().starts_with("SCAN"));
}

#[test]
fn an_index_serves_equality_null_lists_and_prefixes() {
    #[derive(Debug, Model)]
    struct Word {
        #[orm(primary_key, auto)]
        id: i64,
        #[orm(index)]
        text: Option<String>,
    }

    let session = Engine::open_in_memory().unwrap().session().unwrap();
    session.create_table::<Word>().unwrap();
    for (filter, bounds) in [
        (Word::TEXT.eq("a"), "text=?"),
        (Word::TEXT.eq(None), "text=?"),
        (Word::TEXT.is_in(["a", "b"]), "text=?"),
        (Word::TEXT.starts_with("a"), "text>? AND text<?"),
        (Word::TEXT.between("a", "b"), "text>? AND text<?"),
    ] {
        let plan = session.find::<Word>().filter(filter).explain().unwrap();
        assert_eq!(plan, format!("SEARCH main.word USING COVERING INDEX ix_word_text ({bounds})"));
    }
}
