//! Full-text search: a query over the rows whose text has certain words.

mod hit;
mod run;
mod words;

pub use self::hit::Hit;

use std::fmt;

use self::hit::Index;
use self::words::LastWord;
use super::{Query, Selection, Several, Shape};
use crate::expr::{Column, Filter, Order};
use crate::model::{Model, Searchable};
use crate::session::Session;

/// A search in the full-text index of `M`, whose hits become what `S` says: the model, or a tuple that begins with it
/// and goes on with what was asked for beside it. The best hits come first.
///
/// Like a [`Query`], a search is a value: its terminals take `&self`. Rows marked deleted are left out, and the model's
/// [`scope`](crate::Hooks::scope) applies.
///
/// ```
/// use orm_core::{Engine, Model};
///
/// #[derive(Debug, Clone, PartialEq, Model)]
/// #[orm(fts(title, body))]
/// struct Post {
///     #[orm(primary_key, auto)]
///     id: i64,
///     title: String,
///     body: String,
/// }
///
/// let engine = Engine::open_in_memory()?;
/// engine.migrate(&[Post::TABLE])?;
/// let session = engine.session()?;
/// let sails = session.create(Post { id: 0, title: "Sails".into(), body: "A sail needs wind.".into() })?;
/// let knots = session.create(Post { id: 0, title: "Knots".into(), body: "Tie the sail with a knot.".into() })?;
///
/// assert_eq!(session.search::<Post>("sail knot").all()?, [knots.clone()]);
/// assert_eq!(session.search::<Post>("sail").filter(Post::ID.ne(knots.id)).first()?, Some(sails));
/// let marked = session.search::<Post>("knot").highlight(Post::BODY, "<b>", "</b>").all()?;
/// assert_eq!(marked, [(knots, "Tie the sail with a <b>knot</b>.".to_owned())]);
/// # Ok::<(), orm_core::Error>(())
/// ```
#[must_use = "a search does nothing until a terminal such as `all` runs it"]
pub struct Search<'s, M, S: Shape = M> {
    query: Query<'s, M, S>,
    wanted: Wanted,
}

/// What is looked for.
#[derive(Clone)]
struct Wanted {
    text: String,
    syntax: Syntax,
    last_word: LastWord,
    /// What a hit in each column counts; empty where nothing was said.
    weights: Vec<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Syntax {
    /// Words that all have to be there.
    Words,
    /// FTS5's own.
    Expression,
}

impl Session {
    /// Finds the rows whose indexed text has all of these words, the best first.
    ///
    /// The text is data, whatever is in it: quotes, `AND`, `*` or `title:` are no operators here, and no text is an
    /// error. Words are separated by spaces; one with other signs in it, such as `full-text`, stands for its parts side
    /// by side. Case does not matter, nor do what else the index's tokenizer passes over. A text without words finds
    /// nothing. What a [`Search`] can do is said there; it sends
    ///
    /// ```text
    /// SELECT "posts"."id", … FROM "main"."posts" JOIN "main"."posts_fts" AS "t1" ON "posts"."id" = "t1"."rowid"
    /// WHERE match(?1, "t1"."posts_fts") ORDER BY "t1"."rank"
    /// ```
    ///
    /// where `match(…)` is the MATCH of <https://sqlite.org/fts5.html>.
    pub fn search<M: Model + Searchable>(&self, text: &str) -> Search<'_, M> {
        Search::new(self, text, Syntax::Words)
    }

    /// Finds the rows that fit an expression of FTS5, the best first: `sail OR wind`, `"tie the sail"`, `kno*`,
    /// `title : sail`, `NEAR(sail knot, 3)`, `sail NOT wind`
    /// (<https://sqlite.org/fts5.html#full_text_query_syntax>). One that is malformed is an `InvalidQuery` of the
    /// terminal. For what people type there is [`search`](Session::search).
    ///
    /// ```
    /// use orm_core::{Engine, ErrorKind, Model};
    ///
    /// #[derive(Debug, Model)]
    /// #[orm(fts(title))]
    /// struct Post {
    ///     #[orm(primary_key, auto)]
    ///     id: i64,
    ///     title: String,
    /// }
    ///
    /// let session = Engine::open_in_memory()?.session()?;
    /// session.create_table::<Post>()?;
    /// session.insert_all(&mut ["Knots", "Sails", "Winds"].map(|title| Post { id: 0, title: title.into() }))?;
    /// assert_eq!(session.search_expression::<Post>("kno* OR sails").count()?, 2);
    /// let error = session.search_expression::<Post>("knots AND").all().unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::InvalidQuery);
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    pub fn search_expression<M: Model + Searchable>(&self, expression: &str) -> Search<'_, M> {
        Search::new(self, expression, Syntax::Expression)
    }
}

impl<'s, M: Model> Search<'s, M> {
    fn new(session: &'s Session, text: &str, syntax: Syntax) -> Self {
        let wanted =
            Wanted { text: text.to_owned(), syntax, last_word: LastWord::Whole, weights: Vec::new() };
        Self { query: session.find::<M>(), wanted }
    }
}

impl<'s, M: Model, S: Shape> Search<'s, M, S> {
    /// Takes the last word as the beginning of one: for a field that answers while somebody types. An
    /// [expression](Session::search_expression) says that itself, with `*`.
    pub fn prefix(mut self) -> Self {
        self.wanted.last_word = LastWord::Beginning;
        self
    }

    /// What a hit in this column counts, where 1 is usual.
    ///
    /// ```
    /// use orm_core::{Engine, Model};
    ///
    /// #[derive(Debug, Model)]
    /// #[orm(fts(title, body))]
    /// struct Post {
    ///     #[orm(primary_key, auto)]
    ///     id: i64,
    ///     title: String,
    ///     body: String,
    /// }
    ///
    /// let session = Engine::open_in_memory()?.session()?;
    /// session.create_table::<Post>()?;
    /// for (title, body) in [("Knots", "a sail and a sail"), ("The sail", "of linen"), ("Wind", "and water")] {
    ///     session.create(Post { id: 0, title: title.into(), body: body.into() })?;
    /// }
    /// let sails = session.search::<Post>("sail");
    /// assert_eq!(sails.first()?.map(|post| post.title), Some("Knots".to_owned()));
    /// let in_titles = sails.weight(Post::TITLE, 10.0);
    /// assert_eq!(in_titles.first()?.map(|post| post.title), Some("The sail".to_owned()));
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    pub fn weight<T, K>(mut self, column: Column<M, T, K>, weight: f64) -> Self {
        let position = Index::of::<M>().and_then(|index| {
            self.wanted.weights.resize(index.width(), 1.0);
            index.position(column.name())
        });
        match position {
            Ok(position) if weight.is_finite() => self.wanted.weights[position] = weight,
            Ok(_) => self.fail("the weight of a column is a finite number"),
            Err(problem) => self.fail(problem),
        }
        self
    }

    /// Keeps the rows where the condition holds, too. Several filters are joined by AND.
    pub fn filter(self, filter: Filter<M>) -> Self {
        self.with_query(|query| query.filter(filter))
    }

    /// An order of your own, before that of the rank.
    pub fn order_by(self, order: impl Several<Order<M>>) -> Self {
        self.with_query(|query| query.order_by(order))
    }

    /// At most so many rows.
    pub fn limit(self, rows: u64) -> Self {
        self.with_query(|query| query.limit(rows))
    }

    /// Without the first so many rows.
    pub fn offset(self, rows: u64) -> Self {
        self.with_query(|query| query.offset(rows))
    }

    /// Leaves the model's [`scope`](crate::Hooks::scope) out.
    pub fn unscoped(self) -> Self {
        self.with_query(Query::unscoped)
    }

    /// Takes rows in that are marked deleted.
    pub fn with_deleted(self) -> Self {
        self.with_query(Query::with_deleted)
    }

    /// Reads columns and expressions in place of whole models, among them what a [`Hit`] can say: text that is long stays
    /// where it is.
    ///
    /// ```
    /// use orm_core::{Engine, Model};
    ///
    /// #[derive(Debug, Model)]
    /// #[orm(fts(title, body))]
    /// struct Post {
    ///     #[orm(primary_key, auto)]
    ///     id: i64,
    ///     title: String,
    ///     body: String,
    /// }
    ///
    /// let session = Engine::open_in_memory()?.session()?;
    /// session.create_table::<Post>()?;
    /// session.create(Post { id: 0, title: "Knots".into(), body: "First tie the sail to the mast.".into() })?;
    /// let list = session
    ///     .search::<Post>("sail")
    ///     .select(|hit| (Post::ID, Post::TITLE, hit.snippet(Post::BODY, "[", "]", 3)))
    ///     .all()?;
    /// assert_eq!(list, [(1, "Knots".to_owned(), "…the [sail] to…".to_owned())]);
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    pub fn select<T: Selection<M>>(self, selection: impl FnOnce(&Hit<M>) -> T) -> Search<'s, M, T::Shape> {
        let hit = Hit::new();
        let selection = selection(&hit);
        let mut search = self.with_query(|query| query.select(selection));
        if let Some(problem) = hit.problem() {
            search.fail(problem);
        }
        search
    }

    /// What a query can do, done to the search.
    pub(crate) fn with_query<T: Shape>(
        self,
        change: impl FnOnce(Query<'s, M, S>) -> Query<'s, M, T>,
    ) -> Search<'s, M, T> {
        Search { query: change(self.query), wanted: self.wanted }
    }

    /// What cannot be done, which a terminal reports.
    fn fail(&mut self, problem: &'static str) {
        self.query.parts.attached.problem.get_or_insert(problem);
    }
}

impl<M, S: Shape> Clone for Search<'_, M, S> {
    fn clone(&self) -> Self {
        Self { query: self.query.clone(), wanted: self.wanted.clone() }
    }
}

impl<M: Model, S: Shape> fmt::Debug for Search<'_, M, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Search({})", self.to_sql().sql)
    }
}
