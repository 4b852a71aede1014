//! A small, synchronous ORM over SQLite. `#[derive(Model)]` maps a struct to a table, an [`Engine`] opens the database, a
//! [`Session`] talks to it.

#![deny(unsafe_code)]

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
mod query;
mod relation;
pub mod schema;
mod session;
pub mod sql;
pub mod value;

pub use driver::rusqlite;
pub use engine::{Engine, EngineBuilder};
pub use error::{Constraint, ConstraintKind, ConversionError, Error, ErrorKind, Result};
pub use expr::{
    AnyColumn, Assign, Assignment, Column, ColumnSet, Expr, Expression, Filter, FragmentValues, Generated,
    Operand, Order, Writable, func, sql,
};
pub use model::{FromRow, Hooks, IntoKey, Model, RawRows, Reflect};
#[cfg(feature = "derive")]
pub use orm_derive::{Field, FromRow, Model};
pub use query::{Append, Chunks, Query, Rows, Scalar, Selection, Several, Shape};
pub use relation::{
    BelongsTo, Children, Counted, HasMany, HasOne, Joined, Loadable, ManyToMany, Parent, Relation, Target,
};
pub use schema::TableDef;
pub use session::{Param, Params, Raw, Session, Snapshot, Transaction};
#[cfg(feature = "serde_json")]
pub use value::Json;
pub use value::{Field, LogicalType, Row, ToValue, ToValueOutput, Value, ValueRef, class};
