//! placeholder
#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
pub mod dialect;
mod driver;
mod engine;
mod error;
mod expr;
pub mod migrate;
mod model;
pub mod schema;
mod session;
pub mod sql;
pub mod value;
pub use driver::rusqlite;
pub use engine::{Engine, EngineBuilder};
pub use error::{Constraint, ConstraintKind, ConversionError, Error, ErrorKind, Result};
pub use expr::{
    AnyColumn, Assign, Assignment, Column, Expr, Expression, Filter, FragmentValues, Generated, Operand,
    Order, Writable, func, sql,
};
pub use model::*;
#[cfg(feature = "derive")]
pub use orm_derive::{Field, FromRow, Model};
pub use session::Session;
pub use value::*;
