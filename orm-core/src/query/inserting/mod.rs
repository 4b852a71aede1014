//! Inserts of which more is said than [`insert`](crate::Session::insert) can be told.

mod conflict;
mod find_or_insert;
mod from_query;
mod lower;
mod target;

pub use self::conflict::{ChangesRows, Ignores, OnConflict, Updates, Upserting};
pub use self::from_query::Receives;

use std::fmt;
use std::marker::PhantomData;

use self::conflict::Changes;
use self::lower::Lowered;
use self::target::Target;
use crate::error::Result;
use crate::expr::ColumnSet;
use crate::model::Model;
use crate::session::Session;

/// An insert that is being described: which columns are sent, what happens where a unique rule is in the way, what is
/// read back. [`Session::inserting`] begins it; it is a value and can be used again.
///
/// ```
/// use orm_core::{Engine, Model, Upserted};
///
/// #[derive(Debug, Clone, PartialEq, Model)]
/// struct User {
///     #[orm(primary_key, auto)]
///     id: i64,
///     #[orm(unique)]
///     email: String,
///     name: String,
///     #[orm(default = 18)]
///     age: u8,
/// }
///
/// let session = Engine::open_in_memory()?.session()?;
/// session.create_table::<User>()?;
///
/// // the age is the database's default
/// let mut ann = User { id: 0, email: "ann@example.org".into(), name: "Ann".into(), age: 0 };
/// session.inserting::<User>().only((User::EMAIL, User::NAME)).returning().one(&mut ann)?;
/// assert_eq!((ann.id, ann.age), (1, 18));
///
/// // that address is taken: its row is changed, and the struct gets its key
/// let mut anna = User { id: 0, email: "ann@example.org".into(), name: "Anna".into(), age: 99 };
/// let upsert = session.inserting::<User>().on_conflict(User::EMAIL).update(User::NAME.set_excluded());
/// assert_eq!(upsert.one(&mut anna)?, Upserted::Updated);
/// assert_eq!(anna.id, 1);
/// assert_eq!(session.get::<User>(1)?, Some(User { name: "Anna".into(), ..ann }));
/// # Ok::<(), orm_core::Error>(())
/// ```
#[must_use = "nothing is inserted before a terminal such as `one` or `all`"]
pub struct Inserting<'s, M> {
    session: &'s Session,
    only: Option<Vec<usize>>,
    returning: bool,
    marker: PhantomData<fn() -> M>,
}

impl Session {
    /// Begins an insert of which more is said than [`insert`](Session::insert) can be told: chosen columns, upserts, what
    /// is read back.
    pub fn inserting<M: Model>(&self) -> Inserting<'_, M> {
        Inserting { session: self, only: None, returning: false, marker: PhantomData }
    }
}

impl<'s, M: Model> Inserting<'s, M> {
    /// Sends these columns only: one, a tuple of them, or a slice of [`any`](crate::Column::any) columns. The others get
    /// the database's default, or NULL; one that is `NOT NULL` and has no default makes the insert fail with
    /// [`constraint`](crate::Error::constraint), which names it.
    ///
    /// Timestamps and a `version` are sent besides. An `auto` key that is not among the columns is assigned by the
    /// database and written into the struct, whatever that held.
    pub fn only(mut self, columns: impl ColumnSet<M>) -> Self {
        self.only = Some(columns.positions());
        self
    }

    /// Reads the row back into the struct as the database has it after the insert, with defaults, generated columns, and
    /// after an upsert the columns that were there before. `after_find` runs then. What `AFTER` triggers change is not in
    /// it (<https://sqlite.org/lang_returning.html>). Fields that are no columns stay.
    pub fn returning(mut self) -> Self {
        self.returning = true;
        self
    }

    /// Says what happens where a row is in the way by a unique rule: the key, a unique constraint, or a unique index,
    /// named by its columns, in any order. For a partial index its condition is added, as the struct says it.
    ///
    /// A conflict with any other rule is an error as always. Where no unique rule is made of these columns, the terminal
    /// gives `InvalidQuery` and sends nothing.
    pub fn on_conflict(self, columns: impl ColumnSet<M>) -> OnConflict<'s, M> {
        OnConflict::new(self, Target::of_columns(columns.positions()))
    }

    /// The same by the name of a unique index of the struct: for indexes of expressions, and where several partial ones
    /// are made of the same columns.
    ///
    /// ```
    /// use orm_core::{Engine, Model, Upserted};
    ///
    /// #[derive(Model)]
    /// #[orm(index(author, unique, where = "draft", name = "one_draft"))]
    /// struct Post {
    ///     #[orm(primary_key, auto)]
    ///     id: i64,
    ///     author: String,
    ///     draft: bool,
    ///     text: String,
    /// }
    ///
    /// let session = Engine::open_in_memory()?.session()?;
    /// session.create_table::<Post>()?;
    /// let save = session.inserting::<Post>().on_conflict_index("one_draft").update(Post::TEXT.set_excluded());
    /// let mut draft = Post { id: 0, author: "Ann".into(), draft: true, text: "a".into() };
    /// assert_eq!(save.one(&mut draft)?, Upserted::Inserted);
    /// let mut draft = Post { id: 0, author: "Ann".into(), draft: true, text: "b".into() };
    /// assert_eq!(save.one(&mut draft)?, Upserted::Updated);
    /// assert_eq!(draft.id, 1);
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    pub fn on_conflict_index(self, name: &str) -> OnConflict<'s, M> {
        OnConflict::new(self, Target::Index(name.to_owned()))
    }

    /// Leaves out what meets a row that is in the way by any unique rule. Other constraints (`NOT NULL`, CHECK, foreign
    /// keys) fail as always.
    pub fn ignore_conflicts(self) -> Upserting<'s, M, Ignores> {
        Upserting::new(self, Target::Any, Changes::None)
    }

    /// Inserts the struct, with its hooks, as [`insert`](Session::insert) does.
    ///
    /// # Errors
    ///
    /// As [`insert`](Session::insert).
    pub fn one(&self, model: &mut M) -> Result<()> {
        if self.is_plain() {
            return self.session.insert(model);
        }
        Lowered::insert(self).run(|insertion| insertion.one(self.session, model)).map(|_| ())
    }

    /// [`one`](Self::one) by value: gives the struct back.
    ///
    /// # Errors
    ///
    /// As [`insert`](Session::insert).
    pub fn create(&self, mut model: M) -> Result<M> {
        self.one(&mut model)?;
        Ok(model)
    }

    /// Inserts all of them in one transaction, in order, with their hooks.
    ///
    /// # Errors
    ///
    /// As [`insert`](Session::insert), for the first that fails. None is inserted then, and all structs are as before.
    pub fn all(&self, models: &mut [M]) -> Result<()> {
        if self.is_plain() {
            return self.session.insert_all(models);
        }
        Lowered::insert(self).run(|insertion| insertion.all(self.session, models)).map(|_| ())
    }

    fn is_plain(&self) -> bool {
        self.only.is_none() && !self.returning
    }
}

impl<M> Clone for Inserting<'_, M> {
    fn clone(&self) -> Self {
        Self {
            session: self.session,
            only: self.only.clone(),
            returning: self.returning,
            marker: PhantomData,
        }
    }
}

impl<M: Model> fmt::Debug for Inserting<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inserting")
            .field("table", &M::NAME)
            .field("only", &self.only)
            .field("returning", &self.returning)
            .finish_non_exhaustive()
    }
}
