//! Seconds since 1970-01-01 00:00:00 UTC and back, by counting days in eras of 400 years that begin on 1 March.

use super::{Date, DateTime, Time, four_digits};
use crate::error::ConversionError;

const SECONDS_A_DAY: i64 = 86_400;
const DAYS_AN_ERA: i64 = 146_097;
/// Days from 0000-03-01 to 1970-01-01.
const EPOCH: i64 = 719_468;

impl DateTime {
    /// The date and time in UTC of an instant, rounded down to the second and the nanoseconds after it.
    pub(in crate::value) fn from_unix(seconds: i64, nanosecond: u32) -> Result<Self, ConversionError> {
        let second_of_day = seconds.rem_euclid(SECONDS_A_DAY) as u32;
        let (minutes, second) = (second_of_day / 60, second_of_day % 60);
        Ok(Self {
            date: Date::from_day(seconds.div_euclid(SECONDS_A_DAY))?,
            time: Time::new(minutes / 60, minutes % 60, second, nanosecond)?,
        })
    }

    /// The whole seconds; the nanoseconds stay where they are.
    pub(in crate::value) fn unix_seconds(self) -> i64 {
        let Time { hour, minute, second, nanosecond: _ } = self.time;
        let minutes = i64::from(hour) * 60 + i64::from(minute);
        self.date.day_number() * SECONDS_A_DAY + minutes * 60 + i64::from(second)
    }
}

impl Date {
    /// Years begin in March here, so that the leap day is the last of them.
    fn from_day(days_since_1970: i64) -> Result<Self, ConversionError> {
        let days = days_since_1970 + EPOCH;
        let day_of_era = days.rem_euclid(DAYS_AN_ERA);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / (DAYS_AN_ERA - 1)) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = year_of_era + days.div_euclid(DAYS_AN_ERA) * 400 + i64::from(month <= 2);
        Ok(Self { year: four_digits(year)?, month: month as u8, day: day as u8 })
    }

    /// Days since 1970-01-01.
    fn day_number(self) -> i64 {
        let (month, day) = (i64::from(self.month), i64::from(self.day));
        let year = i64::from(self.year) - i64::from(month <= 2);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        year.div_euclid(400) * DAYS_AN_ERA + day_of_era - EPOCH
    }
}
