use std::borrow::Cow;

use orm_core::Value;

use crate::{read, refused, stored};

#[test]
fn borrowed_forms_are_bound_like_owned_ones() {
    let text = Value::from("Ann");
    assert_eq!(stored("Ann").unwrap(), text);
    assert_eq!(stored(&Cow::Borrowed("Ann")).unwrap(), text);
    assert_eq!(stored(&Some("Ann")).unwrap(), text);
    let blob = Value::from(vec![1, 2]);
    assert_eq!(stored([1u8, 2].as_slice()).unwrap(), blob);
    assert_eq!(stored(&Cow::Borrowed([1u8, 2].as_slice())).unwrap(), blob);
    assert_eq!(stored(&None::<&str>).unwrap(), Value::Null);
}

#[test]
fn an_empty_blob_is_not_null() {
    assert_eq!(stored(&Vec::<u8>::new()).unwrap(), Value::Blob(Vec::new()));
    assert_eq!(read::<Option<Vec<u8>>>(Vec::new()).unwrap(), Some(Vec::new()));
}

#[test]
fn empty_text_is_not_null() {
    assert_eq!(read::<Option<String>>("").unwrap(), Some(String::new()));
}

#[test]
fn text_and_blob_are_not_each_other() {
    assert_eq!(refused::<String>(vec![65]), "expected text, found blob");
    assert_eq!(refused::<Vec<u8>>("A"), "expected a blob, found text");
    assert_eq!(refused::<String>(1), "expected text, found integer");
}

#[test]
fn a_char_is_one_character() {
    assert_eq!(read::<char>("Ä").unwrap(), 'Ä');
    assert_eq!(refused::<char>(""), "expected text of one character, found empty text");
    assert_eq!(refused::<char>("e\u{301}"), "expected text of one character, found longer text");
}

#[test]
fn an_array_has_its_length() {
    assert_eq!(read::<[u8; 2]>(vec![1, 2]).unwrap(), [1, 2]);
    assert_eq!(refused::<[u8; 2]>(vec![1]), "expected a blob of 2 bytes, found one of 1");
    assert_eq!(refused::<[u8; 2]>(vec![1, 2, 3]), "expected a blob of 2 bytes, found one of 3");
}

#[test]
fn a_uuid_is_16_bytes_and_no_text() {
    assert_eq!(read::<uuid::Uuid>(vec![0; 16]).unwrap(), uuid::Uuid::nil());
    assert_eq!(refused::<uuid::Uuid>(vec![0; 15]), "expected a blob of 16 bytes, found one of 15");
    let text = uuid::Uuid::nil().to_string();
    assert_eq!(refused::<uuid::Uuid>(text), "expected a blob, found text");
}
