use std::borrow::Cow;

use super::expr::{Path, Position};
use super::related::Join;
use super::structure::Word;
use super::{Composed, Compound, Expr, Rendered, Structure, Writer};
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::{ColumnDef, TableDef, Text};
use crate::value::Value;

/// `SELECT …`.
#[derive(Debug, Clone)]
pub struct Select<'q> {
    pub(crate) columns: Columns<'q>,
    /// Another name for the last column.
    pub(crate) last_as: Option<&'static str>,
    pub(crate) distinct: bool,
    pub(crate) from: Source<'q>,
    pub(crate) joins: Cow<'q, [Join]>,
    pub(crate) filter: Option<Cow<'q, Expr>>,
    pub(crate) group_by: Cow<'q, [Expr]>,
    pub(crate) having: Option<Cow<'q, Expr>>,
    pub(crate) order_by: Terms<'q>,
    pub(crate) limit: Option<Value>,
    pub(crate) offset: Option<Value>,
}

/// What a query gives.
#[derive(Debug, Clone)]
pub(crate) enum Columns<'q> {
    /// All columns of a table, in order, and these behind them.
    Of(&'static TableDef, &'q [Further]),
    Exprs(Cow<'q, [Expr]>),
}

/// What a query gives behind the columns of its own table.
#[derive(Debug, Clone)]
pub(crate) enum Further {
    Expr(Expr),
    /// All columns of a table that is joined, in order.
    Joined(Path, &'static TableDef),
}

impl Further {
    /// The same from where `way` begins.
    pub(crate) fn through(self, way: &Path) -> Self {
        match self {
            Self::Expr(expr) => Self::Expr(expr.through(way)),
            Self::Joined(path, table) => Self::Joined(path.behind(way), table),
        }
    }

    /// One expression for each column.
    pub(crate) fn exprs(&self) -> Vec<Expr> {
        match self {
            Self::Expr(expr) => vec![expr.clone()],
            Self::Joined(path, table) => {
                let nullable = |column: &ColumnDef| column.nullable || path.is_optional();
                let column =
                    |column: &ColumnDef| Expr::column_at(path.clone(), column.name.clone(), nullable(column));
                table.columns.iter().map(column).collect()
            }
        }
    }

    fn structure<'o>(&'o self, out: &mut Structure<'o>) {
        match self {
            Self::Expr(expr) => expr.structure(out),
            Self::Joined(path, table) => {
                out.columns_of(table);
                path.structure(out);
            }
        }
    }

    fn write(&self, out: &mut Writer<'_>) -> Result<()> {
        match self {
            Self::Expr(expr) => expr.write(out, Position::Value),
            Self::Joined(path, table) => {
                out.list(&*table.columns, |out, column| out.column_at(path, &column.name))
            }
        }
    }
}

impl From<Expr> for Columns<'_> {
    fn from(expr: Expr) -> Self {
        Self::Exprs(Cow::Owned(vec![expr]))
    }
}

/// What a query reads.
#[derive(Debug, Clone)]
pub(crate) enum Source<'q> {
    /// A table of the dialect's schema.
    Table(Text),
    /// The rows of another query.
    Select(Box<Select<'q>>),
    /// The rows of several queries put together.
    Compound(Box<Compound<'q>>),
}

/// What the rows of an inner query are called.
const ROWS: &str = "rows";

impl Source<'_> {
    fn name(&self) -> &str {
        match self {
            Self::Table(table) => table,
            Self::Select(_) | Self::Compound(_) => ROWS,
        }
    }
}

/// One term of ORDER BY.
#[derive(Debug, Clone)]
pub struct Order {
    pub(crate) expr: Expr,
    pub(crate) descending: bool,
    pub(crate) nulls: Option<Nulls>,
}

/// The terms of ORDER BY: those of the query, and behind them those of what is joined.
#[derive(Debug, Clone)]
pub(crate) enum Terms<'q> {
    Borrowed(&'q [Order], &'q [Order]),
    Owned(Vec<Order>),
}

impl<'q> Terms<'q> {
    pub(crate) fn new(first: &'q [Order], then: &'q [Order]) -> Self {
        Self::Borrowed(first, then)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    fn iter(&self) -> impl Iterator<Item = &Order> {
        let (first, then) = self.parts();
        first.iter().chain(then)
    }

    fn parts(&self) -> (&[Order], &[Order]) {
        match self {
            Self::Borrowed(first, then) => (first, then),
            Self::Owned(terms) => (terms, &[]),
        }
    }

    fn structure<'o>(&'o self, out: &mut Structure<'o>) {
        let (first, then) = self.parts();
        out.list(first, Order::structure);
        out.list(then, Order::structure);
    }
}

impl Default for Terms<'_> {
    fn default() -> Self {
        Self::Borrowed(&[], &[])
    }
}

impl From<Vec<Order>> for Terms<'_> {
    fn from(terms: Vec<Order>) -> Self {
        Self::Owned(terms)
    }
}

/// Where NULL goes in an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nulls {
    First,
    Last,
}

impl Nulls {
    /// A number for a [`Structure`], beside one for the direction.
    pub(super) fn flags(nulls: Option<Self>) -> usize {
        match nulls {
            None => 0,
            Some(Self::First) => 2,
            Some(Self::Last) => 4,
        }
    }
}

/// A number of rows as a parameter. No table has more than SQLite can count.
pub(crate) fn row_count(rows: u64) -> Value {
    Value::Integer(i64::try_from(rows).unwrap_or(i64::MAX))
}

impl<'q> Select<'q> {
    /// Every row of a table, with all its columns, and these behind them.
    pub(crate) fn of_table(table: &'static TableDef, more: &'q [Further]) -> Self {
        let from = Source::Table(table.name.clone());
        Self { columns: Columns::Of(table, more), ..Self::new(from, Cow::Borrowed(&[])) }
    }

    pub(crate) fn new(from: Source<'q>, columns: Cow<'q, [Expr]>) -> Self {
        Self {
            columns: Columns::Exprs(columns),
            last_as: None,
            distinct: false,
            from,
            joins: Cow::Borrowed(&[]),
            filter: None,
            group_by: Cow::Borrowed(&[]),
            having: None,
            order_by: Terms::default(),
            limit: None,
            offset: None,
        }
    }

    /// The statement in that dialect.
    ///
    /// # Errors
    ///
    /// A name with NUL, a value or SQL fragment that cannot be used, a query that reads nothing.
    pub fn render(&self, dialect: &dyn Dialect) -> Result<Rendered> {
        let mut out = Writer::new(dialect);
        self.write_to(&mut out)?;
        Ok(out.finish())
    }

    /// Every expression in it. A table whose columns are listed as such is among the joins.
    fn exprs(&self) -> impl Iterator<Item = &Expr> {
        let (further, columns) = match &self.columns {
            Columns::Of(_, further) => (*further, [].as_slice()),
            Columns::Exprs(columns) => ([].as_slice(), &**columns),
        };
        let further = further.iter().filter_map(|further| match further {
            Further::Expr(expr) => Some(expr),
            Further::Joined(..) => None,
        });
        let conditions = [&self.filter, &self.having].into_iter().filter_map(Option::as_deref);
        further
            .chain(columns)
            .chain(conditions)
            .chain(&*self.group_by)
            .chain(self.order_by.iter().map(|order| &order.expr))
    }

    fn write_with(&self, out: &mut Writer<'_>, joins: &[Join]) -> Result<()> {
        out.push(if self.distinct { "SELECT DISTINCT " } else { "SELECT " });
        match &self.columns {
            Columns::Of(table, more) => {
                out.list(&*table.columns, |out, column| out.column_at(&Path::default(), &column.name))?;
                for column in *more {
                    out.push(", ");
                    column.write(out)?;
                }
            }
            Columns::Exprs(columns) if columns.is_empty() => {
                return Err(Error::new(ErrorKind::InvalidQuery, "a query reads no column: name one"));
            }
            Columns::Exprs(columns) => {
                out.list(&**columns, |out, column| column.write(out, Position::Value))?;
            }
        }
        if let Some(name) = self.last_as {
            out.push(" AS ");
            out.name(name)?;
        }
        out.push(" FROM ");
        match &self.from {
            Source::Table(table) => out.table(table)?,
            Source::Select(inner) => {
                out.push("(");
                inner.write_to(out)?;
                out.push(") AS ");
                out.name(ROWS)?;
            }
            Source::Compound(inner) => {
                out.push("(");
                inner.write(out)?;
                out.push(") AS ");
                out.name(ROWS)?;
            }
        }
        out.joins(joins)?;
        out.filter(" WHERE ", self.filter.as_deref())?;
        if !self.group_by.is_empty() {
            out.push(" GROUP BY ");
            out.list(&*self.group_by, |out, term| {
                if term.has_window() {
                    let message = "a function over a window is computed after groups are made: select it";
                    return Err(Error::new(ErrorKind::InvalidQuery, message));
                }
                term.write(out, Position::Value)
            })?;
        }
        out.filter(" HAVING ", self.having.as_deref())?;
        out.order_and_limit(self.order_by.iter(), self.limit.as_ref(), self.offset.as_ref())
    }
}

impl Composed for Select<'_> {
    fn structure<'o>(&'o self, out: &mut Structure<'o>) {
        let Self {
            columns,
            last_as,
            distinct,
            from,
            joins,
            filter,
            group_by,
            having,
            order_by,
            limit,
            offset,
        } = self;
        out.word(Word::Select, usize::from(*distinct));
        match columns {
            Columns::Of(table, more) => {
                out.columns_of(table);
                out.list(more, Further::structure);
            }
            Columns::Exprs(columns) => out.list(columns, Expr::structure),
        }
        out.optional(last_as.as_ref(), |name, out| out.static_text(name));
        match from {
            Source::Table(table) => out.text(table),
            Source::Select(inner) => inner.structure(out),
            // put together anew each time
            Source::Compound(_) => out.by_text(),
        }
        out.list(joins, Join::structure);
        out.optional(filter.as_deref(), Expr::structure);
        out.list(group_by, Expr::structure);
        out.optional(having.as_deref(), Expr::structure);
        order_by.structure(out);
        out.optional(limit.as_ref(), |limit, out| out.value(limit));
        out.optional(offset.as_ref(), |offset, out| out.value(offset));
    }

    fn write_to(&self, out: &mut Writer<'_>) -> Result<()> {
        let joins = Join::needed(&self.joins, self.exprs());
        let before = out.enter_root(self.from.name(), &joins, self.exprs());
        self.write_with(out, &joins)?;
        out.leave(before);
        Ok(())
    }
}

impl Writer<'_> {
    /// A condition behind its keyword, where there is one.
    pub(super) fn filter(&mut self, keyword: &str, filter: Option<&Expr>) -> Result<()> {
        let Some(filter) = filter else { return Ok(()) };
        self.push(keyword);
        filter.write(self, Position::Filter)
    }

    pub(super) fn order_and_limit<'e>(
        &mut self,
        order_by: impl IntoIterator<Item = &'e Order>,
        limit: Option<&Value>,
        offset: Option<&Value>,
    ) -> Result<()> {
        let mut order_by = order_by.into_iter().peekable();
        if order_by.peek().is_some() {
            self.push(" ORDER BY ");
            self.list(order_by, |out, order| order.write(out))?;
        }
        match (limit, offset) {
            (Some(limit), _) => {
                self.push(" LIMIT ");
                self.value(limit)?;
            }
            (None, Some(_)) => {
                self.push(" ");
                self.push(self.dialect.unlimited());
            }
            (None, None) => {}
        }
        if let Some(offset) = offset {
            self.push(" OFFSET ");
            self.value(offset)?;
        }
        Ok(())
    }
}

impl Order {
    pub(super) fn structure<'o>(&'o self, out: &mut Structure<'o>) {
        let Self { expr, descending, nulls } = self;
        out.word(Word::Order, usize::from(*descending) | Nulls::flags(*nulls));
        expr.structure(out);
    }

    fn write(&self, out: &mut Writer<'_>) -> Result<()> {
        self.expr.write(out, Position::Value)?;
        if self.descending {
            out.push(" DESC");
        }
        match self.nulls {
            Some(Nulls::First) => out.push(" NULLS FIRST"),
            Some(Nulls::Last) => out.push(" NULLS LAST"),
            None => {}
        }
        Ok(())
    }
}
