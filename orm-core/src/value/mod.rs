//! Values on their way between Rust and the database.
//!
//! [`Value`] owns, [`ValueRef`] borrows; both have SQLite's five storage classes
//! (<https://sqlite.org/datatype3.html>). [`ToValue`] gives a value to bind, [`Field`] adds reading and the logical type.
//!
//! # Conversions
//!
//! Nothing is rounded, wrapped, cut or parsed on the quiet: what a type cannot hold is a
//! [`ConversionError`](crate::ConversionError), and what is read is what was written, with the exceptions named here.
//!
//! | Rust type | logical type | stored as | accepted when reading | an error |
//! |---|---|---|---|---|
//! | `i8` … `i64`, `isize`, `u8` … `u64`, `usize` | `Integer` | integer | integer in range | writing more than `i64::MAX`; reading what is out of range |
//! | `f64` | `Real` | real | real; integer that is exact as a float | writing NaN; reading an integer that would be rounded |
//! | `f32` | `Real` | real | real or integer that is exact as `f32` | writing NaN; reading what would be rounded |
//! | `bool` | `Bool` | integer 0 or 1 | 0, 1 | any other integer |
//! | `String`, `Box<str>`, `Cow<'static, str>` | `Text` | text | text | bytes that are not UTF-8 |
//! | `char` | `Text` | text | text of one `char` | empty or longer text |
//! | `Vec<u8>` | `Blob` | blob | blob | |
//! | `[u8; N]` | `Blob` | blob | blob of `N` bytes | another length |
//! | `Option<T>` | that of `T` | NULL, or as `T` | NULL, or as `T` | as `T` |
//! | [`Value`] | `Any` | as it is | anything | writing a real that is NaN |
//! | `SystemTime`; `chrono`: `DateTime<Utc>`; `time`: `OffsetDateTime`; `jiff`: `Timestamp` | `Timestamp` | text `YYYY-MM-DD HH:MM:SS.ffffff` in UTC | that text with 0 to 9 digits after the point, `T` for the space, `Z` at the end | a year outside 0000 to 9999 |
//! | `chrono`: `NaiveDateTime`; `time`: `PrimitiveDateTime`; `jiff`: `civil::DateTime` | `Timestamp` | the same text, of no zone | the same | the same; a leap second |
//! | `chrono`: `NaiveDate`; `time`: `Date`; `jiff`: `civil::Date` | `Date` | text `YYYY-MM-DD` | that text | a year outside 0000 to 9999; a date that does not exist |
//! | `chrono`: `NaiveTime`; `time`: `Time`; `jiff`: `civil::Time` | `Time` | text `HH:MM:SS.ffffff` | that text with 0 to 9 digits after the point | a leap second |
//! | `uuid`: `Uuid` | `Uuid` | blob of 16 bytes | blob of 16 bytes | its text form |
//! | `rust_decimal`: `Decimal` | `Decimal` | text in normal form: no exponent, no needless zero, `0` for `-0` | a plain decimal number as text; integer | real; more digits than `Decimal` holds |
//! | `serde_json`: `Json<T>`, `serde_json::Value` | `Json` | JSON text | JSON text of that shape | writing NaN, an infinity, or more than 127 levels |
//!
//! A type that is not an `Option` refuses NULL, and every type refuses the storage classes that its row does not name.
//! `ToValue` alone is implemented for `str`, `[u8]`, [`ValueRef`], and for `&T`, `Box<T>`, `Cow<'_, T>` and `Option<T>` of
//! whatever has it, `dyn ToValue` included.
//!
//! What does not come back to the last bit:
//!
//! - **`-0.0`** is equal to `0.0` and comes back as that: SQLite keeps whole numbers of a REAL column as integers.
//! - **Times below a microsecond** are cut off, towards the past: `Timestamp` text has a fixed width, so that its order is
//!   the order in time. A filter's value is cut in the same way, so `eq` finds the row.
//! - **The offset of a `time::OffsetDateTime`** is not stored: it comes back equal, as UTC. Types with another zone, such as
//!   `DateTime<Local>` or `Zoned`, are no fields; store the instant, and the zone in a column of its own.
//! - **The scale of a `Decimal`**: `1.50` comes back as `1.5`, which is equal.
//!
//! Text may contain NUL. SQLite's own functions stop there: `length('a\0b')` is 1.

mod any;
mod blob;
mod boolean;
mod borrow;
#[cfg(feature = "chrono")]
mod chrono;
#[cfg_attr(
    not(any(feature = "chrono", feature = "jiff", feature = "time")),
    allow(dead_code, reason = "dates and times of their own are for the date crates")
)]
mod civil;
pub mod class;
#[cfg(feature = "rust_decimal")]
mod decimal;
mod field;
mod float;
mod integer;
#[cfg(feature = "jiff")]
mod jiff;
#[cfg(feature = "serde_json")]
pub(crate) mod json;
mod logical;
mod option;
mod reference;
mod row;
mod storage;
mod system_time;
mod text;
#[cfg(feature = "time")]
mod time;
mod tuples;
#[cfg(feature = "uuid")]
mod uuid;

pub use self::borrow::BorrowValue;
pub use self::field::{Field, ToValue, ToValueOutput};
#[cfg(feature = "serde_json")]
pub use self::json::Json;
pub use self::logical::LogicalType;
pub use self::row::Row;
pub(crate) use self::row::Sealed;
pub use self::storage::{Value, ValueRef};
pub(crate) use self::system_time::timestamp_text;
pub(crate) use self::tuples::for_each_tuple;
