use super::{call, of_one};
use crate::expr::{Assign, Expr, Expression};
use crate::value::{Field, class};

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
