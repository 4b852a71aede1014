use crate::driver;
use crate::error::{Error, ErrorKind, Result};

/// Refuses a linked SQLite that can corrupt a database with a write-ahead log.
pub(super) fn check_linked() -> Result<()> {
    check(driver::sqlite_version_number())
}

/// Two connections that write and checkpoint at the same moment could corrupt the file until 3.51.3, to which the fix
/// came, and 3.50.7, to which it was carried back. See <https://sqlite.org/wal.html#walresetbug>.
fn check(number: i32) -> Result<()> {
    if matches!(number, 3_050_007..3_051_000 | 3_051_003..) {
        return Ok(());
    }
    let (major, minor, patch) = (number / 1_000_000, number / 1000 % 1000, number % 1000);
    Err(Error::new(
        ErrorKind::UnsupportedSqlite,
        format!(
            "the linked SQLite {major}.{minor}.{patch} can corrupt a database with a write-ahead log; link 3.51.3 or \
             later, or use the `bundled` feature"
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn only_versions_with_the_fix_of_the_write_ahead_log_are_accepted() {
        let accepted = |number| check(number).is_ok();
        let verdicts = [
            3_040_001, 3_050_006, 3_050_007, 3_050_099, 3_051_000, 3_051_002, 3_051_003, 3_053_002,
            3_054_001, 4_000_000,
        ]
        .map(|number| (number, accepted(number)));
        assert_eq!(
            verdicts,
            [
                (3_040_001, false),
                (3_050_006, false),
                (3_050_007, true),
                (3_050_099, true),
                (3_051_000, false),
                (3_051_002, false),
                (3_051_003, true),
                (3_053_002, true),
                (3_054_001, true),
                (4_000_000, true),
            ]
        );
    }

    #[test]
    fn the_refusal_names_the_version_and_what_to_do() {
        assert_eq!(
            check(3_040_001).unwrap_err().to_string(),
            "the linked SQLite 3.40.1 can corrupt a database with a write-ahead log; link 3.51.3 or later, or use the \
             `bundled` feature"
        );
    }
}
