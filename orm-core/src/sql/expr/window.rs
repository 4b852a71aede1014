//! Aggregates over chosen rows, in an order, and over windows.

use std::sync::Arc;

use super::Expr;
use super::node::Node;
use crate::sql::Order;
use crate::sql::select::Nulls;

/// Which rows a function looks at beside its own: <https://sqlite.org/windowfunctions.html>.
#[derive(Debug, Clone, Default)]
pub(crate) struct Window {
    pub(crate) partition_by: Vec<Expr>,
    pub(crate) order_by: Vec<Order>,
    pub(crate) rows: Option<Rows>,
}

/// `ROWS BETWEEN … AND …`, counted from the row itself; `None` is as far as the partition goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rows {
    pub(crate) start: Option<i64>,
    pub(crate) end: Option<i64>,
}

/// A window whose expressions are operands: the partition's behind the function, then the order's.
#[derive(Debug)]
pub(super) struct Over {
    pub(super) partition: usize,
    pub(super) order: Vec<Direction>,
    pub(super) rows: Option<Rows>,
}

/// How a term of an order goes whose expression is an operand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Direction {
    pub(super) descending: bool,
    pub(super) nulls: Option<Nulls>,
}

impl Direction {
    fn of(order: &Order) -> Self {
        Self { descending: order.descending, nulls: order.nulls }
    }
}

impl Expr {
    /// An aggregate of one argument or several, over its rows in an order.
    pub(crate) fn in_order(mut self, order: Vec<Order>) -> Self {
        if order.is_empty() {
            return self;
        }
        let Some(function) = self.nodes.back().cloned() else { return self };
        self.nodes.pop_back();
        let directions = order.iter().map(Direction::of).collect();
        for term in order {
            self.append(term.expr);
        }
        self.push(Node::InOrder { function: Arc::new(function), order: directions })
    }

    /// An aggregate over the rows where the condition holds.
    pub(crate) fn filtered(self, condition: Self) -> Self {
        self.join(condition, Node::Filtered)
    }

    /// A function over a window.
    pub(crate) fn over(mut self, window: Window) -> Self {
        let Window { partition_by, order_by, rows } = window;
        let order = order_by.iter().map(Direction::of).collect();
        let over = Over { partition: partition_by.len(), order, rows };
        for operand in partition_by.into_iter().chain(order_by.into_iter().map(|order| order.expr)) {
            self.append(operand);
        }
        self.push(Node::Over(Arc::new(over)))
    }
}
