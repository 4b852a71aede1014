use super::Inner;
use crate::expr::{Expression, Window, WindowFunction};
use crate::sql;
use crate::value::Value;

fn function<M, T>(name: &'static str, arguments: Vec<sql::Expr>, nullable: bool) -> WindowFunction<M, T> {
    WindowFunction::new(sql::Expr::function(name, arguments, false, nullable))
}

fn number(number: u32) -> sql::Expr {
    sql::Expr::value(Value::Integer(number.into()))
}

/// All rows that the query chose, in no order, see [`Window`].
#[must_use]
pub fn window<M>() -> Window<M> {
    Window::new()
}

/// The position of the row in its window, from 1.
#[must_use]
pub fn row_number<M>() -> WindowFunction<M, u64> {
    function("row_number", Vec::new(), false)
}

/// The rank of the row in the order of its window, from 1: equal rows share one, and the next follows with a gap.
#[must_use]
pub fn rank<M>() -> WindowFunction<M, u64> {
    function("rank", Vec::new(), false)
}

/// As [`rank`], without gaps.
#[must_use]
pub fn dense_rank<M>() -> WindowFunction<M, u64> {
    function("dense_rank", Vec::new(), false)
}

/// The rank as a share of the window, from 0 to 1.
#[must_use]
pub fn percent_rank<M>() -> WindowFunction<M, f64> {
    function("percent_rank", Vec::new(), false)
}

/// Which share of the window is not behind the row, up to 1.
#[must_use]
pub fn cume_dist<M>() -> WindowFunction<M, f64> {
    function("cume_dist", Vec::new(), false)
}

/// In which of so many parts of equal size the row is, from 1. SQLite refuses 0 parts.
#[must_use]
pub fn ntile<M>(parts: u32) -> WindowFunction<M, u64> {
    function("ntile", vec![number(parts)], false)
}

/// The value so many rows before; NULL where there is no such row.
pub fn lag<M, E: Expression<M>>(argument: E, rows: u32) -> WindowFunction<M, Option<Inner<E, M>>> {
    function("lag", vec![argument.lower(), number(rows)], true)
}

/// The value so many rows behind; NULL where there is no such row.
pub fn lead<M, E: Expression<M>>(argument: E, rows: u32) -> WindowFunction<M, Option<Inner<E, M>>> {
    function("lead", vec![argument.lower(), number(rows)], true)
}

/// The value in the first row that the window shows.
pub fn first_value<M, E: Expression<M>>(argument: E) -> WindowFunction<M, Option<Inner<E, M>>> {
    function("first_value", vec![argument.lower()], true)
}

/// The value in the last row that the window shows, which with an order is the row itself or one that is equal to it, unless
/// [`rows`](Window::rows) says otherwise.
pub fn last_value<M, E: Expression<M>>(argument: E) -> WindowFunction<M, Option<Inner<E, M>>> {
    function("last_value", vec![argument.lower()], true)
}

/// The value in that row of those that the window shows, from 1; NULL where there is no such row. SQLite refuses 0.
pub fn nth_value<M, E: Expression<M>>(argument: E, row: u32) -> WindowFunction<M, Option<Inner<E, M>>> {
    function("nth_value", vec![argument.lower(), number(row)], true)
}
