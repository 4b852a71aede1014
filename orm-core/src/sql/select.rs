use std::any::Any;

use super::expr::{Path, Position};
use super::related::Join;
use super::{Compound, Expr, Rendered, Writer};
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::{TableDef, Text};
use crate::value::Value;

/// `SELECT …`.
#[derive(Debug, Clone)]
pub struct Select {
    pub(crate) columns: Columns,
    /// Another name for the last column.
    pub(crate) last_as: Option<&'static str>,
    pub(crate) distinct: bool,
    pub(crate) from: Source,
    pub(crate) joins: Vec<Join>,
    pub(crate) filter: Option<Expr>,
    pub(crate) group_by: Vec<Expr>,
    pub(crate) having: Option<Expr>,
    pub(crate) order_by: Vec<Order>,
    pub(crate) limit: Option<u64>,
    pub(crate) offset: Option<u64>,
}

/// What a query gives.
#[derive(Debug, Clone)]
pub(crate) enum Columns {
    /// All columns of a table, in order.
    Of(&'static TableDef),
    Exprs(Vec<Expr>),
}

impl From<Expr> for Columns {
    fn from(expr: Expr) -> Self {
        Self::Exprs(vec![expr])
    }
}

/// What a query reads.
#[derive(Debug, Clone)]
pub(crate) enum Source {
    /// A table of the dialect's schema.
    Table(Text),
    /// The rows of another query.
    Select(Box<Select>),
    /// The rows of several queries put together.
    Compound(Box<Compound>),
}

/// What the rows of an inner query are called.
const ROWS: &str = "rows";

impl Source {
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

/// Where NULL goes in an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nulls {
    First,
    Last,
}

impl Select {
    /// Every row of a table, with all its columns.
    pub(crate) fn of_table(table: &'static TableDef) -> Self {
        Self { columns: Columns::Of(table), ..Self::new(Source::Table(table.name.clone()), Vec::new()) }
    }

    pub(crate) fn new(from: Source, columns: Vec<Expr>) -> Self {
        Self {
            columns: Columns::Exprs(columns),
            last_as: None,
            distinct: false,
            from,
            joins: Vec::new(),
            filter: None,
            group_by: Vec::new(),
            having: None,
            order_by: Vec::new(),
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
        self.write(&mut out)?;
        Ok(out.finish())
    }

    /// [`render`](Self::render) with what says which related rows can be seen.
    pub(crate) fn render_in(&self, dialect: &dyn Dialect, context: &dyn Any) -> Result<Rendered> {
        let mut out = Writer::within(dialect, context);
        self.write(&mut out)?;
        Ok(out.finish())
    }

    /// Every expression in it.
    fn exprs(&self) -> impl Iterator<Item = &Expr> {
        let columns = match &self.columns {
            Columns::Of(_) => [].as_slice(),
            Columns::Exprs(columns) => columns,
        };
        let conditions = self.filter.iter().chain(&self.having);
        columns
            .iter()
            .chain(conditions)
            .chain(&self.group_by)
            .chain(self.order_by.iter().map(|order| &order.expr))
    }

    pub(super) fn write(&self, out: &mut Writer<'_>) -> Result<()> {
        let joins = Join::needed(&self.joins, self.exprs());
        let before = out.enter_root(self.from.name(), &joins, self.exprs());
        self.write_with(out, &joins)?;
        out.leave(before);
        Ok(())
    }

    fn write_with(&self, out: &mut Writer<'_>, joins: &[Join]) -> Result<()> {
        out.push(if self.distinct { "SELECT DISTINCT " } else { "SELECT " });
        match &self.columns {
            Columns::Of(table) => {
                out.list(&*table.columns, |out, column| out.column_at(&Path::default(), &column.name))?;
            }
            Columns::Exprs(columns) if columns.is_empty() => {
                return Err(Error::new(ErrorKind::InvalidQuery, "a query reads no column: name one"));
            }
            Columns::Exprs(columns) => out.list(columns, |out, column| column.write(out, Position::Value))?,
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
                inner.write(out)?;
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
        out.filter(" WHERE ", self.filter.as_ref())?;
        if !self.group_by.is_empty() {
            out.push(" GROUP BY ");
            out.list(&self.group_by, |out, term| {
                if term.has_window() {
                    let message = "a function over a window is computed after groups are made: select it";
                    return Err(Error::new(ErrorKind::InvalidQuery, message));
                }
                term.write(out, Position::Value)
            })?;
        }
        out.filter(" HAVING ", self.having.as_ref())?;
        out.order_and_limit(&self.order_by, self.limit, self.offset)
    }
}

impl Writer<'_> {
    /// A condition behind its keyword, where there is one.
    pub(super) fn filter(&mut self, keyword: &str, filter: Option<&Expr>) -> Result<()> {
        let Some(filter) = filter else { return Ok(()) };
        self.push(keyword);
        filter.write(self, Position::Filter)
    }

    pub(super) fn order_and_limit(
        &mut self,
        order_by: &[Order],
        limit: Option<u64>,
        offset: Option<u64>,
    ) -> Result<()> {
        if !order_by.is_empty() {
            self.push(" ORDER BY ");
            self.list(order_by, |out, order| order.write(out))?;
        }
        match (limit, offset) {
            (Some(limit), _) => {
                self.push(" LIMIT ");
                self.row_count(limit)?;
            }
            (None, Some(_)) => {
                self.push(" ");
                self.push(self.dialect.unlimited());
            }
            (None, None) => {}
        }
        if let Some(offset) = offset {
            self.push(" OFFSET ");
            self.row_count(offset)?;
        }
        Ok(())
    }

    fn row_count(&mut self, count: u64) -> Result<()> {
        // no table has more rows than that
        self.value(&Value::Integer(i64::try_from(count).unwrap_or(i64::MAX)))
    }
}

impl Order {
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
