//! SQL's functions and aggregates, typed. For the rest there is [`sql`](fn@crate::sql).
//!
//! Their meaning is SQLite's: <https://sqlite.org/lang_corefunc.html>, <https://sqlite.org/lang_aggfunc.html>,
//! <https://sqlite.org/lang_datefunc.html>.
//!
//! ```
//! use orm_core::{Filter, Model, func};
//!
//! #[derive(Model)]
//! struct User {
//!     #[orm(primary_key, auto)]
//!     id: i64,
//!     name: Option<String>,
//! }
//!
//! let filter: Filter<User> = func::lower(func::coalesce(User::NAME, "")).eq("ann");
//! assert_eq!(format!("{filter:?}"), r#"Expr(lower(coalesce("name", ?1)) = ?2)"#);
//! ```

use super::operand::{Assign, Operand};
use super::{Expr, Expression};
use crate::sql;
use crate::value::{Field, LogicalType, Value, class};

type Inner<E, M> = <<E as Expression<M>>::Type as Field>::Inner;
/// `P`, or `Option<P>` where the argument is optional.
type Like<E, M, P> = <<E as Expression<M>>::Type as Field>::Rel<P>;

fn call<M, T>(
    name: &'static str,
    arguments: impl IntoIterator<Item = sql::Expr>,
    nullable: bool,
) -> Expr<M, T> {
    Expr::new(sql::Expr::function(name, arguments, false, nullable))
}

/// A function of one argument that is NULL where its argument is.
fn of_one<M, T, E: Expression<M>>(name: &'static str, argument: E) -> Expr<M, T> {
    call(name, [argument.lower()], E::Type::NULLABLE)
}

// ── aggregates ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/// How many rows: `count(*)`.
#[must_use]
pub fn count<M>() -> Expr<M, u64> {
    Expr::new(sql::Expr::count_all())
}

/// In how many rows it is not NULL.
pub fn count_of<M>(argument: impl Expression<M>) -> Expr<M, u64> {
    call("count", [argument.lower()], false)
}

/// How many different values it has, NULL not counted.
pub fn count_distinct<M>(argument: impl Expression<M>) -> Expr<M, u64> {
    Expr::new(sql::Expr::function("count", [argument.lower()], true, false))
}

/// The sum, 0 for no rows: `i64` for integers, which is an error where it overflows, `f64` for floats.
pub fn sum<M, C: class::Number, E: Expression<M, Type: Field<Class = C>>>(argument: E) -> Expr<M, C::Sum> {
    let zero = if C::Sum::TYPE == LogicalType::Real { Value::Real(0.0) } else { Value::Integer(0) };
    let sum = sql::Expr::function("sum", [argument.lower()], false, true);
    call("coalesce", [sum, sql::Expr::value(zero)], false)
}

/// The mean of what is not NULL.
pub fn avg<M, E: Expression<M, Type: Field<Class: class::Number>>>(argument: E) -> Expr<M, Option<f64>> {
    call("avg", [argument.lower()], true)
}

/// The least value.
pub fn min<M, E: Expression<M, Type: Field<Class: class::Ordered>>>(
    argument: E,
) -> Expr<M, Option<Inner<E, M>>> {
    call("min", [argument.lower()], true)
}

/// The greatest value.
pub fn max<M, E: Expression<M, Type: Field<Class: class::Ordered>>>(
    argument: E,
) -> Expr<M, Option<Inner<E, M>>> {
    call("max", [argument.lower()], true)
}

// ── NULL ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

/// The argument, or `fallback` where it is NULL. `fallback` cannot be.
pub fn coalesce<M, E: Expression<M>>(
    argument: E,
    fallback: impl Assign<M, Inner<E, M>>,
) -> Expr<M, Inner<E, M>> {
    call("coalesce", [argument.lower(), fallback.into_assigned()], false)
}

/// The argument, or `other` where it is NULL; both may be.
pub fn ifnull<M, E: Expression<M>>(
    argument: E,
    other: impl Operand<M, Inner<E, M>>,
) -> Expr<M, Option<Inner<E, M>>> {
    call("ifnull", [argument.lower(), other.into_operand()], true)
}

/// NULL where the argument equals `other`.
pub fn nullif<M, E: Expression<M>>(
    argument: E,
    other: impl Operand<M, Inner<E, M>>,
) -> Expr<M, Option<Inner<E, M>>> {
    call("nullif", [argument.lower(), other.into_operand()], true)
}

// ── text ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

/// In lower case; ASCII letters only.
pub fn lower<M, E: Expression<M, Type: Field<Class: class::Textual>>>(text: E) -> Expr<M, E::Type> {
    of_one("lower", text)
}

/// In upper case; ASCII letters only.
pub fn upper<M, E: Expression<M, Type: Field<Class: class::Textual>>>(text: E) -> Expr<M, E::Type> {
    of_one("upper", text)
}

/// Without spaces at both ends.
pub fn trim<M, E: Expression<M, Type: Field<Class: class::Textual>>>(text: E) -> Expr<M, E::Type> {
    of_one("trim", text)
}

/// How many characters text has before the first NUL, or bytes a blob.
pub fn length<M, E: Expression<M>>(argument: E) -> Expr<M, Like<E, M, i64>> {
    of_one("length", argument)
}

/// Where `piece` first occurs, counted in characters from 1; 0 where it does not.
pub fn instr<M, E: Expression<M, Type: Field<Class: class::Textual>>>(
    text: E,
    piece: impl Assign<M, String>,
) -> Expr<M, Like<E, M, i64>> {
    call("instr", [text.lower(), piece.into_assigned()], E::Type::NULLABLE)
}

/// `length` characters from `start`, which counts from 1, or from the end where it is negative.
pub fn substr<M, E: Expression<M, Type: Field<Class: class::Textual>>>(
    text: E,
    start: impl Assign<M, i64>,
    length: impl Assign<M, i64>,
) -> Expr<M, E::Type> {
    call("substr", [text.lower(), start.into_assigned(), length.into_assigned()], E::Type::NULLABLE)
}

/// With every `from` replaced by `to`.
pub fn replace<M, E: Expression<M, Type: Field<Class: class::Textual>>>(
    text: E,
    from: impl Assign<M, String>,
    to: impl Assign<M, String>,
) -> Expr<M, E::Type> {
    call("replace", [text.lower(), from.into_assigned(), to.into_assigned()], E::Type::NULLABLE)
}

// ── numbers ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/// Without its sign.
pub fn abs<M, E: Expression<M, Type: Field<Class: class::Number>>>(number: E) -> Expr<M, E::Type> {
    of_one("abs", number)
}

/// Rounded to so many digits after the point.
pub fn round<M, E: Expression<M, Type: Field<Class = class::Real>>>(
    number: E,
    digits: impl Assign<M, i64>,
) -> Expr<M, E::Type> {
    call("round", [number.lower(), digits.into_assigned()], E::Type::NULLABLE)
}

/// A random number, another one in each row.
#[must_use]
pub fn random<M>() -> Expr<M, i64> {
    call("random", [], false)
}

// ── dates ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

/// The date, `YYYY-MM-DD`; NULL where the argument is none.
pub fn date<M>(moment: impl Expression<M>) -> Expr<M, Option<String>> {
    call("date", [moment.lower()], true)
}

/// Date and time, `YYYY-MM-DD HH:MM:SS`; NULL where the argument is none.
pub fn datetime<M>(moment: impl Expression<M>) -> Expr<M, Option<String>> {
    call("datetime", [moment.lower()], true)
}

/// In a format such as `%Y-%m`; NULL where the argument is no date.
pub fn strftime<M>(format: impl Assign<M, String>, moment: impl Expression<M>) -> Expr<M, Option<String>> {
    call("strftime", [format.into_assigned(), moment.lower()], true)
}
