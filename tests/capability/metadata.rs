#![allow(clippy::redundant_closure_for_method_calls, reason = "the definitions read alike so")]

use orm_core::schema::{Action, ColumnRole, DefaultDef, KeyGeneration, TableBuilder, TableDef};
use orm_core::{ErrorKind, Field, LogicalType, Model, Reflect, Value};

use crate::support::refused;

const I64: LogicalType = LogicalType::Integer { bits: 64, signed: true };

fn table(name: &'static str) -> TableBuilder {
    TableDef::builder(name)
}

#[derive(Debug, Clone, PartialEq, Model)]
struct City {
    #[orm(primary_key, auto)]
    id: i64,
    name: String,
}

#[test]
fn a_plain_struct_is_a_table_in_snake_case_with_a_column_for_each_field() {
    #[derive(Model)]
    struct HTTPRequest2 {
        #[orm(primary_key)]
        key: i32,
        r#type: u8,
        maybe: Option<String>,
        #[orm(skip)]
        _cache: Vec<f32>,
    }

    let expected = table("http_request2")
        .column("key", LogicalType::Integer { bits: 32, signed: true }, |c| c.primary_key())
        .column("type", LogicalType::Integer { bits: 8, signed: false }, |c| c)
        .column("maybe", LogicalType::Text, |c| c.nullable())
        .build();
    assert_eq!(*HTTPRequest2::TABLE, expected);
}

#[test]
fn every_type_of_field_has_its_logical_type() {
    #[derive(Clone, Copy, Debug, Field)]
    enum Color {
        Red,
    }

    #[derive(Clone, Copy, Debug, Field)]
    #[orm(repr = "integer")]
    enum Level {
        Low = 1,
    }

    #[derive(Debug, Field)]
    struct Celsius(f64);

    #[derive(Model)]
    #[allow(dead_code, reason = "only its table is looked at")]
    struct Every {
        #[orm(primary_key)]
        id: i64,
        truth: bool,
        small: i16,
        wide: u64,
        float: f32,
        text: std::borrow::Cow<'static, str>,
        letter: char,
        bytes: Vec<u8>,
        five: [u8; 5],
        instant: std::time::SystemTime,
        day: chrono::NaiveDate,
        hour: jiff::civil::Time,
        price: rust_decimal::Decimal,
        token: uuid::Uuid,
        wrapped: orm_core::Json<Vec<u8>>,
        #[orm(json)]
        tags: Option<Vec<String>>,
        anything: Value,
        color: Color,
        level: Option<Level>,
        celsius: Celsius,
    }

    let [_, _, _] = [Color::Red as i64, Level::Low as i64, Celsius(0.0).0 as i64];
    let found: Vec<_> =
        Every::TABLE.columns.iter().map(|it| (&*it.name, it.logical_type, it.nullable)).collect();
    let integer = |bits, signed| LogicalType::Integer { bits, signed };
    assert_eq!(
        found,
        [
            ("id", I64, false),
            ("truth", LogicalType::Bool, false),
            ("small", integer(16, true), false),
            ("wide", integer(64, false), false),
            ("float", LogicalType::Real, false),
            ("text", LogicalType::Text, false),
            ("letter", LogicalType::Text, false),
            ("bytes", LogicalType::Blob, false),
            ("five", LogicalType::Blob, false),
            ("instant", LogicalType::Timestamp, false),
            ("day", LogicalType::Date, false),
            ("hour", LogicalType::Time, false),
            ("price", LogicalType::Decimal, false),
            ("token", LogicalType::Uuid, false),
            ("wrapped", LogicalType::Json, false),
            ("tags", LogicalType::Json, false),
            ("anything", LogicalType::Any, true),
            ("color", LogicalType::Text, false),
            ("level", I64, true),
            ("celsius", LogicalType::Real, false),
        ]
    );
}

#[test]
fn every_attribute_of_the_struct_is_in_the_table() {
    #[derive(Model)]
    #[orm(table = "crew", strict = false, without_rowid, renamed_from = "team", renamed_from = "gang")]
    #[orm(primary_key(ship, number), unique(name, number), unique(berth, name = "one_berth"))]
    #[orm(index(name collate nocase, number desc, r#"lower("berth")"#, where = "number > 0", name = "by_name", unique))]
    #[orm(index(berth))]
    #[orm(check = "number > 0", check(name = "has_name", "name <> ''"))]
    #[orm(rename_all = "camelCase")]
    #[allow(dead_code, reason = "only its table is looked at")]
    struct Crew {
        ship: i64,
        number: i64,
        name: String,
        berth: Option<String>,
        first_day: i64,
    }

    let expected = table("crew")
        .strict(false)
        .without_rowid()
        .renamed_from("team")
        .renamed_from("gang")
        .column("ship", I64, |c| c)
        .column("number", I64, |c| c)
        .column("name", LogicalType::Text, |c| c)
        .column("berth", LogicalType::Text, |c| c.nullable())
        .column("firstDay", I64, |c| c.field("first_day"))
        .primary_key(["ship", "number"])
        .unique(["name", "number"])
        .named_unique("one_berth", ["berth"])
        .index(["name"], |index| {
            index
                .collation("nocase")
                .column("number")
                .descending()
                .expression(r#"lower("berth")"#)
                .predicate("number > 0")
                .name("by_name")
                .unique()
        })
        .index(["berth"], |index| index)
        .check(None, "number > 0")
        .check(Some("has_name"), "name <> ''")
        .build();
    assert_eq!(*Crew::TABLE, expected);
}

#[test]
fn every_attribute_of_a_field_is_in_its_column() {
    #[derive(Model)]
    #[orm(strict = false)]
    #[allow(dead_code, reason = "only its table is looked at")]
    struct Person {
        #[orm(primary_key, autoincrement)]
        id: Option<i64>,
        #[orm(column = "mail", unique, collate = "nocase", index)]
        email: String,
        #[orm(check = "age >= 0", check = "age < 150", default = 18)]
        age: u8,
        #[orm(default = "it's")]
        text: String,
        #[orm(default = -1.5)]
        real: f64,
        #[orm(default = true)]
        truth: bool,
        #[orm(default(expr = "CURRENT_TIMESTAMP"))]
        moment: String,
        #[orm(generated = "age + 1")]
        next_age: i64,
        #[orm(generated(expr = "age - 1", stored))]
        last_age: i64,
        #[orm(renamed_from = "old", renamed_from = "older", backfill = "''", using = "trim(old)")]
        new: String,
        #[orm(created_at)]
        created: String,
        #[orm(updated_at)]
        updated: String,
        #[orm(deleted_at)]
        deleted: Option<String>,
        #[orm(version)]
        version: i64,
        #[orm(type = "NVARCHAR(160)")]
        typed: String,
    }

    let text = LogicalType::Text;
    let expected = table("person")
        .strict(false)
        .column("id", I64, |c| c.primary_key().key_generation(KeyGeneration::AutoIncrement))
        .column("mail", text, |c| c.field("email").unique().collation("nocase"))
        .column("age", LogicalType::Integer { bits: 8, signed: false }, |c| {
            c.check("age >= 0").check("age < 150").default(DefaultDef::Integer(18))
        })
        .column("text", text, |c| c.default(DefaultDef::Text("it's".into())))
        .column("real", LogicalType::Real, |c| c.default(DefaultDef::Real(-1.5)))
        .column("truth", LogicalType::Bool, |c| c.default(DefaultDef::Bool(true)))
        .column("moment", text, |c| c.default(DefaultDef::Expression("CURRENT_TIMESTAMP".into())))
        .column("next_age", I64, |c| c.generated("age + 1", false))
        .column("last_age", I64, |c| c.generated("age - 1", true))
        .column("new", text, |c| {
            c.renamed_from("old").renamed_from("older").backfill("''").using("trim(old)")
        })
        .column("created", text, |c| c.role(ColumnRole::CreatedAt))
        .column("updated", text, |c| c.role(ColumnRole::UpdatedAt))
        .column("deleted", text, |c| c.nullable().role(ColumnRole::DeletedAt))
        .column("version", I64, |c| c.role(ColumnRole::Version))
        .column("typed", text, |c| c.declared_type("NVARCHAR(160)"))
        .index(["mail"], |index| index)
        .build();
    assert_eq!(*Person::TABLE, expected);
}

#[test]
fn every_foreign_key_is_in_the_table_with_its_actions_and_its_relation() {
    #[derive(Model)]
    #[orm(primary_key(a, b), unique(name))]
    #[allow(dead_code, reason = "only its table is looked at")]
    struct Pair {
        a: i64,
        b: String,
        name: String,
    }

    #[derive(Model)]
    #[orm(foreign_key(
        columns(pair_a, pair_b),
        references(Pair::A, Pair::B),
        on_delete = "set default",
        as = "pair"
    ))]
    #[allow(dead_code, reason = "only its table is looked at")]
    struct Child {
        #[orm(primary_key, auto)]
        id: i64,
        #[orm(references = City, on_delete = "cascade", on_update = "restrict", index)]
        city_id: i64,
        #[orm(references = Child, on_delete = "set null", deferred)]
        parent_id: Option<i64>,
        #[orm(references(Pair::NAME), as = "named")]
        pair_name: String,
        #[orm(default = 1)]
        pair_a: i64,
        #[orm(default = "x")]
        pair_b: String,
    }

    let expected = table("child")
        .column("id", I64, |c| c.primary_key().key_generation(KeyGeneration::Auto))
        .column("city_id", I64, |c| c)
        .column("parent_id", I64, |c| c.nullable())
        .column("pair_name", LogicalType::Text, |c| c)
        .column("pair_a", I64, |c| c.default(DefaultDef::Integer(1)))
        .column("pair_b", LogicalType::Text, |c| c.default(DefaultDef::Text("x".into())))
        .index(["city_id"], |index| index)
        .foreign_key(["city_id"], "city", ["id"], |key| {
            key.on_delete(Action::Cascade).on_update(Action::Restrict).relation("city")
        })
        .foreign_key(["parent_id"], "child", ["id"], |key| {
            key.on_delete(Action::SetNull).deferred().relation("parent")
        })
        .foreign_key(["pair_name"], "pair", ["name"], |key| key.relation("named"))
        .foreign_key(["pair_a", "pair_b"], "pair", ["a", "b"], |key| {
            key.on_delete(Action::SetDefault).relation("pair")
        })
        .build();
    assert_eq!(*Child::TABLE, expected);
}

#[test]
fn the_constants_of_the_fields_name_their_columns() {
    #[derive(Model)]
    #[orm(table = "odd")]
    #[allow(dead_code, reason = "only its constants are looked at")]
    struct Odd {
        #[orm(primary_key)]
        r#type: i64,
        #[orm(column = "n")]
        name: String,
        table: i64,
    }

    assert_eq!((Odd::TYPE.table(), Odd::TYPE.name()), ("odd", "type"));
    assert_eq!((Odd::NAME.name(), Odd::TABLE_.name()), ("n", "table"));
    assert_eq!(Odd::TABLE.position("N"), Some(1));
    assert_eq!(Odd::TABLE.column("name"), None);
    assert!(Odd::TABLE.is_key("TYPE") && !Odd::TABLE.is_key("n"));
}

mod reflection {
    use super::*;

    #[derive(Debug, Clone, PartialEq, Model)]
    struct Thing {
        #[orm(primary_key, auto)]
        id: Option<i64>,
        #[orm(column = "size")]
        length: u8,
        #[orm(json)]
        tags: Vec<String>,
        #[orm(skip)]
        cache: i64,
    }

    fn thing() -> Thing {
        Thing { id: Some(1), length: 2, tags: vec!["a".into()], cache: 3 }
    }

    #[test]
    fn a_struct_is_flattened_to_columns_and_values() {
        assert_eq!(
            thing().values().unwrap(),
            [("id", Value::from(1)), ("size", Value::from(2)), ("tags", Value::from(r#"["a"]"#))]
        );
        assert_eq!(thing().value("SIZE").unwrap(), Value::from(2));
    }

    #[test]
    fn a_struct_can_be_copied_column_by_column() {
        let mut copy = Thing { id: None, length: 0, tags: vec![], cache: 3 };
        for (column, value) in thing().values().unwrap() {
            copy.set_value(column, value).unwrap();
        }
        assert_eq!(copy, thing());
    }

    #[test]
    fn what_does_not_fit_is_refused_and_changes_nothing() {
        let mut it = thing();
        let conversion = |text: &str| (ErrorKind::Conversion, text.to_owned());
        assert_eq!(
            refused(it.set_value("size", 256)),
            conversion(
                "column `size` of `thing`: `u8`: expected an integer from 0 to 255, found an integer outside that range"
            )
        );
        assert_eq!(
            refused(it.set_value("id", u64::MAX)),
            conversion(
                "column `id` of `thing`: `Option<i64>`: expected an integer up to 9223372036854775807, found a larger one"
            )
        );
        assert_eq!(
            refused(it.set_value("tags", "[")),
            conversion(
                "column `tags` of `thing`: `Vec<String>`: expected JSON text, found text that ends too early"
            )
        );
        let no_column = (ErrorKind::Columns, "table `thing`: there is no column `cache`".to_owned());
        assert_eq!(refused(it.set_value("cache", 1)), no_column);
        assert_eq!(refused(it.value("cache")), no_column);
        assert_eq!(it, thing());
    }

    #[test]
    fn it_works_for_any_model() {
        fn names<M: Reflect>(model: &M) -> Vec<&'static str> {
            model.values().unwrap().into_iter().map(|(name, _)| name).collect()
        }

        assert_eq!(names(&City { id: 1, name: "Bern".into() }), ["id", "name"]);
    }
}
