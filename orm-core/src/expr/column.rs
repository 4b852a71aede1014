use std::fmt;
use std::marker::PhantomData;

/// Marks a column that can be written.
#[derive(Debug)]
pub enum Writable {}

/// Marks a generated column: it can be read and compared, never set.
#[derive(Debug)]
pub enum Generated {}

/// What marks columns that can be set: [`Writable`].
#[diagnostic::on_unimplemented(
    message = "a generated column cannot be set, since the database computes it",
    label = "this column is `generated`",
    note = "set the columns that it is computed from"
)]
pub trait Settable {}

impl Settable for Writable {}

/// A column of model `M` that holds a `T`: the constant that the derive makes for each field.
///
/// ```
/// use orm_core::{Column, Model};
///
/// #[derive(Model)]
/// struct User {
///     #[orm(primary_key, auto)]
///     id: i64,
///     #[orm(column = "mail")]
///     email: String,
/// }
///
/// let email: Column<User, String> = User::EMAIL;
/// assert_eq!((email.table(), email.name()), ("user", "mail"));
/// ```
pub struct Column<M, T, K = Writable> {
    table: &'static str,
    name: &'static str,
    position: usize,
    marker: Marker<M, T, K>,
}

/// A column holds none of these, so it is `Copy`, `Send` and `Sync` whatever they are.
type Marker<M, T, K> = PhantomData<fn() -> (M, T, K)>;

impl<M, T, K> Column<M, T, K> {
    /// For the derive: the table, the column's name in the database, and its position in `TABLE.columns`.
    #[doc(hidden)]
    #[must_use]
    pub const fn __new(table: &'static str, name: &'static str, position: usize) -> Self {
        Self { table, name, position, marker: PhantomData }
    }

    /// The column's name in the database.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The table's name in the database.
    #[must_use]
    pub const fn table(&self) -> &'static str {
        self.table
    }
}

impl<M, T> Column<M, T> {
    /// The column without its type, for lists of columns of different types.
    #[must_use]
    pub const fn any(&self) -> AnyColumn<M> {
        AnyColumn { name: self.name, position: self.position, marker: PhantomData }
    }
}

impl<M, T, K> Clone for Column<M, T, K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, T, K> Copy for Column<M, T, K> {}

impl<M, T, K> fmt::Debug for Column<M, T, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Column({}.{})", self.table, self.name)
    }
}

/// A writable column of `M`, whatever it holds: what [`update_only`](crate::Session::update_only) takes a slice of.
pub struct AnyColumn<M> {
    pub(crate) name: &'static str,
    pub(crate) position: usize,
    marker: PhantomData<fn() -> M>,
}

impl<M> Clone for AnyColumn<M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for AnyColumn<M> {}

impl<M> fmt::Debug for AnyColumn<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AnyColumn({})", self.name)
    }
}
