use super::{Expr, Order, Writer};
use crate::error::{Error, ErrorKind, Result};
use crate::schema::Text;

/// The rows that an UPDATE or DELETE changes.
#[derive(Debug, Clone)]
pub(crate) struct Chosen {
    pub(crate) table: Text,
    pub(crate) filter: Option<Expr>,
    pub(crate) limited: Option<Limited>,
}

/// Only some of the rows: they are chosen by a sub-query over their key, since not every SQLite takes a LIMIT on a write
/// (<https://sqlite.org/lang_update.html#optional_limit_and_order_by_clauses>).
#[derive(Debug, Clone)]
pub(crate) struct Limited {
    pub(crate) key: Vec<Text>,
    pub(crate) order_by: Vec<Order>,
    pub(crate) limit: Option<u64>,
    pub(crate) offset: Option<u64>,
}

impl Chosen {
    /// Every expression in it.
    pub(super) fn exprs(&self) -> impl Iterator<Item = &Expr> {
        let orders = self.limited.iter().flat_map(|limited| &limited.order_by);
        self.filter.iter().chain(orders.map(|order| &order.expr))
    }

    pub(super) fn write(&self, out: &mut Writer<'_>) -> Result<()> {
        let Some(limited) = &self.limited else {
            return out.filter(" WHERE ", self.filter.as_ref());
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
        out.filter(" WHERE ", self.filter.as_ref())?;
        out.order_and_limit(&limited.order_by, limited.limit, limited.offset)?;
        out.push(")");
        Ok(())
    }
}
