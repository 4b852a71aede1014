//! Long chains of AND and OR.

use super::Expr;
use super::node::Node;

impl Expr {
    pub(crate) fn and(self, other: Self) -> Self {
        self.chain(other, true)
    }

    pub(crate) fn or(self, other: Self) -> Self {
        self.chain(other, false)
    }

    /// Both sides in one flat node: `a AND b` with `c` is one AND of three.
    fn chain(mut self, mut other: Self, all: bool) -> Self {
        if self.is_neutral(all) {
            return other;
        }
        if other.is_neutral(all) {
            return self;
        }
        let count = self.pop_chain(all) + other.pop_chain(all);
        self.join(other, if all { Node::All(count) } else { Node::Any(count) })
    }

    fn is_neutral(&self, all: bool) -> bool {
        matches!(self.nodes.back(), Some(Node::Bool(value)) if *value == all)
    }

    /// Takes the node of such a chain off, which leaves its terms; says how many there are.
    fn pop_chain(&mut self, all: bool) -> usize {
        let count = match (self.nodes.back(), all) {
            (Some(Node::All(count)), true) | (Some(Node::Any(count)), false) => *count,
            _ => return 1,
        };
        self.nodes.pop_back();
        count
    }
}
