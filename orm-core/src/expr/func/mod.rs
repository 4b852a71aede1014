//! SQL's functions, aggregates, functions over windows and choices, typed. For the rest there is [`sql`](fn@crate::sql).
//!
//! Their meaning is SQLite's: <https://sqlite.org/lang_corefunc.html>, <https://sqlite.org/lang_aggfunc.html>,
//! <https://sqlite.org/lang_datefunc.html>, <https://sqlite.org/windowfunctions.html>.
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

mod aggregates;
mod choices;
mod dates;
mod numbers;
mod text;
mod windows;

pub use self::aggregates::{avg, count, count_distinct, count_of, group_concat, max, min, sum, total};
pub use self::choices::{case, coalesce, exists, greatest, ifnull, iif, least, nullif};
pub use self::dates::{
    IntoMoment, Moment, date, datetime, julianday, moment, now, strftime, time, unixepoch,
};
pub use self::numbers::{abs, random, round};
pub use self::text::{
    char, concat, concat_ws, format, hex, instr, length, lower, ltrim, replace, rtrim, substr, trim, unicode,
    upper,
};
pub use self::windows::{
    cume_dist, dense_rank, first_value, lag, last_value, lead, nth_value, ntile, percent_rank, rank,
    row_number, window,
};

use super::{Expr, Expression};
use crate::sql;
use crate::value::Field;

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
