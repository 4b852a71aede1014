use super::ManyToMany;
use super::columns::{positions, values};
use super::key::ForeignKey;
use crate::dialect::Sqlite;
use crate::error::{Error, ErrorKind, Result};
use crate::expr::{Assignment, Expr, Filter};
use crate::model::Model;
use crate::query::invalid;
use crate::schema::{IndexDef, IndexTarget, Text};
use crate::session::Session;
use crate::sql::{self, Comparison};
use crate::value::{Value, timestamp_text};

/// The columns of a link and what is in them.
pub(super) type Link = Vec<(&'static str, Value)>;

impl Session {
    /// Links two rows; whether they were not linked yet. The link is a row of `L` with both keys, its timestamps and
    /// version, and otherwise what the database has as defaults; hooks of `L` do not run.
    ///
    /// Where [`unlink`](Session::unlink) marked the link deleted and there can be no second one for the two rows, the
    /// mark is taken away again.
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
        let link = link_of(row, relation, other)?;
        self.transaction(|tx| {
            if tx.find::<L>().filter(equal(&link)).exists()? {
                return Ok(false);
            }
            if !take_back::<L>(tx, &link)? {
                insert_link::<L>(tx, link)?;
            }
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
        let link = link_of(row, relation, other)?;
        Ok(self.find::<L>().filter(equal(&link)).delete()? > 0)
    }
}

/// The link between two rows, whether it is there or not.
pub(super) fn link_of<M: Model, T: Model, L: Model>(
    row: &M,
    relation: ManyToMany<M, T, L>,
    other: &T,
) -> Result<Link> {
    let mut link = Link::new();
    let sides = side(row, &relation.near)?.into_iter().chain(side(other, &relation.far)?);
    for (name, value) in sides {
        match link.iter().find(|(earlier, _)| *earlier == name) {
            None => link.push((name, value)),
            // keys may share a column, such as a tenant
            Some((_, earlier)) if *earlier == value => {}
            Some(_) => {
                let error =
                    invalid("the two rows differ in a column that their keys share, so nothing links them");
                return Err(error.with_table(L::NAME).with_column(name));
            }
        }
    }
    Ok(link)
}

fn side<M: Model>(row: &M, key: &ForeignKey) -> Result<Link> {
    Ok(key.child.iter().copied().zip(values(row, positions::<M>(key.parent)?)?).collect())
}

/// Inserts a link that is not there.
pub(super) fn insert_link<L: Model>(tx: &Session, mut link: Link) -> Result<()> {
    let plan = L::slot().plan(L::TABLE);
    for column in [plan.created_at, plan.updated_at].into_iter().flatten() {
        link.push((plan.name(column), Value::Text(timestamp_text(tx.engine().now())?)));
    }
    if let Some(version) = plan.version.filter(|&version| L::TABLE.columns[version].default.is_none()) {
        link.push((plan.name(version), Value::Integer(0)));
    }
    let (names, values): (Vec<_>, Vec<_>) = link.into_iter().unzip();
    let text = sql::insert_rows(&Sqlite, L::NAME, &names, 1)?;
    let inserted = tx
        .ready_text(&text)
        .and_then(|mut ready| ready.execute(&values[..]))
        .map_err(|error| error.with_constraint_table(L::NAME))?;
    if inserted > 0 { Ok(()) } else { Err(ignored::<L>()) }
}

/// A link that is marked deleted holds its key and its unique values still: where there can be no second one, the mark is
/// taken away. Whether there was one.
fn take_back<L: Model>(tx: &Session, link: &Link) -> Result<bool> {
    let Some(deleted_at) = L::slot().plan(L::TABLE).alive() else { return Ok(false) };
    if !is_unique::<L>(link) {
        return Ok(false);
    }
    let unmark = Assignment::new(deleted_at, sql::Expr::value(Value::Null));
    Ok(tx.find::<L>().with_deleted().filter(equal(link)).update(unmark)? > 0)
}

/// Whether the table takes one such link only.
fn is_unique<L: Model>(link: &Link) -> bool {
    let is_set = |name: &str| link.iter().any(|(column, _)| *column == name);
    let hold = |names: &[Text]| names.iter().all(|name| is_set(name));
    let indexed = |index: &IndexDef| {
        index.unique
            && index.predicate.is_none()
            && index.columns.iter().all(|column| match &column.target {
                IndexTarget::Column(name) => is_set(name),
                IndexTarget::Expression(_) => false,
            })
    };
    hold(&L::TABLE.primary_key)
        || L::TABLE.uniques.iter().any(|unique| hold(&unique.columns))
        || L::TABLE.indexes.iter().any(indexed)
}

fn equal<L>(link: &Link) -> Filter<L> {
    let terms = link.iter().map(|(name, value)| {
        Expr::new(sql::Expr::column(*name, false).compare(Comparison::Eq, sql::Expr::value(value.clone())))
    });
    Filter::all_of(terms)
}

#[cold]
fn ignored<L: Model>() -> Error {
    let message =
        "a trigger or an `ON CONFLICT` clause of the table ignored the link, so the rows are not linked";
    Error::new(ErrorKind::Constraint, message).with_table(L::NAME)
}
