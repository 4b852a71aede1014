//! A database that this library did not make. Runs where `ORM_SHARED` names the folder with `data/chinook.sqlite`.

use std::path::{Path, PathBuf};
use std::{env, fs};

use orm_core::rusqlite::Connection;
use orm_core::rusqlite::types::FromSql;
use orm_core::{Engine, Model, Session};
use tempfile::TempDir;

// not by a dependency: the compiler would list these models in the messages that `ui` compares
#[allow(unreachable_pub, reason = "public in the package of the examples")]
#[path = "../../examples/src/chinook.rs"]
mod models;
mod questions;
mod reports;

use self::models::{
    Album, Artist, Customer, Employee, Genre, Invoice, InvoiceLine, MediaType, Playlist, PlaylistTrack,
    TABLES, Track,
};

/// A copy of the database, or `None` where it is not to be had.
fn copy() -> Option<(TempDir, PathBuf)> {
    let Some(shared) = env::var_os("ORM_SHARED") else {
        eprintln!("skipped: `ORM_SHARED` names no folder");
        return None;
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chinook.sqlite");
    fs::copy(Path::new(&shared).join("data/chinook.sqlite"), &path).unwrap();
    Some((folder, path))
}

/// What another client of SQLite finds.
fn second_opinion<T: FromSql>(path: &Path, sql: &str) -> T {
    Connection::open(path).unwrap().query_row(sql, (), |row| row.get(0)).unwrap()
}

#[test]
fn the_models_fit_the_database_as_it_is() {
    let Some((_folder, path)) = copy() else { return };
    let engine = Engine::open(&path).unwrap();
    engine.verify(&TABLES).unwrap();
    let plan = engine.migration(&TABLES).plan().unwrap();
    assert!(plan.is_empty(), "{plan}");
}

#[test]
fn every_row_of_every_table_is_read() {
    fn read<M: Model>(session: &Session, path: &Path) {
        let rows: i64 = second_opinion(path, &format!("SELECT count(*) FROM \"{}\"", M::TABLE.name));
        assert_eq!(
            session.find::<M>().all().unwrap().len(),
            usize::try_from(rows).unwrap(),
            "{}",
            M::TABLE.name
        );
    }
    let Some((_folder, path)) = copy() else { return };
    let session = Engine::open(&path).unwrap().session().unwrap();
    read::<Album>(&session, &path);
    read::<Artist>(&session, &path);
    read::<Customer>(&session, &path);
    read::<Employee>(&session, &path);
    read::<Genre>(&session, &path);
    read::<Invoice>(&session, &path);
    read::<InvoiceLine>(&session, &path);
    read::<MediaType>(&session, &path);
    read::<Playlist>(&session, &path);
    read::<PlaylistTrack>(&session, &path);
    read::<Track>(&session, &path);
}

#[test]
fn what_is_written_is_what_another_client_reads() {
    let Some((_folder, path)) = copy() else { return };
    let engine = Engine::open(&path).unwrap();
    let session = engine.session().unwrap();
    let mut invoice = session.get::<Invoice>(1).unwrap().unwrap();
    invoice.invoice_id = 0;
    invoice.total = 12.5;
    session.insert(&mut invoice).unwrap();
    invoice.billing_city = Some("Zürich".to_owned());
    session.update(&mut invoice).unwrap();

    let row = format!(
        "SELECT InvoiceDate || '|' || Total || '|' || BillingCity FROM Invoice WHERE InvoiceId = {}",
        invoice.invoice_id
    );
    let seen: String = second_opinion(&path, &row);
    assert_eq!(seen, "2021-01-01 00:00:00.000000|12.5|Zürich");
    assert_eq!(session.get::<Invoice>(invoice.invoice_id).unwrap(), Some(invoice.clone()));

    session.delete(&invoice).unwrap();
    assert_eq!(second_opinion::<i64>(&path, "SELECT count(*) FROM Invoice"), 412);
    assert_eq!(second_opinion::<String>(&path, "PRAGMA integrity_check"), "ok");
}

#[test]
fn foreign_keys_hold() {
    let Some((_folder, path)) = copy() else { return };
    let session = Engine::open(&path).unwrap().session().unwrap();
    let artist = session.get::<Artist>(1).unwrap().unwrap();
    let refused = session.delete(&artist).unwrap_err();
    assert!(refused.is_foreign_key_violation());
    assert_eq!(refused.table(), Some("Artist"));

    let orphan = Album { album_id: 0, title: "Nobody's".to_owned(), artist_id: 999_999 };
    assert!(session.create(orphan).unwrap_err().is_foreign_key_violation());
    assert_eq!(session.find::<Album>().count().unwrap(), 347);
}

#[test]
fn a_composite_key_finds_its_row() {
    let Some((_folder, path)) = copy() else { return };
    let session = Engine::open(&path).unwrap().session().unwrap();
    let entry = PlaylistTrack { playlist_id: 1, track_id: 3402 };
    assert_eq!(session.get::<PlaylistTrack>((1, 3402)).unwrap(), Some(entry.clone()));
    session.delete(&entry).unwrap();
    assert_eq!(session.get::<PlaylistTrack>((1, 3402)).unwrap(), None);
    assert!(session.delete(&entry).unwrap_err().is_not_found());
}
