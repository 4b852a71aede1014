use std::borrow::Cow;
use std::time::SystemTime;

use orm_core::{Field, Json, ToValue, ToValueOutput, Value, ValueRef};
use proptest::prelude::*;

use crate::fields::{self, every_field};
use crate::{read, refused, stored};

/// One module for each type.
macro_rules! hold_for {
    ($($name:ident: $field:ty = $values:expr;)+) => {$(
        mod $name {
            use super::*;

            proptest! {
                #[test]
                fn comes_back_equal(value in $values) {
                    prop_assert_eq!(read::<$field>(stored(&value)?)?, value);
                }

                #[test]
                fn comes_back_equal_in_an_option(value in proptest::option::of($values)) {
                    prop_assert_eq!(read::<Option<$field>>(stored(&value)?)?, value);
                }

                #[test]
                fn is_bound_alike_by_every_reference(value in $values) {
                    let expected = stored(&value)?;
                    let reference: &dyn ToValue = &value;
                    prop_assert_eq!(stored(reference)?, expected.clone());
                    prop_assert_eq!(stored(&Some(reference))?, expected.clone());
                    let boxed: Box<dyn ToValue> = Box::new(value);
                    prop_assert_eq!(stored(&boxed)?, expected);
                }
            }

            #[test]
            fn refuses_null() {
                assert!(refused::<$field>(Value::Null).ends_with(", found NULL"));
                assert_eq!(read::<Option<$field>>(Value::Null).unwrap(), None);
            }

            #[test]
            fn says_what_is_under_an_option() {
                assert_eq!((<$field as Field>::NULLABLE, <Option<$field> as Field>::NULLABLE), (false, true));
                assert_eq!(<$field as Field>::TYPE, <Option<$field> as Field>::TYPE);
            }
        }
    )+};
}

every_field!(hold_for);

#[test]
fn a_value_of_any_storage_class_is_a_field() {
    for value in [Value::Null, Value::from(1), Value::from(1.5), Value::from("a"), Value::from(vec![0])] {
        assert_eq!(stored(&value).unwrap(), value);
        assert_eq!(stored(&value.as_ref()).unwrap(), value);
        assert_eq!(read::<Value>(value.clone()).unwrap(), value);
    }
}

#[test]
fn text_and_blobs_are_bound_without_a_copy() {
    let text = String::from("Ann");
    assert!(
        matches!(text.to_value(), Ok(ToValueOutput::Borrowed(ValueRef::Text(bound))) if bound.as_ptr() == text.as_ptr())
    );
    let bytes = vec![1, 2];
    assert!(
        matches!(bytes.to_value(), Ok(ToValueOutput::Borrowed(ValueRef::Blob(bound))) if bound.as_ptr() == bytes.as_ptr())
    );
}
