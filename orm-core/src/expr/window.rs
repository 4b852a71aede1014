use std::fmt;
use std::marker::PhantomData;
use std::ops::{Add, Bound, Div, Mul, RangeBounds, Rem, Sub};

use super::{Aggregate, Arguments, Assign, Column, Expr, Expression, Operand, Order, Several};
use crate::sql;
use crate::value::{Field, class};

/// Marks what is computed beside the rows of `M`, after they were chosen: what [`Windowed::map`] works with.
///
/// ```
/// use orm_core::{Expr, Model, Over, func};
///
/// #[derive(Model)]
/// struct Day {
///     #[orm(primary_key)]
///     number: i64,
///     sales: i64,
/// }
///
/// let or_none = |before: Expr<Over<Day>, Option<i64>>| func::coalesce(before, 0);
/// let before = func::lag(Day::SALES, 1).over(func::window().order_by(Day::NUMBER.asc())).map(or_none);
/// assert_eq!(format!("{before:?}"), r#"Windowed(coalesce(lag("sales", ?1) OVER (ORDER BY "number"), ?2))"#);
/// ```
#[derive(Debug)]
pub struct Over<M>(PhantomData<fn() -> M>);

/// A value that a function has over a [`Window`], beside each row of `M`. It is selected and ordered by as an expression is,
/// but no filter takes it: the rows have to be chosen before.
///
/// It can be computed with; [`map`](Self::map) reaches all functions and operators, and
/// [`windowed`](crate::Column::windowed) puts a column on the left side.
///
/// ```
/// use orm_core::{Engine, Model, Windowed, func};
///
/// #[derive(Model)]
/// struct Employee {
///     #[orm(primary_key, auto)]
///     id: i64,
///     salary: f64,
/// }
///
/// let session = Engine::open_in_memory()?.session()?;
/// session.create_table::<Employee>()?;
/// for salary in [10.0, 20.0, 60.0] {
///     session.create(Employee { id: 0, salary })?;
/// }
/// let mean: Windowed<Employee, Option<f64>> = func::avg(Employee::SALARY).over(func::window());
/// let above = Employee::SALARY.windowed() - mean.map(|mean| func::coalesce(mean, 0.0));
/// let query = session.find::<Employee>().order_by(above.clone().desc()).select((Employee::ID, above));
/// assert_eq!(query.all()?, [(3, 30.0), (2, -10.0), (1, -20.0)]);
/// # Ok::<(), orm_core::Error>(())
/// ```
pub struct Windowed<M, T> {
    pub(crate) inner: sql::Expr,
    marker: PhantomData<fn() -> (M, T)>,
}

impl<M, T> Windowed<M, T> {
    pub(super) fn new(inner: sql::Expr) -> Self {
        Self { inner, marker: PhantomData }
    }

    /// What functions and operators make of it. Columns and expressions of `M` are values there.
    #[must_use]
    pub fn map<U>(self, with: impl FnOnce(Expr<Over<M>, T>) -> Expr<Over<M>, U>) -> Windowed<M, U> {
        Windowed::new(with(Expr::new(self.inner)).inner)
    }
}

impl<M, T: Field<Class: class::Ordered>> Windowed<M, T> {
    /// Going up.
    #[must_use]
    pub fn asc(self) -> Order<M> {
        Order::new(self.inner, false)
    }

    /// Going down.
    #[must_use]
    pub fn desc(self) -> Order<M> {
        Order::new(self.inner, true)
    }
}

macro_rules! comparisons {
    ($([$($class:ident)?] $name:ident $comparison:ident $what:literal;)+) => {
        impl<M, T: Field> Windowed<M, T> {$(
            #[doc = concat!($what, ", as an expression compares: a value to select, and no filter.")]
            pub fn $name(self, other: impl Operand<Over<M>, T::Inner>) -> Windowed<M, bool>
            $(where
                T::Class: class::$class,)?
            {
                Windowed::new(self.inner.compare(sql::Comparison::$comparison, other.into_operand()))
            }
        )+}
    };
}

comparisons! {
    [] eq Eq "Equal";
    [] ne Ne "Not equal";
    [Ordered] gt Gt "Greater than";
    [Ordered] ge Ge "Greater or equal";
    [Ordered] lt Lt "Less than";
    [Ordered] le Le "Less or equal";
}

macro_rules! arithmetic {
    ($($operator:ident $method:ident $output:ty;)+) => {$(
        impl<M, T: Field<Class: class::Number>, R: Assign<Over<M>, T>> $operator<R> for Windowed<M, T> {
            type Output = Windowed<M, $output>;

            fn $method(self, other: R) -> Windowed<M, $output> {
                Windowed::new(self.inner.arithmetic(sql::Arithmetic::$operator, other.into_assigned()))
            }
        }
    )+};
}

arithmetic! {
    Add add T;
    Sub sub T;
    Mul mul T;
    Div div Option<T::Inner>;
    Rem rem Option<T::Inner>;
}

impl<M, T> Clone for Windowed<M, T> {
    fn clone(&self) -> Self {
        Self::new(self.inner.clone())
    }
}

/// The SQL without its values.
impl<M, T> fmt::Debug for Windowed<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let expr: Expr<M, T> = Expr::new(self.inner.clone());
        write!(f, "Windowed{}", format!("{expr:?}").trim_start_matches("Expr"))
    }
}

/// Which rows a function over a window looks at: [`func::window`](crate::func::window) is all that the query chose. See
/// <https://sqlite.org/windowfunctions.html>.
///
/// ```
/// use orm_core::{Engine, Model, func};
///
/// #[derive(Model)]
/// struct Payment {
///     #[orm(primary_key, auto)]
///     id: i64,
///     account: i64,
///     cents: i64,
/// }
///
/// let session = Engine::open_in_memory()?.session()?;
/// session.create_table::<Payment>()?;
/// for (account, cents) in [(1, 100), (2, 5), (1, -30), (1, 7)] {
///     session.create(Payment { id: 0, account, cents })?;
/// }
/// let balance = func::sum(Payment::CENTS)
///     .over(func::window().partition_by(Payment::ACCOUNT).order_by(Payment::ID.asc()));
/// let query = session.find::<Payment>().order_by(Payment::ID.asc()).select((Payment::ID, balance));
/// assert_eq!(query.all()?, [(1, 100), (2, 5), (3, 70), (4, 77)]);
/// # Ok::<(), orm_core::Error>(())
/// ```
pub struct Window<M> {
    pub(super) inner: sql::Window,
    marker: PhantomData<fn() -> M>,
}

impl<M> Window<M> {
    pub(super) fn new() -> Self {
        Self { inner: sql::Window::default(), marker: PhantomData }
    }

    /// The rows alone that have the same values as the row itself: `PARTITION BY`.
    #[must_use]
    pub fn partition_by(mut self, terms: impl Arguments<M>) -> Self {
        self.inner.partition_by.extend(terms.into_arguments());
        self
    }

    /// The order in which rows come. With one, an aggregate is over the rows up to the one it stands beside, and those that
    /// are equal to it in this order, unless [`rows`](Self::rows) says otherwise.
    #[must_use]
    pub fn order_by(mut self, order: impl Several<Order<M>>) -> Self {
        self.inner.order_by.extend(order.into_list().into_iter().map(|order| order.inner));
        self
    }

    /// The rows alone at such distances from the row itself: `-2..=0` is that row and the two before it, `..=0` all up to
    /// it, `..` all of the partition. SQLite refuses a range that ends before it begins.
    #[must_use]
    pub fn rows(mut self, distances: impl RangeBounds<i64>) -> Self {
        let start = match distances.start_bound() {
            Bound::Included(&start) => Some(start),
            Bound::Excluded(&before) => Some(before.saturating_add(1)),
            Bound::Unbounded => None,
        };
        let end = match distances.end_bound() {
            Bound::Included(&end) => Some(end),
            Bound::Excluded(&behind) => Some(behind.saturating_sub(1)),
            Bound::Unbounded => None,
        };
        self.inner.rows = Some(sql::Rows { start, end });
        self
    }
}

impl<M> Clone for Window<M> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), marker: PhantomData }
    }
}

impl<M> fmt::Debug for Window<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Window")
    }
}

/// A function that has a value over a [`Window`] only, such as [`row_number`](crate::func::row_number).
///
/// ```
/// use orm_core::{Model, WindowFunction, func};
///
/// #[derive(Model)]
/// struct User {
///     #[orm(primary_key, auto)]
///     id: i64,
///     age: u8,
/// }
///
/// let rank: WindowFunction<User, u64> = func::rank();
/// let by_age = rank.over(func::window().order_by(User::AGE.desc()));
/// assert_eq!(format!("{by_age:?}"), r#"Windowed(rank() OVER (ORDER BY "age" DESC))"#);
/// ```
pub struct WindowFunction<M, T> {
    inner: sql::Expr,
    marker: PhantomData<fn() -> (M, T)>,
}

impl<M, T> WindowFunction<M, T> {
    pub(super) fn new(inner: sql::Expr) -> Self {
        Self { inner, marker: PhantomData }
    }

    /// Beside each row, over the rows of its window: `OVER (…)`.
    #[must_use]
    pub fn over(self, window: Window<M>) -> Windowed<M, T> {
        Windowed::new(self.inner.over(window.inner))
    }
}

impl<M, T> Clone for WindowFunction<M, T> {
    fn clone(&self) -> Self {
        Self::new(self.inner.clone())
    }
}

impl<M, T> fmt::Debug for WindowFunction<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WindowFunction")
    }
}

macro_rules! lifted {
    ($([$($generics:tt)*] $type:ty;)+) => {$(
        impl<$($generics)*> $type {
            /// The same beside functions over windows, see [`Windowed`](crate::Windowed).
            #[must_use]
            pub fn windowed(self) -> Windowed<M, T> {
                Windowed::new(self.lower())
            }
        }
    )+};
}

lifted! {
    [M, T: Field, K] Column<M, T, K>;
    [M, T: Field] Expr<M, T>;
    [M, T: Field] Aggregate<M, T>;
}

/// What stands in a row can be used where its windows are.
macro_rules! beside_windows {
    ($([$($generics:tt)*] $type:ty, $lower:expr;)+) => {$(
        #[diagnostic::do_not_recommend]
        impl<$($generics)*> Operand<Over<M>, T::Inner> for $type {
            fn into_operand(self) -> sql::Expr {
                $lower(self)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$($generics)*> Assign<Over<M>, T> for $type {
            fn into_assigned(self) -> sql::Expr {
                $lower(self)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$($generics)*> Assign<Over<M>, Option<T>> for $type {
            fn into_assigned(self) -> sql::Expr {
                $lower(self)
            }
        }
    )+};
}

beside_windows! {
    [M, T: Field, K] Column<M, T, K>, Column::lower;
    [M, T: Field] Expr<M, T>, |it: Self| it.inner;
    [M, T: Field] Aggregate<M, T>, Aggregate::lower;
    [M, T: Field] Windowed<M, T>, |it: Self| it.inner;
}
