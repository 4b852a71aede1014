//! Choices, windows, and queries inside an expression.

use super::super::node::Node;
use super::super::window::{Direction, Over, Rows};
use super::{Binding, Operand, Position, Renderer, Task};
use crate::error::{Error, ErrorKind, Result};
use crate::sql::nested::Nested;
use crate::sql::select::Nulls;

impl<'a> Renderer<'a, '_> {
    pub(super) fn case(&mut self, root: usize, branches: usize, otherwise: bool) {
        let operands = self.last(root, branches * 2 + usize::from(otherwise));
        let (pairs, rest) = operands.split_at(branches * 2);
        self.sql("CASE");
        for pair in pairs.chunks_exact(2) {
            self.sql(" WHEN ");
            self.condition(pair[0]);
            self.sql(" THEN ");
            self.value(pair[1], Binding::Any);
        }
        if let [rest] = rest {
            self.sql(" ELSE ");
            self.value(*rest, Binding::Any);
        }
        self.sql(" END");
    }

    /// Plans an operand that decides as a filter does.
    fn condition(&mut self, root: usize) {
        let position = Position::Filter;
        self.tasks.push(Task::Operand(Operand { root, position, negated: false, least: Binding::Any }));
    }

    /// Both sides as atoms: how tightly such an operator binds is not the same everywhere.
    pub(super) fn infix_of_atoms(&mut self, at: Operand, operator: &'static str) {
        let [left, right] = self.shape.operands(at.root);
        self.bound(at, Binding::Sum, |it| {
            // all are read from the left
            let chained =
                matches!(it.expr.nodes[left], Node::Infix { operator: other, .. } if other == operator);
            it.value(left, if chained { Binding::Sum } else { Binding::Atom });
            it.sql(operator);
            it.value(right, Binding::Atom);
        });
    }

    pub(super) fn json_has(&mut self, root: usize) {
        let [document, path, item] = self.shape.operands(root);
        self.sql("EXISTS (SELECT 1 FROM json_each(");
        self.value(document, Binding::Any);
        self.sql(", ");
        self.value(path, Binding::Any);
        self.sql(") WHERE \"json_each\".\"value\" = ");
        self.value(item, Binding::Sum);
        self.sql(")");
    }

    /// `IN` knows no NULL, on either side: what it leaves open is added to it.
    pub(super) fn in_query(&mut self, at: Operand, nullable: bool) {
        let tested = at.root - 1;
        let maybe_null = self.shape.nullable[tested];
        let filter = at.position == Position::Filter;
        let among = Among { query: at.root, tested };
        match (nullable, maybe_null, at.negated) {
            (false, false, _) | (false, true, false) if filter || !maybe_null => {
                self.bound(at, Binding::Comparison, |it| it.among(among, at.negated));
            }
            (false, _, negated) => {
                self.bound(at, if negated { Binding::Any } else { Binding::And }, |it| {
                    it.among(among, negated);
                    it.sql(if negated { " OR " } else { " AND " });
                    it.value(tested, Binding::Sum);
                    it.sql(if negated { " IS NULL" } else { " IS NOT NULL" });
                });
            }
            (true, false, negated) => {
                self.bound(at, Binding::Comparison, |it| it.settled(among, negated, filter));
            }
            (true, true, negated) => {
                self.bound(at, if negated { Binding::And } else { Binding::Any }, |it| {
                    it.settled(among, negated, filter);
                    it.sql(if negated { " AND (" } else { " OR (" });
                    it.value(tested, Binding::Sum);
                    it.sql(if negated { " IS NOT NULL OR NOT " } else { " IS NULL AND " });
                    it.tasks.push(Task::HasNull(among.query));
                    it.sql(")");
                });
            }
        }
    }

    pub(super) fn query(&self, root: usize) -> Result<&'a dyn Nested> {
        match &self.expr.nodes[root] {
            Node::InQuery { query, .. } => Ok(&**query),
            _ => Err(Error::new(ErrorKind::Internal, "a query is not where it was: please report it")),
        }
    }

    /// What decides where the query may give NULL, but the operand is none.
    fn settled(&mut self, among: Among, negated: bool, filter: bool) {
        if filter && !negated {
            return self.among(among, false);
        }
        self.sql("(");
        self.among(among, false);
        self.sql(if negated { ") IS NOT TRUE" } else { ") IS TRUE" });
    }

    fn among(&mut self, Among { query, tested }: Among, negated: bool) {
        self.value(tested, Binding::Sum);
        self.sql(if negated { " NOT IN (" } else { " IN (" });
        self.tasks.push(Task::RowsOf(query));
        self.sql(")");
    }

    /// The arguments, and the order in which rows come.
    pub(super) fn in_order(&mut self, root: usize, function: &Node, order: &[Direction]) {
        let Node::Function { name, count, distinct, .. } = function else { return };
        self.out.push(name);
        let operands = self.last(root, count + order.len());
        let (arguments, terms) = operands.split_at(*count);
        self.sql(if *distinct { "(DISTINCT " } else { "(" });
        self.values(arguments);
        self.order_by(" ORDER BY ", terms, order);
        self.sql(")");
    }

    pub(super) fn filtered(&mut self, root: usize) {
        let [aggregate, condition] = self.shape.operands(root);
        self.value(aggregate, Binding::Atom);
        self.sql(" FILTER (WHERE ");
        self.condition(condition);
        self.sql(")");
    }

    pub(super) fn over(&mut self, root: usize, over: &Over) {
        let operands = self.last(root, 1 + over.partition + over.order.len());
        let (function, others) = operands.split_at(1);
        let (partition, terms) = others.split_at(over.partition);
        self.values(function);
        self.sql(" OVER (");
        let mut separator = "";
        if !partition.is_empty() {
            self.sql("PARTITION BY ");
            self.values(partition);
            separator = " ";
        }
        if !terms.is_empty() {
            self.sql(separator);
            self.order_by("ORDER BY ", terms, &over.order);
            separator = " ";
        }
        if let Some(rows) = over.rows {
            self.sql(separator);
            self.tasks.push(Task::Text(rows.to_string()));
        }
        self.sql(")");
    }

    fn values(&mut self, roots: &[usize]) {
        for (position, &root) in roots.iter().enumerate() {
            if position > 0 {
                self.sql(", ");
            }
            self.value(root, Binding::Any);
        }
    }

    fn order_by(&mut self, keyword: &'static str, terms: &[usize], order: &[Direction]) {
        let mut separator = keyword;
        for (&term, direction) in terms.iter().zip(order) {
            self.sql(separator);
            self.value(term, Binding::Any);
            if direction.descending {
                self.sql(" DESC");
            }
            match direction.nulls {
                Some(Nulls::First) => self.sql(" NULLS FIRST"),
                Some(Nulls::Last) => self.sql(" NULLS LAST"),
                None => {}
            }
            separator = ", ";
        }
    }

    /// The last `count` operands of `root`.
    fn last(&self, root: usize, count: usize) -> Vec<usize> {
        let mut operands = Vec::with_capacity(count);
        self.shape.last_operands(root, count, &mut operands);
        operands
    }
}

/// A node that asks a query, and its operand.
#[derive(Clone, Copy)]
struct Among {
    query: usize,
    tested: usize,
}

impl std::fmt::Display for Rows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bound = |bound: Option<i64>, none: &str| match bound {
            None => none.to_owned(),
            Some(0) => "CURRENT ROW".to_owned(),
            Some(before @ ..0) => format!("{} PRECEDING", before.unsigned_abs()),
            Some(after) => format!("{after} FOLLOWING"),
        };
        let (start, end) = (bound(self.start, "UNBOUNDED PRECEDING"), bound(self.end, "UNBOUNDED FOLLOWING"));
        write!(f, "ROWS BETWEEN {start} AND {end}")
    }
}
