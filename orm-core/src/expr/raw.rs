use super::Expr;
use crate::error::ConversionError;
use crate::sql::Expr as Untyped;
use crate::value::{Field, ToValue, Value};

/// An expression in SQL, with a `?` for each of `values`: `()`, a tuple, an array or a slice.
///
/// It composes with everything else, and stands in parentheses of its own. The model is the one that its place asks for.
/// What it cannot be (NUL, an open quote or parenthesis, a `?` too many) is reported when the query runs.
///
/// ```
/// use orm_core::{Expr, Filter, Model, sql};
///
/// #[derive(Model)]
/// struct User {
///     #[orm(primary_key, auto)]
///     id: i64,
///     name: String,
/// }
///
/// let short: Filter<User> = sql("length(name) < ?", (5,));
/// assert_eq!(format!("{:?}", short.and(User::ID.gt(7))), r#"Expr((length(name) < ?1) AND "id" > ?2)"#);
///
/// let initial: Expr<User, String> = sql::<String, _>("substr(name, 1, 1)", ());
/// assert_eq!(format!("{:?}", initial.eq("A")), r#"Expr((substr(name, 1, 1)) = ?1)"#);
/// ```
pub fn sql<T: Field, M>(text: &str, values: impl FragmentValues) -> Expr<M, T> {
    Expr::new(match values.into_values() {
        Ok(values) => Untyped::fragment(text, values, T::NULLABLE),
        Err(error) => Untyped::invalid(error),
    })
}

/// The values of an SQL fragment: `()`, a tuple, an array or a slice.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a list of values",
    label = "expected `()`, a tuple such as `(18,)`, an array or a slice"
)]
pub trait FragmentValues {
    /// The values in order.
    #[doc(hidden)]
    fn into_values(self) -> Result<Vec<Value>, ConversionError>;
}

impl FragmentValues for () {
    fn into_values(self) -> Result<Vec<Value>, ConversionError> {
        Ok(Vec::new())
    }
}

impl<T: ToValue> FragmentValues for &[T] {
    fn into_values(self) -> Result<Vec<Value>, ConversionError> {
        self.iter().map(|value| value.to_value().map(Value::from)).collect()
    }
}

impl<T: ToValue, const N: usize> FragmentValues for [T; N] {
    fn into_values(self) -> Result<Vec<Value>, ConversionError> {
        self.as_slice().into_values()
    }
}

macro_rules! tuples {
    ($($first:ident $($rest:ident)*)?) => {$(
        impl<$first: ToValue, $($rest: ToValue),*> FragmentValues for ($first, $($rest,)*) {
            fn into_values(self) -> Result<Vec<Value>, ConversionError> {
                #[allow(non_snake_case, reason = "one name for the type and its value")]
                let ($first, $($rest,)*) = self;
                Ok(vec![$first.to_value()?.into(), $($rest.to_value()?.into()),*])
            }
        }

        tuples!($($rest)*);
    )?};
}

tuples!(A B C D E F G H I J K L);
