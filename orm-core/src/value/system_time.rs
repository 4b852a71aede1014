use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::civil::{self, civil_fields};
use crate::error::ConversionError;

civil_fields! {
    SystemTime: Timestamp as DateTime by utc, system_time;
}

/// The stored form of an instant, `YYYY-MM-DD HH:MM:SS.ffffff` in UTC: what the session writes into `created_at` and the
/// other columns that it fills.
pub(crate) fn timestamp_text(at: SystemTime) -> Result<String, ConversionError> {
    utc(&at).map(civil::DateTime::text)
}

fn utc(at: &SystemTime) -> Result<civil::DateTime, ConversionError> {
    match at.duration_since(UNIX_EPOCH) {
        Ok(after) => civil::DateTime::from_unix(seconds(after)?, after.subsec_nanos()),
        Err(before) => {
            let before = before.duration();
            match before.subsec_nanos() {
                0 => civil::DateTime::from_unix(-seconds(before)?, 0),
                nanos => civil::DateTime::from_unix(-seconds(before)? - 1, 1_000_000_000 - nanos),
            }
        }
    }
}

fn seconds(duration: Duration) -> Result<i64, ConversionError> {
    i64::try_from(duration.as_secs()).map_err(|_| out_of_range())
}

fn system_time(utc: civil::DateTime) -> Result<SystemTime, ConversionError> {
    let (seconds, nanos) = (utc.unix_seconds(), utc.time.nanosecond);
    let whole = Duration::from_secs(seconds.unsigned_abs());
    let second = if seconds < 0 { UNIX_EPOCH.checked_sub(whole) } else { UNIX_EPOCH.checked_add(whole) };
    second.and_then(|second| second.checked_add(Duration::from_nanos(nanos.into()))).ok_or_else(out_of_range)
}

#[cold]
fn out_of_range() -> ConversionError {
    ConversionError::new("a time that this system can represent", "one out of its range")
}
