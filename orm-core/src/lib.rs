//! A small, synchronous ORM over SQLite. A struct is a table, an [`Engine`] is an open database, a [`Session`] talks to
//! it.
//!
//! ```
//! use orm_core::{Engine, Model};
//!
//! #[derive(Debug, Clone, PartialEq, Model)]
//! #[orm(table = "users")]
//! struct User {
//!     #[orm(primary_key, auto)]
//!     id: i64,
//!     #[orm(unique)]
//!     email: String,
//!     name: Option<String>,
//! }
//!
//! let engine = Engine::open_in_memory()?; // or Engine::open("app.db")
//! engine.migrate(&[User::TABLE])?;
//!
//! let session = engine.session()?;
//! let ann = session.create(User { id: 0, email: "ann@example.org".into(), name: Some("Ann".into()) })?;
//!
//! let found = session.find::<User>().filter(User::NAME.starts_with("A")).order_by(User::EMAIL.asc()).all()?;
//! assert_eq!(found, [ann]);
//! # Ok::<(), orm_core::Error>(())
//! ```
//!
//! # Where to look
//!
//! | for | see |
//! |---|---|
//! | what a struct and its fields can say | [`Model`](macro@Model), [`Field`](macro@Field), [`FromRow`](macro@FromRow) |
//! | opening, settings, backup, closing | [`Engine`], [`EngineBuilder`] |
//! | reading and writing whole structs, raw SQL | [`Session`] |
//! | queries: filters, order, groups, writes by set | [`Query`], [`Column`], [`Expr`], [`func`] |
//! | reports: queries inside queries, unions, choices, windows, JSON | [`Subquery`], [`Compound`], [`Choice`], [`Window`], [`Column::path`] |
//! | upserts, some columns only, rows out of a query | [`Inserting`], [`Upserting`], [`Session::find_or_insert`] |
//! | full-text search: ranked, with what was found in its text | [`Search`], [`Session::search`] |
//! | related rows: loading, joins, paths, existence | [`BelongsTo`], [`HasMany`], [`HasOne`], [`ManyToMany`] |
//! | all or nothing, and one consistent view | [`Transaction`], [`Snapshot`] |
//! | code that runs around the verbs, default filters | [`Hooks`] |
//! | changing a database to the shape of the structs | [`Engine::migrate`], [`migrate`] |
//! | what each Rust type is stored as | [`value`] |
//! | tables as data, by [`Model::TABLE`] or built at run time | [`schema`], [`Reflect`] |
//! | what went wrong | [`Error`], [`ErrorKind`], [`Constraint`] |
//! | SQL as data, and how a database spells it | [`sql`](mod@sql), [`dialect`] |
//! | rusqlite, for functions and collations of your own | [`rusqlite`], [`EngineBuilder::on_connect`] |
//!
//! # What to know
//!
//! - What a struct holds is what is written. Only an `auto` key of 0 or `None` is left to the database.
//! - Outside a [transaction](Session::transaction) each call is committed at once. Inside one, `Err` and a panic roll back.
//! - An engine is `Send` and `Sync`, and cheap to clone. A session is `Send` and owns a connection until it is dropped.
//!   Writers take turns inside the process, and all waiting shares one deadline,
//!   [`busy_timeout`](EngineBuilder::busy_timeout).
//! - Statements are logged as [`tracing`] events of target `orm_core::sql`, without values unless
//!   [asked for](EngineBuilder::log_parameters).
//!
//! # Features
//!
//! | feature | |
//! |---|---|
//! | `derive` (default) | the derive macros |
//! | `bundled` (default) | compiles SQLite in; without it the system's library is linked |
//! | `chrono`, `time`, `jiff` | dates and times |
//! | `uuid` | `Uuid` as a blob of 16 bytes |
//! | `rust_decimal` | `Decimal` as exact text |
//! | `serde_json` | any serde type as JSON text: `#[orm(json)]`, [`Json`](value#conversions), `serde_json::Value` |

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
    Aggregate, AnyColumn, Argument, Arguments, Assign, Assignment, Candidates, Case, Choice, Column,
    ColumnSet, Expr, Expression, Filter, FragmentValues, Generated, Operand, Order, Over, Settable, Several,
    Subquery, Window, WindowFunction, Windowed, Writable, func, sql,
};
pub use model::{FromRow, Hooks, IntoKey, Model, RawRows, Reflect, Upserted};
#[cfg(feature = "derive")]
pub use orm_derive::{Field, FromRow, Model};
pub use query::{
    Append, BorrowRow, ChangesRows, Chunks, Compound, Hit, Ignores, Inserting, OnConflict, Proceed, Query,
    Receives, Rows, Scalar, Search, Selection, Shape, Updates, Upserting,
};
pub use relation::{
    BelongsTo, Children, Counted, HasMany, HasOne, Insertable, Joined, Loadable, ManyToMany, Parent,
    Relation, Target,
};
pub use schema::TableDef;
pub use session::{Param, Params, Raw, Session, Snapshot, Transaction};
#[cfg(feature = "serde_json")]
pub use value::Json;
pub use value::{BorrowValue, Field, LogicalType, Row, ToValue, ToValueOutput, Value, ValueRef, class};

/// The programs of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
mod readme {}
