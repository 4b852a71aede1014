//! The most common filters, written without a plan: columns compared with values, joined by AND.

use super::super::{Comparison, Expr};
use super::{FLAT, leaf};
use crate::error::Result;
use crate::sql::Writer;
use crate::sql::expr::node::Node;
use crate::value::Value;

impl Expr {
    /// Whether it is `column operator value`, or several of these joined by AND, so that nothing in it needs parentheses
    /// or has to be right for NULL.
    pub(super) fn is_plain(&self) -> bool {
        let (mut nodes, mut comparisons) = (self.nodes.iter(), 0);
        loop {
            match (nodes.next(), nodes.next(), nodes.next()) {
                (
                    Some(Node::Column { nullable, .. }),
                    Some(Node::Value(value)),
                    Some(Node::Compare(comparison)),
                ) if *value != Value::Null && (*comparison != Comparison::Ne || !nullable) => {
                    comparisons += 1;
                }
                (None, None, None) => return comparisons == 1,
                (Some(Node::All(count)), None, None) => return *count == comparisons && comparisons <= FLAT,
                _ => return false,
            }
        }
    }

    /// Writes one that [is plain](Self::is_plain).
    pub(super) fn write_plain(&self, out: &mut Writer<'_>) -> Result<()> {
        let mut nodes = self.nodes.iter();
        let mut separator = "";
        while let (Some(column), Some(value), Some(Node::Compare(comparison))) =
            (nodes.next(), nodes.next(), nodes.next())
        {
            out.push(separator);
            leaf(out, column)?;
            out.push(comparison.sql());
            leaf(out, value)?;
            separator = " AND ";
        }
        Ok(())
    }
}
