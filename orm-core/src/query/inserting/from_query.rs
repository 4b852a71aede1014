use super::super::{Query, Scalar, Shape, invalid};
use super::conflict::Upserting;
use super::lower::Lowered;
use crate::error::Result;
use crate::expr::Column;
use crate::model::{Model, Plan};
use crate::session::Session;
use crate::sql::{Columns, Expr, Select};
use crate::value::{Field, Value, timestamp_text};

/// Columns of `M` that take the rows of a query whose rows are `S`: one for each column that it selects, of the same type;
/// an optional one also takes what is never NULL.
#[diagnostic::on_unimplemented(
    message = "a query of `{S}` does not fit into `{Self}`",
    label = "expected as many columns of `{M}` as the query selects, each of the same type",
    note = "an `Option` fits only where the column is one"
)]
pub trait Receives<M, S> {
    /// The columns' positions in `TABLE.columns`.
    #[doc(hidden)]
    fn positions(self) -> Vec<usize>;
}

impl<M, T: Field> Receives<M, Scalar<T>> for Column<M, T> {
    fn positions(self) -> Vec<usize> {
        vec![self.any().position]
    }
}

#[diagnostic::do_not_recommend]
impl<M, T: Field> Receives<M, Scalar<T>> for Column<M, Option<T>> {
    fn positions(self) -> Vec<usize> {
        vec![self.any().position]
    }
}

macro_rules! tuples {
    ($($first:ident $shape:ident $($name:ident $other:ident)*)?) => {$(
        #[diagnostic::do_not_recommend]
        impl<M, $first: Receives<M, $shape>, $shape, $($name: Receives<M, $other>, $other),*>
            Receives<M, ($shape, $($other,)*)> for ($first, $($name,)*)
        {
            fn positions(self) -> Vec<usize> {
                #[allow(non_snake_case, reason = "one name for the type and its value")]
                let ($first, $($name,)*) = self;
                [$first.positions(), $($name.positions()),*].concat()
            }
        }

        tuples!($($name $other)*);
    )?};
}

tuples!(A SA B SB C SC D SD E SE F SF G SG H SH I SI J SJ K SK L SL);

impl Session {
    /// Inserts what a query selects, in one statement: `INSERT … SELECT`. Gives how many rows.
    ///
    /// The rows never leave the database, and no hook runs but the scope of the query. `created_at` and `updated_at` are
    /// set besides; other columns that are not named get the database's default. Types have to be the same, and
    /// `func::count()` is a `u64`: for a column of another type there is `func::count().cast::<i64>()`.
    ///
    /// ```
    /// use orm_core::{Engine, Model};
    ///
    /// #[derive(Model)]
    /// struct Post {
    ///     #[orm(primary_key, auto)]
    ///     id: i64,
    ///     title: String,
    ///     year: i64,
    /// }
    ///
    /// #[derive(Model)]
    /// struct Archived {
    ///     #[orm(primary_key, auto)]
    ///     id: i64,
    ///     title: String,
    ///     year: Option<i64>,
    /// }
    ///
    /// let session = Engine::open_in_memory()?.session()?;
    /// session.create_table::<Post>()?;
    /// session.create_table::<Archived>()?;
    /// session.insert_all(&mut [1999, 2026].map(|year| Post { id: 0, title: "x".into(), year }))?;
    ///
    /// let old = session.find::<Post>().filter(Post::YEAR.lt(2000));
    /// let rows = old.clone().select((Post::TITLE, Post::YEAR));
    /// assert_eq!(session.insert_from((Archived::TITLE, Archived::YEAR), &rows)?, 1);
    /// assert_eq!(old.delete()?, 1);
    /// assert_eq!(session.find::<Archived>().one()?.year, Some(1999));
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`constraint`](crate::Error::constraint) where a row violates one, and nothing is inserted then; what the query
    /// says; `InvalidQuery` for a column that is named twice.
    pub fn insert_from<M: Model, N: Model, S: Shape>(
        &self,
        columns: impl Receives<M, S>,
        query: &Query<'_, N, S>,
    ) -> Result<u64> {
        let inserting = self.inserting::<M>();
        let plan = M::slot().plan(M::TABLE);
        let columns = distinct::<M>(plan, columns.positions())?;
        let (columns, select) = with_stamps(self, plan, columns, query)?;
        Lowered::insert_of(&inserting, columns).run_from(select)
    }
}

impl<M: Model, A> Upserting<'_, M, A> {
    /// [`insert_from`](Session::insert_from) with this way out of conflicts. Gives how many rows were inserted or changed.
    ///
    /// ```
    /// use orm_core::{Engine, Model, func};
    ///
    /// #[derive(Model)]
    /// struct Visit {
    ///     #[orm(primary_key, auto)]
    ///     id: i64,
    ///     page: String,
    /// }
    ///
    /// #[derive(Debug, PartialEq, Model)]
    /// struct Total {
    ///     #[orm(primary_key)]
    ///     page: String,
    ///     visits: u64,
    /// }
    ///
    /// let session = Engine::open_in_memory()?.session()?;
    /// session.create_table::<Visit>()?;
    /// session.create_table::<Total>()?;
    /// session.create(Total { page: "/".into(), visits: 10 })?;
    /// session.insert_all(&mut ["/", "/", "/a"].map(|page| Visit { id: 0, page: page.into() }))?;
    ///
    /// let counts = session.find::<Visit>().group_by(Visit::PAGE).select((Visit::PAGE, func::count()));
    /// let add = session
    ///     .inserting::<Total>()
    ///     .on_conflict(Total::PAGE)
    ///     .update(Total::VISITS.set(Total::VISITS + Total::VISITS.excluded()));
    /// assert_eq!(add.insert_from((Total::PAGE, Total::VISITS), &counts)?, 2);
    /// assert_eq!(session.get::<Total>("/")?.unwrap().visits, 12);
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`insert_from`](Session::insert_from) and [`one`](Upserting::one), but for rows in the way that are marked
    /// deleted or out of the scope: those are left alone. `InvalidQuery` after [`only`](super::Inserting::only): the
    /// columns are named here.
    pub fn insert_from<N: Model, S: Shape>(
        &self,
        columns: impl Receives<M, S>,
        query: &Query<'_, N, S>,
    ) -> Result<u64> {
        if self.inserting.only.is_some() {
            let error = invalid("`insert_from` names the columns: leave `only` out");
            return Err(error.with_table(M::NAME));
        }
        let plan = M::slot().plan(M::TABLE);
        let columns = distinct::<M>(plan, columns.positions())?;
        let (columns, select) = with_stamps(self.inserting.session, plan, columns, query)?;
        Lowered::upsert_of(self, columns)?.run_from(select)
    }
}

fn distinct<M: Model>(plan: &Plan, columns: Vec<usize>) -> Result<Vec<usize>> {
    for (position, column) in columns.iter().enumerate() {
        if columns[..position].contains(column) {
            let error = invalid("the column is named twice: name it once");
            return Err(error.with_table(M::NAME).with_column(plan.name(*column)));
        }
    }
    Ok(columns)
}

/// The columns and what is selected for them, with the timestamps.
fn with_stamps<'q, N: Model, S: Shape>(
    session: &Session,
    plan: &Plan,
    mut columns: Vec<usize>,
    query: &'q Query<'_, N, S>,
) -> Result<(Vec<usize>, Select<'q>)> {
    if !std::ptr::eq(session, query.session()) {
        return Err(invalid("the query belongs to another session: begin it with this one"));
    }
    let mut select = query.to_select()?;
    let stamps = [plan.created_at, plan.updated_at].into_iter().flatten();
    let stamps: Vec<usize> = stamps.filter(|stamp| !columns.contains(stamp)).collect();
    if !stamps.is_empty()
        && let Columns::Exprs(selected) = &mut select.columns
    {
        let now = Value::Text(timestamp_text(session.engine().now())?);
        selected.to_mut().extend(stamps.iter().map(|_| Expr::value(now.clone())));
        columns.extend(stamps);
    }
    Ok((columns, select))
}
