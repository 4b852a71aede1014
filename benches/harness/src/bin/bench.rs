//! Runs the subjects and prints ratios to the first one:
//! `bench (time|count|ci|record) [--quick] <subject>=<program> …`. Or draws them: `bench draw` makes an SVG file of the last
//! table of the Markdown text that it is given.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode, Output};

use harness::{HEADING, Ratios, Request, Setting, Workload};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The ratios that `ci` compares with, beside this package.
const RECORDED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../recorded.txt");

/// How much worse than recorded a ratio may be before `ci` fails.
const TOLERANCE: f64 = 1.3;

/// Interleaved rounds: every subject once, then every subject again.
const ROUNDS: usize = 3;
const BATCHES: usize = 7;

struct Subject {
    name: String,
    program: String,
}

impl Subject {
    /// `for_each` is a way to scan tables; everything else it would do as `orm-core` does.
    fn does(&self, workload: Workload) -> bool {
        self.name != "for_each" || workload.is_scan()
    }
}

/// What one process said.
struct Answer {
    cost: f64,
    checksum: String,
    version: String,
}

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode> {
    let mut words = std::env::args().skip(1);
    let mode = words.next().ok_or("expected `time`, `count`, `ci` or `record`")?;
    let (flags, subjects): (Vec<String>, Vec<String>) = words.partition(|word| word.starts_with("--"));
    let quick = flags.iter().any(|flag| flag == "--quick");
    let subjects: Vec<Subject> = subjects.iter().map(|word| subject(word)).collect::<Result<_>>()?;
    let workloads = match flags.iter().any(|flag| flag == "--reads") {
        true => Workload::READS,
        false if quick => Workload::QUICK,
        false => Workload::ALL,
    };
    match mode.as_str() {
        "time" => table(&subjects, workloads, &Cost::Time { rounds: if quick { 1 } else { ROUNDS } }),
        "count" => table(&subjects, workloads, &Cost::Instructions),
        "record" => record(&subjects),
        "ci" => return compare(&subjects),
        "draw" => draw(),
        _ => Err(format!("there is no mode `{mode}`").into()),
    }?;
    Ok(ExitCode::SUCCESS)
}

fn draw() -> Result<()> {
    let table = std::io::read_to_string(std::io::stdin())?;
    print!("{}", Ratios::parse(&table)?.to_svg(HEADING));
    Ok(())
}

fn subject(word: &str) -> Result<Subject> {
    let (name, program) = word.split_once('=').ok_or("a subject is `<name>=<program>`")?;
    Ok(Subject { name: name.to_owned(), program: program.to_owned() })
}

/// What is compared.
enum Cost {
    Time { rounds: usize },
    Instructions,
}

impl Cost {
    /// The cost of one run of each subject that does it, all of them having done the same work.
    fn of(&self, subjects: &[Subject], workload: Workload) -> Result<Vec<Option<f64>>> {
        let rounds = match self {
            Self::Time { rounds } => *rounds,
            Self::Instructions => 1,
        };
        let mut costs = vec![None; subjects.len()];
        let mut first: Option<Answer> = None;
        for _ in 0..rounds {
            for (subject, cost) in
                subjects.iter().zip(&mut costs).filter(|(subject, _)| subject.does(workload))
            {
                let answer = match self {
                    Self::Time { .. } => timed(subject, workload)?,
                    Self::Instructions => counted(subject, workload)?,
                };
                *cost = Some(cost.map_or(answer.cost, |cost: f64| cost.min(answer.cost)));
                match &first {
                    Some(first) => same_work(first, &answer, subject, workload)?,
                    None => first = Some(answer),
                }
            }
        }
        Ok(costs)
    }

    fn shown(&self, cost: f64) -> String {
        match self {
            Self::Time { .. } if cost < 10_000.0 => format!("{cost:.0} ns"),
            Self::Time { .. } => format!("{:.1} µs", cost / 1000.0),
            Self::Instructions => format!("{cost:.0}"),
        }
    }
}

fn same_work(first: &Answer, answer: &Answer, subject: &Subject, workload: Workload) -> Result<()> {
    if first.checksum == answer.checksum && first.version == answer.version {
        return Ok(());
    }
    let (name, rows) = workload.name();
    Err(format!(
        "{name} n={rows}: `{}` gives {} on SQLite {}, expected {} on {}",
        subject.name, answer.checksum, answer.version, first.checksum, first.version
    )
    .into())
}

fn timed(subject: &Subject, workload: Workload) -> Result<Answer> {
    let (name, rows) = workload.name();
    let measured = [name, &rows.to_string(), "time", &BATCHES.to_string()].map(str::to_owned);
    let mut command = match Command::new("taskset").arg("--version").output() {
        Ok(_) => pinned(&subject.program),
        Err(_) => Command::new(&subject.program),
    };
    answer(&command.arg(&subject.name).args(measured).output()?)
}

fn pinned(program: &str) -> Command {
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", "0", program]);
    command
}

fn counted(subject: &Subject, workload: Workload) -> Result<Answer> {
    let (name, rows) = workload.name();
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--collect-atstart=no"])
        .arg("--toggle-collect=*measured_batch*")
        .args([&subject.program, &subject.name, name, &rows.to_string(), "count"])
        .output()
        .map_err(|error| format!("valgrind cannot be run: {error}"))?;
    let mut answer = answer(&output)?;
    let log = String::from_utf8_lossy(&output.stderr);
    let instructions = log.lines().find_map(|line| line.split_once("Collected : "));
    let instructions: f64 = instructions.ok_or("callgrind counted nothing")?.1.trim().parse()?;
    answer.cost = instructions / Request { workload, setting: Setting::Count }.runs() as f64;
    Ok(answer)
}

fn answer(output: &Output) -> Result<Answer> {
    let words = String::from_utf8_lossy(&output.stdout).into_owned();
    let words: Vec<&str> = words.split_whitespace().collect();
    let [cost, checksum, version] = words[..] else {
        return Err(format!("a subject failed: {}", String::from_utf8_lossy(&output.stderr)).into());
    };
    Ok(Answer { cost: cost.parse()?, checksum: checksum.to_owned(), version: version.to_owned() })
}

/// Prints ratios to the first subject as a Markdown table.
fn table(subjects: &[Subject], workloads: &[Workload], cost: &Cost) -> Result<()> {
    let names: Vec<&str> = subjects.iter().map(|subject| subject.name.as_str()).collect();
    println!("| workload | {} |", names.join(" | "));
    println!("|---|{}", "---:|".repeat(names.len()));
    for &workload in workloads {
        let costs = cost.of(subjects, workload)?;
        let (name, rows) = workload.name();
        let first = costs[0].ok_or("the first subject does every workload")?;
        let mut line = format!("| {name} n={rows} | {} |", cost.shown(first));
        for other in &costs[1..] {
            match other {
                Some(other) => write!(line, " {:.2} |", other / first)?,
                None => line.push_str(" |"),
            }
        }
        println!("{line}");
    }
    Ok(())
}

/// The ratio of the second subject to the first, in instructions, for each quick workload.
fn ratios(subjects: &[Subject]) -> Result<BTreeMap<String, f64>> {
    let mut ratios = BTreeMap::new();
    for &workload in Workload::QUICK {
        let costs = Cost::Instructions.of(subjects, workload)?;
        let [Some(raw), Some(ours)] = costs[..] else { return Err("expected two subjects".into()) };
        let (name, rows) = workload.name();
        ratios.insert(format!("{name} n={rows}"), ours / raw);
    }
    Ok(ratios)
}

fn record(subjects: &[Subject]) -> Result<()> {
    let lines: String = ratios(subjects)?.iter().fold(String::new(), |mut lines, (name, ratio)| {
        let _ = writeln!(lines, "{name} {ratio:.2}");
        lines
    });
    print!("{lines}");
    fs::write(RECORDED, lines)?;
    Ok(())
}

/// Reports every ratio beside the recorded one; fails where one is far above it.
fn compare(subjects: &[Subject]) -> Result<ExitCode> {
    let recorded = fs::read_to_string(Path::new(RECORDED))?;
    let recorded: BTreeMap<&str, f64> = recorded
        .lines()
        .filter_map(|line| line.rsplit_once(' '))
        .map(|(name, ratio)| (name, ratio.parse().unwrap_or(0.0)))
        .collect();
    let mut code = ExitCode::SUCCESS;
    println!("instructions, ratio to raw C (recorded)");
    for (name, ratio) in ratios(subjects)? {
        let before =
            recorded.get(name.as_str()).copied().ok_or_else(|| format!("`{name}` is not recorded"))?;
        let verdict = if ratio > before * TOLERANCE {
            code = ExitCode::FAILURE;
            "  too slow"
        } else {
            ""
        };
        println!("{name:<12} {ratio:.2} ({before:.2}){verdict}");
    }
    Ok(code)
}
