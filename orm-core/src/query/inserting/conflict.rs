use std::fmt;
use std::marker::PhantomData;

use super::super::Several;
use super::Inserting;
use super::lower::Lowered;
use super::target::Target;
use crate::error::Result;
use crate::expr::{Assignment, Filter};
use crate::model::{Model, Upserted};
use crate::sql;

/// An insert that met a unique rule: what shall happen? See [`Inserting::on_conflict`].
#[must_use = "say what happens: `ignore`, `update` or `overwrite`"]
pub struct OnConflict<'s, M> {
    inserting: Inserting<'s, M>,
    target: Target,
}

impl<'s, M: Model> OnConflict<'s, M> {
    pub(super) fn new(inserting: Inserting<'s, M>, target: Target) -> Self {
        Self { inserting, target }
    }

    /// The row that is in the way stays as it is.
    pub fn ignore(self) -> Upserting<'s, M, Ignores> {
        Upserting::new(self.inserting, self.target, Changes::None)
    }

    /// The row that is in the way is changed. A column is that row's; [`excluded`](crate::Column::excluded) is the row's
    /// that could not be inserted, and [`set_excluded`](crate::Column::set_excluded) takes it over.
    ///
    /// `updated_at` is set and `version` counted up besides. No changes leave the row as it is. A row that is marked
    /// deleted or out of the model's [`scope`](crate::Hooks::scope) is not changed: the insert fails, unless
    /// [`with_deleted`](Upserting::with_deleted) or [`unscoped`](Upserting::unscoped) says that such a row is meant.
    pub fn update(self, changes: impl Several<Assignment<M>>) -> Upserting<'s, M, Updates> {
        let changes = changes.into_list().into_iter().map(|change| change.inner).collect();
        Upserting::new(self.inserting, self.target, Changes::These(changes))
    }

    /// The row that is in the way gets every value that is sent, except for its key, the columns of the conflict, and
    /// `created_at`: [`update`](Self::update) with [`set_excluded`](crate::Column::set_excluded) of each.
    ///
    /// ```
    /// use orm_core::{Engine, Model};
    ///
    /// #[derive(Debug, Clone, PartialEq, Model)]
    /// struct Setting {
    ///     #[orm(primary_key)]
    ///     name: String,
    ///     value: String,
    /// }
    ///
    /// let session = Engine::open_in_memory()?.session()?;
    /// session.create_table::<Setting>()?;
    /// let put = session.inserting::<Setting>().on_conflict(Setting::NAME).overwrite();
    /// for value in ["dark", "light"] {
    ///     put.one(&mut Setting { name: "theme".into(), value: value.into() })?;
    /// }
    /// assert_eq!(session.find::<Setting>().one()?.value, "light");
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    pub fn overwrite(self) -> Upserting<'s, M, Updates> {
        Upserting::new(self.inserting, self.target, Changes::All)
    }
}

impl<M: Model> fmt::Debug for OnConflict<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnConflict")
            .field("inserting", &self.inserting)
            .field("target", &self.target)
            .finish()
    }
}

/// Marks an upsert that leaves the row alone that is in the way.
#[derive(Debug)]
pub enum Ignores {}

/// Marks an upsert that changes the row that is in the way.
#[derive(Debug)]
pub enum Updates {}

/// Upserts that change a row, and can say which: those of [`OnConflict::update`] and [`OnConflict::overwrite`].
#[diagnostic::on_unimplemented(
    message = "an upsert that ignores changes no row, so there is no condition for one",
    label = "this upsert ignores",
    note = "say `update` or `overwrite` in place of `ignore`"
)]
pub trait ChangesRows {}

impl ChangesRows for Updates {}

/// What changes in the row that is in the way.
#[derive(Debug, Clone)]
pub(super) enum Changes {
    None,
    These(Vec<sql::Assignment>),
    /// Whatever is sent.
    All,
}

/// An insert that knows a way out of a conflict. It is a value and can be used again.
///
/// Each row goes into a statement of its own, so that it can be told what became of it; `all` holds the statement.
///
/// `before_insert` runs for every struct, since nobody knows yet what becomes of it; then `after_insert` or
/// `after_update`, by what happened, and for a row that was left alone neither.
///
/// ```
/// use orm_core::{Engine, Model, Upserted};
///
/// #[derive(Debug, Clone, PartialEq, Model)]
/// struct Score {
///     #[orm(primary_key)]
///     player: String,
///     points: i64,
/// }
///
/// let session = Engine::open_in_memory()?.session()?;
/// session.create_table::<Score>()?;
/// let score = |player: &str, points| Score { player: player.into(), points };
///
/// let best = session
///     .inserting::<Score>()
///     .on_conflict(Score::PLAYER)
///     .update(Score::POINTS.set_excluded())
///     .filter(Score::POINTS.lt(Score::POINTS.excluded()));
/// let mut games = [score("Ann", 3), score("Bob", 5), score("Ann", 7), score("Bob", 1)];
/// assert_eq!(
///     best.all(&mut games)?,
///     [Upserted::Inserted, Upserted::Inserted, Upserted::Updated, Upserted::LeftAlone]
/// );
/// assert_eq!(session.find::<Score>().all()?, [score("Ann", 7), score("Bob", 5)]);
/// # Ok::<(), orm_core::Error>(())
/// ```
#[must_use = "nothing is inserted before a terminal such as `one` or `all`"]
pub struct Upserting<'s, M, A> {
    pub(super) inserting: Inserting<'s, M>,
    pub(super) target: Target,
    pub(super) changes: Changes,
    pub(super) condition: Option<sql::Expr>,
    pub(super) unscoped: bool,
    pub(super) with_deleted: bool,
    marker: PhantomData<fn() -> A>,
}

impl<'s, M: Model, A> Upserting<'s, M, A> {
    pub(super) fn new(inserting: Inserting<'s, M>, target: Target, changes: Changes) -> Self {
        let (condition, unscoped, with_deleted) = (None, false, false);
        Self { inserting, target, changes, condition, unscoped, with_deleted, marker: PhantomData }
    }

    /// Reads the row back into the struct, see [`Inserting::returning`]. A struct whose row was left alone stays.
    pub fn returning(mut self) -> Self {
        self.inserting.returning = true;
        self
    }

    /// Inserts the struct, or does what was said, and gives what became of it.
    ///
    /// The struct holds the key of the row then, and its timestamps; what else the row holds only after
    /// [`returning`](Self::returning), or where the model has a `version`, which is never read without the rest. A struct
    /// whose row was left alone is as before, but for what hooks wrote into it.
    ///
    /// # Errors
    ///
    /// As [`insert`](crate::Session::insert), for conflicts with other rules and other constraints; `InvalidQuery` where
    /// no unique rule is the one that was named, and for a column that is set twice; `Constraint` where the row in the
    /// way is marked deleted or out of the model's scope, and no [`filter`](Upserting::filter) was given that leaves it
    /// open. The struct is as before then.
    pub fn one(&self, model: &mut M) -> Result<Upserted> {
        Lowered::upsert(self)?.run(|insertion| insertion.one(self.inserting.session, model))
    }

    /// The same for all of them in one transaction, in order: what became of each.
    ///
    /// # Errors
    ///
    /// As [`one`](Self::one), for the first that fails. Nothing is written then, and all structs are as before.
    pub fn all(&self, models: &mut [M]) -> Result<Vec<Upserted>> {
        Lowered::upsert(self)?.run(|insertion| insertion.all(self.inserting.session, models))
    }
}

impl<M: Model, A> Upserting<'_, M, A> {
    /// Changes the row in the way only where the condition holds for it; else it is [left alone](Upserted::LeftAlone).
    /// Several filters are joined by AND. With a filter, a row that is marked deleted or out of the scope is left alone
    /// too.
    pub fn filter(mut self, filter: Filter<M>) -> Self
    where
        A: ChangesRows,
    {
        self.condition = Some(match self.condition.take() {
            Some(before) => before.and(filter.inner),
            None => filter.inner,
        });
        self
    }

    /// Changes a row in the way also where the model's [`scope`](crate::Hooks::scope) leaves it out.
    pub fn unscoped(mut self) -> Self
    where
        A: ChangesRows,
    {
        self.unscoped = true;
        self
    }

    /// Changes a row in the way also where it is marked deleted. It stays marked, unless the changes say otherwise:
    /// `User::DELETED_AT.set(None)`, or [`overwrite`](OnConflict::overwrite).
    pub fn with_deleted(mut self) -> Self
    where
        A: ChangesRows,
    {
        self.with_deleted = true;
        self
    }
}

impl<M, A> Clone for Upserting<'_, M, A> {
    fn clone(&self) -> Self {
        Self {
            inserting: self.inserting.clone(),
            target: self.target.clone(),
            changes: self.changes.clone(),
            condition: self.condition.clone(),
            unscoped: self.unscoped,
            with_deleted: self.with_deleted,
            marker: PhantomData,
        }
    }
}

impl<M: Model, A> fmt::Debug for Upserting<'_, M, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upserting")
            .field("inserting", &self.inserting)
            .field("target", &self.target)
            .finish_non_exhaustive()
    }
}
