//! A database that another program made: eleven tables with types and names of their own, read and written as they are.
//!
//! Takes the path of the Chinook sample database; the file is copied first and stays as it is.
//!
//! ```text
//! cargo run --example chinook -- path/to/chinook.sqlite
//! ```

#![allow(clippy::print_stdout, reason = "an example tells what it does")]

use std::path::Path;
use std::{env, fs};

use orm_core::{Engine, Model, Result, Session, func};
use orm_examples::chinook::{
    Album, Artist, Customer, Employee, Genre, Invoice, InvoiceLine, MediaType, Playlist, PlaylistTrack,
    TABLES, Track,
};

fn main() -> Result<()> {
    let Some(path) = env::args().nth(1) else {
        println!("usage: chinook PATH, where PATH is the Chinook sample database");
        return Ok(());
    };
    let folder = tempfile::tempdir().map_err(orm_core::Error::other)?;
    let copy = folder.path().join("chinook.sqlite");
    fs::copy(Path::new(&path), &copy).map_err(orm_core::Error::other)?;

    let engine = Engine::open(&copy)?;
    engine.verify(&TABLES)?;
    println!("the models fit the database as it is");

    let session = engine.session()?;
    read_everything(&session)?;
    report(&session)?;
    write(&session)?;
    drop(session);
    engine.close()
}

/// Every row of every table becomes a struct.
fn read_everything(session: &Session) -> Result<()> {
    let rows = [
        count::<Album>(session)?,
        count::<Artist>(session)?,
        count::<Customer>(session)?,
        count::<Employee>(session)?,
        count::<Genre>(session)?,
        count::<Invoice>(session)?,
        count::<InvoiceLine>(session)?,
        count::<MediaType>(session)?,
        count::<Playlist>(session)?,
        count::<PlaylistTrack>(session)?,
        count::<Track>(session)?,
    ];
    println!("{} rows in {} tables", rows.iter().sum::<usize>(), rows.len());
    Ok(())
}

fn count<M: Model>(session: &Session) -> Result<usize> {
    let rows = session.find::<M>().all()?;
    assert_eq!(session.find::<M>().count()?, rows.len() as u64);
    println!("{:>6}  {}", rows.len(), M::TABLE.name);
    Ok(rows.len())
}

fn report(session: &Session) -> Result<()> {
    let best = session
        .find::<Invoice>()
        .group_by(Invoice::BILLING_COUNTRY)
        .having(func::count().ge(10))
        .order_by([func::sum(Invoice::TOTAL).desc()])
        .limit(3)
        .select((Invoice::BILLING_COUNTRY, func::count(), func::sum(Invoice::TOTAL)))
        .all()?;
    println!("where most is sold:");
    for (country, invoices, total) in &best {
        println!("{total:>10.2}  {} ({invoices} invoices)", country.as_deref().unwrap_or("unknown"));
    }

    let longest = session
        .find::<Track>()
        .filter(Track::COMPOSER.is_not_null().and(Track::NAME.starts_with("The ")))
        .order_by([Track::MILLISECONDS.desc()])
        .limit(3)
        .all()?;
    println!("the longest composed tracks that begin with `The`:");
    for track in &longest {
        println!("{:>6.1} min  {}", track.milliseconds as f64 / 60_000.0, track.name);
    }
    Ok(())
}

/// An artist and an album come and go; foreign keys hold meanwhile.
fn write(session: &Session) -> Result<()> {
    let artist = session.create(Artist { artist_id: 0, name: Some("The Ferrous Oxides".into()) })?;
    let mut album =
        session.create(Album { album_id: 0, title: "Patina".into(), artist_id: artist.artist_id })?;
    album.title = "Verdigris".into();
    session.update(&mut album)?;
    assert_eq!(session.get::<Album>(album.album_id)?, Some(album.clone()));

    match session.delete(&artist) {
        Err(refused) if refused.is_foreign_key_violation() => {
            println!("an artist with an album stays: {refused}");
        }
        other => panic!("an artist was deleted from under an album: {other:?}"),
    }

    session.delete(&album)?;
    session.delete(&artist)?;
    assert_eq!(session.find::<Artist>().filter(Artist::NAME.eq("The Ferrous Oxides")).count()?, 0);
    Ok(())
}
