//! The whole cycle on a database of others, where it is at hand.

use std::path::PathBuf;

use orm_core::migrate::Plan;
use orm_core::schema::{
    Action, ColumnBuilder, DefaultDef, IndexBuilder, KeyGeneration, TableBuilder, TableDef,
};
use orm_core::{Engine, LogicalType};
use serde_json::{Value as Json, json};

use crate::INTEGER;
use crate::inspect::{open, rows, values};

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
        .check(Some("some_title"), "length(\"Title\") > 0")
        .index(["Title"], |index| index);
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

/// What the plan says without its SQL.
fn summary(plan: &Plan) -> Vec<String> {
    plan.to_string().lines().filter(|line| !line.starts_with("      ")).map(str::to_owned).collect()
}

const SUMMARY: [&str; 18] = [
    "Employee  in place",
    "  + rename column `LastName` to `Surname`",
    "Artist  rebuild (275 rows, write lock)",
    "  + add column `GenreId`",
    "  ~ make the table STRICT",
    "Album  in place",
    "  + add column `Stars`",
    "  ~ add CHECK `some_title` (length(\"Title\") > 0)",
    "  + add index `ix_Album_Title`",
    "Genre  rebuild (25 rows, write lock)",
    "  + add column `Slug`",
    "  ~ make the table STRICT",
    "  + add index `ux_Genre_Slug`",
    "Employee  in place",
    "  ! drop column `Fax`",
    "note: Album: kept undeclared index `IFK_AlbumArtistId`",
    "note: Employee: kept undeclared FOREIGN KEY (ReportsTo) to `Employee`",
    "note: Employee: kept undeclared index `IFK_EmployeeReportsTo`",
];

#[test]
fn a_database_of_others_is_adopted_and_changed_in_one_plan_and_every_row_is_still_there() {
    let Some(folder) = std::env::var_os("ORM_SHARED") else { return };
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("chinook.sqlite");
    std::fs::copy(PathBuf::from(folder).join("data/chinook.sqlite"), &path).unwrap();
    let engine = Engine::open(&path).unwrap();
    let observer = open(&path);
    let indexes =
        "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql NOT NULL AND name LIKE 'IFK%'";
    let (mut held, indexed) = (values(&observer), rows(&observer, indexes).unwrap());
    assert_eq!(held.len(), 64);

    let old = before();
    engine.migration(&old.each_ref()).baseline().unwrap();
    let new = after();
    let migration = || engine.migration(&new.each_ref()).allow_drop_column("Employee", "Fax");
    let plan = migration().plan().unwrap();
    println!("{plan}");
    assert_eq!(summary(&plan), SUMMARY);
    plan.apply().unwrap();

    let key = |table: &str, column: &str| (table.to_owned(), column.to_owned());
    let names = held.remove(&key("Employee", "LastName")).unwrap();
    held.insert(key("Employee", "Surname"), names);
    held.remove(&key("Employee", "Fax")).unwrap();
    let mut holds = values(&observer);
    let stars = holds.remove(&key("Album", "Stars")).unwrap();
    let slugs = holds.remove(&key("Genre", "Slug")).unwrap();
    let genres = holds.remove(&key("Artist", "GenreId")).unwrap();
    assert!(holds == held, "a value is another");
    assert!(stars.as_array().unwrap().iter().all(|row| row[1] == "integer" && row[2] == 3));
    let texts = |rows: &Json| -> Vec<String> {
        rows.as_array().unwrap().iter().map(|row| row[2].as_str().unwrap().to_owned()).collect()
    };
    let names = texts(&held[&key("Genre", "Name")]);
    assert_eq!(texts(&slugs), names.iter().map(|name| name.to_lowercase()).collect::<Vec<_>>());
    assert!(genres.as_array().unwrap().iter().all(|row| row[2].is_null()));
    assert_eq!(rows(&observer, indexes).unwrap(), indexed);
    assert_eq!(rows(&observer, "PRAGMA integrity_check").unwrap(), json!([["ok"]]));
    assert_eq!(rows(&observer, "PRAGMA foreign_key_check").unwrap(), json!([]));
    let strict = "SELECT group_concat(name) FROM (SELECT name FROM pragma_table_list WHERE strict AND name NOT LIKE '\\_%' \
                  ESCAPE '\\' ORDER BY name)";
    assert_eq!(rows(&observer, strict).unwrap(), json!([["Artist,Genre"]]));
    for refused in [
        "UPDATE Album SET Title = '' WHERE AlbumId = 1",
        "UPDATE Artist SET GenreId = 99 WHERE ArtistId = 1",
        "UPDATE Genre SET Slug = NULL WHERE GenreId = 1",
        "UPDATE Genre SET Slug = 'jazz' WHERE GenreId = 1",
        "UPDATE Artist SET Name = x'00' WHERE ArtistId = 1",
        "DELETE FROM Album WHERE AlbumId = 1",
    ] {
        assert!(observer.execute_batch(refused).is_err(), "{refused}");
    }
    assert!(migration().plan().unwrap().is_empty());
    engine.verify(&new.each_ref()).unwrap();
}
