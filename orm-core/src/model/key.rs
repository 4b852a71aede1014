use std::borrow::Cow;

use crate::error::ConversionError;
use crate::value::{Field, ToValue, ToValueOutput};

/// A primary key: a field's value, or a tuple of them in key order.
#[doc(hidden)]
pub trait Key: Sized {
    /// How many values it has.
    const PARTS: usize;

    /// One of its values, counted in key order.
    fn encode(&self, part: usize) -> Result<ToValueOutput<'_>, ConversionError>;
}

/// What is accepted as a key of type `K`: the key itself or a borrowed form of it, such as `&str` for `String`.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a key of type `{K}`", label = "expected `{K}`")]
pub trait IntoKey<K> {
    /// The key.
    fn into_key(self) -> K;
}

impl<T: Field> Key for T {
    const PARTS: usize = 1;

    #[inline]
    fn encode(&self, _: usize) -> Result<ToValueOutput<'_>, ConversionError> {
        self.to_value()
    }
}

macro_rules! tuple_keys {
    ($($name:ident: $part:ident),+) => {
        impl<$($name: Field),+> Key for ($($name,)+) {
            const PARTS: usize = [$(stringify!($name)),+].len();

            fn encode(&self, part: usize) -> Result<ToValueOutput<'_>, ConversionError> {
                #[allow(non_snake_case, reason = "one name for the type and its value")]
                let ($($name,)+) = self;
                let parts: &[&dyn ToValue] = &[$($name),+];
                parts[part].to_value()
            }
        }

        impl<$($name: Field, $part: IntoKey<$name>),+> IntoKey<($($name,)+)> for ($($part,)+) {
            fn into_key(self) -> ($($name,)+) {
                #[allow(non_snake_case, reason = "one name for the type and its value")]
                let ($($part,)+) = self;
                ($($part.into_key(),)+)
            }
        }

        impl<'a, $($name: Field, $part),+> IntoKey<($($name,)+)> for &'a ($($part,)+)
        where
            $(&'a $part: IntoKey<$name>),+
        {
            fn into_key(self) -> ($($name,)+) {
                #[allow(non_snake_case, reason = "one name for the type and its value")]
                let ($($part,)+) = self;
                ($($part.into_key(),)+)
            }
        }
    };
}

tuple_keys!(A: PartA, B: PartB);
tuple_keys!(A: PartA, B: PartB, C: PartC);
tuple_keys!(A: PartA, B: PartB, C: PartC, D: PartD);
tuple_keys!(A: PartA, B: PartB, C: PartC, D: PartD, E: PartE);

impl<K: Field> IntoKey<K> for K {
    fn into_key(self) -> K {
        self
    }
}

impl<K: Field + Clone> IntoKey<K> for &K {
    fn into_key(self) -> K {
        self.clone()
    }
}

// `&&str` is what a list of `&str`, or a borrowed tuple with one, gives
macro_rules! borrowed_keys {
    ($($borrowed:ty => $key:ty),+) => {$(
        impl IntoKey<$key> for &$borrowed {
            fn into_key(self) -> $key {
                self.to_owned().into()
            }
        }

        impl IntoKey<$key> for &&$borrowed {
            fn into_key(self) -> $key {
                (*self).into_key()
            }
        }
    )+};
}

borrowed_keys!(str => String, str => Box<str>, str => Cow<'static, str>, [u8] => Vec<u8>);

impl<const N: usize> IntoKey<Vec<u8>> for &[u8; N] {
    fn into_key(self) -> Vec<u8> {
        self.to_vec()
    }
}
