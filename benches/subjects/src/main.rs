//! Measures one workload by one subject: `subjects <subject> <workload> <rows> time <batches>`, or `… count` under callgrind.

#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod by_rusqlite;
mod library;
mod plain;
mod raw;

use std::process::ExitCode;

use harness::{Request, answer};

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let subject = words.next().unwrap_or_default();
    let Some(request) = Request::parse(words) else {
        eprintln!("expected: <raw|rusqlite|orm-core|for_each> <workload> <rows> (time <batches>|count)");
        return ExitCode::FAILURE;
    };
    match subject.as_str() {
        "raw" => answer::<raw::Raw>(request),
        "rusqlite" => answer::<by_rusqlite::Rusqlite>(request),
        "memstatus" => {
            without_statistics();
            answer::<library::Library<false>>(request);
        }
        "mimalloc" | "flags" => answer::<library::Library<false>>(request),
        "orm-core" => answer::<library::Library<false>>(request),
        "for_each" => answer::<library::Library<true>>(request),
        _ => {
            eprintln!("there is no subject `{subject}`");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// What an application can do at the start of its `main`: SQLite counts its memory under a lock unless told not to.
fn without_statistics() {
    // SAFETY: SQLite is not in use yet, and this thread is the only one.
    let code = unsafe { rusqlite::ffi::sqlite3_config(rusqlite::ffi::SQLITE_CONFIG_MEMSTATUS, 0) };
    assert_eq!(code, rusqlite::ffi::SQLITE_OK);
}
