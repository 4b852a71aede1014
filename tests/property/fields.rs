//! Every type of field, with a strategy for the values that come back equal.

use std::time::{Duration, UNIX_EPOCH};

use proptest::collection::vec;
use proptest::num::f64 as float;
use proptest::prelude::*;

/// Calls `$check! { name: type = strategy; … }` with all types of field.
macro_rules! every_field {
    ($check:ident) => {
        $check! {
            i8: i8 = prop_oneof![Just(i8::MIN), Just(i8::MAX), any::<i8>()];
            i16: i16 = prop_oneof![Just(i16::MIN), Just(i16::MAX), any::<i16>()];
            i32: i32 = prop_oneof![Just(i32::MIN), Just(i32::MAX), any::<i32>()];
            i64: i64 = prop_oneof![Just(i64::MIN), Just(i64::MAX), any::<i64>()];
            isize: isize = prop_oneof![Just(isize::MIN), Just(isize::MAX), any::<isize>()];
            u8: u8 = prop_oneof![Just(u8::MIN), Just(u8::MAX), any::<u8>()];
            u16: u16 = prop_oneof![Just(u16::MIN), Just(u16::MAX), any::<u16>()];
            u32: u32 = prop_oneof![Just(u32::MIN), Just(u32::MAX), any::<u32>()];
            u64: u64 = prop_oneof![Just(0), Just(i64::MAX as u64), 0..=i64::MAX as u64];
            usize: usize = prop_oneof![Just(0), Just(isize::MAX as usize), 0..=isize::MAX as usize];
            f32: f32 = fields::narrow_floats();
            f64: f64 = fields::floats();
            bool: bool = any::<bool>();
            char: char = prop_oneof![Just('\0'), Just(char::MAX), any::<char>()];
            string: String = fields::texts();
            boxed_str: Box<str> = fields::texts().prop_map(String::into_boxed_str);
            cow: Cow<'static, str> = fields::texts().prop_map(Cow::<str>::Owned);
            bytes: Vec<u8> = fields::blobs();
            no_bytes: [u8; 0] = Just([0u8; 0]);
            five_bytes: [u8; 5] = any::<[u8; 5]>();
            system_time: SystemTime = fields::instants().prop_map(|(s, us)| fields::system_time(s, us));
            chrono_instant: chrono::DateTime<chrono::Utc> = fields::instants()
                .prop_map(|(s, us)| chrono::DateTime::from_timestamp(s, us * 1000).unwrap());
            chrono_date_time: chrono::NaiveDateTime = fields::instants()
                .prop_map(|(s, us)| chrono::DateTime::from_timestamp(s, us * 1000).unwrap().naive_utc());
            chrono_date: chrono::NaiveDate = fields::instants()
                .prop_map(|(s, _)| chrono::DateTime::from_timestamp(s, 0).unwrap().date_naive());
            chrono_time: chrono::NaiveTime = fields::instants()
                .prop_map(|(s, us)| chrono::DateTime::from_timestamp(s, us * 1000).unwrap().time());
            time_instant: time::OffsetDateTime = fields::instants().prop_map(|(s, us)| fields::time_instant(s, us));
            time_date_time: time::PrimitiveDateTime = fields::instants().prop_map(|(s, us)| {
                let at = fields::time_instant(s, us);
                time::PrimitiveDateTime::new(at.date(), at.time())
            });
            time_date: time::Date = fields::instants().prop_map(|(s, us)| fields::time_instant(s, us).date());
            time_time: time::Time = fields::instants().prop_map(|(s, us)| fields::time_instant(s, us).time());
            jiff_instant: jiff::Timestamp = fields::jiff_instants();
            jiff_date_time: jiff::civil::DateTime = fields::jiff_instants()
                .prop_map(|at| jiff::tz::TimeZone::UTC.to_datetime(at));
            jiff_date: jiff::civil::Date = fields::jiff_instants()
                .prop_map(|at| jiff::tz::TimeZone::UTC.to_datetime(at).date());
            jiff_time: jiff::civil::Time = fields::jiff_instants()
                .prop_map(|at| jiff::tz::TimeZone::UTC.to_datetime(at).time());
            some_uuid: uuid::Uuid = any::<[u8; 16]>().prop_map(uuid::Uuid::from_bytes);
            decimal: rust_decimal::Decimal = fields::decimals();
            json: Json<Vec<(String, Option<i64>)>> = proptest::collection::vec(any::<(String, Option<i64>)>(), 0..4)
                .prop_map(Json);
            json_null: Json<Option<u8>> = any::<Option<u8>>().prop_map(Json);
            json_floats: Json<Vec<f64>> = proptest::collection::vec(fields::finite_floats(), 0..4).prop_map(Json);
            json_value: serde_json::Value = fields::json();
        }
    };
}
pub(crate) use every_field;

/// The first and the last second of the years 0000 to 9999.
pub(crate) const SECONDS: std::ops::RangeInclusive<i64> = -62_167_219_200..=253_402_300_799;

pub(crate) fn floats() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(0.0),
        Just(f64::MIN),
        Just(f64::MAX),
        Just(f64::INFINITY),
        Just(f64::NEG_INFINITY),
        Just(f64::MIN_POSITIVE),
        finite_floats(),
    ]
}

pub(crate) fn finite_floats() -> impl Strategy<Value = f64> {
    float::POSITIVE | float::NEGATIVE | float::NORMAL | float::SUBNORMAL | float::ZERO
}

pub(crate) fn narrow_floats() -> impl Strategy<Value = f32> {
    prop_oneof![Just(f32::MIN), Just(f32::MAX), Just(f32::INFINITY), any::<f32>()]
        .prop_filter("NaN", |float| !float.is_nan())
}

pub(crate) fn texts() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), Just("a\0b".to_owned()), Just("Ä\u{10FFFF}".to_owned()), any::<String>()]
}

pub(crate) fn blobs() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![Just(Vec::new()), vec(any::<u8>(), 0..300)]
}

/// Seconds since 1970, and microseconds after that.
pub(crate) fn instants() -> impl Strategy<Value = (i64, u32)> {
    let seconds = prop_oneof![Just(*SECONDS.start()), Just(*SECONDS.end()), Just(-1), Just(0), SECONDS];
    (seconds, prop_oneof![Just(0), Just(999_999), 0..1_000_000u32])
}

pub(crate) fn system_time(seconds: i64, microseconds: u32) -> std::time::SystemTime {
    let whole = Duration::from_secs(seconds.unsigned_abs());
    let second = if seconds < 0 { UNIX_EPOCH - whole } else { UNIX_EPOCH + whole };
    second + Duration::from_micros(microseconds.into())
}

pub(crate) fn time_instant(seconds: i64, microseconds: u32) -> time::OffsetDateTime {
    time::OffsetDateTime::from_unix_timestamp(seconds).unwrap()
        + time::Duration::microseconds(microseconds.into())
}

pub(crate) fn jiff_instants() -> impl Strategy<Value = jiff::Timestamp> {
    (*SECONDS.start()..=jiff::Timestamp::MAX.as_second() - 1, 0..1_000_000)
        .prop_map(|(seconds, microseconds)| jiff::Timestamp::new(seconds, microseconds * 1000).unwrap())
}

pub(crate) fn decimals() -> impl Strategy<Value = rust_decimal::Decimal> {
    let random =
        (any::<[u32; 3]>(), any::<bool>(), 0..=28u32).prop_map(|([lo, mid, hi], negative, scale)| {
            rust_decimal::Decimal::from_parts(lo, mid, hi, negative, scale)
        });
    let short = (any::<i32>(), 0..=28u32)
        .prop_map(|(digits, scale)| rust_decimal::Decimal::from_i128_with_scale(digits.into(), scale));
    prop_oneof![Just(rust_decimal::Decimal::MIN), Just(rust_decimal::Decimal::MAX), random, short]
}

pub(crate) fn json() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::Value as Json;

    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        finite_floats().prop_map(Json::from),
        any::<String>().prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Json::from),
            vec((any::<String>(), inner), 0..4).prop_map(|pairs| Json::Object(pairs.into_iter().collect())),
        ]
    })
}
