//! How the library's cost grows with a table and with threads, on a file: `scale [small]`. Prints Markdown; stops where
//! something is not as it should be.

mod exclusive;
mod growth;
mod memory;
mod place;
mod threads;

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use orm_core::{Error, Model, Result};

use self::place::Place;

/// A row of some 50 bytes.
#[derive(Debug, Model)]
#[orm(table = "users", borrowed)]
pub struct User {
    #[orm(primary_key, auto)]
    id: i64,
    name: String,
    email: Option<String>,
    visits: i64,
}

impl User {
    /// The user that will get this key.
    fn numbered(number: i64) -> Self {
        let email = (number % 3 != 0).then(|| format!("user{number}@example.org"));
        Self { id: 0, name: format!("the name of user {number}"), email, visits: 0 }
    }
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => run(false),
        ["small"] => run(true),
        // a process of its own, so that its memory is that of nothing else
        ["stream", file] => growth::stream(Path::new(file)),
        _ => Err(Error::other("expected nothing, or `small`")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("scale: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(small: bool) -> Result<()> {
    let place = Place::new().map_err(Error::other)?;
    let sizes: &[i64] =
        if small { &[1000, 10_000, 100_000] } else { &[1000, 10_000, 100_000, 1_000_000, 10_000_000] };
    growth::measure(&place.file("rows.db"), sizes)?;
    exclusive::measure(&place)?;
    threads::measure(&place, Duration::from_secs(if small { 1 } else { 10 }))
}

/// Stops the program where a result is wrong: a quick wrong answer is no measurement.
fn check(holds: bool, claim: &str) -> Result<()> {
    if holds { Ok(()) } else { Err(Error::other(format!("not true: {claim}"))) }
}

/// Numbers from 0 up to and without `below`, the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, below: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as i64 % below
    }
}
