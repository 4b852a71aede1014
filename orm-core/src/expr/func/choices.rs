use super::{Inner, call};
use crate::expr::{Argument, Assign, Case, Expr, Expression, Filter, Operand, Subquery};
use crate::sql;
use crate::value::{Field, class};

/// The argument, or `fallback` where it is NULL. `fallback` cannot be.
pub fn coalesce<M, E: Expression<M>>(
    argument: E,
    fallback: impl Assign<M, Inner<E, M>>,
) -> Expr<M, Inner<E, M>> {
    call("coalesce", [argument.lower(), fallback.into_assigned()], false)
}

/// The argument, or `other` where it is NULL; both may be.
pub fn ifnull<M, E: Expression<M>>(
    argument: E,
    other: impl Operand<M, Inner<E, M>>,
) -> Expr<M, Option<Inner<E, M>>> {
    call("ifnull", [argument.lower(), other.into_operand()], true)
}

/// NULL where the argument equals `other`.
pub fn nullif<M, E: Expression<M>>(
    argument: E,
    other: impl Operand<M, Inner<E, M>>,
) -> Expr<M, Option<Inner<E, M>>> {
    call("nullif", [argument.lower(), other.into_operand()], true)
}

/// The greater of both; NULL where either is.
pub fn greatest<M, E: Expression<M, Type: Field<Class: class::Ordered>>>(
    argument: E,
    other: impl Assign<M, E::Type>,
) -> Expr<M, E::Type> {
    call("max", [argument.lower(), other.into_assigned()], E::Type::NULLABLE)
}

/// The lesser of both; NULL where either is.
pub fn least<M, E: Expression<M, Type: Field<Class: class::Ordered>>>(
    argument: E,
    other: impl Assign<M, E::Type>,
) -> Expr<M, E::Type> {
    call("min", [argument.lower(), other.into_assigned()], E::Type::NULLABLE)
}

/// One value where the condition holds, else the other: a [`case`] of two.
pub fn iif<M, V: Argument<M>>(
    condition: Filter<M>,
    value: V,
    otherwise: impl Assign<M, V::Type>,
) -> Expr<M, V::Type> {
    case().when(condition, value).otherwise(otherwise)
}

/// A choice by conditions: `case().when(…, …).otherwise(…)`, see [`Choice`](crate::Choice).
pub fn case() -> Case {
    Case(())
}

/// Whether a query has rows. It sees nothing of the rows outside: whether a row has related ones is asked by
/// [`any`](crate::HasMany::any).
///
/// ```
/// use orm_core::{Engine, Model, func};
///
/// #[derive(Model)]
/// struct Shop {
///     #[orm(primary_key, auto)]
///     id: i64,
///     open: bool,
/// }
///
/// let session = Engine::open_in_memory()?.session()?;
/// session.create_table::<Shop>()?;
/// let open = session.find::<Shop>().filter(Shop::OPEN.eq(true));
/// let none_open = session.find::<Shop>().filter(!func::exists(open));
/// let sql = r#"SELECT "id", "open" FROM "main"."shop" WHERE NOT EXISTS (SELECT 1 FROM "main"."shop" WHERE "shop"."open" = ?1)"#;
/// assert_eq!(none_open.to_sql().sql, sql);
/// # Ok::<(), orm_core::Error>(())
/// ```
pub fn exists<M>(query: impl Subquery) -> Filter<M> {
    Expr::new(sql::Expr::subquery(query.into_subquery(), sql::Asked::Exists))
}
