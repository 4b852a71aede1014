//! Columns and expressions, scoped by their model.

mod assignment;
mod column;
mod column_set;
mod expression;
pub mod func;
mod operand;
mod operators;
mod order;
mod raw;

pub use self::assignment::Assignment;
pub use self::column::{AnyColumn, Column, Generated, Writable};
pub use self::column_set::ColumnSet;
pub use self::expression::{Expr, Expression, Filter};
pub use self::operand::{Assign, Operand};
pub use self::order::Order;
pub use self::raw::{FragmentValues, sql};
