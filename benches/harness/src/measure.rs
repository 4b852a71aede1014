use std::time::{Duration, Instant};

use crate::{Place, SCHEMA, Subject, Workload};

/// What one process measures.
#[derive(Debug, Clone, Copy)]
pub struct Request {
    pub workload: Workload,
    pub setting: Setting,
}

/// How it is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// By the clock: the fastest of so many batches.
    Time { batches: usize },
    /// Under callgrind, which counts what happens inside [`measured_batch`] only: one batch, a fraction as long.
    Count,
}

/// How much shorter a batch is while instructions are counted: they do not vary.
const COUNTED_FRACTION: usize = 20;

impl Request {
    /// Reads `<workload> <rows> time <batches>` or `<workload> <rows> count`.
    pub fn parse(mut words: impl Iterator<Item = String>) -> Option<Self> {
        let name = words.next()?;
        let workload = Workload::named(&name, words.next()?.parse().ok()?)?;
        let setting = match words.next()?.as_str() {
            "time" => Setting::Time { batches: words.next()?.parse().ok()? },
            "count" => Setting::Count,
            _ => return None,
        };
        Some(Self { workload, setting })
    }

    /// How often one batch does it.
    #[must_use]
    pub fn runs(self) -> usize {
        let runs = self.workload.runs();
        match self.setting {
            Setting::Time { .. } => runs,
            Setting::Count => (runs / COUNTED_FRACTION).clamp(2, 250),
        }
    }
}

/// Measures, and prints `<nanoseconds of a run> <checksum> <version of SQLite>`.
pub fn answer<S: Subject>(request: Request) {
    let Request { workload, setting } = request;
    let runs = request.runs();
    let place = Place::wanted();
    let mut subject = S::open(&place);
    if let Place::File(_) = place {
        subject.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    }
    subject.execute(SCHEMA);
    subject.execute(&workload.seed());
    let version = subject.version();
    workload.batch(&mut subject, runs)();
    let batches = match setting {
        Setting::Time { batches } => batches,
        Setting::Count => 1,
    };
    let fastest = (0..batches).map(|_| timed(&mut *workload.batch(&mut subject, runs))).min();
    let nanoseconds = fastest.unwrap_or_default().as_nanos() as f64 / runs as f64;
    let checksum = workload.checksum(&mut subject);
    println!("{nanoseconds:.1} {checksum:016x} {version}");
}

fn timed(batch: &mut dyn FnMut()) -> Duration {
    let started = Instant::now();
    measured_batch(batch);
    started.elapsed()
}

/// Callgrind is told to count inside this function.
#[inline(never)]
fn measured_batch(batch: &mut dyn FnMut()) {
    batch();
}
