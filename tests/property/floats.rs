use orm_core::{ToValue, Value, ValueRef};
use proptest::prelude::*;

use crate::{read, refused, stored};

const NAN: &str = "expected a number, found NaN, which SQLite would store as NULL: use an `Option`";

#[test]
fn nan_is_refused_wherever_it_hides() {
    let hidden: [&dyn ToValue; 7] = [
        &f64::NAN,
        &f32::NAN,
        &Some(f64::NAN),
        &&f64::NAN,
        &Value::Real(f64::NAN),
        &Some(Value::Real(-f64::NAN)),
        &ValueRef::Real(f64::NAN),
    ];
    for value in hidden {
        assert_eq!(stored(value).unwrap_err().to_string(), NAN);
    }
}

#[test]
fn minus_zero_is_bound_as_such() {
    let Value::Real(bound) = stored(&-0.0).unwrap() else { panic!("no real") };
    assert!(bound.is_sign_negative());
}

proptest! {
    #[test]
    fn an_integer_is_read_as_f64_if_exact(
        integer in prop_oneof![any::<i64>(), any::<i64>().prop_map(|i| i & !0xFFF), (1i64 << 53) - 2..(1i64 << 53) + 3],
    ) {
        let exact = (integer as f64) as i128 == i128::from(integer);
        prop_assert_eq!(read(integer).ok(), exact.then_some(integer as f64));
    }

    #[test]
    fn an_integer_is_read_as_f32_if_exact(
        integer in prop_oneof![any::<i64>(), -20_000_000..20_000_000i64, any::<i32>().prop_map(|i| i64::from(i) << 30)],
    ) {
        let exact = (integer as f32) as i128 == i128::from(integer);
        prop_assert_eq!(read(integer).ok(), exact.then_some(integer as f32));
    }

    #[test]
    fn a_real_is_read_as_f32_if_exact(real in any::<f64>().prop_filter("NaN", |real| !real.is_nan())) {
        let exact = f64::from(real as f32) == real;
        prop_assert_eq!(read(real).ok(), exact.then_some(real as f32));
    }
}

#[test]
fn the_extremes_of_i64_are_not_rounded() {
    assert_eq!(read::<f64>(i64::MIN).unwrap(), -9_223_372_036_854_775_808.0);
    assert_eq!(refused::<f64>(i64::MAX), "expected a real number, found an integer that a float would round");
    assert_eq!(read::<f64>(0).unwrap(), 0.0);
}

#[test]
fn a_tenth_is_not_read_as_f32() {
    assert_eq!(
        refused::<f32>(0.1),
        "expected a real number that `f32` can hold exactly, found one that it would round; read it as `f64`"
    );
}

#[test]
fn text_is_no_number() {
    assert_eq!(refused::<f64>("1.5"), "expected a real number, found text");
    assert_eq!(refused::<f32>("1.5"), "expected a real number, found text");
}
