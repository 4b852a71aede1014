//! Conditions: each is written so that it is right for NULL, negated or not, as a filter or as a value.

use super::super::Comparison;
use super::super::node::Node;
use super::{Binding, FLAT, Operand, Position, Renderer, Task};
use crate::dialect::{Piece, TextMatch};
use crate::value::Value;

impl Renderer<'_, '_> {
    /// The terms of an AND or OR; a negation turns one into the other and goes on to the terms.
    pub(super) fn terms(&mut self, at: Operand, all: bool) {
        let from = self.terms.len();
        let count = self.expr.nodes[at.root].arity();
        self.shape.last_operands(at.root, count, &mut self.terms);
        let to = self.terms.len();
        let all = all != at.negated;
        let binding = if all { Binding::And } else { Binding::Any };
        self.bound(at, binding, |it| {
            it.tasks.push(Task::Chain { from, to, all, position: at.position, negated: at.negated });
        });
    }

    pub(super) fn chain(&mut self, from: usize, to: usize, all: bool, position: Position, negated: bool) {
        let separator = if all { " AND " } else { " OR " };
        if to - from > FLAT {
            let middle = from + (to - from) / 2;
            self.sql("(");
            self.tasks.push(Task::Chain { from, to: middle, all, position, negated });
            self.sql(if all { ") AND (" } else { ") OR (" });
            self.tasks.push(Task::Chain { from: middle, to, all, position, negated });
            self.sql(")");
            return;
        }
        for index in from..to {
            if index > from {
                self.sql(separator);
            }
            let root = self.terms[index];
            self.tasks.push(Task::Operand(Operand { root, position, negated, least: Binding::Not }));
        }
    }

    pub(super) fn compare(&mut self, at: Operand, comparison: Comparison) {
        let [left, right] = self.shape.operands(at.root);
        let comparison = if at.negated { comparison.negated() } else { comparison };
        let nullable = self.shape.nullable[left] || self.shape.nullable[right];
        let equal = match comparison {
            Comparison::Eq => true,
            Comparison::Ne => false,
            Comparison::Lt | Comparison::Le | Comparison::Gt | Comparison::Ge => {
                return self.three_valued(at, nullable, Binding::Comparison, |it| {
                    it.infix(left, comparison.sql(), right);
                });
            }
        };
        if self.is_null_value(right) {
            return self.is_null(at, left, !equal);
        }
        if self.is_null_value(left) {
            return self.is_null(at, right, !equal);
        }
        let with_value = self.is_value(left) || self.is_value(right);
        let plain = !nullable || (equal && with_value && at.position == Position::Filter);
        let null_safe = self.out.dialect.null_safe_equality(equal);
        self.bound(at, Binding::Comparison, |it| {
            it.value(left, Binding::Sum);
            if plain {
                it.sql(comparison.sql());
            } else {
                it.sql(" ");
                it.sql(null_safe);
                it.sql(" ");
            }
            it.value(right, Binding::Sum);
        });
    }

    pub(super) fn is_null(&mut self, at: Operand, operand: usize, negated: bool) {
        self.bound(at, Binding::Comparison, |it| {
            it.value(operand, Binding::Sum);
            it.sql(if negated { " IS NOT NULL" } else { " IS NULL" });
        });
    }

    /// `IN` knows no NULL, on either side: what it leaves open is added to it.
    pub(super) fn is_in(&mut self, at: Operand, count: usize, null_listed: bool) {
        let tested = self.shape.first_operand(at.root, count);
        let nullable = self.shape.nullable[tested];
        if count == 0 && null_listed {
            return self.is_null(at, tested, at.negated);
        }
        if count == 0 {
            let sql = self.out.dialect.boolean(at.negated);
            return self.sql(sql);
        }
        // what has to come out for a NULL, and whether the bare operator already makes it so
        let wanted = null_listed != at.negated;
        let settled = !nullable || (!wanted && at.position == Position::Filter);
        let binding = match (settled, wanted) {
            (true, _) => Binding::Comparison,
            (false, true) => Binding::Any,
            (false, false) => Binding::And,
        };
        self.bound(at, binding, |it| {
            it.value(tested, Binding::Sum);
            it.sql(if at.negated { " NOT IN (" } else { " IN (" });
            it.list(at.root, count, Task::Listed);
            it.sql(")");
            if !settled {
                it.sql(if wanted { " OR " } else { " AND " });
                it.value(tested, Binding::Sum);
                it.sql(if wanted { " IS NULL" } else { " IS NOT NULL" });
            }
        });
    }

    pub(super) fn between(&mut self, at: Operand) {
        let [tested, low, high] = self.shape.operands(at.root);
        let nullable = [tested, low, high].iter().any(|&operand| self.shape.nullable[operand]);
        self.three_valued(at, nullable, Binding::Comparison, |it| {
            it.value(tested, Binding::Sum);
            it.sql(if at.negated { " NOT BETWEEN " } else { " BETWEEN " });
            it.value(low, Binding::Sum);
            it.sql(" AND ");
            it.value(high, Binding::Sum);
        });
    }

    pub(super) fn like(&mut self, at: Operand) {
        let [left, right] = self.shape.operands(at.root);
        let nullable = self.shape.nullable[left] || self.shape.nullable[right];
        self.three_valued(at, nullable, Binding::Comparison, |it| {
            it.infix(left, if at.negated { " NOT LIKE " } else { " LIKE " }, right);
        });
    }

    pub(super) fn text_match(&mut self, at: Operand, kind: TextMatch) {
        let [left, right] = self.shape.operands(at.root);
        let nullable = self.shape.nullable[left] || self.shape.nullable[right];
        let piece = match &self.expr.nodes[right] {
            Node::Value(Value::Text(text)) => Some(text.as_str()),
            _ => None,
        };
        let pieces = self.out.dialect.text_match(kind, piece);
        let binding = match (at.negated, pieces.contains(&Piece::Sql(" AND "))) {
            (true, _) => Binding::Not,
            (false, true) => Binding::And,
            (false, false) => Binding::Comparison,
        };
        self.three_valued(at, nullable, binding, |it| {
            if at.negated {
                it.sql("NOT (");
            }
            it.tasks.extend(pieces.into_iter().map(|piece| match piece {
                Piece::Sql(sql) => Task::Sql(sql),
                Piece::Value(value) => Task::Value(value),
                Piece::Left => Task::Operand(Operand::value(left, Binding::Atom)),
                Piece::Right => Task::Operand(Operand::value(right, Binding::Atom)),
            }));
            if at.negated {
                it.sql(")");
            }
        });
    }

    fn infix(&mut self, left: usize, operator: &'static str, right: usize) {
        self.value(left, Binding::Sum);
        self.sql(operator);
        self.value(right, Binding::Sum);
    }

    /// A condition that is neither true nor false for NULL: as a value it is false then.
    fn three_valued(&mut self, at: Operand, nullable: bool, binding: Binding, write: impl FnOnce(&mut Self)) {
        if nullable && at.position == Position::Value {
            self.bound(at, Binding::Comparison, |it| {
                it.sql("(");
                write(it);
                it.sql(") IS TRUE");
            });
        } else {
            self.bound(at, binding, write);
        }
    }

    fn is_value(&self, root: usize) -> bool {
        matches!(self.expr.nodes[root], Node::Value(_))
    }

    fn is_null_value(&self, root: usize) -> bool {
        matches!(self.expr.nodes[root], Node::Value(Value::Null))
    }
}
