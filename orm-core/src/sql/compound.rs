use super::Writer;
use super::nested::Body;
use crate::error::{Error, ErrorKind, Result};
use crate::value::Value;

/// Several SELECTs put together, taken from the left: <https://sqlite.org/lang_select.html#compound>.
#[derive(Debug, Clone)]
pub(crate) struct Compound<'q> {
    pub(crate) first: Box<Body<'q>>,
    pub(crate) others: Vec<(SetOperator, Body<'q>)>,
    pub(crate) order_by: Vec<Nth>,
    pub(crate) limit: Option<Value>,
    pub(crate) offset: Option<Value>,
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

impl Compound<'_> {
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
        out.order_and_limit(&[], self.limit.as_ref(), self.offset.as_ref())
    }
}

impl Body<'_> {
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
}

impl Nth {
    /// Whether the rows have such a column.
    pub(crate) fn check(self, width: usize) -> Result<()> {
        if (1..=width).contains(&self.position) {
            return Ok(());
        }
        let message = format!(
            "there is no column at position {}: the rows have {width}, counted from 1",
            self.position
        );
        Err(Error::new(ErrorKind::InvalidQuery, message))
    }
}
