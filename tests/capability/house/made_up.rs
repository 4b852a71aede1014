//! The rules find what they are there for, in sources made up for it.

use std::path::Path;

use super::rules::{House, rusqlite, sql_text, unsafety};
use super::source::Source;

const HOUSE: House = House { rooms: &["error", "value", "session"], faces: &["lib"] };

fn source(file: &str, text: &str) -> Source {
    Source::parse(Path::new(file), text)
}

fn arrows(file: &str, text: &str) -> Vec<String> {
    HOUSE.arrows(&source(file, text))
}

#[test]
fn an_arrow_up_is_found() {
    let up = ["value/text.rs:2: `value` uses `session`, which is above it"];
    assert_eq!(arrows("value/text.rs", "use std::fmt;\nuse crate::session::Session;"), up);
    assert_eq!(
        arrows("value/text.rs", "use std::fmt;\nuse crate::{error::Error, session::{self, Raw}};")[0],
        up[0]
    );
    assert_eq!(arrows("value/text.rs", "fn f() {\n    crate::session::run::<u8>();\n}"), up);
    assert_eq!(arrows("value/text.rs", "\nuse super::super::session::Session;"), up);
    assert_eq!(arrows("value/text.rs", "\nmod deep { use super::super::super::session; }"), up);
    assert_eq!(arrows("value.rs", "use super::{session::Session as S};").len(), 1);
    assert_eq!(arrows("value/text.rs", "macro_rules! m { () => {\n $crate::session::go() } }"), up);
}

#[test]
fn arrows_down_and_inside_a_room_are_fine() {
    let text = "use crate::error::{Error, Result};\nuse super::Value;\nuse self::deep::{Deep, *};\n\
        pub(in crate::value) fn f() { super::super::error::log(); self.g(); }\n\
        mod deep { use super::super::Value; }";
    assert_eq!(arrows("value/text.rs", text), [""; 0]);
    assert_eq!(arrows("session/mod.rs", "use crate::value::Value; use super::error::Error;"), [""; 0]);
}

#[test]
fn the_root_of_the_crate_is_no_room() {
    let root = |what: &str| {
        [format!("value/text.rs:1: `value` uses `{what}` of the crate's root instead of a room")]
    };
    assert_eq!(arrows("value/text.rs", "use crate::Session;"), root("Session"));
    assert_eq!(arrows("value/text.rs", "use crate::*;"), root("*"));
    assert_eq!(arrows("value/text.rs", "use super::super::{Session};"), root("Session"));
    assert_eq!(arrows("lib.rs", "pub use crate::session::Session;"), [""; 0]);
}

#[test]
fn a_module_without_a_place_is_found() {
    assert_eq!(arrows("utils.rs", ""), ["utils.rs: `utils` has no place in the order of the rooms"]);
}

#[test]
fn comments_and_documentation_name_what_they_like() {
    let text = "//! [`x`](crate::session::x)\n/// `unsafe` rusqlite SELECT\n// crate::session::x\n\
        #[doc = \"SELECT\"] fn f() {}";
    let source = source("value/text.rs", text);
    assert_eq!(HOUSE.arrows(&source), [""; 0]);
    assert_eq!(unsafety(&source), [""; 0]);
    assert_eq!(rusqlite(&source), [""; 0]);
    assert_eq!(sql_text(&source), [""; 0]);
}

#[test]
fn unsafe_is_found_wherever_it_is_written() {
    let found = ["value/text.rs:2: `unsafe` outside `driver`"];
    assert_eq!(unsafety(&source("value/text.rs", "fn f() {\nlet x = unsafe { g() }; }")), found);
    assert_eq!(unsafety(&source("value/text.rs", "\nunsafe impl Send for X {}")), found);
    assert_eq!(unsafety(&source("driver/row.rs", "unsafe impl Send for X {}")), [""; 0]);
    assert_eq!(unsafety(&source("lib.rs", "#![deny(unsafe_code)]")), [""; 0]);
}

#[test]
fn rusqlite_is_found_where_it_does_not_come_from_the_driver() {
    let found = |file: &str, name: &str| [format!("{file}:1: `{name}` outside `driver`")];
    let named = "fn f(c: &rusqlite::Connection) {}";
    let imported = "use crate::driver::{rusqlite, Connection}; fn f(c: &rusqlite::Connection) {}";
    assert_eq!(rusqlite(&source("driver/row.rs", named)), [""; 0]);
    assert_eq!(rusqlite(&source("engine/pool.rs", imported)), [""; 0]);
    assert_eq!(rusqlite(&source("engine/pool.rs", "fn f(c: &Connection) { c.rusqlite(); }")), [""; 0]);
    assert_eq!(rusqlite(&source("engine/pool.rs", named)), found("engine/pool.rs", "rusqlite"));
    assert_eq!(rusqlite(&source("model/read.rs", imported)).len(), 2);
    assert_eq!(
        rusqlite(&source("engine/pool.rs", "use libsqlite3_sys::sqlite3;")),
        found("engine/pool.rs", "libsqlite3_sys")
    );
}

#[test]
fn sql_is_found_in_the_rooms_above_it() {
    let found = |text: &str| sql_text(&source("model/read.rs", text));
    let says = |what: &str| [format!("model/read.rs:1: `{what}` is for `sql` or `dialect` to write")];
    assert_eq!(found("const A: &str = \"SELECT 1\";"), says("SELECT"));
    assert_eq!(found("const A: &str = r#\" WHERE x \"#;"), says("WHERE"));
    assert_eq!(found("fn f() { format!(\"{a} COLLATE {b}\"); }"), says("COLLATE"));
    assert_eq!(found("const A: &str = \"PRAGMA user_version\";"), says("PRAGMA"));
    assert_eq!(found("fn f() { format!(\"x = ?{n}\"); }"), says("?"));
    assert_eq!(found("fn f() { format!(\"\\\"{name}\\\"\"); }"), says("\""));
    assert_eq!(found("const A: &str = \"TEXT\";"), says("TEXT"));
}

#[test]
fn messages_and_tests_may_quote_sql() {
    let found = |text: &str| sql_text(&source("model/read.rs", text));
    assert_eq!(found("const A: &str = \"use `DELETE` where you want an update, from here\";"), [""; 0]);
    assert_eq!(found("#[cfg(test)]\nmod tests { const A: &str = \"SELECT 1\"; }"), [""; 0]);
    assert_eq!(found("mod tests { const A: &str = \"SELECT 1\"; }").len(), 1);
    assert_eq!(sql_text(&source("model/read/tests.rs", "const A: &str = \"SELECT 1\";")), [""; 0]);
    assert_eq!(sql_text(&source("sql/select.rs", "const A: &str = \"SELECT 1\";")), [""; 0]);
}

#[test]
fn a_session_speaks_of_transactions_and_the_schema_but_of_no_table() {
    let found = |text: &str| sql_text(&source("session/mod.rs", text));
    assert_eq!(found("const A: &str = \"ROLLBACK TO s1\";"), [""; 0]);
    assert_eq!(found("const A: &str = \"SELECT count(*) FROM sqlite_schema\";"), [""; 0]);
    assert_eq!(found("const A: &str = \"SELECT count(*) FROM users\";").len(), 1);
}
