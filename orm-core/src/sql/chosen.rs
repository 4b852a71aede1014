use std::borrow::Cow;

use super::structure::Word;
use super::{Expr, Order, Structure, Writer};
use crate::error::{Error, ErrorKind, Result};
use crate::schema::Text;
use crate::value::Value;

/// The rows that an UPDATE or DELETE changes.
#[derive(Debug, Clone)]
pub(crate) struct Chosen<'q> {
    pub(crate) table: Text,
    pub(crate) filter: Option<Cow<'q, Expr>>,
    pub(crate) limited: Option<Limited<'q>>,
}

/// Only some of the rows: they are chosen by a sub-query over their key, since not every SQLite takes a LIMIT on a write
/// (<https://sqlite.org/lang_update.html#optional_limit_and_order_by_clauses>).
#[derive(Debug, Clone)]
pub(crate) struct Limited<'q> {
    pub(crate) key: Cow<'q, [Text]>,
    pub(crate) order_by: Cow<'q, [Order]>,
    pub(crate) limit: Option<Value>,
    pub(crate) offset: Option<Value>,
}

impl Chosen<'_> {
    /// Every expression in it.
    pub(super) fn exprs(&self) -> impl Iterator<Item = &Expr> {
        let orders = self.limited.iter().flat_map(|limited| &*limited.order_by);
        self.filter.as_deref().into_iter().chain(orders.map(|order| &order.expr))
    }

    pub(super) fn structure<'o>(&'o self, out: &mut Structure<'o>) {
        let Self { table, filter, limited } = self;
        out.text(table);
        out.optional(filter.as_deref(), Expr::structure);
        out.optional(limited.as_ref(), |limited, out| {
            let Limited { key, order_by, limit, offset } = limited;
            out.word(Word::Limited, 0);
            out.list(key, |name, out| out.text(name));
            out.list(order_by, Order::structure);
            out.optional(limit.as_ref(), |limit, out| out.value(limit));
            out.optional(offset.as_ref(), |offset, out| out.value(offset));
        });
    }

    pub(super) fn write(&self, out: &mut Writer<'_>) -> Result<()> {
        let Some(limited) = &self.limited else {
            return out.filter(" WHERE ", self.filter.as_deref());
        };
        if limited.key.is_empty() {
            let message =
                "a write with a limit needs a primary key to choose the rows by: leave the limit out";
            return Err(Error::new(ErrorKind::InvalidQuery, message).with_table(&self.table));
        }
        out.push(" WHERE (");
        out.names(&*limited.key)?;
        out.push(") IN (SELECT ");
        out.names(&*limited.key)?;
        out.push(" FROM ");
        out.table(&self.table)?;
        out.filter(" WHERE ", self.filter.as_deref())?;
        out.order_and_limit(&*limited.order_by, limited.limit.as_ref(), limited.offset.as_ref())?;
        out.push(")");
        Ok(())
    }
}
