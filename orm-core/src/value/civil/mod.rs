//! Dates and times as text of fixed width, shared by `SystemTime` and every date crate.
//!
//! The year has four digits, 0000 to 9999, in the proleptic Gregorian calendar, so that the order of the text is the order
//! in time. SQLite never parses a date here: its `date('2023-02-30')` is `2023-03-02`.

mod text;
mod unix;

use super::{ToValueOutput, Value};
use crate::error::ConversionError;

const NANOSECONDS: u32 = 1_000_000_000;

/// A day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Date {
    pub(super) year: u16,
    pub(super) month: u8,
    pub(super) day: u8,
}

/// A time of day, without leap seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Time {
    pub(super) hour: u8,
    pub(super) minute: u8,
    pub(super) second: u8,
    pub(super) nanosecond: u32,
}

/// Both; an instant where it is in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DateTime {
    pub(super) date: Date,
    pub(super) time: Time,
}

impl Date {
    pub(super) fn new(year: i32, month: u32, day: u32) -> Result<Self, ConversionError> {
        let year = four_digits(i64::from(year))?;
        match (u8::try_from(month), u8::try_from(day)) {
            (Ok(month @ 1..=12), Ok(day)) if (1..=days_in_month(year, month)).contains(&day) => {
                Ok(Self { year, month, day })
            }
            _ => Err(ConversionError::new("a date of the calendar", "one that does not exist")),
        }
    }

    pub(super) fn to_value(self) -> ToValueOutput<'static> {
        ToValueOutput::Owned(Value::Text(self.text()))
    }
}

impl Time {
    pub(super) fn new(hour: u32, minute: u32, second: u32, nanosecond: u32) -> Result<Self, ConversionError> {
        if second == 60 || nanosecond >= NANOSECONDS {
            return Err(ConversionError::new("a time of day", "a leap second"));
        }
        match (u8::try_from(hour), u8::try_from(minute), u8::try_from(second)) {
            (Ok(hour @ 0..24), Ok(minute @ 0..60), Ok(second @ 0..60)) => {
                Ok(Self { hour, minute, second, nanosecond })
            }
            _ => Err(ConversionError::new("a time of day", "one that does not exist")),
        }
    }

    pub(super) fn to_value(self) -> ToValueOutput<'static> {
        ToValueOutput::Owned(Value::Text(self.text()))
    }
}

impl DateTime {
    pub(super) fn to_value(self) -> ToValueOutput<'static> {
        ToValueOutput::Owned(Value::Text(self.text()))
    }
}

fn four_digits(year: i64) -> Result<u16, ConversionError> {
    match u16::try_from(year) {
        Ok(year @ 0..10_000) => Ok(year),
        _ => Err(ConversionError::new("a year from 0000 to 9999", "another year")),
    }
}

fn days_in_month(year: u16, month: u8) -> u8 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Writes `ToValue` and `Field` for a type of a date crate, by a function to one of the types above and one back.
macro_rules! civil_fields {
    ($($rust:ty: $class:ident as $civil:ident by $write:ident, $read:ident;)+) => {$(
        impl $crate::value::ToValue for $rust {
            fn to_value(&self) -> Result<$crate::value::ToValueOutput<'_>, $crate::error::ConversionError> {
                $write(self).map(civil::$civil::to_value)
            }
        }

        impl $crate::value::Field for $rust {
            type Inner = Self;
            type Rel<P> = P;
            type Class = $crate::value::class::$class;
            const TYPE: $crate::value::LogicalType = $crate::value::LogicalType::$class;

            fn from_value(value: $crate::value::ValueRef<'_>) -> Result<Self, $crate::error::ConversionError> {
                civil::$civil::from_value(value).and_then($read)
            }
        }

        $crate::value::borrow::themselves!($rust);
    )+};
}
pub(super) use civil_fields;
