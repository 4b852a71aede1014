use crate::driver::{Bind, Binder};
use crate::error::{ConversionError, Error, ErrorKind, Result};
use crate::value::{ToValue, for_each_tuple};

/// What [`raw`](crate::Session::raw) takes as parameters: `()`, tuples, arrays, slices and vectors of values by
/// position, and arrays, slices and vectors of `(":name", value)` by name.
///
/// ```
/// use orm_core::{Engine, ToValue};
///
/// let session = Engine::open_in_memory()?.session()?;
/// let age = 30;
/// let by_position = session.raw("SELECT ?1 + ?2", (age, 1)).one::<i64>()?;
/// let by_name = session
///     .raw("SELECT :age || :text", [(":age", &age as &dyn ToValue), (":text", &"!")])
///     .one::<String>()?;
/// assert_eq!((by_position, by_name.as_str()), (31, "30!"));
/// # Ok::<(), orm_core::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the parameters of a statement",
    label = "expected `()`, a tuple, an array or a slice",
    note = "a single parameter is a tuple of one: `(value,)`"
)]
pub trait Params: Bind {}

/// One element of a list of parameters: a value, or a name with its value.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a value nor a `(\":name\", value)`",
    label = "not a parameter"
)]
pub trait Param {
    /// Binds it.
    #[doc(hidden)]
    fn bind_one<'p>(&'p self, binder: &mut Binder<'p>) -> Result<()>;
}

impl<T: ToValue> Param for T {
    fn bind_one<'p>(&'p self, binder: &mut Binder<'p>) -> Result<()> {
        bind_next(self, binder)
    }
}

impl<V: ToValue> Param for (&str, V) {
    fn bind_one<'p>(&'p self, binder: &mut Binder<'p>) -> Result<()> {
        match self.1.to_value() {
            Ok(value) => binder.bind_named(self.0, &value),
            Err(error) => Err(unbindable(&format!("`{}`", self.0), &error)),
        }
    }
}

impl Params for () {}

impl<T: Param> Bind for &[T] {
    fn bind<'p>(&'p self, binder: &mut Binder<'p>) -> Result<()> {
        self.iter().try_for_each(|param| param.bind_one(binder))
    }
}
impl<T: Param> Params for &[T] {}

impl<T: Param> Bind for Vec<T> {
    fn bind<'p>(&'p self, binder: &mut Binder<'p>) -> Result<()> {
        self.iter().try_for_each(|param| param.bind_one(binder))
    }
}
impl<T: Param> Params for Vec<T> {}

impl<T: Param, const N: usize> Bind for [T; N] {
    fn bind<'p>(&'p self, binder: &mut Binder<'p>) -> Result<()> {
        self.iter().try_for_each(|param| param.bind_one(binder))
    }
}
impl<T: Param, const N: usize> Params for [T; N] {}

macro_rules! tuples {
    ($($name:ident $position:tt)+; $count:tt) => {
        impl<$($name: ToValue),+> Bind for ($($name,)+) {
            fn bind<'p>(&'p self, binder: &mut Binder<'p>) -> Result<()> {
                #[allow(non_snake_case, reason = "one name for the type and its value")]
                let ($($name,)+) = self;
                $(bind_next($name, binder)?;)+
                Ok(())
            }
        }
        impl<$($name: ToValue),+> Params for ($($name,)+) {}
    };
}

for_each_tuple!(tuples);

#[inline]
fn bind_next<'p, T: ToValue + ?Sized>(value: &'p T, binder: &mut Binder<'p>) -> Result<()> {
    match value.to_value() {
        Ok(value) => binder.bind(&value),
        Err(error) => Err(unbindable(&format!("`?{}`", binder.given() + 1), &error)),
    }
}

#[cold]
fn unbindable(parameter: &str, error: &ConversionError) -> Error {
    Error::new(ErrorKind::Conversion, format!("parameter {parameter}: {error}"))
}
