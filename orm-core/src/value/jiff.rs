use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};

use super::civil::{self, civil_fields};
use crate::error::ConversionError;

// Not `Zoned`: its zone would be lost.
civil_fields! {
    Timestamp: Timestamp as DateTime by from_instant, to_instant;
    DateTime: Timestamp as DateTime by from_date_time, to_date_time;
    Date: Date as Date by from_date, to_date;
    Time: Time as Time by from_time, to_time;
}

fn from_instant(at: &Timestamp) -> Result<civil::DateTime, ConversionError> {
    // before 1970 the nanoseconds are negative
    match u32::try_from(at.subsec_nanosecond()) {
        Ok(nanosecond) => civil::DateTime::from_unix(at.as_second(), nanosecond),
        Err(_) => {
            let missing = at.subsec_nanosecond().unsigned_abs();
            civil::DateTime::from_unix(at.as_second() - 1, 1_000_000_000 - missing)
        }
    }
}

fn to_instant(utc: civil::DateTime) -> Result<Timestamp, ConversionError> {
    Timestamp::new(utc.unix_seconds(), utc.time.nanosecond.cast_signed()).map_err(out_of_range)
}

fn from_date_time(at: &DateTime) -> Result<civil::DateTime, ConversionError> {
    Ok(civil::DateTime { date: from_date(&at.date())?, time: from_time(&at.time())? })
}

fn to_date_time(at: civil::DateTime) -> Result<DateTime, ConversionError> {
    Ok(DateTime::from_parts(to_date(at.date)?, to_time(at.time)?))
}

fn from_date(date: &Date) -> Result<civil::Date, ConversionError> {
    let (month, day) = (date.month().unsigned_abs(), date.day().unsigned_abs());
    civil::Date::new(date.year().into(), month.into(), day.into())
}

fn to_date(date: civil::Date) -> Result<Date, ConversionError> {
    let civil::Date { year, month, day } = date;
    Date::new(year.cast_signed(), month.cast_signed(), day.cast_signed()).map_err(out_of_range)
}

fn from_time(time: &Time) -> Result<civil::Time, ConversionError> {
    let [hour, minute, second] =
        [time.hour(), time.minute(), time.second()].map(|part| part.unsigned_abs().into());
    civil::Time::new(hour, minute, second, time.subsec_nanosecond().unsigned_abs())
}

fn to_time(time: civil::Time) -> Result<Time, ConversionError> {
    let civil::Time { hour, minute, second, nanosecond } = time;
    Time::new(hour.cast_signed(), minute.cast_signed(), second.cast_signed(), nanosecond.cast_signed())
        .map_err(out_of_range)
}

// The error of `jiff` has the value in its text, so it is not the source.
#[cold]
fn out_of_range(_: jiff::Error) -> ConversionError {
    ConversionError::new("a date and time that `jiff` can represent", "one out of its range")
}
