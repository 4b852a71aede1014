/// How many rows belong to one: what they are loaded as.
#[doc(hidden)]
pub trait Number: 'static {
    /// Those rows.
    type Of<T>: Default;

    /// From a list.
    fn of<T>(rows: Vec<T>) -> Self::Of<T>;

    /// Each of them.
    fn each<'a, T: 'a>(rows: &'a mut Self::Of<T>) -> impl Iterator<Item = &'a mut T>;
}

/// Any number: a `Vec`.
#[derive(Debug)]
pub enum Many {}

/// At most one: an `Option`.
#[derive(Debug)]
pub enum One {}

impl Number for Many {
    type Of<T> = Vec<T>;

    fn of<T>(rows: Vec<T>) -> Vec<T> {
        rows
    }

    fn each<'a, T: 'a>(rows: &'a mut Vec<T>) -> impl Iterator<Item = &'a mut T> {
        rows.iter_mut()
    }
}

impl Number for One {
    type Of<T> = Option<T>;

    fn of<T>(rows: Vec<T>) -> Option<T> {
        rows.into_iter().next()
    }

    fn each<'a, T: 'a>(rows: &'a mut Option<T>) -> impl Iterator<Item = &'a mut T> {
        rows.iter_mut()
    }
}
