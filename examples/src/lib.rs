//! What the example programs and the tests share: the models of a real database.

pub mod chinook;
