use super::key::ForeignKey;
use super::{HasMany, ManyToMany};
use crate::dialect::Sqlite;
use crate::error::{Error, ErrorKind, Result};
use crate::expr::{Expr, Filter};
use crate::model::Model;
use crate::query::{Shape, invalid};
use crate::session::Session;
use crate::sql::{self, Comparison};
use crate::value::{Value, timestamp_text};

impl Session {
    /// Inserts a row and rows that belong to it, in one transaction: the children's foreign keys are set to the parent's
    /// key, also where the database assigns that. All hooks run as in [`insert`](Session::insert).
    ///
    /// ```
    /// use orm_core::{Engine, Model};
    ///
    /// #[derive(Model)]
    /// #[orm(has_many(posts: Post::AUTHOR))]
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
    /// let session = Engine::open_in_memory()?.session()?;
    /// session.create_table::<User>()?;
    /// session.create_table::<Post>()?;
    /// let mut ann = User { id: 0 };
    /// let mut posts = [Post { id: 0, author_id: 0 }, Post { id: 0, author_id: 0 }];
    /// session.insert_with(&mut ann, User::POSTS, &mut posts)?;
    /// assert_eq!(posts.map(|post| (post.id, post.author_id)), [(1, ann.id), (2, ann.id)]);
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`insert`](Session::insert), for the first row that fails. None is inserted then, and all structs are as before.
    pub fn insert_with<M: Model, C: Model>(
        &self,
        parent: &mut M,
        relation: HasMany<M, C>,
        children: &mut [C],
    ) -> Result<()> {
        let before = values(parent, 0..M::TABLE.columns.len())?;
        let foreign = positions::<C>(relation.key.child)?;
        let foreign_before = children
            .iter()
            .map(|child| values(child, foreign.iter().copied()))
            .collect::<Result<Vec<_>>>()?;
        let outcome = self.transaction(|tx| {
            tx.insert(parent)?;
            let key = values(parent, positions::<M>(relation.key.parent)?)?;
            for child in &mut *children {
                assign(child, &foreign, &key)?;
            }
            tx.insert_all(children)
        });
        if outcome.is_err() {
            let all: Vec<usize> = (0..before.len()).collect();
            assign(parent, &all, &before)?;
            for (child, before) in children.iter_mut().zip(&foreign_before) {
                assign(child, &foreign, before)?;
            }
        }
        outcome
    }

    /// Links two rows; whether they were not linked yet. The link is a row of `L` with both keys, its timestamps, and
    /// otherwise what the database has as defaults; hooks of `L` do not run.
    ///
    /// ```
    /// use orm_core::{Engine, Model};
    ///
    /// #[derive(Model)]
    /// #[orm(many_to_many(tags: Tag through PostTag::POST, PostTag::TAG))]
    /// struct Post {
    ///     #[orm(primary_key, auto)]
    ///     id: i64,
    /// }
    ///
    /// #[derive(Model)]
    /// struct Tag {
    ///     #[orm(primary_key, auto)]
    ///     id: i64,
    /// }
    ///
    /// #[derive(Model)]
    /// #[orm(primary_key(post_id, tag_id))]
    /// struct PostTag {
    ///     #[orm(references = Post)]
    ///     post_id: i64,
    ///     #[orm(references = Tag)]
    ///     tag_id: i64,
    /// }
    ///
    /// let session = Engine::open_in_memory()?.session()?;
    /// session.create_table::<Post>()?;
    /// session.create_table::<Tag>()?;
    /// session.create_table::<PostTag>()?;
    /// let (post, tag) = (session.create(Post { id: 0 })?, session.create(Tag { id: 0 })?);
    /// assert!(session.link(&post, Post::TAGS, &tag)?);
    /// assert!(!session.link(&post, Post::TAGS, &tag)?);
    /// assert!(session.unlink(&post, Post::TAGS, &tag)?);
    /// assert_eq!(session.find::<PostTag>().count()?, 0);
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`constraint`](Error::constraint) where a row is gone, or `L` has columns that need a value.
    pub fn link<M: Model, T: Model, L: Model>(
        &self,
        row: &M,
        relation: ManyToMany<M, T, L>,
        other: &T,
    ) -> Result<bool> {
        let mut columns = linked(row, relation, other)?;
        self.transaction(|tx| {
            if tx.find::<L>().filter(equal(&columns)).exists()? {
                return Ok(false);
            }
            let plan = L::slot().plan(L::TABLE);
            for column in [plan.created_at, plan.updated_at].into_iter().flatten() {
                columns.push((plan.name(column), Value::Text(timestamp_text(tx.engine().now())?)));
            }
            let (names, values): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
            let text = sql::insert_rows(&Sqlite, L::NAME, &names, 1)?;
            tx.ready_text(&text)
                .and_then(|mut ready| ready.execute(&values[..]))
                .map_err(|error| error.with_constraint_table(L::NAME))?;
            Ok(true)
        })
    }

    /// Takes the link between two rows away; whether there was one. Where `L` has a `deleted_at` column, it is marked
    /// deleted.
    ///
    /// # Errors
    ///
    /// [`constraint`](Error::constraint) where something refers to the link.
    pub fn unlink<M: Model, T: Model, L: Model>(
        &self,
        row: &M,
        relation: ManyToMany<M, T, L>,
        other: &T,
    ) -> Result<bool> {
        let columns = linked(row, relation, other)?;
        Ok(self.find::<L>().filter(equal(&columns)).delete()? > 0)
    }
}

/// The link's columns and what is in them.
fn linked<M: Model, T: Model, L: Model>(
    row: &M,
    relation: ManyToMany<M, T, L>,
    other: &T,
) -> Result<Vec<(&'static str, Value)>> {
    let mut columns: Vec<(&'static str, Value)> = Vec::new();
    let sides = side(row, &relation.near)?.into_iter().chain(side(other, &relation.far)?);
    for (name, value) in sides {
        match columns.iter().find(|(earlier, _)| *earlier == name) {
            None => columns.push((name, value)),
            // keys may share a column, such as a tenant
            Some((_, earlier)) if *earlier == value => {}
            Some(_) => {
                let error =
                    invalid("the two rows differ in a column that their keys share, so nothing links them");
                return Err(error.with_table(L::NAME).with_column(name));
            }
        }
    }
    Ok(columns)
}

fn side<M: Model>(row: &M, key: &ForeignKey) -> Result<Vec<(&'static str, Value)>> {
    Ok(key.child.iter().copied().zip(values(row, positions::<M>(key.parent)?)?).collect())
}

fn equal<L>(columns: &[(&'static str, Value)]) -> Filter<L> {
    let terms = columns.iter().map(|(name, value)| {
        Expr::new(sql::Expr::column(*name, false).compare(Comparison::Eq, sql::Expr::value(value.clone())))
    });
    Filter::all_of(terms)
}

fn positions<M: Model>(names: &[&'static str]) -> Result<Vec<usize>> {
    let positions = names.iter().map(|name| {
        let error = || {
            Error::new(ErrorKind::Internal, "a relation names a column that is not there: please report it")
        };
        M::TABLE.position(name).ok_or_else(error)
    });
    positions.collect()
}

fn values<M: Model>(model: &M, columns: impl IntoIterator<Item = usize>) -> Result<Vec<Value>> {
    columns.into_iter().map(|column| <M as Shape>::value(model, column)).collect()
}

fn assign<M: Model>(model: &mut M, columns: &[usize], values: &[Value]) -> Result<()> {
    for (&column, value) in columns.iter().zip(values) {
        let assigned = model.assign(column, value.as_ref());
        assigned.map_err(|error| {
            Error::unstorable(M::NAME, &M::TABLE.columns[column].name, M::type_name(column), error)
        })?;
    }
    Ok(())
}
