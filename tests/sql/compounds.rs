//! Unions and the like beside their SQL, and what SQLite answers.

use orm_core::{Engine, ErrorKind, Hooks, Model, Result, Session, func, sql};
use rust_decimal::Decimal;

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "cats", hooks, has_many(kittens: Kitten::CAT))]
struct Cat {
    #[orm(primary_key, auto)]
    id: i64,
    name: String,
    weight: Decimal,
}

impl Hooks for Cat {
    fn after_find(&mut self, _: &Session) -> Result<()> {
        self.name.push('!');
        Ok(())
    }
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "kittens")]
struct Kitten {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(references = Cat)]
    cat_id: i64,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "dogs")]
struct Dog {
    #[orm(primary_key, auto)]
    id: i64,
    name: String,
    #[orm(deleted_at)]
    gone: Option<String>,
}

/// Cats Ann and Bob, dogs Bob, Cid and Dan, who is marked deleted.
fn session() -> Session {
    let session = Engine::open_in_memory().unwrap().session().unwrap();
    session.create_table::<Cat>().unwrap();
    session.create_table::<Kitten>().unwrap();
    session.create_table::<Dog>().unwrap();
    for name in ["Ann", "Bob"] {
        session.create(Cat { id: 0, name: name.into(), weight: Decimal::ONE }).unwrap();
    }
    for (name, gone) in [("Bob", None), ("Cid", None), ("Dan", Some("then"))] {
        session.create(Dog { id: 0, name: name.into(), gone: gone.map(str::to_owned) }).unwrap();
    }
    session
}

const CATS: &str = r#"SELECT "name" FROM "main"."cats""#;
const DOGS: &str = r#"SELECT "name" FROM "main"."dogs" WHERE "gone" IS NULL"#;

#[test]
fn each_operator_puts_rows_together() {
    let session = session();
    let cats = || session.find::<Cat>().select(Cat::NAME);
    let dogs = || session.find::<Dog>().select(Dog::NAME);
    let union = cats().union(dogs());
    assert_eq!(union.to_sql().sql, format!("{CATS} UNION {DOGS}"));
    assert_eq!(union.asc(1).all().unwrap(), ["Ann", "Bob", "Cid"]);
    let union_all = cats().union_all(dogs());
    assert_eq!(union_all.to_sql().sql, format!("{CATS} UNION ALL {DOGS}"));
    assert_eq!(union_all.asc(1).all().unwrap(), ["Ann", "Bob", "Bob", "Cid"]);
    let intersect = cats().intersect(dogs());
    assert_eq!(intersect.to_sql().sql, format!("{CATS} INTERSECT {DOGS}"));
    assert_eq!(intersect.all().unwrap(), ["Bob"]);
    let except = cats().except(dogs());
    assert_eq!(except.to_sql().sql, format!("{CATS} EXCEPT {DOGS}"));
    assert_eq!(except.all().unwrap(), ["Ann"]);
    assert_eq!(dogs().with_deleted().except(cats()).asc(1).all().unwrap(), ["Cid", "Dan"]);
}

#[test]
fn order_and_limit_are_those_of_the_whole() {
    let session = session();
    let cats = session.find::<Cat>().select((Cat::NAME, func::iif(Cat::ID.gt(1), "large", "small")));
    let dogs = session.find::<Dog>().select((Dog::NAME, sql::<String, _>("?", ("dog",))));
    let both = cats.union_all(dogs).asc(1).desc(2).limit(2).offset(1);
    let rendered = both.to_sql();
    assert_eq!(
        rendered.sql,
        "SELECT \"name\", CASE WHEN \"id\" > ?1 THEN ?2 ELSE ?3 END FROM \"main\".\"cats\" UNION ALL SELECT \"name\", (?4) \
         FROM \"main\".\"dogs\" WHERE \"gone\" IS NULL ORDER BY 1, 2 DESC LIMIT ?5 OFFSET ?6"
    );
    assert_eq!(rendered.params, [1.into(), "large".into(), "small".into(), "dog".into(), 2.into(), 1.into()]);
    let pair = |name: &str, kind: &str| (name.to_owned(), kind.to_owned());
    assert_eq!(both.all().unwrap(), [pair("Bob", "large"), pair("Bob", "dog")]);
    assert_eq!(both.first().unwrap(), Some(pair("Bob", "large")));
    assert_eq!(both.count().unwrap(), 2);
    assert_eq!(both.clone().limit(0).first().unwrap(), None);
    assert!(both.exists().unwrap());
    assert!(!both.clone().limit(0).exists().unwrap());
    let names: Vec<String> = both.iter().unwrap().map(|row| row.unwrap().0).collect();
    assert_eq!(names, ["Bob", "Bob"]);
}

#[test]
fn order_and_limit_of_a_part_stay_inside_it() {
    let session = session();
    let cats = session.find::<Cat>().order_by(Cat::ID.desc()).limit(1).select(Cat::NAME);
    let dogs = session.find::<Dog>().order_by(Dog::ID.desc()).limit(1).select(Dog::NAME);
    let both = cats.union(dogs);
    assert_eq!(
        both.to_sql().sql,
        "SELECT * FROM (SELECT \"cats\".\"name\" FROM \"main\".\"cats\" ORDER BY \"cats\".\"id\" DESC LIMIT ?1) UNION \
         SELECT * FROM (SELECT \"dogs\".\"name\" FROM \"main\".\"dogs\" WHERE \"dogs\".\"gone\" IS NULL ORDER BY \
         \"dogs\".\"id\" DESC LIMIT ?2)"
    );
    assert_eq!(both.clone().asc(1).all().unwrap(), ["Bob", "Cid"]);
    let nobody = session.find::<Dog>().filter(Dog::ID.lt(0)).select(Dog::NAME);
    // what was limited before stays limited
    let more = both.desc(1).limit(1).union_all(nobody.clone()).union_all(nobody);
    assert!(more.to_sql().sql.ends_with(
        r#"ORDER BY 1 DESC LIMIT ?3) UNION ALL SELECT "name" FROM "main"."dogs" WHERE "id" < ?4 AND "gone" IS NULL UNION ALL SELECT "name" FROM "main"."dogs" WHERE "id" < ?5 AND "gone" IS NULL"#
    ));
    assert_eq!(more.all().unwrap(), ["Cid"]);
}

#[test]
fn operators_are_taken_from_the_left_and_a_compound_on_the_right_is_one() {
    let session = session();
    let cats = || session.find::<Cat>().select(Cat::NAME);
    let dogs = || session.find::<Dog>().select(Dog::NAME);
    assert_eq!(cats().union(dogs()).except(cats()).all().unwrap(), ["Cid"]);
    let inner = cats().union(dogs().except(cats()));
    assert_eq!(
        inner.to_sql().sql,
        format!(
            "{CATS} UNION SELECT * FROM ({} EXCEPT {})",
            r#"SELECT "dogs"."name" FROM "main"."dogs" WHERE "dogs"."gone" IS NULL"#,
            r#"SELECT "cats"."name" FROM "main"."cats""#
        )
    );
    assert_eq!(inner.asc(1).all().unwrap(), ["Ann", "Bob", "Cid"]);
}

#[test]
fn whole_models_run_their_hook() {
    let session = session();
    let (ann, bob) =
        (session.find::<Cat>().filter(Cat::ID.eq(1)), session.find::<Cat>().filter(Cat::ID.eq(2)));
    let cats = ann.union(bob).desc(1).all().unwrap();
    assert_eq!(cats.iter().map(|cat| (cat.id, &*cat.name)).collect::<Vec<_>>(), [(2, "Bob!"), (1, "Ann!")]);
}

#[test]
fn a_compound_is_a_query_inside_another() {
    let session = session();
    let names = session.find::<Cat>().select(Cat::NAME).except(session.find::<Dog>().select(Dog::NAME));
    let only_cats = session.find::<Cat>().filter(Cat::NAME.is_in(names.clone())).select(Cat::ID);
    assert_eq!(
        only_cats.to_sql().sql,
        "SELECT \"id\" FROM \"main\".\"cats\" WHERE \"name\" IN (SELECT \"cats\".\"name\" FROM \"main\".\"cats\" EXCEPT \
         SELECT \"dogs\".\"name\" FROM \"main\".\"dogs\" WHERE \"dogs\".\"gone\" IS NULL)"
    );
    assert_eq!(only_cats.all().unwrap(), [1]);
    assert!(session.find::<Dog>().filter(func::exists(names)).exists().unwrap());
    let gone = || session.find::<Dog>().with_deleted().select(Dog::GONE);
    let all_marks = gone().union(gone());
    let unmarked = session.find::<Dog>().filter(Dog::GONE.is_in(all_marks.clone())).select(Dog::ID);
    assert_eq!(unmarked.all().unwrap(), [1, 2]);
    assert_eq!(session.find::<Dog>().filter(Dog::GONE.not_in(all_marks)).count().unwrap(), 0);
}

#[test]
fn an_order_that_cannot_be_is_refused() {
    let session = session();
    let cats = || session.find::<Cat>().select((Cat::NAME, Cat::WEIGHT));
    let both = cats().union(cats());
    for position in [0, 3] {
        let error = both.clone().asc(position).all().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidQuery);
        let expected = format!("there is no column at position {position}: the rows have 2, counted from 1");
        assert_eq!(error.to_string(), expected);
    }
    let error = both.clone().asc(1).desc(2).all().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidQuery);
    assert!(error.to_string().starts_with("decimals, JSON"), "{error}");
    let models = session.find::<Cat>().union(session.find::<Cat>());
    assert_eq!(models.asc(3).count().unwrap_err().kind(), ErrorKind::InvalidQuery);
    assert_eq!(both.asc(1).count().unwrap(), 2);
    let related = session.find::<Cat>().with(Cat::KITTENS);
    let error = related.clone().union(related).all().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidQuery);
}
