//! A test of this binary, run in a process of its own.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use orm_core::rusqlite::Connection;
use serde_json::Value as Json;

use crate::inspect::{open, rows};

/// What the child is to do; without it a test that is for children does nothing.
const ORDERS: &str = "ORM_TEST_ORDERS";

/// Runs the test in a process of its own.
pub(crate) fn spawn(test: &str, orders: &str) -> Child {
    command(test, orders).stdout(Stdio::null()).spawn().unwrap()
}

fn command(test: &str, orders: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture"]).env(ORDERS, orders);
    command.stdin(Stdio::null()).stderr(Stdio::null());
    command
}

/// In the child: what it is to do.
pub(crate) fn orders() -> Option<String> {
    std::env::var(ORDERS).ok()
}

/// In the child: says that it has come to the point where it is to be killed, and stands still.
pub(crate) fn stand_still(marker: &Path) -> ! {
    std::fs::write(marker, b"here").unwrap();
    loop {
        std::thread::sleep(Duration::from_secs(600));
    }
}

/// Kills the child when it stands still.
pub(crate) fn kill_at(mut child: Child, marker: &Path) {
    let deadline = Instant::now() + Duration::from_secs(120);
    while !marker.exists() {
        assert!(child.try_wait().unwrap().is_none(), "the child ended before it came to its point");
        assert!(Instant::now() < deadline, "the child never came to its point");
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

/// A second connection to a database.
pub(crate) enum Other {
    Here(Connection),
    There { child: Child, answers: BufReader<ChildStdout> },
}

/// Where the second connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Here,
    InAProcess,
}

impl Other {
    pub(crate) fn open(place: Place, path: &Path) -> Self {
        match place {
            Place::Here => Self::Here(open(path)),
            Place::InAProcess => {
                let mut command = command("process::child", path.to_str().unwrap());
                let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
                let answers = BufReader::new(child.stdout.take().unwrap());
                Self::There { child, answers }
            }
        }
    }

    /// The rows of one statement.
    pub(crate) fn ask(&mut self, sql: &str) -> Result<Json, String> {
        match self {
            Self::Here(connection) => rows(connection, sql),
            Self::There { child, answers } => {
                writeln!(child.stdin.as_mut().unwrap(), "{sql}").unwrap();
                let answer = answers.lines().map(Result::unwrap).find_map(|line| {
                    // the test's own name stands before the first one
                    let (_, answer) = line.split_once('@')?;
                    Some(serde_json::from_str::<Result<Json, String>>(answer).unwrap())
                });
                answer.unwrap()
            }
        }
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        if let Self::There { child, .. } = self {
            drop(child.stdin.take());
            child.wait().unwrap();
        }
    }
}

/// Only does something in the child: answers each line.
#[test]
fn child() {
    let Some(path) = orders() else { return };
    let connection = open(Path::new(&path));
    for line in std::io::stdin().lines() {
        let answer = rows(&connection, &line.unwrap());
        println!("@{}", serde_json::to_string(&answer).unwrap());
    }
}
