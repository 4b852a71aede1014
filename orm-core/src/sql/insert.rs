use std::borrow::Cow;

use super::expr::Position;
use super::structure::Word;
use super::{Assignment, Composed, Expr, Rendered, Select, Structure, Writer};
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::{IndexColumn, IndexTarget, Text};

/// `INSERT INTO …` with what happens where there is such a row already, and what is read back.
#[derive(Debug, Clone)]
pub struct Insert<'q> {
    pub(crate) table: Text,
    pub(crate) columns: Vec<Text>,
    pub(crate) rows: Inserted<'q>,
    pub(crate) conflict: Option<Conflict<'q>>,
    pub(crate) returning: Vec<Text>,
}

/// Where the inserted values come from.
#[derive(Debug, Clone)]
pub(crate) enum Inserted<'q> {
    /// One row whose values are bound elsewhere: its placeholders are the statement's first.
    Row,
    /// The rows of a query.
    Select(Box<Select<'q>>),
}

impl<'q> Inserted<'q> {
    /// The rows of a query that a conflict stands behind. Without a WHERE, SQLite would take its ON for that of a join
    /// (<https://sqlite.org/lang_upsert.html#parsing_ambiguity>).
    pub(crate) fn before_conflict(mut select: Select<'q>) -> Self {
        select.filter.get_or_insert_with(|| Cow::Owned(Expr::bool(true)));
        Self::Select(Box::new(select))
    }
}

/// What happens in place of the insert where a unique rule is in the way.
#[derive(Debug, Clone)]
pub(crate) struct Conflict<'q> {
    /// `None` for any rule.
    pub(crate) target: Option<&'q ConflictTarget>,
    pub(crate) action: ConflictAction<'q>,
}

/// A unique rule, named by what it is made of.
#[derive(Debug, Clone)]
pub(crate) struct ConflictTarget {
    pub(crate) terms: Vec<IndexColumn>,
    /// The condition of a partial index.
    pub(crate) predicate: Option<Text>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum ConflictAction<'q> {
    Ignore,
    /// Changes the row that is in the way, where the condition holds for it.
    Update {
        assignments: &'q [Assignment],
        filter: Option<&'q Expr>,
    },
}

impl Insert<'_> {
    /// The statement in that dialect.
    ///
    /// # Errors
    ///
    /// A name with NUL, a value or SQL fragment that cannot be used, a conflict where no column is written.
    pub fn render(&self, dialect: &dyn Dialect) -> Result<Rendered> {
        let mut out = Writer::new(dialect);
        self.write_to(&mut out)?;
        Ok(out.finish())
    }

    fn columns_and_rows(&self, out: &mut Writer<'_>) -> Result<()> {
        out.push(" (");
        out.names(&self.columns)?;
        out.push(") ");
        match &self.rows {
            Inserted::Row => {
                out.push("VALUES (");
                out.bound_elsewhere(self.columns.len());
                out.push(")");
                Ok(())
            }
            Inserted::Select(select) => select.write_to(out),
        }
    }
}

impl Composed for Insert<'_> {
    fn structure<'o>(&'o self, out: &mut Structure<'o>) {
        let Self { table, columns, rows, conflict, returning } = self;
        out.word(Word::Insert, 0);
        out.text(table);
        out.list(columns, |name, out| out.text(name));
        match rows {
            Inserted::Row => out.word(Word::Nothing, 0),
            Inserted::Select(select) => select.structure(out),
        }
        out.optional(conflict.as_ref(), Conflict::structure);
        out.list(returning, |name, out| out.text(name));
    }

    fn write_to(&self, out: &mut Writer<'_>) -> Result<()> {
        out.push("INSERT INTO ");
        out.table(&self.table)?;
        if self.columns.is_empty() {
            if self.conflict.is_some() {
                // SQL has no ON CONFLICT behind DEFAULT VALUES
                return Err(Error::new(
                    ErrorKind::InvalidQuery,
                    "an insert of defaults alone cannot say what happens on a conflict: name a column in `only`",
                )
                .with_table(&self.table));
            }
            out.push(" DEFAULT VALUES");
        } else {
            self.columns_and_rows(out)?;
        }
        if let Some(conflict) = &self.conflict {
            conflict.write(out, &self.table)?;
        }
        out.returning(self.returning.iter())
    }
}

impl Conflict<'_> {
    fn structure<'o>(&'o self, out: &mut Structure<'o>) {
        let Self { target, action } = self;
        out.optional(*target, |target, out| {
            let ConflictTarget { terms, predicate } = target;
            out.list(terms, |term, out| {
                // SQLite does not look at the order and the collation of a target
                let IndexColumn { target, descending: _, collation: _ } = term;
                match target {
                    IndexTarget::Column(name) => {
                        out.word(Word::Column, 0);
                        out.text(name);
                    }
                    IndexTarget::Expression(expression) => {
                        out.word(Word::Fragment, 0);
                        out.text(expression);
                    }
                }
            });
            out.optional(predicate.as_ref(), |predicate, out| out.text(predicate));
        });
        match action {
            ConflictAction::Ignore => out.word(Word::Nothing, 0),
            ConflictAction::Update { assignments, filter } => {
                out.list(assignments, Assignment::structure);
                out.optional(*filter, Expr::structure);
            }
        }
    }

    fn write(&self, out: &mut Writer<'_>, table: &Text) -> Result<()> {
        out.push(" ON CONFLICT");
        if let Some(target) = self.target {
            target.write(out)?;
        }
        match &self.action {
            ConflictAction::Ignore => {
                out.push(" DO NOTHING");
                Ok(())
            }
            ConflictAction::Update { assignments, filter } => {
                if assignments.is_empty() {
                    return Err(Error::new(
                        ErrorKind::InvalidQuery,
                        "an update sets no column: leave it out",
                    ));
                }
                out.push(" DO UPDATE SET ");
                out.in_conflict(table, |out| {
                    out.list(*assignments, |out, assignment| {
                        out.name(&assignment.column)?;
                        out.push(" = ");
                        assignment.value.write(out, Position::Value)
                    })?;
                    out.filter(" WHERE ", *filter)
                })
            }
        }
    }
}

impl ConflictTarget {
    fn write(&self, out: &mut Writer<'_>) -> Result<()> {
        out.push(" (");
        out.list(&self.terms, |out, term| match &term.target {
            IndexTarget::Column(name) => out.name(name),
            IndexTarget::Expression(expression) => {
                out.push("(");
                out.sql_text(expression)?;
                out.push(")");
                Ok(())
            }
        })?;
        out.push(")");
        if let Some(predicate) = &self.predicate {
            out.push(" WHERE ");
            out.sql_text(predicate)?;
        }
        Ok(())
    }
}

impl Writer<'_> {
    /// Placeholders of so many values that are bound elsewhere, before all others.
    fn bound_elsewhere(&mut self, count: usize) {
        for number in 1..=count {
            if number > 1 {
                self.push(", ");
            }
            self.placeholder(number);
        }
        self.bound_elsewhere = count;
    }

    /// Writes what happens to the row that is in the way: the table's own columns are that row's, and there is another
    /// row beside it, which could not be inserted.
    fn in_conflict(&mut self, table: &Text, write: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        self.root = table.to_string();
        let before = self.enter(Some(table.to_string()), &[]);
        self.excluded = Some(self.dialect.excluded());
        let written = write(self);
        self.excluded = None;
        self.leave(before);
        written
    }

    /// A column of the row that could not be inserted.
    pub(super) fn excluded(&mut self, name: &str) -> Result<()> {
        let Some(excluded) = self.excluded else {
            let message =
                "`excluded` is the row that an upsert could not insert: use it in what the upsert does";
            return Err(Error::new(ErrorKind::InvalidQuery, message).with_column(name));
        };
        if self.root.eq_ignore_ascii_case(excluded) {
            let message = "a table of this name hides the row that could not be inserted: `set_excluded` and \
                           `excluded` cannot be used with it";
            return Err(Error::new(ErrorKind::InvalidQuery, message).with_table(&self.root));
        }
        self.qualified(Some(excluded), name)
    }
}
