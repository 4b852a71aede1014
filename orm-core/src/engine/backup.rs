use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::Engine;
use super::options::Options;
use crate::driver::rusqlite::backup::{Backup, StepResult};
use crate::driver::rusqlite::{self, OpenFlags};
use crate::error::{Error, ErrorKind, Result};

/// What SQLite keeps beside a database, and would take for part of another one of that name.
const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

impl Engine {
    /// Copies the database to `path`, as it is at one moment, while others go on reading and writing. In-memory databases
    /// too; their writers wait meanwhile.
    ///
    /// The copy grows under a temporary name beside the target, is checked (`PRAGMA quick_check`) and gets its name when
    /// it is complete and on the disk, so a file at `path` is always a whole backup. Nothing is ever overwritten: give
    /// each backup a name of its own, and remove the old ones when the new one is there.
    ///
    /// ```
    /// # let dir = std::env::temp_dir().join(format!("orm-doc-backup-{}", std::process::id()));
    /// # std::fs::create_dir_all(&dir).unwrap();
    /// use orm_core::{Engine, ErrorKind};
    ///
    /// let engine = Engine::open(dir.join("app.db"))?;
    /// engine.backup(dir.join("copy.db"))?;
    /// assert_eq!(engine.backup(dir.join("copy.db")).unwrap_err().kind(), ErrorKind::Io);
    /// # std::fs::remove_dir_all(&dir).unwrap();
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] where the target exists or cannot be written; [`ErrorKind::Corrupt`] where the copy does not pass
    /// its check, which means that the database itself is damaged; an error that [is busy](Error::is_busy) where no
    /// connection or lock was free in time.
    pub fn backup(&self, path: impl AsRef<Path>) -> Result<()> {
        let target = path.as_ref();
        refuse_existing(target)?;
        let deadline = self.deadline();
        let source = self.check_out(deadline)?;
        let _turn = self.gate().read(deadline)?;
        let unfinished = Unfinished::beside(target)?;
        copy(source.rusqlite(), &unfinished.path, self.options(), deadline)?;
        unfinished.publish(target).map_err(|error| unwritable(target, error))
    }
}

fn copy(source: &rusqlite::Connection, path: &Path, options: &Options, deadline: Instant) -> Result<()> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut copy = rusqlite::Connection::open_with_flags(path, flags)?;
    copy_pages(source, &mut copy, deadline)?;
    options.connected(&copy)?;
    check(&copy)?;
    copy.close().map_err(|(_, error)| error.into())
}

/// Looks for physical damage only: a row that violates a CHECK is no reason to be left without a backup.
fn check(copy: &rusqlite::Connection) -> Result<()> {
    copy.pragma_update(None, "ignore_check_constraints", true)?;
    let verdict: String = copy.query_row("PRAGMA quick_check(1)", (), |row| row.get(0))?;
    if verdict == "ok" {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Corrupt,
        format!("the database is damaged, so the backup was not kept: {verdict}"),
    ))
}

/// In one step, and so from one snapshot: a backup in many steps starts again whenever somebody else commits.
fn copy_pages(
    source: &rusqlite::Connection,
    copy: &mut rusqlite::Connection,
    deadline: Instant,
) -> Result<()> {
    let backup = Backup::new(source, copy)?;
    loop {
        match backup.step(-1)? {
            StepResult::Done => return Ok(()),
            StepResult::More => {}
            StepResult::Busy | StepResult::Locked if Instant::now() < deadline => {
                thread::sleep(Duration::from_millis(5));
            }
            _ => {
                return Err(Error::new(
                    ErrorKind::Busy,
                    "another process kept the database locked until the deadline",
                ));
            }
        }
    }
}

fn refuse_existing(target: &Path) -> Result<()> {
    let name = target.file_name().ok_or_else(|| {
        Error::new(ErrorKind::Io, format!("`{}` names no file to back up to", target.display()))
    })?;
    for suffix in COMPANIONS.into_iter().chain([""]) {
        let mut taken = name.to_owned();
        taken.push(suffix);
        let taken = target.with_file_name(taken);
        if fs::symlink_metadata(&taken).is_ok() {
            return Err(Error::new(
                ErrorKind::Io,
                format!("`{}` exists, and a backup overwrites nothing; choose another name", taken.display()),
            ));
        }
    }
    Ok(())
}

/// A copy that is not complete yet; removed on drop.
struct Unfinished {
    path: PathBuf,
}

impl Unfinished {
    fn beside(target: &Path) -> Result<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let mut name = OsString::from(".");
        name.push(target.file_name().unwrap_or_default());
        name.push(format!(".{}-{}.unfinished", process::id(), NEXT.fetch_add(1, Ordering::Relaxed)));
        let path = target.with_file_name(name);
        // created here, so that a missing folder or permission is found before anything is copied
        File::create_new(&path).map_err(|error| unwritable(target, error))?;
        Ok(Self { path })
    }

    /// Gives the copy its name without ever replacing another file, and makes the name last.
    fn publish(self, target: &Path) -> io::Result<()> {
        File::open(&self.path)?.sync_all()?;
        // a link fails where the name is taken; a rename would replace
        if fs::hard_link(&self.path, target).is_err() {
            self.rename(target)?;
        }
        sync_folder(target)
    }

    /// For file systems without hard links: an empty file of our own is what the rename replaces.
    fn rename(&self, target: &Path) -> io::Result<()> {
        File::create_new(target)?;
        fs::rename(&self.path, target).inspect_err(|_| {
            // empty, and ours; the error that matters is the rename's
            let _ = fs::remove_file(target);
        })
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        for suffix in COMPANIONS.into_iter().chain([""]) {
            let mut path = self.path.clone().into_os_string();
            path.push(suffix);
            // most of them are not there
            let _ = fs::remove_file(path);
        }
    }
}

#[cfg(unix)]
fn sync_folder(target: &Path) -> io::Result<()> {
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    };
    File::open(folder)?.sync_all()
}

/// Folders cannot be opened as files elsewhere.
#[cfg(not(unix))]
fn sync_folder(_target: &Path) -> io::Result<()> {
    Ok(())
}

fn unwritable(target: &Path, error: io::Error) -> Error {
    Error::new(ErrorKind::Io, format!("the backup `{}` cannot be written", target.display()))
        .with_source(error)
}
