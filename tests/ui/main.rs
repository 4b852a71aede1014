//! What does not compile, with the message that somebody reads, and what must compile in hostile surroundings.
//!
//! After a change of a message: `TRYBUILD=overwrite cargo test -p orm-tests --test ui`, then read the difference.

use std::process::Command;

/// The compiler whose words the `.stderr` files have; others say the same things a little differently.
const RECORDED_WITH: &str = "rustc 1.95.";

fn compiler() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version =
        Command::new(rustc).arg("--version").output().expect("there is a compiler: it built this test");
    String::from_utf8(version.stdout).expect("a compiler's version is text")
}

#[test]
fn mistakes_are_reported_where_they_are() {
    let compiler = compiler();
    if compiler.starts_with(RECORDED_WITH) {
        trybuild::TestCases::new().compile_fail("ui/fail/*.rs");
    } else {
        eprintln!("skipped: the messages are recorded with {RECORDED_WITH}x, this is {compiler}");
    }
}

#[test]
fn derived_code_compiles_in_any_surroundings() {
    trybuild::TestCases::new().pass("ui/pass/*.rs");
}
