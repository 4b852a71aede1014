//! What reports ask for: choices, conversions, queries inside a query, paths into JSON.

use super::Expr;
use super::node::Node;
use crate::schema::Text;
use crate::sql::nested::{Asked, Subquery};
use crate::value::LogicalType;

impl Expr {
    /// The value beside the first condition that holds, else the last one, where there is one: <https://sqlite.org/lang_expr.html#case>.
    pub(crate) fn case(branches: Vec<(Self, Self)>, otherwise: Option<Self>, nullable: bool) -> Self {
        let node = Node::Case { branches: branches.len(), otherwise: otherwise.is_some(), nullable };
        let mut operands = branches.into_iter().flat_map(|(condition, value)| [condition, value]);
        let Some(mut out) = operands.next() else { return Self::bool(false) };
        for operand in operands.chain(otherwise) {
            out.append(operand);
        }
        out.push(node)
    }

    pub(crate) fn cast(self, to: LogicalType) -> Self {
        self.push(Node::Cast(to))
    }

    /// Text in one with other text.
    pub(crate) fn concat(self, other: Self) -> Self {
        self.join(other, Node::Infix { operator: " || ", nullable: false })
    }

    /// What is at a path of a JSON text, as JSON text.
    pub(crate) fn json_at(self, path: Self) -> Self {
        self.join(path, Node::Infix { operator: " -> ", nullable: true })
    }

    /// Text that stands in the statement as it is, and not as a parameter.
    pub(crate) fn literal(text: impl Into<Text>) -> Self {
        Self::leaf(Node::Literal(text.into()))
    }

    /// Whether `item` is an element of the array, or a member of the object, at a path of a JSON text.
    pub(crate) fn json_has(mut self, path: Self, item: Self) -> Self {
        self.append(path);
        self.join(item, Node::JsonHas)
    }

    /// A query of its own: the value in its first row, or whether it has rows.
    pub(crate) fn subquery(Subquery(query): Subquery, asked: Asked) -> Self {
        Self::leaf(Node::Subquery { query, asked })
    }

    /// Whether it is among the values that a query gives, NULL being equal to NULL; and whether there can be one.
    pub(crate) fn in_query(self, Subquery(query): Subquery, nullable: bool) -> Self {
        self.push(Node::InQuery { query, nullable })
    }
}
