// Each attribute of a model, and where it ends up.
#![allow(dead_code)]

use orm_core::schema::{
    Action, CheckDef, ColumnRole, DefaultDef, GeneratedDef, IndexColumn, IndexDef, IndexTarget,
    KeyGeneration, UniqueDef,
};
use orm_core::{Column, Generated, Hooks, Json, LogicalType, Model};

#[derive(Model)]
#[orm()]
#[orm(table = "people", strict = false, rename_all = "camelCase", hooks, borrowed = PersonRow)]
#[orm(unique(first_name, age), unique(age, email, name = "by_age"))]
#[orm(index(first_name, age desc, where = "age > 1", name = "adults", unique), index("lower(email)" collate nocase asc))]
#[orm(check = "age > 0", check(name = "old", "age < 200"), renamed_from = "humans", renamed_from = "persons")]
struct Person {
    #[orm(primary_key, autoincrement)]
    id: i64,
    #[orm(unique, collate = "nocase")]
    first_name: String,
    #[orm(index, default = 18, check = "age < 150", check = "age > 1")]
    age: u8,
    #[orm(
        column = "mail",
        renamed_from = "e_mail",
        backfill = "''",
        using = "lower(mail)",
        type = "NVARCHAR(160)"
    )]
    email: String,
    #[orm(default = -1.5)]
    balance: f64,
    #[orm(default = true)]
    active: bool,
    #[orm(default = "Bern")]
    city: Option<String>,
    #[orm(generated = "age + 1")]
    next: i64,
    #[orm(generated(expr = "age + 2", stored))]
    after: i64,
    #[orm(json, default = "[]")]
    tags: Vec<String>,
    #[orm(created_at, default(expr = "CURRENT_TIMESTAMP"))]
    made: String,
    #[orm(updated_at)]
    changed: String,
    #[orm(deleted_at)]
    gone: Option<String>,
    #[orm(version)]
    version: u32,
    #[orm(references = Person, on_delete = "set null", on_update = "no action", deferred)]
    boss_id: Option<i64>,
    #[orm(references(Person::FIRST_NAME), on_delete = "restrict", as = "friend")]
    friend_name: Option<String>,
    #[orm(skip)]
    cache: Vec<u8>,
}

impl Hooks for Person {}

#[derive(Model)]
#[orm(primary_key(shop, number), without_rowid, strict)]
struct Order {
    number: i64,
    shop: String,
}

#[derive(Model)]
#[orm(foreign_key(columns(shop, number), references = Order, on_delete = "cascade", as = "order"))]
#[orm(foreign_key(
    columns(shop, other),
    references(Order::SHOP, Order::NUMBER),
    on_update = "set default",
    deferred
))]
struct Line {
    #[orm(primary_key)]
    id: i64,
    shop: String,
    number: i64,
    other: Option<i64>,
}

fn main() {
    the_table();
    columns();
    indexes();
    foreign_keys();
    let _: Column<Person, i64, Generated> = Person::NEXT;
    let _: Column<Person, Json<Vec<String>>> = Person::TAGS;
    let _: Column<Person, Option<String>> = Person::CITY;
}

fn the_table() {
    let table = Person::TABLE;
    assert_eq!(table.name, "people");
    assert_eq!(table.strict, Some(false));
    assert!(!table.without_rowid);
    assert_eq!(*table.primary_key, ["id"]);
    assert_eq!(*table.renamed_from, ["humans", "persons"]);
    assert_eq!(
        *table.checks,
        [
            CheckDef { name: None, expression: "age > 0".into() },
            CheckDef { name: Some("old".into()), expression: "age < 200".into() },
        ]
    );
    let order = Order::TABLE;
    assert_eq!((order.strict, order.without_rowid), (Some(true), true));
    assert_eq!(*order.primary_key, ["shop", "number"]);
    assert_eq!(Line::TABLE.strict, None);
}

fn columns() {
    let table = Person::TABLE;
    let names: Vec<&str> = table.columns.iter().map(|column| &*column.name).collect();
    assert_eq!(
        names,
        [
            "id",
            "firstName",
            "age",
            "mail",
            "balance",
            "active",
            "city",
            "next",
            "after",
            "tags",
            "made",
            "changed",
            "gone",
            "version",
            "bossId",
            "friendName"
        ]
    );
    let column = |name| table.column(name).unwrap();
    assert_eq!(column("id").key_generation, KeyGeneration::AutoIncrement);
    assert_eq!(column("firstName").field, "first_name");
    assert_eq!(column("firstName").collation.as_deref(), Some("nocase"));
    assert_eq!(column("age").logical_type, LogicalType::Integer { bits: 8, signed: false });
    assert_eq!(*column("age").checks, ["age < 150", "age > 1"]);
    let defaults = ["age", "balance", "active", "city", "tags", "made"]
        .map(|name| column(name).default.clone().unwrap());
    assert_eq!(
        defaults,
        [
            DefaultDef::Integer(18),
            DefaultDef::Real(-1.5),
            DefaultDef::Bool(true),
            DefaultDef::Text("Bern".into()),
            DefaultDef::Text("[]".into()),
            DefaultDef::Expression("CURRENT_TIMESTAMP".into()),
        ]
    );
    let mail = column("mail");
    assert_eq!(mail.declared_type.as_deref(), Some("NVARCHAR(160)"));
    assert_eq!(*mail.renamed_from, ["e_mail"]);
    assert_eq!((mail.backfill.as_deref(), mail.using.as_deref()), (Some("''"), Some("lower(mail)")));
    assert_eq!(column("next").generated, Some(GeneratedDef { expression: "age + 1".into(), stored: false }));
    assert_eq!(column("after").generated, Some(GeneratedDef { expression: "age + 2".into(), stored: true }));
    assert_eq!(column("tags").logical_type, LogicalType::Json);
    let nullable: Vec<&str> = table.columns.iter().filter(|it| it.nullable).map(|it| &*it.name).collect();
    assert_eq!(nullable, ["city", "gone", "bossId", "friendName"]);
    let roles = ["made", "changed", "gone", "version"].map(|name| column(name).role);
    assert_eq!(
        roles,
        [ColumnRole::CreatedAt, ColumnRole::UpdatedAt, ColumnRole::DeletedAt, ColumnRole::Version]
    );
}

fn indexes() {
    let unique = |name: Option<&'static str>, columns: &[&'static str]| UniqueDef {
        name: name.map(Into::into),
        columns: columns.iter().map(|&column| column.into()).collect(),
    };
    assert_eq!(
        *Person::TABLE.uniques,
        [
            unique(None, &["firstName"]),
            unique(None, &["firstName", "age"]),
            unique(Some("by_age"), &["age", "mail"])
        ]
    );
    let single = IndexDef {
        name: None,
        columns: vec![IndexColumn::column("age")].into(),
        unique: false,
        predicate: None,
    };
    let adults = IndexDef {
        name: Some("adults".into()),
        columns: vec![
            IndexColumn::column("firstName"),
            IndexColumn { descending: true, ..IndexColumn::column("age") },
        ]
        .into(),
        unique: true,
        predicate: Some("age > 1".into()),
    };
    let lower = IndexDef {
        name: None,
        columns: vec![IndexColumn {
            target: IndexTarget::Expression("lower(email)".into()),
            descending: false,
            collation: Some("nocase".into()),
        }]
        .into(),
        unique: false,
        predicate: None,
    };
    assert_eq!(*Person::TABLE.indexes, [single, adults, lower]);
}

fn foreign_keys() {
    let [boss, friend] = &*Person::TABLE.foreign_keys else { panic!("two foreign keys") };
    assert_eq!(
        (&*boss.columns, &*boss.parent, &*boss.parent_columns),
        (&["bossId".into()][..], "people", &["id".into()][..])
    );
    assert_eq!((boss.on_delete, boss.on_update, boss.deferred), (Action::SetNull, Action::NoAction, true));
    assert_eq!((boss.relation.as_deref(), friend.relation.as_deref()), (Some("boss"), Some("friend")));
    assert_eq!(*friend.parent_columns, ["firstName"]);
    assert_eq!((friend.on_delete, friend.deferred), (Action::Restrict, false));

    let [order, other] = &*Line::TABLE.foreign_keys else { panic!("two foreign keys") };
    assert_eq!(*order.columns, ["shop", "number"]);
    assert_eq!((&*order.parent, order.relation.as_deref()), ("order", Some("order")));
    assert_eq!(
        (&*order.parent_columns, order.on_delete),
        (&["shop".into(), "number".into()][..], Action::Cascade)
    );
    assert_eq!(*other.columns, ["shop", "other"]);
    assert_eq!((&*other.parent, other.relation.as_deref()), ("order", None));
    assert_eq!(*other.parent_columns, ["shop", "number"]);
    assert_eq!((other.on_update, other.deferred), (Action::SetDefault, true));
}
