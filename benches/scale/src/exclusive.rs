//! What it is worth to have a file for oneself.

use orm_core::{Engine, Model, Result};

use crate::place::Place;
use crate::{User, growth};

const ROWS: i64 = 10_000;

/// Prints a table of both ways to open one file.
pub fn measure(place: &Place) -> Result<()> {
    let file = place.file("exclusive.db");
    let mut lines = growth::SINGLE.map(|(name, _)| format!("| {name} |"));
    for exclusive in [false, true] {
        let engine = Engine::builder().exclusive(exclusive).open(&file)?;
        engine.migrate(&[User::TABLE])?;
        let session = engine.session()?;
        let rows = session.find::<User>().count()?.cast_signed();
        growth::grow(&session, rows, ROWS)?;
        for (line, (_, measure)) in lines.iter_mut().zip(growth::SINGLE) {
            line.push_str(&growth::cell(growth::fastest(&session, ROWS, measure)?));
        }
        drop(session);
        engine.close()?;
    }
    println!("| {ROWS} rows in a file | shared | `exclusive` |\n|---|---:|---:|");
    lines.iter().for_each(|line| println!("{line}"));
    println!();
    Ok(())
}
