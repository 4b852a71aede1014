use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use proptest::prelude::*;

use crate::fields::{self, SECONDS};
use crate::{read, refused, stored, stored_text};

const ANOTHER_FORM: &str =
    "expected a date and time in UTC as `YYYY-MM-DD HH:MM:SS.ffffff`, found text of another form";

fn chrono_at(seconds: i64, microseconds: u32) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, microseconds * 1000).unwrap()
}

proptest! {
    #[test]
    fn every_crate_writes_the_same_text((seconds, microseconds) in fields::instants()) {
        let expected = chrono_at(seconds, microseconds).format("%Y-%m-%d %H:%M:%S%.6f").to_string();
        prop_assert_eq!(expected.len(), 26);
        prop_assert_eq!(stored_text(&chrono_at(seconds, microseconds)), expected.clone());
        prop_assert_eq!(stored_text(&chrono_at(seconds, microseconds).naive_utc()), expected.clone());
        prop_assert_eq!(stored_text(&fields::system_time(seconds, microseconds)), expected.clone());
        prop_assert_eq!(stored_text(&fields::time_instant(seconds, microseconds)), expected.clone());
        if seconds < jiff::Timestamp::MAX.as_second() {
            let at = jiff::Timestamp::new(seconds, microseconds.cast_signed() * 1000)?;
            prop_assert_eq!(stored_text(&at), expected.clone());
            prop_assert_eq!(stored_text(&jiff::tz::TimeZone::UTC.to_datetime(at)), expected);
        }
    }

    #[test]
    fn the_text_sorts_as_the_instants_do(a in fields::instants(), b in fields::instants()) {
        let [first, second] = [a, b].map(|(seconds, us)| fields::system_time(seconds, us));
        prop_assert_eq!(stored_text(&first).cmp(&stored_text(&second)), first.cmp(&second));
    }

    #[test]
    fn what_is_below_a_microsecond_is_cut_off_towards_the_past(
        (seconds, microseconds) in fields::instants(),
        below in 0..1000u32,
    ) {
        let nanoseconds = microseconds * 1000 + below;
        let expected = stored_text(&chrono_at(seconds, microseconds));
        prop_assert_eq!(stored_text(&DateTime::from_timestamp(seconds, nanoseconds).unwrap()), expected.clone());
        let at = fields::system_time(seconds, microseconds) + Duration::from_nanos(below.into());
        prop_assert_eq!(stored_text(&at), expected.clone());
        if let Ok(at) = jiff::Timestamp::new(seconds, nanoseconds.cast_signed()) {
            prop_assert_eq!(stored_text(&at), expected);
        }
    }

    #[test]
    fn what_other_tools_write_is_read(
        (seconds, nanoseconds) in (SECONDS, 0..1_000_000_000u32),
        digits in 0..=9usize,
        separator in prop_oneof![Just(' '), Just('T')],
        suffix in prop_oneof![Just(""), Just("Z")],
    ) {
        let unit = 10u32.pow(9 - digits as u32);
        let at = DateTime::from_timestamp(seconds, nanoseconds / unit * unit).unwrap();
        let fraction = format!(".{nanoseconds:09}");
        let fraction = if digits == 0 { "" } else { &fraction[..=digits] };
        let text = format!("{}{separator}{}{fraction}{suffix}", at.format("%Y-%m-%d"), at.format("%H:%M:%S"));
        prop_assert_eq!(read::<DateTime<Utc>>(text)?, at);
    }

    #[test]
    fn no_text_is_read_that_chrono_would_refuse(
        text in "[0-9]{4}-[0-2][0-9]-[0-3][0-9] [0-2][0-9]:[0-6][0-9]:[0-6][0-9]",
    ) {
        let expected = NaiveDateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S").ok();
        // chrono reads a leap second, which is refused here
        let expected = expected.filter(|_| !text.ends_with(":60"));
        prop_assert_eq!(read::<NaiveDateTime>(text).ok(), expected);
    }

    #[test]
    fn no_other_text_is_read(text in any::<String>()) {
        prop_assert!(read::<SystemTime>(text).is_err());
    }
}

#[test]
fn the_days_of_four_centuries_are_counted_as_chrono_does() {
    let first = NaiveDate::from_ymd_opt(1600, 1, 1).unwrap();
    for date in first.iter_days().take(146_100) {
        let at = date.and_hms_opt(0, 0, 0).unwrap().and_utc();
        let text = format!("{date} 00:00:00.000000");
        assert_eq!(stored_text(&at), text);
        assert_eq!(read::<DateTime<Utc>>(text).unwrap(), at);
    }
}

#[test]
fn the_text_of_some_instants_is_this() {
    assert_eq!(stored_text(&UNIX_EPOCH), "1970-01-01 00:00:00.000000");
    assert_eq!(stored_text(&(UNIX_EPOCH - Duration::from_nanos(1))), "1969-12-31 23:59:59.999999");
    assert_eq!(stored_text(&NaiveDate::from_ymd_opt(7, 2, 3).unwrap()), "0007-02-03");
    assert_eq!(stored_text(&NaiveTime::from_hms_nano_opt(4, 5, 6, 7_999).unwrap()), "04:05:06.000007");
    let in_zurich = fields::time_instant(0, 0).to_offset(time::UtcOffset::from_hms(1, 0, 0).unwrap());
    assert_eq!(stored_text(&in_zurich), "1970-01-01 00:00:00.000000");
}

#[test]
fn a_year_without_four_digits_is_refused() {
    let message = "expected a year from 0000 to 9999, found another year";
    for seconds in [SECONDS.start() - 1, SECONDS.end() + 1] {
        let at = DateTime::from_timestamp(seconds, 0).unwrap();
        assert_eq!(stored(&at).unwrap_err().to_string(), message);
        assert_eq!(stored(&at.naive_utc()).unwrap_err().to_string(), message);
        assert_eq!(stored(&at.date_naive()).unwrap_err().to_string(), message);
        assert_eq!(stored(&fields::system_time(seconds, 0)).unwrap_err().to_string(), message);
    }
    assert_eq!(stored(&jiff::civil::date(-1, 1, 1)).unwrap_err().to_string(), message);
    assert_eq!(stored(&DateTime::<Utc>::MAX_UTC).unwrap_err().to_string(), message);
    assert_eq!(stored(&DateTime::<Utc>::MIN_UTC).unwrap_err().to_string(), message);
}

#[test]
fn an_instant_beyond_any_calendar_is_refused() {
    for seconds in [i64::MAX as u64, 1 << 62] {
        if let Some(at) = UNIX_EPOCH.checked_add(Duration::from_secs(seconds)) {
            assert_eq!(
                stored(&at).unwrap_err().to_string(),
                "expected a year from 0000 to 9999, found another year"
            );
        }
        if let Some(at) = UNIX_EPOCH.checked_sub(Duration::new(seconds, 1)) {
            assert!(stored(&at).is_err());
        }
    }
}

#[test]
fn a_leap_second_is_refused() {
    let leap = NaiveTime::from_hms_nano_opt(23, 59, 59, 1_500_000_000).unwrap();
    let message = "expected a time of day, found a leap second";
    assert_eq!(stored(&leap).unwrap_err().to_string(), message);
    assert_eq!(stored(&NaiveDate::default().and_time(leap).and_utc()).unwrap_err().to_string(), message);
    assert_eq!(refused::<SystemTime>("2016-12-31 23:59:60"), message);
    assert_eq!(refused::<time::Time>("23:59:60.5"), message);
}

#[test]
fn other_forms_are_refused() {
    for text in [
        "",
        "2026-01-01",
        "2026-01-01 10:00",
        "2026-01-01 10:00:00.",
        "2026-01-01 10:00:00.1234567890",
        "2026-01-01 10:00:00+00:00",
        "2026-01-01 10:00:00 Z",
        "2026-01-01 10:00:00ZZ",
        "2026-01-01t10:00:00",
        "2026-01-01  10:00:00",
        " 2026-01-01 10:00:00",
        "2026-1-1 10:00:00",
        "12026-01-01 10:00:00",
        "-2026-01-01 10:00:00",
        "2026-01-01 10:00:00.-1",
        "2026/01/01 10:00:00",
        "2026-01-0١ 10:00:00",
        "now",
        "1767261600",
    ] {
        assert_eq!(refused::<SystemTime>(text), ANOTHER_FORM, "{text}");
    }
    assert_eq!(
        refused::<SystemTime>(1_767_261_600),
        "expected a date and time in UTC as `YYYY-MM-DD HH:MM:SS.ffffff`, found integer"
    );
    assert_eq!(
        refused::<NaiveDate>("2026-01-01 00:00:00"),
        "expected a date as `YYYY-MM-DD`, found text of another form"
    );
    assert_eq!(
        refused::<NaiveTime>("10:00"),
        "expected a time as `HH:MM:SS.ffffff`, found text of another form"
    );
}

#[test]
fn dates_and_times_that_do_not_exist_are_refused() {
    for text in
        ["2023-02-29", "2023-02-30", "1900-02-29", "2026-00-01", "2026-13-01", "2026-01-00", "2026-04-31"]
    {
        assert_eq!(
            refused::<jiff::civil::Date>(text),
            "expected a date of the calendar, found one that does not exist",
            "{text}"
        );
    }
    assert!(read::<time::Date>("2000-02-29").is_ok());
    for text in ["24:00:00", "10:60:00", "10:00:61", "99:99:99"] {
        assert_eq!(
            refused::<time::Time>(text),
            "expected a time of day, found one that does not exist",
            "{text}"
        );
    }
}

#[test]
fn a_timestamp_out_of_the_range_of_its_crate_is_refused() {
    assert_eq!(
        refused::<jiff::Timestamp>("9999-12-31 23:59:59"),
        "expected a date and time that `jiff` can represent, found one out of its range"
    );
}
