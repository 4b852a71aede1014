//! Readers and writers on one engine, one thread and 64.

use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use orm_core::{Engine, Error, Model, Result};

use crate::place::Place;
use crate::{Numbers, User, check};

const ROWS: i64 = 10_000;
/// One of so many operations writes.
const READS_FOR_A_WRITE: i64 = 10;

/// What one thread did.
#[derive(Default)]
struct Work {
    reads: u64,
    /// For each write, how long it waited for its turn.
    waits: Vec<Duration>,
    busy: u64,
}

impl Work {
    fn operations(&self) -> f64 {
        self.reads as f64 + self.waits.len() as f64
    }
}

/// Prints a table of both.
pub fn measure(place: &Place, time: Duration) -> Result<()> {
    println!(
        "| threads | reads/s | writes/s | turn: half waited | 99 of 100 | longest | slowest to fastest thread | `busy` |\n\
         |---:|---:|---:|---:|---:|---:|---:|---:|"
    );
    for count in [1, 64] {
        let engine =
            Engine::builder().max_connections(count).open(place.file(&format!("threads-{count}.db")))?;
        engine.migrate(&[User::TABLE])?;
        let mut users: Vec<User> = (1..=ROWS).map(User::numbered).collect();
        engine.session()?.insert_all(&mut users)?;
        let work = side_by_side(&engine, count, time)?;
        println!("{}", line(&work, time));
        let written: u64 = work.iter().map(|work| work.waits.len() as u64).sum();
        let visits = engine.session()?.find::<User>().sum(User::VISITS)?;
        check(visits.unsigned_abs() == written, "every write is there, and once")?;
        check(work.iter().all(|work| work.busy == 0), "nobody is told that the database is busy")?;
        engine.close()?;
    }
    Ok(())
}

fn side_by_side(engine: &Engine, count: usize, time: Duration) -> Result<Vec<Work>> {
    let start = Barrier::new(count);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..count)
            .map(|number| {
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    one_thread(engine, number as u64, Instant::now() + time)
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().map_err(|_| Error::other("a thread panicked"))?)
            .collect()
    })
}

fn one_thread(engine: &Engine, number: u64, until: Instant) -> Result<Work> {
    let session = engine.session()?;
    let mut numbers = Numbers(number);
    let mut work = Work::default();
    while Instant::now() < until {
        let key = numbers.below(ROWS) + 1;
        if numbers.below(READS_FOR_A_WRITE) > 0 {
            check(
                session.get::<User>(key)?.is_some_and(|user| user.id == key),
                "the row of a key has that key",
            )?;
            work.reads += 1;
            continue;
        }
        let asked = Instant::now();
        let mut waited = Duration::ZERO;
        let written = session.transaction(|tx| {
            waited = asked.elapsed();
            let user = tx.find::<User>().filter(User::ID.eq(key));
            check(user.update([User::VISITS.set(User::VISITS + 1)])? == 1, "a row is written once")
        });
        match written {
            Ok(()) => work.waits.push(waited),
            Err(error) if error.is_busy() => work.busy += 1,
            Err(error) => return Err(error),
        }
    }
    Ok(work)
}

fn line(work: &[Work], time: Duration) -> String {
    let second = |operations: u64| operations as f64 / time.as_secs_f64();
    let mut waits: Vec<Duration> = work.iter().flat_map(|work| work.waits.iter().copied()).collect();
    waits.sort_unstable();
    let at = |part: f64| {
        let wait = waits.get(((waits.len() as f64 - 1.0) * part).max(0.0) as usize).copied();
        wait.unwrap_or_default().as_secs_f64() * 1000.0
    };
    let slowest = work.iter().map(Work::operations).fold(f64::INFINITY, f64::min);
    let fastest = work.iter().map(Work::operations).fold(0.0, f64::max);
    format!(
        "| {} | {:.0} | {:.0} | {:.3} ms | {:.3} ms | {:.3} ms | {:.2} | {} |",
        work.len(),
        second(work.iter().map(|work| work.reads).sum()),
        second(waits.len() as u64),
        at(0.5),
        at(0.99),
        at(1.0),
        slowest / fastest,
        work.iter().map(|work| work.busy).sum::<u64>()
    )
}
