/// One `T`, or an array, a vector or a tuple of them.
#[diagnostic::on_unimplemented(
    message = "expected `{T}`, or an array, vector or tuple of them, found `{Self}`",
    label = "not a `{T}`, nor several",
    note = "an `Order` is made by `asc()` or `desc()`, an `Assignment` by `set(…)`"
)]
pub trait Several<T> {
    /// All of them in order.
    #[doc(hidden)]
    fn into_list(self) -> Vec<T>;
}

impl<T> Several<T> for T {
    fn into_list(self) -> Vec<T> {
        vec![self]
    }
}

#[diagnostic::do_not_recommend]
impl<T> Several<T> for Vec<T> {
    fn into_list(self) -> Vec<T> {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<T, const N: usize> Several<T> for [T; N] {
    fn into_list(self) -> Vec<T> {
        self.into()
    }
}

macro_rules! tuples {
    ($first:ident $($rest:ident)+) => {
        #[diagnostic::do_not_recommend]
        impl<T> Several<T> for (T, $(same!(T $rest)),+) {
            fn into_list(self) -> Vec<T> {
                #[allow(non_snake_case, reason = "a name for each part")]
                let ($first, $($rest),+) = self;
                vec![$first, $($rest),+]
            }
        }

        tuples!($($rest)+);
    };
    ($last:ident) => {};
}

macro_rules! same {
    ($same:ident $each:ident) => {
        $same
    };
}

tuples!(A B C D E F G H I J K L);
