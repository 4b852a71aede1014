//! The whole cycle on a database of others, where it is at hand.

use std::path::PathBuf;

use orm_core::schema::{
    Action, ColumnBuilder, DefaultDef, IndexBuilder, KeyGeneration, TableBuilder, TableDef,
};
use orm_core::{Engine, LogicalType};

use crate::INTEGER;
use crate::inspect::{open, rows};

fn table(name: &'static str, key: &'static str) -> TableBuilder {
    TableDef::builder(name).column(key, INTEGER, |c| c.primary_key().key_generation(KeyGeneration::Auto))
}

fn artist() -> TableBuilder {
    table("Artist", "ArtistId")
        .column("Name", LogicalType::Text, |c| c.nullable().declared_type("NVARCHAR(120)"))
}

fn album() -> TableBuilder {
    table("Album", "AlbumId")
        .column("Title", LogicalType::Text, |c| c.declared_type("NVARCHAR(160)"))
        .column("ArtistId", INTEGER, |c| c)
        .foreign_key(["ArtistId"], "Artist", ["ArtistId"], |key| key)
}

fn genre() -> TableBuilder {
    table("Genre", "GenreId")
        .column("Name", LogicalType::Text, |c| c.nullable().declared_type("NVARCHAR(120)"))
}

fn employee(name: &'static str) -> TableBuilder {
    let text = |c: ColumnBuilder| c.nullable().declared_type("NVARCHAR(70)");
    table("Employee", "EmployeeId")
        .column(name, LogicalType::Text, |c| c.declared_type("NVARCHAR(20)").renamed_from("LastName"))
        .column("FirstName", LogicalType::Text, |c| c.declared_type("NVARCHAR(20)"))
        .column("Title", LogicalType::Text, text)
        .column("ReportsTo", INTEGER, ColumnBuilder::nullable)
        .column("BirthDate", LogicalType::Timestamp, ColumnBuilder::nullable)
        .column("HireDate", LogicalType::Timestamp, ColumnBuilder::nullable)
        .column("Address", LogicalType::Text, text)
        .column("City", LogicalType::Text, text)
        .column("State", LogicalType::Text, text)
        .column("Country", LogicalType::Text, text)
        .column("PostalCode", LogicalType::Text, text)
        .column("Phone", LogicalType::Text, text)
        .column("Email", LogicalType::Text, text)
}

fn before() -> [TableDef; 4] {
    let employee = employee("LastName").column("Fax", LogicalType::Text, ColumnBuilder::nullable);
    [artist().build(), album().build(), genre().build(), employee.build()]
}

fn after() -> [TableDef; 4] {
    let album = album()
        .column("Stars", INTEGER, |c| c.default(DefaultDef::Integer(3)))
        .check(Some("some_title"), "length(\"Title\") > 0");
    let genre = table("Genre", "GenreId")
        .column("Name", LogicalType::Text, ColumnBuilder::nullable)
        .column("Slug", LogicalType::Text, |c| c.backfill("lower(\"Name\")"))
        .index(["Slug"], IndexBuilder::unique)
        .strict(true);
    let artist = table("Artist", "ArtistId")
        .column("Name", LogicalType::Text, ColumnBuilder::nullable)
        .column("GenreId", INTEGER, ColumnBuilder::nullable)
        .foreign_key(["GenreId"], "Genre", ["GenreId"], |key| key.on_delete(Action::SetNull))
        .strict(true);
    [artist.build(), album.build(), genre.build(), employee("Surname").build()]
}

#[test]
fn a_database_of_others_is_adopted_and_changed_in_one_plan_and_every_row_is_still_there() {
    let Some(folder) = std::env::var_os("ORM_SHARED") else { return };
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("chinook.sqlite");
    std::fs::copy(PathBuf::from(folder).join("data/chinook.sqlite"), &path).unwrap();
    let engine = Engine::open(&path).unwrap();
    let observer = open(&path);
    let state = || {
        let tables = rows(
            &observer,
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> '_orm_migrations' ORDER BY name",
        )
        .unwrap();
        let count =
            |name: &str| rows(&observer, &format!("SELECT count(*) FROM [{name}]")).unwrap().to_string();
        let kept = [
            "SELECT * FROM Track",
            "SELECT AlbumId, Title, ArtistId FROM Album",
            "SELECT GenreId, Name FROM Genre",
            "SELECT ArtistId, Name FROM Artist",
            "SELECT EmployeeId, FirstName, HireDate, Email FROM Employee",
            "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND tbl_name <> 'Genre' ORDER BY 1",
        ];
        let mut state: Vec<String> =
            kept.iter().map(|sql| rows(&observer, sql).unwrap().to_string()).collect();
        state.extend(tables.as_array().unwrap().iter().map(|table| count(table[0].as_str().unwrap())));
        state
    };
    let names = rows(&observer, "SELECT LastName FROM Employee").unwrap();
    let held = state();
    let old = before();
    engine.migration(&old.each_ref()).baseline().unwrap();
    let new = after();
    let migration = || engine.migration(&new.each_ref());
    let plan = migration().allow_drop_column("Employee", "Fax").plan().unwrap();
    assert_eq!(plan.obstacles(), [""; 0]);
    plan.apply().unwrap();
    assert!(state() == held, "rows or indexes changed");
    assert_eq!(rows(&observer, "SELECT Surname FROM Employee").unwrap(), names);
    assert_eq!(rows(&observer, "SELECT DISTINCT Stars FROM Album").unwrap().to_string(), "[[3]]");
    assert_eq!(
        rows(&observer, "SELECT Slug FROM Genre WHERE GenreId = 1").unwrap().to_string(),
        r#"[["rock"]]"#
    );
    assert_eq!(rows(&observer, "PRAGMA integrity_check").unwrap().to_string(), r#"[["ok"]]"#);
    assert_eq!(rows(&observer, "PRAGMA foreign_key_check").unwrap().to_string(), "[]");
    assert!(migration().plan().unwrap().is_empty());
    engine.verify(&new.each_ref()).unwrap();
}
