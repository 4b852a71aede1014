//! `Debug` for a value of a type that may not have it, for derived code, which knows the type only when it is compiled.

use std::fmt;

/// A value to show: `.shown()` is the method below where its type is `Debug`, and that of [`NotShown`] otherwise.
#[allow(missing_debug_implementations, reason = "it is the way to one")]
pub struct Shown<'a, T>(pub &'a T);

impl<T: fmt::Debug> Shown<'_, T> {
    /// The value.
    #[must_use]
    pub fn shown(&self) -> &dyn fmt::Debug {
        self.0
    }
}

/// The method for all other types: the compiler prefers one that is no trait's.
pub trait NotShown {
    /// `…`.
    fn shown(&self) -> &dyn fmt::Debug;
}

impl<T> NotShown for Shown<'_, T> {
    fn shown(&self) -> &dyn fmt::Debug {
        &Ellipsis
    }
}

struct Ellipsis;

impl fmt::Debug for Ellipsis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}
