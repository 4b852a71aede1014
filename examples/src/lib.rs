//! What the example programs and the tests share; the programs themselves are in the folder beside this file.

pub mod chinook;
mod show_sql;

pub use show_sql::show_sql;
