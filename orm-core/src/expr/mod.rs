//! Columns and expressions, scoped by their model.

mod column;

pub use self::column::{AnyColumn, Column, Generated, Writable};

/// placeholder
#[derive(Debug)]
pub struct Expr<M, T>(std::marker::PhantomData<fn() -> (M, T)>);
/// A condition on rows of `M`.
pub type Filter<M> = Expr<M, bool>;
