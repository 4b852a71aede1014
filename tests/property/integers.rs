use orm_core::{Field, LogicalType, Value};
use proptest::prelude::*;

use crate::{read, refused, stored};

macro_rules! every_integer {
    ($($integer:ident),+) => {$(
        mod $integer {
            use super::*;

            proptest! {
                #[test]
                fn reads_what_is_in_its_range_and_nothing_else(
                    integer in prop_oneof![
                        any::<i64>(),
                        -300..300i64,
                        -70_000..70_000i64,
                        (i32::MIN as i64 - 2)..(i32::MIN as i64 + 2),
                        (u32::MAX as i64 - 2)..(u32::MAX as i64 + 2),
                        Just(i64::MIN),
                        Just(i64::MAX),
                    ],
                ) {
                    prop_assert_eq!(read::<$integer>(integer).ok(), $integer::try_from(integer).ok());
                }
            }

            #[test]
            fn reads_no_other_storage_class() {
                for value in [Value::from(1.0), Value::from("1"), Value::from(vec![1])] {
                    assert!(read::<$integer>(value).is_err());
                }
            }

            #[test]
            fn has_the_width_of_its_type() {
                let bits = if stringify!($integer).ends_with("size") { 64 } else { $integer::BITS as u8 };
                let expected = LogicalType::Integer { bits, signed: $integer::MIN != 0 };
                assert_eq!($integer::TYPE, expected);
            }
        }
    )+};
}

every_integer!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize);

#[test]
fn more_than_i64_max_is_not_stored() {
    let too_large = "expected an integer up to 9223372036854775807, found a larger one";
    for value in [i64::MAX as u64 + 1, u64::MAX] {
        assert_eq!(stored(&value).unwrap_err().to_string(), too_large);
        assert_eq!(stored(&Some(value)).unwrap_err().to_string(), too_large);
    }
}

#[test]
fn an_error_names_the_range_and_not_the_value() {
    assert_eq!(refused::<u8>(-77), "expected an integer from 0 to 255, found an integer outside that range");
    assert_eq!(refused::<u8>("77"), "expected an integer from 0 to 255, found text");
}

#[test]
fn a_bool_is_0_or_1() {
    assert_eq!((read(0).ok(), read(1).ok()), (Some(false), Some(true)));
    assert_eq!(refused::<bool>(2), "expected 0 or 1, found another integer");
    assert_eq!(refused::<bool>("true"), "expected 0 or 1, found text");
}
