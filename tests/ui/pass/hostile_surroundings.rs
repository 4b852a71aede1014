// Local types, modules and macros with the names of the standard library's, and fields with the names of methods.
#![allow(dead_code, non_camel_case_types, unused_macros)]

mod core {}
mod std {}
mod orm_core {}

struct Result;
struct Option;
struct Some;
struct Ok;
struct Err;
struct String;
struct Vec;
struct Box;
struct Default;
struct Cow;
struct Column;
struct Field;
struct Json;
struct usize;
struct bool;
struct str;
struct i64;

macro_rules! panic {
    () => {};
}

macro_rules! unimplemented {
    () => {};
}

#[derive(::orm_core::Model)]
#[orm(borrowed)]
struct User {
    #[orm(primary_key, auto)]
    id: ::core::option::Option<::core::primitive::i64>,
    #[orm(default = 18)]
    new: ::core::primitive::u8,
    table: ::std::string::String,
    name: ::core::option::Option<::std::string::String>,
    decode: Colour,
    #[orm(json)]
    tags: ::std::vec::Vec<::core::primitive::u8>,
    #[orm(version)]
    version: ::core::primitive::u32,
    #[orm(references = User, on_delete = "set null")]
    parent_id: ::core::option::Option<::core::primitive::i64>,
    #[orm(skip)]
    cache: ::core::primitive::bool,
}

#[derive(::orm_core::FromRow)]
struct Line {
    row: ::core::primitive::i64,
    #[orm(json)]
    columns: ::std::vec::Vec<::core::primitive::u8>,
    #[orm(skip)]
    value: ::core::primitive::bool,
}

#[derive(::orm_core::Field)]
enum Colour {
    Some,
    None,
    Ok,
    Err,
}

#[derive(::orm_core::Field)]
#[orm(repr = "integer")]
enum Level {
    Low = -1,
    High = 1,
}

#[derive(::orm_core::Field)]
struct Id {
    value: ::core::primitive::i64,
}

fn main() {
    let table: ::orm_core::Column<User, ::std::string::String> = User::TABLE_;
    ::core::assert_eq!((table.table(), table.name()), ("user", "table"));
    ::core::assert_eq!(User::NEW.name(), "new");
}
