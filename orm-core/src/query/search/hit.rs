use std::any::TypeId;
use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::expr::{Column, Expr};
use crate::model::Model;
use crate::schema::FtsDef;
use crate::sql::{self, Join, Order, Path, Step};
use crate::value::Value;

/// What a search can say of a row that it finds, as expressions to select: see [`Search::select`](super::Search::select).
///
/// ```
/// use orm_core::{Engine, Model};
///
/// #[derive(Model)]
/// #[orm(fts(title))]
/// struct Post {
///     #[orm(primary_key, auto)]
///     id: i64,
///     title: String,
/// }
///
/// let session = Engine::open_in_memory()?.session()?;
/// session.create_table::<Post>()?;
/// session.create(Post { id: 0, title: "Knots and sails".into() })?;
/// let search = session.search::<Post>("knots");
/// let found = search.select(|hit| (Post::ID, hit.highlight(Post::TITLE, "<b>", "</b>"))).all()?;
/// assert_eq!(found, [(1, "<b>Knots</b> and sails".to_owned())]);
/// # Ok::<(), orm_core::Error>(())
/// ```
pub struct Hit<M> {
    index: Result<Index, &'static str>,
    /// What was asked for that cannot be; it is reported when the statement is written.
    problem: Cell<Option<&'static str>>,
    marker: PhantomData<fn() -> M>,
}

/// The full-text index of a model, and how it is reached from a row.
#[derive(Clone)]
pub(super) struct Index {
    fts: &'static FtsDef,
    name: String,
    step: Arc<Step>,
}

/// What stands for text that was left out of a snippet.
const ELLIPSIS: &str = "…";

/// How many words a snippet can have (<https://sqlite.org/fts5.html#the_snippet_function>).
const SNIPPET: std::ops::RangeInclusive<u8> = 1..=64;

impl Index {
    pub(super) fn of<M: Model>() -> Result<Self, &'static str> {
        let (Some(fts), [_]) = (&M::TABLE.fts, M::KEY) else {
            return Err("the model has no full-text index: add `#[orm(fts(…))]` to the struct");
        };
        let name = fts.name_for(M::NAME);
        let step = Step {
            table: name.clone().into(),
            model: TypeId::of::<M>(),
            here: M::KEY.into(),
            there: &["rowid"],
            collated: None,
            to_parent: false,
            optional: false,
            visible: None,
            filter: None,
        };
        Ok(Self { fts, name, step: Arc::new(step) })
    }

    /// The position of a column in the index.
    pub(super) fn position(&self, column: &str) -> Result<usize, &'static str> {
        self.fts.position(column).ok_or("the column is not in the full-text index: add its field to `fts(…)`")
    }

    /// How many columns it has.
    pub(super) fn width(&self) -> usize {
        self.fts.columns.len()
    }

    /// `JOIN "posts_fts" ON "posts"."id" = "posts_fts"."rowid"`.
    pub(super) fn join(&self) -> Join {
        Join { path: Path::new(vec![Arc::clone(&self.step)]), inner: true }
    }

    /// `"posts_fts" MATCH …`, which SQLite also writes as a function.
    pub(super) fn matching(&self, expression: String) -> sql::Expr {
        let arguments = [text(expression), self.itself()];
        sql::Expr::function("match", arguments, false, false)
    }

    /// `rank MATCH 'bm25(…)'`: the function that `rank` gives the value of.
    pub(super) fn ranked_by(&self, weights: &[f64]) -> sql::Expr {
        let weights: Vec<String> = weights.iter().map(ToString::to_string).collect();
        let function = text(format!("bm25({})", weights.join(", ")));
        sql::Expr::function("match", [function, self.rank()], false, false)
    }

    /// The best first.
    pub(super) fn best_first(&self) -> Order {
        Order { expr: self.rank(), descending: false, nulls: None }
    }

    pub(super) fn rank(&self) -> sql::Expr {
        self.column("rank")
    }

    pub(super) fn highlight(&self, column: &str, open: &str, close: &str) -> Result<sql::Expr, &'static str> {
        let arguments = [self.itself(), number(self.position(column)?), text(open), text(close)];
        Ok(or_empty(sql::Expr::function("highlight", arguments, false, true)))
    }

    pub(super) fn snippet(
        &self,
        column: &str,
        open: &str,
        close: &str,
        words: u8,
    ) -> Result<sql::Expr, &'static str> {
        if !SNIPPET.contains(&words) {
            return Err("a snippet has from 1 to 64 words");
        }
        let arguments = [
            self.itself(),
            number(self.position(column)?),
            text(open),
            text(close),
            text(ELLIPSIS),
            number(usize::from(words)),
        ];
        Ok(or_empty(sql::Expr::function("snippet", arguments, false, true)))
    }

    /// The hidden column of the index's own name, which stands for all of it.
    fn itself(&self) -> sql::Expr {
        self.column(&self.name)
    }

    fn column(&self, name: &str) -> sql::Expr {
        sql::Expr::column(name.to_owned(), false).through(&Path::new(vec![Arc::clone(&self.step)]))
    }
}

fn text(value: impl Into<String>) -> sql::Expr {
    sql::Expr::value(Value::Text(value.into()))
}

fn number(value: usize) -> sql::Expr {
    sql::Expr::value(Value::Integer(i64::try_from(value).unwrap_or(i64::MAX)))
}

/// Of NULL and of an empty text FTS5 gives NULL.
fn or_empty(expr: sql::Expr) -> sql::Expr {
    sql::Expr::function("coalesce", [expr, text("")], false, false)
}

impl<M: Model> Hit<M> {
    pub(super) fn new() -> Self {
        Self { index: Index::of::<M>(), problem: Cell::new(None), marker: PhantomData }
    }

    pub(super) fn problem(&self) -> Option<&'static str> {
        self.problem.get()
    }

    /// How well the row fits, by bm25: the better, the lower (<https://sqlite.org/fts5.html#the_bm25_function>).
    #[must_use]
    pub fn rank(&self) -> Expr<M, f64> {
        self.expression(|index| Ok(index.rank()))
    }

    /// The column's text with `open` and `close` around what was found, as in [`Search::highlight`](super::Search::highlight).
    #[must_use]
    pub fn highlight<T, K>(&self, column: Column<M, T, K>, open: &str, close: &str) -> Expr<M, String> {
        self.expression(|index| index.highlight(column.name(), open, close))
    }

    /// A piece of the column's text, as in [`Search::snippet`](super::Search::snippet).
    #[must_use]
    pub fn snippet<T, K>(
        &self,
        column: Column<M, T, K>,
        open: &str,
        close: &str,
        words: u8,
    ) -> Expr<M, String> {
        self.expression(|index| index.snippet(column.name(), open, close, words))
    }

    fn expression<T>(&self, make: impl FnOnce(&Index) -> Result<sql::Expr, &'static str>) -> Expr<M, T> {
        let made = self.index.as_ref().map_err(|problem| *problem).and_then(make);
        Expr::new(made.unwrap_or_else(|problem| {
            self.problem.set(Some(problem));
            text("")
        }))
    }
}

impl<M> fmt::Debug for Hit<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hit").finish_non_exhaustive()
    }
}
