use std::borrow::Cow;

use orm_core::IntoKey;

fn key<K>(given: impl IntoKey<K>) -> K {
    given.into_key()
}

#[test]
fn a_key_is_given_by_value_or_borrowed() {
    assert_eq!([key::<i64>(1), key::<i64>(&1)], [1, 1]);
    let name = String::from("Ann");
    let given: [String; 4] = [key("Ann"), key(&name), key(name.as_str()), key(name.clone())];
    assert_eq!(given, ["Ann"; 4]);
    let given: Vec<String> = ["Ann", "Bob"].iter().map(key).collect();
    assert_eq!(given, ["Ann", "Bob"]);
    assert_eq!(key::<Box<str>>("Ann"), name.clone().into_boxed_str());
    assert_eq!(key::<Cow<'static, str>>(name.as_str()), Cow::Borrowed("Ann"));
    let bytes = vec![1u8, 2];
    let given: [Vec<u8>; 4] = [key(bytes.as_slice()), key(&bytes), key(&[1, 2]), key(bytes.clone())];
    assert_eq!(given, [[1, 2]; 4]);
    assert_eq!(key::<[u8; 2]>(&[1, 2]), [1, 2]);
}

#[test]
fn a_composite_key_is_given_by_value_or_borrowed_as_a_whole_or_in_parts() {
    let owned = (1, String::from("Ann"));
    let given: [(i64, String); 4] = [key(owned.clone()), key(&owned), key((1, "Ann")), key((&1, &owned.1))];
    assert_eq!(given, [&owned; 4].map(Clone::clone));
    let given: Vec<(i64, String)> = [(1, "Ann")].iter().map(key).collect();
    assert_eq!(given, [owned]);
}
