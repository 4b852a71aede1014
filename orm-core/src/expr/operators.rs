//! The operators, written once for columns and expressions. They are inherent methods, so that the error for a wrong type
//! names that type and nothing else.

use std::ops::{Add, BitAnd, BitOr, Div, Mul, Neg, Not, Rem, Sub};

use super::operand::Assign;
use super::{Aggregate, Assignment, Candidates, Column, Expr, Expression, Filter, Operand, Order, Settable};
use crate::dialect::TextMatch;
use crate::sql::{self, Arithmetic, Comparison};
use crate::value::{Field, class};

macro_rules! operators {
    ([$($generics:tt)*] $left:ty) => {
        impl<$($generics)*> $left {
            /// Equal; two NULLs are, as two `None`s are.
            pub fn eq(self, other: impl Operand<M, T::Inner>) -> Filter<M> {
                Expr::new(self.lower().compare(Comparison::Eq, other.into_operand()))
            }

            /// Not equal: exactly the rows where [`eq`](Self::eq) does not hold.
            pub fn ne(self, other: impl Operand<M, T::Inner>) -> Filter<M> {
                Expr::new(self.lower().compare(Comparison::Ne, other.into_operand()))
            }

            /// Greater than. With NULL on either side it does not hold, and nor does its negation.
            pub fn gt(self, other: impl Operand<M, T::Inner>) -> Filter<M>
            where
                T::Class: class::Ordered,
            {
                Expr::new(self.lower().compare(Comparison::Gt, other.into_operand()))
            }

            /// Greater or equal, with NULL as in [`gt`](Self::gt).
            pub fn ge(self, other: impl Operand<M, T::Inner>) -> Filter<M>
            where
                T::Class: class::Ordered,
            {
                Expr::new(self.lower().compare(Comparison::Ge, other.into_operand()))
            }

            /// Less than, with NULL as in [`gt`](Self::gt).
            pub fn lt(self, other: impl Operand<M, T::Inner>) -> Filter<M>
            where
                T::Class: class::Ordered,
            {
                Expr::new(self.lower().compare(Comparison::Lt, other.into_operand()))
            }

            /// Less or equal, with NULL as in [`gt`](Self::gt).
            pub fn le(self, other: impl Operand<M, T::Inner>) -> Filter<M>
            where
                T::Class: class::Ordered,
            {
                Expr::new(self.lower().compare(Comparison::Le, other.into_operand()))
            }

            /// From `low` to `high`, both included, with NULL as in [`gt`](Self::gt).
            pub fn between(
                self,
                low: impl Operand<M, T::Inner>,
                high: impl Operand<M, T::Inner>,
            ) -> Filter<M>
            where
                T::Class: class::Ordered,
            {
                Expr::new(self.lower().between(low.into_operand(), high.into_operand()))
            }

            /// Equal to one of them: a list of any length, or a query that selects one column. An empty one makes it
            /// false. NULL is equal to NULL.
            ///
            /// ```
            /// use orm_core::{Engine, Model};
            ///
            /// #[derive(Model)]
            /// struct User {
            ///     #[orm(primary_key, auto)]
            ///     id: i64,
            /// }
            ///
            /// #[derive(Model)]
            /// struct Ban {
            ///     #[orm(primary_key)]
            ///     user_id: i64,
            /// }
            ///
            /// let session = Engine::open_in_memory()?.session()?;
            /// session.create_table::<User>()?;
            /// session.create_table::<Ban>()?;
            /// session.insert_all(&mut [1, 2, 3].map(|id| User { id }))?;
            /// session.create(Ban { user_id: 2 })?;
            /// let banned = session.find::<Ban>().select(Ban::USER_ID);
            /// let others = session.find::<User>().filter(User::ID.not_in(banned)).select(User::ID);
            /// assert_eq!(others.all()?, [1, 3]);
            /// # Ok::<(), orm_core::Error>(())
            /// ```
            pub fn is_in(self, candidates: impl Candidates<M, T::Inner>) -> Filter<M> {
                Expr::new(candidates.among(self.lower()))
            }

            /// Equal to none of them: exactly the rows where [`is_in`](Self::is_in) does not hold, also where NULL is among
            /// them.
            pub fn not_in(self, candidates: impl Candidates<M, T::Inner>) -> Filter<M> {
                self.is_in(candidates).not()
            }

            /// SQL's LIKE: `%` stands for any text, `_` for one character, and ASCII case does not matter
            /// (<https://sqlite.org/lang_expr.html#like>).
            pub fn like(self, pattern: impl Operand<M, String>) -> Filter<M>
            where
                T::Class: class::Textual,
            {
                Expr::new(self.lower().like(pattern.into_operand()))
            }

            /// The negation of [`like`](Self::like). For NULL neither holds.
            pub fn not_like(self, pattern: impl Operand<M, String>) -> Filter<M>
            where
                T::Class: class::Textual,
            {
                self.like(pattern).not()
            }

            /// Whether `piece` occurs in it; case-sensitive and literal, as in Rust. For NULL neither this nor its
            /// negation holds.
            pub fn contains(self, piece: impl Operand<M, String>) -> Filter<M>
            where
                T::Class: class::Textual,
            {
                Expr::new(self.lower().text_match(TextMatch::Contains, piece.into_operand()))
            }

            /// Whether it begins with `prefix`, otherwise as [`contains`](Self::contains). An index on the column serves.
            pub fn starts_with(self, prefix: impl Operand<M, String>) -> Filter<M>
            where
                T::Class: class::Textual,
            {
                Expr::new(self.lower().text_match(TextMatch::StartsWith, prefix.into_operand()))
            }

            /// Whether it ends with `suffix`, otherwise as [`contains`](Self::contains).
            pub fn ends_with(self, suffix: impl Operand<M, String>) -> Filter<M>
            where
                T::Class: class::Textual,
            {
                Expr::new(self.lower().text_match(TextMatch::EndsWith, suffix.into_operand()))
            }

            /// With `other` behind it: `||`. NULL where either is; [`func::concat`](crate::func::concat) leaves NULL out.
            pub fn append(self, other: impl Assign<M, T::Rel<String>>) -> Expr<M, T::Rel<String>>
            where
                T::Class: class::Textual,
            {
                Expr::new(self.lower().concat(other.into_assigned()))
            }

            /// Converted as SQL's CAST does: to `i64`, `f64`, `String`, bytes and what is stored as these. Text that is no
            /// number becomes 0 (<https://sqlite.org/lang_expr.html#castexpr>).
            pub fn cast<U: Field<Inner = U, Class: class::Castable>>(self) -> Expr<M, T::Rel<U>> {
                Expr::new(self.lower().cast(U::TYPE))
            }

            /// Whether it is NULL.
            pub fn is_null(self) -> Filter<M> {
                Expr::new(self.lower().null_test())
            }

            /// Whether it is not NULL.
            pub fn is_not_null(self) -> Filter<M> {
                Expr::new(self.lower().null_test().not())
            }

            /// Going up.
            pub fn asc(self) -> Order<M>
            where
                T::Class: class::Ordered,
            {
                Order::new(self.lower(), false)
            }

            /// Going down.
            pub fn desc(self) -> Order<M>
            where
                T::Class: class::Ordered,
            {
                Order::new(self.lower(), true)
            }
        }

        arithmetic!([$($generics)*] $left, Add add T);
        arithmetic!([$($generics)*] $left, Sub sub T);
        arithmetic!([$($generics)*] $left, Mul mul T);
        // NULL where the right side is 0
        arithmetic!([$($generics)*] $left, Div div Option<T::Inner>);
        arithmetic!([$($generics)*] $left, Rem rem Option<T::Inner>);

        impl<$($generics)*> Neg for $left
        where
            T::Class: class::Number,
        {
            type Output = Expr<M, T>;

            fn neg(self) -> Expr<M, T> {
                Expr::new(self.lower().negate())
            }
        }
    };
}

macro_rules! arithmetic {
    ([$($generics:tt)*] $left:ty, $operator:ident $method:ident $output:ty) => {
        impl<$($generics)*, R: Assign<M, T>> $operator<R> for $left
        where
            T::Class: class::Number,
        {
            type Output = Expr<M, $output>;

            fn $method(self, other: R) -> Expr<M, $output> {
                Expr::new(self.lower().arithmetic(Arithmetic::$operator, other.into_assigned()))
            }
        }
    };
}

operators!([M, T: Field, K] Column<M, T, K>);
operators!([M, T: Field] Expr<M, T>);
operators!([M, T: Field] Aggregate<M, T>);

impl<M, T: Field, K> Column<M, T, K> {
    /// The change of this column to a value or an expression, for a set-based `update`. It takes exactly the column's
    /// type; an optional column also takes what is under the `Option`.
    pub fn set(self, value: impl Assign<M, T>) -> Assignment<M>
    where
        K: Settable,
    {
        Assignment::new(self.name(), value.into_assigned())
    }

    /// In an upsert: the change of this column to what the row holds that could not be inserted.
    pub fn set_excluded(self) -> Assignment<M>
    where
        K: Settable,
    {
        Assignment::new(self.name(), self.excluded().inner)
    }

    /// In an upsert: what the row holds that could not be inserted. The column itself is that of the row in its way:
    /// `User::AGE.set(User::AGE + User::AGE.excluded())`.
    pub fn excluded(self) -> Expr<M, T>
    where
        K: Settable,
    {
        Expr::new(sql::Expr::excluded(self.name(), T::NULLABLE))
    }
}

macro_rules! conditions {
    ([$($generics:tt)*] $left:ty) => {
        impl<$($generics)*> $left {
            /// Both.
            pub fn and(self, other: Filter<M>) -> Filter<M> {
                Expr::new(self.lower().and(other.inner))
            }

            /// Either, or both.
            pub fn or(self, other: Filter<M>) -> Filter<M> {
                Expr::new(self.lower().or(other.inner))
            }

            /// The opposite. It is pushed into the operators: the opposite of `eq` is `ne`, that of `gt` is `le`.
            #[allow(clippy::should_implement_trait, reason = "it is implemented too; this one needs no import")]
            pub fn not(self) -> Filter<M> {
                Expr::new(self.lower().not())
            }
        }

        impl<$($generics)*> BitAnd<Filter<M>> for $left {
            type Output = Filter<M>;

            fn bitand(self, other: Filter<M>) -> Filter<M> {
                self.and(other)
            }
        }

        impl<$($generics)*> BitOr<Filter<M>> for $left {
            type Output = Filter<M>;

            fn bitor(self, other: Filter<M>) -> Filter<M> {
                self.or(other)
            }
        }

        impl<$($generics)*> Not for $left {
            type Output = Filter<M>;

            fn not(self) -> Filter<M> {
                Self::not(self)
            }
        }
    };
}

conditions!([M, K] Column<M, bool, K>);
conditions!([M] Filter<M>);
