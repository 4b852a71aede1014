use std::fs;
use std::path::{Path, PathBuf};

use super::{Place, Source};
use crate::driver::{Access, Connection, Location};
use crate::engine::options::Options;
use crate::error::{ErrorKind, Result};

fn source(path: &Path, options: Options) -> Source {
    Source::new(Place::File(path.to_owned()), options)
}

fn message(outcome: Result<()>) -> (ErrorKind, String) {
    let error = outcome.unwrap_err();
    (error.kind(), error.to_string())
}

#[test]
fn a_write_protected_file_is_refused_unless_only_reading_is_asked_for() {
    let path: PathBuf = std::env::temp_dir().join(format!("orm-protected-{}.db", std::process::id()));
    fs::write(&path, "").unwrap();
    // what SQLite falls back to where the operating system forbids writing
    let connection = Connection::open(&Location::File(&path), Access::ReadOnly).unwrap();
    let refused = source(&path, Options::default()).refuse_write_protection(&connection);
    let accepted =
        source(&path, Options { read_only: true, ..Options::default() }).refuse_write_protection(&connection);
    drop(connection);
    fs::remove_file(&path).unwrap();
    assert_eq!(
        message(refused),
        (
            ErrorKind::Open,
            format!(
                "`{}` cannot be written to; change its permissions, or open it with `.read_only(true)`",
                path.display()
            )
        )
    );
    assert!(accepted.is_ok());
}

#[test]
fn a_file_that_keeps_another_journal_mode_is_refused_with_the_way_out() {
    let source = source(Path::new("/net/app.db"), Options::default());
    assert!(source.require_wal(Some("wal")).is_ok());
    assert_eq!(
        message(source.require_wal(Some("delete"))),
        (
            ErrorKind::Open,
            "`/net/app.db` keeps journal mode `delete` where `wal` was asked for, perhaps because its file system has no \
             shared memory; accept it with `.rollback_journal()`"
                .to_owned()
        )
    );
}
