//! One table that grows by ten: what each row, read or page costs at every size.

use std::env;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use orm_core::{Engine, Error, Model, Result, Session};

use crate::{Numbers, User, check, memory};

/// Rows in one `insert_all`, as in the other benchmarks' largest size.
const BATCH: i64 = 10_000;
/// How often what is done to a single row is done.
const SINGLES: i64 = 5000;
/// The fastest of so many counts.
const ROUNDS: usize = 3;
/// Rows of a page.
const PAGE: i64 = 100;
/// What the scan of a table may take, in megabytes.
const MOST_MEMORY: f64 = 50.0;
/// Rows that a `Vec` of all of them may have here.
const MOST_IN_A_VEC: i64 = 1_000_000;

pub type Measure = fn(&Session, i64) -> Result<f64>;

/// What is measured, each in nanoseconds. In this order: a size ends with what changes the table.
const MEASURES: &[(&str, Measure)] = &[
    ("get one by key, anywhere", get),
    ("page of 100 at the start", |session, rows| page(session, rows, 0)),
    ("page of 100 in the middle", |session, rows| page(session, rows, rows / 2)),
    ("page of 100 at the end", |session, rows| page(session, rows, rows - PAGE)),
    ("count, a row", count),
    ("`for_each`, a row", for_each),
    ("`iter`, a row", iter),
    ("`chunks(1000)`, a row", chunks),
    ("`all`, a row", all),
    ("update one by key, autocommit", update),
    ("insert and delete one, autocommit", insert_and_delete),
];

/// What is done to one row of a file, each a transaction of its own.
pub const SINGLE: [(&str, Measure); 3] = [
    ("get one by key, anywhere", get),
    ("update one by key, autocommit", update),
    ("insert and delete one, autocommit", insert_and_delete),
];

/// Prints a table of them.
pub fn measure(file: &Path, sizes: &[i64]) -> Result<()> {
    let engine = Engine::open(file)?;
    engine.migrate(&[User::TABLE])?;
    let session = engine.session()?;
    let mut lines = vec!["| `insert_all` of 10,000, a row |".to_owned()];
    lines.extend(MEASURES.iter().map(|(name, _)| format!("| {name} |")));
    let mut rows = 0;
    for &size in sizes {
        lines[0].push_str(&cell(grow(&session, rows, size)?));
        rows = size;
        for (line, (_, measure)) in lines[1..].iter_mut().zip(MEASURES) {
            let cost = fastest(&session, rows, *measure)?;
            line.push_str(&if cost.is_nan() { " |".to_owned() } else { cell(cost) });
        }
    }
    let sizes: String = sizes.iter().map(|size| format!(" {size} |")).collect();
    println!("| rows |{sizes}\n|---|{}", "---:|".repeat(sizes.matches('|').count()));
    lines.iter().for_each(|line| println!("{line}"));
    drop(session);
    engine.close()?;
    let streamed = Command::new(env::current_exe().map_err(Error::other)?).arg("stream").arg(file).status();
    check(streamed.map_err(Error::other)?.success(), "the table was streamed in constant memory")
}

/// Reads the whole table in each of the ways that do not keep it, and prints how much memory that took.
pub fn stream(file: &Path) -> Result<()> {
    let engine = Engine::open(file)?;
    let session = engine.session()?;
    let rows = session.find::<User>().count()?.cast_signed();
    for way in [for_each, iter, chunks] {
        way(&session, rows)?;
    }
    let peak = memory::peak().unwrap_or(0.0);
    println!(
        "\nPeak of the resident memory of a process that streams {rows} rows, three times: {peak:.1} MB.\n"
    );
    check(peak < MOST_MEMORY, "a table is streamed in 50 MB")
}

/// The smallest cost of several rounds.
pub fn fastest(session: &Session, rows: i64, measure: Measure) -> Result<f64> {
    (0..ROUNDS).try_fold(f64::NAN, |least, _| Ok(least.min(measure(session, rows)?)))
}

pub fn cell(nanoseconds: f64) -> String {
    match nanoseconds {
        few if few < 10.0 => format!(" {few:.1} ns |"),
        some if some < 10_000.0 => format!(" {some:.0} ns |"),
        many => format!(" {:.1} µs |", many / 1000.0),
    }
}

fn each(started: Instant, times: i64) -> f64 {
    started.elapsed().as_nanos() as f64 / times as f64
}

/// Adds rows until there are `to`. Only the inserts count.
pub fn grow(session: &Session, from: i64, to: i64) -> Result<f64> {
    let mut nanoseconds = 0.0;
    let mut next = from + 1;
    while next <= to {
        let last = to.min(next + BATCH - 1);
        let mut users: Vec<User> = (next..=last).map(User::numbered).collect();
        let started = Instant::now();
        session.insert_all(&mut users)?;
        nanoseconds += started.elapsed().as_nanos() as f64;
        check(users.last().is_some_and(|user| user.id == last), "keys are in order")?;
        next = last + 1;
    }
    Ok(if to > from { nanoseconds / (to - from) as f64 } else { 0.0 })
}

fn get(session: &Session, rows: i64) -> Result<f64> {
    let mut numbers = Numbers(1);
    let started = Instant::now();
    for _ in 0..SINGLES {
        let key = numbers.below(rows) + 1;
        check(session.get::<User>(key)?.is_some_and(|user| user.id == key), "the row of a key has that key")?;
    }
    Ok(each(started, SINGLES))
}

fn page(session: &Session, rows: i64, behind: i64) -> Result<f64> {
    let started = Instant::now();
    for _ in 0..SINGLES / PAGE {
        let page = session.find::<User>().filter(User::ID.gt(behind)).order_by(User::ID.asc());
        let users = page.limit(PAGE.unsigned_abs()).all()?;
        let ends = (users.first().map(|user| user.id), users.last().map(|user| user.id));
        check(ends == (Some(behind + 1), Some(rows.min(behind + PAGE))), "a page goes on behind its key")?;
    }
    Ok(each(started, SINGLES / PAGE))
}

fn count(session: &Session, rows: i64) -> Result<f64> {
    let started = Instant::now();
    check(session.find::<User>().count()? == rows.unsigned_abs(), "all rows are counted")?;
    Ok(each(started, rows))
}

/// That the keys are those from 1 to `rows`.
fn check_sum(sum: i64, rows: i64) -> Result<()> {
    check(sum == rows * (rows + 1) / 2, "every row is read once")
}

fn for_each(session: &Session, rows: i64) -> Result<f64> {
    let (mut sum, mut length) = (0, 0);
    let started = Instant::now();
    session.find::<User>().for_each(|user| {
        sum += user.id;
        length += user.name.len() + user.email.map_or(0, str::len);
        Ok(())
    })?;
    let cost = each(started, rows);
    check(length > 0, "names have letters")?;
    check_sum(sum, rows).map(|()| cost)
}

fn iter(session: &Session, rows: i64) -> Result<f64> {
    let mut sum = 0;
    let started = Instant::now();
    for user in session.find::<User>().iter()? {
        sum += user?.id;
    }
    let cost = each(started, rows);
    check_sum(sum, rows).map(|()| cost)
}

fn chunks(session: &Session, rows: i64) -> Result<f64> {
    let mut sum = 0;
    let started = Instant::now();
    for users in session.find::<User>().chunks(1000)? {
        sum += users?.iter().map(|user| user.id).sum::<i64>();
    }
    let cost = each(started, rows);
    check_sum(sum, rows).map(|()| cost)
}

fn all(session: &Session, rows: i64) -> Result<f64> {
    if rows > MOST_IN_A_VEC {
        return Ok(f64::NAN);
    }
    let started = Instant::now();
    let users = session.find::<User>().all()?;
    let cost = each(started, rows);
    check_sum(users.iter().map(|user| user.id).sum(), rows).map(|()| cost)
}

fn update(session: &Session, rows: i64) -> Result<f64> {
    let mut numbers = Numbers(2);
    let mut users = Vec::new();
    for _ in 0..SINGLES {
        users.extend(session.get::<User>(numbers.below(rows) + 1)?);
    }
    let started = Instant::now();
    for user in &mut users {
        session.update(user)?;
    }
    Ok(each(started, SINGLES))
}

fn insert_and_delete(session: &Session, rows: i64) -> Result<f64> {
    let started = Instant::now();
    for _ in 0..SINGLES {
        let user = session.create(User::numbered(rows + 1))?;
        session.delete(&user)?;
    }
    Ok(each(started, SINGLES))
}
