use std::path::Path;

use super::explain;
use crate::error::{Error, ErrorKind};

/// What SQLite reports where the operating system refuses.
fn refused() -> Error {
    Error::new(ErrorKind::Open, "unable to open database file").with_code(14)
}

fn explained(path: &str, read_only: bool) -> String {
    explain(Path::new(path), read_only, refused()).to_string()
}

#[test]
fn the_obstacle_is_named_for_every_path_that_cannot_be_opened() {
    let here = env!("CARGO_MANIFEST_DIR");
    assert_eq!(
        [
            explained("/no/such/folder/app.db", false),
            explained(&format!("{here}/Cargo.toml/app.db"), false),
            explained(here, false),
            explained(&format!("{here}/absent.db"), true),
            explained(&format!("{here}/absent.db"), false),
            explained(&format!("{here}/Cargo.toml"), true),
        ],
        [
            "`/no/such/folder/app.db` cannot be opened: the folder `/no/such/folder` does not exist; create it first"
                .to_owned(),
            format!("`{here}/Cargo.toml/app.db` cannot be opened: `{here}/Cargo.toml` is not a folder"),
            format!("`{here}` cannot be opened: it is a folder; name a file in it"),
            format!(
                "`{here}/absent.db` cannot be opened: it does not exist, and a read-only engine creates nothing"
            ),
            format!("`{here}/absent.db` cannot be opened: this process may not read and write it and its folder"),
            format!(
                "`{here}/Cargo.toml` cannot be opened: this process may not read it, or it has a write-ahead log and \
                 this process may not write to its folder, which reading needs"
            ),
        ]
    );
}

#[test]
fn the_code_of_sqlite_is_kept_and_its_words_are_the_source() {
    let error = explain(Path::new("/no/such/folder/app.db"), false, refused());
    let source = std::error::Error::source(&error).map(ToString::to_string);
    assert_eq!(
        (error.kind(), error.sqlite_code(), source.as_deref()),
        (ErrorKind::Open, Some(14), Some("unable to open database file"))
    );
}

#[test]
fn another_failure_is_left_as_it_is() {
    let full = Error::new(ErrorKind::DiskFull, "database or disk is full").with_code(13);
    let error = explain(Path::new("/tmp"), false, full);
    assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::DiskFull, "database or disk is full"));
}
