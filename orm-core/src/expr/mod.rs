//! Columns and expressions, scoped by their model.

mod aggregate;
mod argument;
mod assignment;
mod choice;
mod column;
mod column_set;
mod expression;
pub mod func;
mod json;
mod operand;
mod operators;
mod order;
mod raw;
mod several;
mod subquery;
mod window;

pub use self::aggregate::Aggregate;
pub use self::argument::{Argument, Arguments};
pub use self::assignment::Assignment;
pub use self::choice::{Case, Choice};
pub use self::column::{AnyColumn, Column, Generated, Settable, Writable};
pub use self::column_set::ColumnSet;
pub use self::expression::{Expr, Expression, Filter};
pub use self::operand::{Assign, Operand};
pub use self::order::Order;
pub use self::raw::{FragmentValues, sql};
pub use self::several::Several;
pub use self::subquery::{Candidates, Subquery};
pub use self::window::{Over, Window, WindowFunction, Windowed};
