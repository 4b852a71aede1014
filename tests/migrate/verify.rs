use std::path::PathBuf;

use orm_core::schema::{Action, ColumnBuilder, KeyGeneration, TableDef};
use orm_core::{Engine, ErrorKind, LogicalType};

use crate::{INTEGER, USERS, users};

#[test]
fn every_difference_is_named_in_one_error() {
    let engine = Engine::open_in_memory().unwrap();
    engine.session().unwrap().execute_batch(USERS).unwrap();
    let table = TableDef::builder("users")
        .column("id", INTEGER, |c| c.primary_key().key_generation(KeyGeneration::Auto))
        .column("name", LogicalType::Text, ColumnBuilder::unique)
        .column("age", INTEGER, |c| c)
        .strict(true)
        .build();
    let posts =
        TableDef::builder("posts").column("title", LogicalType::Text, |c| c).index(["title"], |i| i).build();
    let error = engine.verify(&[&table, &posts]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::SchemaMismatch);
    assert_eq!(
        error.to_string(),
        "the database does not have the shape of the structs; a migration would have to: \
         `users`: column `name`: nullable becomes NOT NULL; `users`: drop column `nick`; `users`: add column `age`; \
         `users`: make the table STRICT; `users`: add UNIQUE (name); `posts`: create the table"
    );
}

#[test]
fn what_the_structs_do_not_mention_is_no_difference() {
    let engine = Engine::open_in_memory().unwrap();
    let session = engine.session().unwrap();
    session
        .execute_batch(
            "CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(9) COLLATE nocase DEFAULT 'x' UNIQUE \
             CHECK (name <> '')); CREATE INDEX i ON users (name); CREATE TABLE z (a); CREATE VIEW v AS SELECT * FROM z;",
        )
        .unwrap();
    engine.verify(&[&users().build()]).unwrap();
    assert!(engine.migration(&[&users().build()]).plan().unwrap().is_empty());
}

#[test]
fn a_type_left_to_the_dialect_accepts_what_gives_every_value_back() {
    let engine = Engine::open_in_memory().unwrap();
    let session = engine.session().unwrap();
    session.execute_batch("CREATE TABLE t (price NUMERIC(10,2), at DATETIME, yes BOOLEAN, any)").unwrap();
    let table = |price| {
        TableDef::builder("t")
            .column("price", price, ColumnBuilder::nullable)
            .column("at", LogicalType::Timestamp, ColumnBuilder::nullable)
            .column("yes", LogicalType::Bool, ColumnBuilder::nullable)
            .column("any", LogicalType::Text, ColumnBuilder::nullable)
            .build()
    };
    engine.verify(&[&table(LogicalType::Real)]).unwrap();
    // `1.50` would come back as 1.5
    let error = engine.verify(&[&table(LogicalType::Decimal)]).unwrap_err();
    assert!(error.to_string().ends_with("`t`: column `price`: type NUMERIC(10,2) becomes TEXT"), "{error}");
}

#[test]
fn a_database_of_others_is_accepted_as_it_is() {
    let Some(folder) = std::env::var_os("ORM_SHARED") else { return };
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("chinook.sqlite");
    std::fs::copy(PathBuf::from(folder).join("data/chinook.sqlite"), &path).unwrap();
    let engine = Engine::open(&path).unwrap();
    let key = KeyGeneration::Auto;
    let artist = TableDef::builder("Artist")
        .column("ArtistId", INTEGER, |c| c.primary_key().key_generation(key))
        .column("Name", LogicalType::Text, ColumnBuilder::nullable)
        .build();
    let album = TableDef::builder("Album")
        .column("AlbumId", INTEGER, |c| c.primary_key().key_generation(key))
        .column("Title", LogicalType::Text, |c| c.declared_type("NVARCHAR(160)"))
        .column("ArtistId", INTEGER, |c| c)
        .foreign_key(["ArtistId"], "Artist", ["ArtistId"], |k| k.on_delete(Action::NoAction))
        .index(["ArtistId"], |index| index)
        .build();
    let line = TableDef::builder("InvoiceLine")
        .column("InvoiceLineId", INTEGER, |c| c.primary_key().key_generation(key))
        .column("InvoiceId", INTEGER, |c| c)
        .column("TrackId", INTEGER, |c| c)
        .column("UnitPrice", LogicalType::Real, |c| c)
        .column("Quantity", INTEGER, |c| c)
        .build();
    let playlist = TableDef::builder("PlaylistTrack")
        .column("PlaylistId", INTEGER, ColumnBuilder::primary_key)
        .column("TrackId", INTEGER, ColumnBuilder::primary_key)
        .build();
    let tables = [&artist, &album, &line, &playlist];
    engine.verify(&tables).unwrap();
    assert!(engine.migration(&tables).plan().unwrap().is_empty());
}
