//! What does not compile, with the message that somebody reads, and what must compile in hostile surroundings.
//!
//! After a change of a message: `TRYBUILD=overwrite cargo test -p orm-tests --test ui`, then read the difference.

#[test]
fn mistakes_are_reported_where_they_are() {
    trybuild::TestCases::new().compile_fail("ui/fail/*.rs");
}

#[test]
fn derived_code_compiles_in_any_surroundings() {
    trybuild::TestCases::new().pass("ui/pass/*.rs");
}
