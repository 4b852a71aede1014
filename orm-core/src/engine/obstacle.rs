//! What stands in the way of opening a file, found by looking at the path: SQLite only says "unable to open".

use std::fs;
use std::io;
use std::path::Path;

use crate::error::{Error, ErrorKind};

const UNREADABLE: &str = "this process may not read it, or it has a write-ahead log and this process may not write to \
                          its folder, which reading needs";

/// The error to show where opening `path`, or its first read, failed with `error`.
pub(super) fn explain(path: &Path, read_only: bool, error: Error) -> Error {
    let (kind, why) = if error.kind() == ErrorKind::NotADatabase {
        (ErrorKind::NotADatabase, "it is not an SQLite database, or it is encrypted".to_owned())
    } else if matches!(error.kind(), ErrorKind::Open | ErrorKind::ReadOnly) {
        (ErrorKind::Open, unopened(path, read_only))
    } else {
        return error;
    };
    let shown = Error::new(kind, format!("`{}` cannot be opened: {why}", path.display()));
    match error.sqlite_code() {
        Some(code) => shown.with_code(code).with_source(error),
        None => shown.with_source(error),
    }
}

fn unopened(path: &Path, read_only: bool) -> String {
    let folder = path.parent().unwrap_or(path);
    match fs::metadata(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return format!("the folder `{}` does not exist; create it first", folder.display());
        }
        Ok(found) if !found.is_dir() => return format!("`{}` is not a folder", folder.display()),
        Ok(_) | Err(_) => {}
    }
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => "it is a folder; name a file in it".to_owned(),
        Err(error) if read_only && error.kind() == io::ErrorKind::NotFound => {
            "it does not exist, and a read-only engine creates nothing".to_owned()
        }
        Ok(_) if read_only => UNREADABLE.to_owned(),
        Ok(_) | Err(_) => "this process may not read and write it and its folder".to_owned(),
    }
}

/// Which file a path means at the moment.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FileIdentity(Option<u64>);

impl FileIdentity {
    /// By the number that SQLite itself compares before it touches a rollback journal.
    #[cfg(unix)]
    pub(super) fn of(path: &Path) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self(fs::metadata(path).ok().map(|found| found.ino()))
    }

    /// Elsewhere an open file cannot be replaced.
    #[cfg(not(unix))]
    pub(super) fn of(_path: &Path) -> Self {
        Self(None)
    }
}

#[cfg(test)]
mod tests;
