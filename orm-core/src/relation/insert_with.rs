use std::ops::{Deref, DerefMut};
use std::slice;

use super::columns::{positions, values};
use super::key::ForeignKey;
use super::link::{insert_link, link_of};
use super::{HasMany, HasOne, ManyToMany};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::session::Session;
use crate::value::Value;

/// What [`Session::insert_with`] inserts beside a row of `M`: its relations to rows that refer to it or are linked with it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no relation whose rows can be inserted with a `{M}`",
    label = "expected a `has_many`, `has_one` or `many_to_many` of `{M}`, as it was declared"
)]
pub trait Insertable<M> {
    /// One row, or a slice of them.
    type Rows: ?Sized;

    /// Inserts both sides.
    #[doc(hidden)]
    fn insert(self, session: &Session, row: &mut M, related: &mut Self::Rows) -> Result<()>;
}

impl<M: Model, C: Model> Insertable<M> for HasMany<M, C> {
    type Rows = [C];

    fn insert(self, session: &Session, row: &mut M, related: &mut [C]) -> Result<()> {
        insert_children(session, row, self.key, related)
    }
}

impl<M: Model, C: Model> Insertable<M> for HasOne<M, C> {
    type Rows = C;

    fn insert(self, session: &Session, row: &mut M, related: &mut C) -> Result<()> {
        insert_children(session, row, self.key, slice::from_mut(related))
    }
}

impl<M: Model, T: Model, L: Model> Insertable<M> for ManyToMany<M, T, L> {
    type Rows = [T];

    fn insert(self, session: &Session, row: &mut M, related: &mut [T]) -> Result<()> {
        let mut row = Drafts::new(slice::from_mut(row), &[]);
        let mut related = Drafts::new(related, &[]);
        session.transaction(|tx| {
            tx.insert_all(&mut row)?;
            tx.insert_all(&mut related)?;
            related.iter().try_for_each(|other| insert_link::<L>(tx, link_of(&row[0], self, other)?))
        })?;
        row.keep();
        related.keep();
        Ok(())
    }
}

fn insert_children<M: Model, C: Model>(
    session: &Session,
    parent: &mut M,
    key: ForeignKey,
    children: &mut [C],
) -> Result<()> {
    let (here, there) = (positions::<M>(key.parent)?, positions::<C>(key.child)?);
    let mut parent = Drafts::new(slice::from_mut(parent), &[]);
    let mut children = Drafts::new(children, &there);
    session.transaction(|tx| {
        tx.insert_all(&mut parent)?;
        let values = values(&parent[0], here)?;
        for child in &mut *children {
            refer(child, &there, &values)?;
        }
        tx.insert_all(&mut children)
    })?;
    parent.keep();
    children.keep();
    Ok(())
}

/// Sets a foreign key.
fn refer<C: Model>(child: &mut C, columns: &[usize], values: &[Value]) -> Result<()> {
    for (&column, value) in columns.iter().zip(values) {
        let assigned = child.assign(column, value.as_ref());
        assigned.map_err(|error| {
            Error::unstorable(C::NAME, &C::TABLE.columns[column].name, C::type_name(column), error)
        })?;
    }
    Ok(())
}

/// Structs that an operation writes into: keys, timestamps, foreign keys. On drop, what they held before is put back, also
/// where a hook panics, unless the whole operation succeeded.
struct Drafts<'m, M: Model> {
    rows: &'m mut [M],
    /// The columns that are written.
    columns: Vec<usize>,
    /// What each row held; nothing where that was a placeholder which no column could hold.
    before: Vec<Vec<Option<Value>>>,
}

impl<'m, M: Model> Drafts<'m, M> {
    fn new(rows: &'m mut [M], foreign: &[usize]) -> Self {
        let plan = M::slot().plan(M::TABLE);
        let own = [plan.auto, plan.created_at, plan.updated_at];
        let columns: Vec<usize> = own.into_iter().flatten().chain(foreign.iter().copied()).collect();
        let held = |row: &M| columns.iter().map(|&at| row.encode(at).ok().map(Value::from)).collect();
        let before = rows.iter().map(held).collect();
        Self { rows, columns, before }
    }

    /// The operation succeeded.
    fn keep(mut self) {
        self.before.clear();
    }
}

impl<M: Model> Drop for Drafts<'_, M> {
    fn drop(&mut self) {
        for (row, before) in self.rows.iter_mut().zip(&self.before) {
            for (&column, value) in self.columns.iter().zip(before) {
                // a value that was read from the field fits it
                let put_back = value.as_ref().map_or(Ok(()), |value| row.assign(column, value.as_ref()));
                if let Err(error) = put_back {
                    tracing::warn!(target: "orm_core::session", %error, "a field could not be put back");
                }
            }
        }
    }
}

impl<M: Model> Deref for Drafts<'_, M> {
    type Target = [M];

    fn deref(&self) -> &[M] {
        self.rows
    }
}

impl<M: Model> DerefMut for Drafts<'_, M> {
    fn deref_mut(&mut self) -> &mut [M] {
        self.rows
    }
}

impl Session {
    /// Inserts a row and rows that belong to it, in one transaction. For `has_many` and `has_one` the foreign keys are set
    /// to the row's key, also where the database assigns that; for `many_to_many` both sides are inserted and linked.
    /// Hooks run as in [`insert`](Session::insert), those of the table that links do not.
    ///
    /// ```
    /// use orm_core::{Engine, Model};
    ///
    /// #[derive(Model)]
    /// #[orm(has_many(posts: Post::AUTHOR), has_one(card: Card::OWNER))]
    /// struct User {
    ///     #[orm(primary_key, auto)]
    ///     id: i64,
    /// }
    ///
    /// #[derive(Model)]
    /// struct Post {
    ///     #[orm(primary_key, auto)]
    ///     id: i64,
    ///     #[orm(references = User, index)]
    ///     author_id: i64,
    /// }
    ///
    /// #[derive(Model)]
    /// struct Card {
    ///     #[orm(primary_key, auto)]
    ///     id: i64,
    ///     #[orm(references = User, unique)]
    ///     owner_id: i64,
    /// }
    ///
    /// let session = Engine::open_in_memory()?.session()?;
    /// session.create_table::<User>()?;
    /// session.create_table::<Post>()?;
    /// session.create_table::<Card>()?;
    /// let mut ann = User { id: 0 };
    /// let mut posts = [Post { id: 0, author_id: 0 }, Post { id: 0, author_id: 0 }];
    /// session.insert_with(&mut ann, User::POSTS, &mut posts)?;
    /// assert_eq!(posts.map(|post| (post.id, post.author_id)), [(1, ann.id), (2, ann.id)]);
    ///
    /// let (mut bob, mut card) = (User { id: 0 }, Card { id: 0, owner_id: 0 });
    /// session.insert_with(&mut bob, User::CARD, &mut card)?;
    /// assert_eq!(card.owner_id, bob.id);
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`insert`](Session::insert), for the first row that fails. None is inserted then, and keys, foreign keys and
    /// timestamps of all structs are as before; what a hook wrote into one stays.
    pub fn insert_with<M: Model, R: Insertable<M>>(
        &self,
        row: &mut M,
        relation: R,
        related: &mut R::Rows,
    ) -> Result<()> {
        relation.insert(self, row, related)
    }
}
