use time::error::ComponentRange;
use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time};

use super::civil::{self, civil_fields};
use crate::error::ConversionError;

// `OffsetDateTime` is stored as an instant: it is read back equal, with the offset of UTC.
civil_fields! {
    OffsetDateTime: Timestamp as DateTime by from_instant, to_instant;
    PrimitiveDateTime: Timestamp as DateTime by from_date_time, to_date_time;
    Date: Date as Date by from_date, to_date;
    Time: Time as Time by from_time, to_time;
}

fn from_instant(at: &OffsetDateTime) -> Result<civil::DateTime, ConversionError> {
    civil::DateTime::from_unix(at.unix_timestamp(), at.nanosecond())
}

fn to_instant(utc: civil::DateTime) -> Result<OffsetDateTime, ConversionError> {
    to_date_time(utc).map(PrimitiveDateTime::assume_utc)
}

fn from_date_time(at: &PrimitiveDateTime) -> Result<civil::DateTime, ConversionError> {
    Ok(civil::DateTime { date: from_date(&at.date())?, time: from_time(&at.time())? })
}

fn to_date_time(at: civil::DateTime) -> Result<PrimitiveDateTime, ConversionError> {
    Ok(PrimitiveDateTime::new(to_date(at.date)?, to_time(at.time)?))
}

fn from_date(date: &Date) -> Result<civil::Date, ConversionError> {
    let (year, month, day) = date.to_calendar_date();
    civil::Date::new(year, u8::from(month).into(), day.into())
}

fn to_date(date: civil::Date) -> Result<Date, ConversionError> {
    Month::try_from(date.month)
        .and_then(|month| Date::from_calendar_date(date.year.into(), month, date.day))
        .map_err(out_of_range)
}

fn from_time(time: &Time) -> Result<civil::Time, ConversionError> {
    let (hour, minute, second, nanosecond) = time.as_hms_nano();
    civil::Time::new(hour.into(), minute.into(), second.into(), nanosecond)
}

fn to_time(time: civil::Time) -> Result<Time, ConversionError> {
    let civil::Time { hour, minute, second, nanosecond } = time;
    Time::from_hms_nano(hour, minute, second, nanosecond).map_err(out_of_range)
}

// The error of `time` has the value in its text, so it is not the source.
#[cold]
fn out_of_range(_: ComponentRange) -> ConversionError {
    ConversionError::new("a date and time that `time` can represent", "one out of its range")
}
