use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc};

use super::civil::{self, civil_fields};
use crate::error::ConversionError;

// No other zone than `Utc`: it would be lost.
civil_fields! {
    DateTime<Utc>: Timestamp as DateTime by from_instant, to_instant;
    NaiveDateTime: Timestamp as DateTime by from_date_time, to_date_time;
    NaiveDate: Date as Date by from_date, to_date;
    NaiveTime: Time as Time by from_time, to_time;
}

fn from_instant(at: &DateTime<Utc>) -> Result<civil::DateTime, ConversionError> {
    civil::DateTime::from_unix(at.timestamp(), at.timestamp_subsec_nanos())
}

fn to_instant(utc: civil::DateTime) -> Result<DateTime<Utc>, ConversionError> {
    DateTime::from_timestamp(utc.unix_seconds(), utc.time.nanosecond).ok_or_else(out_of_range)
}

fn from_date_time(at: &NaiveDateTime) -> Result<civil::DateTime, ConversionError> {
    Ok(civil::DateTime { date: from_date(&at.date())?, time: from_time(&at.time())? })
}

fn to_date_time(at: civil::DateTime) -> Result<NaiveDateTime, ConversionError> {
    Ok(NaiveDateTime::new(to_date(at.date)?, to_time(at.time)?))
}

fn from_date(date: &NaiveDate) -> Result<civil::Date, ConversionError> {
    civil::Date::new(date.year(), date.month(), date.day())
}

fn to_date(date: civil::Date) -> Result<NaiveDate, ConversionError> {
    NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into()).ok_or_else(out_of_range)
}

fn from_time(time: &NaiveTime) -> Result<civil::Time, ConversionError> {
    civil::Time::new(time.hour(), time.minute(), time.second(), time.nanosecond())
}

fn to_time(time: civil::Time) -> Result<NaiveTime, ConversionError> {
    let civil::Time { hour, minute, second, nanosecond } = time;
    NaiveTime::from_hms_nano_opt(hour.into(), minute.into(), second.into(), nanosecond)
        .ok_or_else(out_of_range)
}

#[cold]
fn out_of_range() -> ConversionError {
    ConversionError::new("a date and time that `chrono` can represent", "one out of its range")
}
