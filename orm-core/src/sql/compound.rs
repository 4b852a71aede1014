use std::any::Any;

use super::nested::Body;
use super::{Rendered, Writer};
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};

/// Several SELECTs put together, taken from the left: <https://sqlite.org/lang_select.html#compound>.
#[derive(Debug, Clone)]
pub(crate) struct Compound {
    pub(crate) first: Box<Body>,
    pub(crate) others: Vec<(SetOperator, Body)>,
    pub(crate) order_by: Vec<Nth>,
    pub(crate) limit: Option<u64>,
    pub(crate) offset: Option<u64>,
}

/// How the rows of two queries become those of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SetOperator {
    Union,
    UnionAll,
    Intersect,
    Except,
}

/// A term of an order: a column by its position, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Nth {
    pub(crate) position: usize,
    pub(crate) descending: bool,
}

impl SetOperator {
    fn sql(self) -> &'static str {
        match self {
            Self::Union => " UNION ",
            Self::UnionAll => " UNION ALL ",
            Self::Intersect => " INTERSECT ",
            Self::Except => " EXCEPT ",
        }
    }
}

impl Compound {
    pub(super) fn write(&self, out: &mut Writer<'_>) -> Result<()> {
        self.first.write_term(out)?;
        for (operator, other) in &self.others {
            out.push(operator.sql());
            other.write_term(out)?;
        }
        if !self.order_by.is_empty() {
            out.push(" ORDER BY ");
            out.list(&self.order_by, |out, term| {
                out.push(&term.position.to_string());
                out.push(if term.descending { " DESC" } else { "" });
                Ok(())
            })?;
        }
        out.order_and_limit(&[], self.limit, self.offset)
    }
}

impl Body {
    pub(crate) fn render_in(&self, dialect: &dyn Dialect, context: &dyn Any) -> Result<Rendered> {
        let mut out = Writer::within(dialect, context);
        self.write(&mut out)?;
        Ok(out.finish())
    }

    /// As one of several queries: order and limit would be those of the whole, so they go inside.
    fn write_term(&self, out: &mut Writer<'_>) -> Result<()> {
        let plain = match self {
            Self::Select(select) => {
                select.order_by.is_empty() && select.limit.is_none() && select.offset.is_none()
            }
            Self::Compound(_) => false,
        };
        if plain {
            return self.write(out);
        }
        out.push("SELECT * FROM (");
        out.inside(|out| self.write(out))?;
        out.push(")");
        Ok(())
    }

    /// With at most so many rows.
    pub(crate) fn at_most(mut self, rows: u64) -> Self {
        let limit = match &mut self {
            Self::Select(select) => &mut select.limit,
            Self::Compound(compound) => &mut compound.limit,
        };
        *limit = Some(limit.map_or(rows, |limit| limit.min(rows)));
        self
    }
}

impl Nth {
    /// Whether the rows have such a column.
    pub(crate) fn check(self, width: usize) -> Result<()> {
        if (1..=width).contains(&self.position) {
            return Ok(());
        }
        let message = format!(
            "the rows have {width} columns, counted from 1: there is none at position {}",
            self.position
        );
        Err(Error::new(ErrorKind::InvalidQuery, message))
    }
}
