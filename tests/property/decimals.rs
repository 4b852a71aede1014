use orm_core::Value;
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::{fields, read, refused, stored_text};

proptest! {
    #[test]
    fn equal_numbers_have_the_same_text(number in fields::decimals(), more in 0..=28u32) {
        let mut rescaled = number;
        rescaled.rescale(more);
        prop_assert_eq!(rescaled == number, stored_text(&rescaled) == stored_text(&number));
    }

    #[test]
    fn different_numbers_have_different_text(a in fields::decimals(), b in fields::decimals()) {
        prop_assert_eq!(a == b, stored_text(&a) == stored_text(&b));
    }

    #[test]
    fn the_text_has_no_needless_character(number in fields::decimals()) {
        let text = stored_text(&number);
        let unsigned = text.strip_prefix('-').unwrap_or(&text);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "1"));
        prop_assert!(whole == "0" || !whole.starts_with('0'), "{}", text);
        prop_assert!(!fraction.ends_with('0') && !fraction.is_empty(), "{}", text);
        prop_assert!(whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()), "{}", text);
    }

    #[test]
    fn every_integer_is_read(integer in any::<i64>()) {
        prop_assert_eq!(read::<Decimal>(integer)?, Decimal::from(integer));
    }
}

#[test]
fn the_normal_form_is_this() {
    let form = |text: &str| stored_text(&text.parse::<Decimal>().unwrap());
    assert_eq!(form("-0.000"), "0");
    assert_eq!(form("1.50"), "1.5");
    assert_eq!(form("100.00"), "100");
    assert_eq!(form("-0.0000000000000000000000000001"), "-0.0000000000000000000000000001");
}

#[test]
fn other_plain_forms_are_read_exactly() {
    for (text, expected) in [("1.50", 15), ("001.5", 15), ("-0", 0), ("-2.0", -20)] {
        assert_eq!(read::<Decimal>(text).unwrap(), Decimal::new(expected, 1), "{text}");
    }
}

#[test]
fn what_is_no_plain_number_is_refused() {
    for text in ["", "-", ".5", "5.", "1e3", "+1", "1_000", " 1", "1 ", "1.2.3", "--1", "NaN", "1,5", "١"] {
        assert_eq!(
            refused::<Decimal>(text),
            "expected a decimal number as text or an integer, found text of another form",
            "{text}"
        );
    }
}

#[test]
fn what_would_be_rounded_is_refused() {
    for text in ["0.00000000000000000000000000001", "79228162514264337593543950336"] {
        assert_eq!(
            refused::<Decimal>(text),
            "expected a number that `Decimal` can hold exactly, found one with more digits"
        );
    }
    assert_eq!(
        refused::<Decimal>(Value::Real(0.5)),
        "expected a decimal number as text or an integer, found real"
    );
}
