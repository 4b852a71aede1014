use super::Inner;
use crate::expr::{Aggregate, Assign, Expression};
use crate::sql;
use crate::value::{Field, LogicalType, Value, class};

fn aggregate<M, T>(name: &'static str, argument: impl Expression<M>, nullable: bool) -> Aggregate<M, T> {
    Aggregate::new(sql::Expr::function(name, [argument.lower()], false, nullable))
}

/// How many rows: `count(*)`.
#[must_use]
pub fn count<M>() -> Aggregate<M, u64> {
    Aggregate::new(sql::Expr::count_all())
}

/// In how many rows it is not NULL.
pub fn count_of<M>(argument: impl Expression<M>) -> Aggregate<M, u64> {
    aggregate("count", argument, false)
}

/// How many different values it has, NULL not counted.
pub fn count_distinct<M>(argument: impl Expression<M>) -> Aggregate<M, u64> {
    Aggregate::new(sql::Expr::function("count", [argument.lower()], true, false))
}

/// The sum, 0 for no rows: `i64` for integers, which is an error where it overflows, `f64` for floats.
pub fn sum<M, C: class::Number, E: Expression<M, Type: Field<Class = C>>>(
    argument: E,
) -> Aggregate<M, C::Sum> {
    let zero = if C::Sum::TYPE == LogicalType::Real { Value::Real(0.0) } else { Value::Integer(0) };
    aggregate("sum", argument, true).or_else(zero)
}

/// The mean of what is not NULL.
pub fn avg<M, E: Expression<M, Type: Field<Class: class::Number>>>(argument: E) -> Aggregate<M, Option<f64>> {
    aggregate("avg", argument, true)
}

/// The least value.
pub fn min<M, E: Expression<M, Type: Field<Class: class::Ordered>>>(
    argument: E,
) -> Aggregate<M, Option<Inner<E, M>>> {
    aggregate("min", argument, true)
}

/// The greatest value.
pub fn max<M, E: Expression<M, Type: Field<Class: class::Ordered>>>(
    argument: E,
) -> Aggregate<M, Option<Inner<E, M>>> {
    aggregate("max", argument, true)
}

/// The sum as a float, 0 for no rows; it never overflows.
pub fn total<M, E: Expression<M, Type: Field<Class: class::Number>>>(argument: E) -> Aggregate<M, f64> {
    aggregate("total", argument, false)
}

/// All values that are not NULL as one text with `separator` between them; NULL where there are none. Their order is any,
/// unless [`order_by`](Aggregate::order_by) says it.
///
/// ```
/// use orm_core::{Engine, Model, func};
///
/// #[derive(Model)]
/// struct Tag {
///     #[orm(primary_key, auto)]
///     id: i64,
///     name: String,
/// }
///
/// let session = Engine::open_in_memory()?.session()?;
/// session.create_table::<Tag>()?;
/// for name in ["sea", "boat"] {
///     session.create(Tag { id: 0, name: name.into() })?;
/// }
/// let names = func::group_concat(Tag::NAME, ", ").order_by(Tag::NAME.asc());
/// assert_eq!(session.find::<Tag>().select(names).one()?, Some("boat, sea".to_owned()));
/// # Ok::<(), orm_core::Error>(())
/// ```
pub fn group_concat<M>(
    argument: impl Expression<M>,
    separator: impl Assign<M, String>,
) -> Aggregate<M, Option<String>> {
    let arguments = [argument.lower(), separator.into_assigned()];
    Aggregate::new(sql::Expr::function("group_concat", arguments, false, true))
}
