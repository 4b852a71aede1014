//! What a search gives: more parts of a row, and the terminals.

use super::hit::Index;
use super::words::quoted_words;
use super::{Search, Syntax};
use crate::dialect::Sqlite;
use crate::error::{Error, ErrorKind, Result};
use crate::expr::Column;
use crate::model::{Model, Searchable};
use crate::query::{Append, Parts, Query, Scalar, Shape};
use crate::session::Session;
use crate::sql::{self, Further, Rendered};
use crate::value::Field;

/// How messages of FTS5 begin that are about its expression.
const OF_EXPRESSIONS: [&str; 5] =
    ["fts5", "unterminated string", "no such column", "unknown special query", "expected integer"];

impl<'s, M: Model, S: Append> Search<'s, M, S> {
    /// With the rank of each row beside it: how well it fits, by bm25; the better, the lower
    /// (<https://sqlite.org/fts5.html#the_bm25_function>).
    pub fn rank(self) -> Search<'s, M, S::With<Scalar<f64>>> {
        self.beside(|index| Ok(index.rank()))
    }

    /// With the text of a column beside each row, where `open` and `close` stand around what was found. The text itself
    /// is as it is: where it becomes HTML, take marks that the text has not, and escape it before they become tags.
    ///
    /// `InvalidQuery` of the terminal where the column is not in the index.
    pub fn highlight<T, K>(
        self,
        column: Column<M, T, K>,
        open: &str,
        close: &str,
    ) -> Search<'s, M, S::With<Scalar<String>>> {
        self.beside(|index| index.highlight(column.name(), open, close))
    }

    /// With a piece of a column's text of at most so many words (from 1 to 64) beside each row: the one where most was
    /// found, marked as by [`highlight`](Self::highlight). `…` stands for what was left out.
    ///
    /// `InvalidQuery` of the terminal where the column is not in the index, and for another number of words.
    pub fn snippet<T, K>(
        self,
        column: Column<M, T, K>,
        open: &str,
        close: &str,
        words: u8,
    ) -> Search<'s, M, S::With<Scalar<String>>> {
        self.beside(|index| index.snippet(column.name(), open, close, words))
    }

    fn beside<T: Field>(
        mut self,
        make: impl FnOnce(&Index) -> Result<sql::Expr, &'static str>,
    ) -> Search<'s, M, S::With<Scalar<T>>> {
        let made = Index::of::<M>().and_then(|index| make(&index)).map_err(|problem| self.fail(problem));
        self.with_query(|query| {
            query.appending::<Scalar<T>>(|attached| attached.columns.extend(made.map(Further::Expr)))
        })
    }
}

impl<'s, M: Model, S: Shape> Search<'s, M, S> {
    /// All hits.
    ///
    /// # Errors
    ///
    /// `InvalidQuery` for a malformed [expression](Session::search_expression), and as [`Query::all`].
    pub fn all(&self) -> Result<Vec<S::Output>> {
        self.run(Query::all)
    }

    /// The best hit, where there is one.
    ///
    /// # Errors
    ///
    /// As [`all`](Self::all).
    pub fn first(&self) -> Result<Option<S::Output>> {
        self.run(Query::first)
    }

    /// How many hits [`all`](Self::all) would give: a limit counts.
    ///
    /// # Errors
    ///
    /// As [`all`](Self::all).
    pub fn count(&self) -> Result<u64> {
        self.run(Query::count)
    }

    /// Whether there is a hit.
    ///
    /// # Errors
    ///
    /// As [`all`](Self::all).
    pub fn exists(&self) -> Result<bool> {
        self.run(Query::exists)
    }

    /// The SELECT that [`all`](Self::all) sends, with the values of its parameters, as [`Query::to_sql`] gives it.
    #[must_use]
    pub fn to_sql(&self) -> Rendered {
        self.to_query().to_sql()
    }

    /// How SQLite would run it, as [`Query::explain`] tells it.
    ///
    /// # Errors
    ///
    /// As [`all`](Self::all).
    pub fn explain(&self) -> Result<String> {
        self.run(Query::explain)
    }

    fn run<T>(&self, terminal: impl FnOnce(&Query<'s, M, S>) -> Result<T>) -> Result<T> {
        let query = self.to_query();
        terminal(&query).map_err(|error| self.explained(&query, error))
    }

    /// The query, joined with the index.
    fn to_query(&self) -> Query<'s, M, S> {
        let mut query = self.query.clone();
        match Index::of::<M>() {
            Ok(index) => self.join(&mut query.parts, &index),
            Err(problem) => _ = query.parts.attached.problem.get_or_insert(problem),
        }
        query
    }

    fn join(&self, parts: &mut Parts, index: &Index) {
        let wanted = &self.wanted;
        let expression = match wanted.syntax {
            Syntax::Words => quoted_words(&wanted.text, wanted.last_word),
            Syntax::Expression => wanted.text.clone(),
        };
        // FTS5 would take what stands before it for all
        if expression.contains('\0') {
            parts.attached.problem.get_or_insert("the expression contains NUL: remove it");
        }
        let mut found = index.matching(expression);
        if !wanted.weights.is_empty() {
            found = found.and(index.ranked_by(&wanted.weights));
        }
        parts.filter = Some(match parts.filter.take() {
            Some(filter) => found.and(filter),
            None => found,
        });
        parts.attached.joins.insert(0, index.join());
        parts.attached.order_by.insert(0, index.best_first());
    }

    /// FTS5 reads the expression when the statement runs: what can be prepared and is refused then is the expression's
    /// fault. Its message would show a part of the text.
    fn explained(&self, query: &Query<'s, M, S>, error: Error) -> Error {
        let about_expression = self.wanted.syntax == Syntax::Expression
            && error.kind() == ErrorKind::Sql
            && OF_EXPRESSIONS.iter().any(|start| error.to_string().starts_with(start))
            && query.session().ready_text(&query.to_sql().sql).is_ok();
        if !about_expression {
            return error;
        }
        let message = "the search is no expression of FTS5 (https://sqlite.org/fts5.html#full_text_query_syntax): \
                       for what people type there is `search`";
        Error::new(ErrorKind::InvalidQuery, message).with_table(M::NAME)
    }
}

impl Session {
    /// Makes the full-text index of the model anew from its rows.
    ///
    /// Triggers keep it in step with every insert, update and delete, raw SQL and other programs included. Two things go
    /// past them: `REPLACE` and `INSERT OR REPLACE`, which delete a row without its trigger unless
    /// `PRAGMA recursive_triggers` is on (an upsert, `ON CONFLICT … DO UPDATE`, is right), and programs that switch
    /// triggers off. After those, words of the old text are found until this is called.
    ///
    /// A trigger of the application's own should not change the indexed text of the very row that it runs for: SQLite may
    /// run it before the index's trigger, so that FTS5 hears of the second text before the first. It then refuses the
    /// write as `Corrupt`, or words of a text that is gone are found. A generated column can be indexed instead.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn rebuild_search<M: Model + Searchable>(&self) -> Result<()> {
        let Some(fts) = sql::FullText::of(M::TABLE)? else { return Ok(()) };
        self.raw(&fts.rebuild(&Sqlite)?.sql, ()).execute().map(|_| ())
    }
}
