use super::super::Expr;

/// Where the operands of each node are, and what they can be.
#[derive(Debug)]
pub(super) struct Shape {
    /// The first node of the subtree that ends at each node.
    starts: Vec<usize>,
    /// Whether the value of that subtree can be NULL.
    pub(super) nullable: Vec<bool>,
}

/// Operands that wait for their operator: more only where a list is long.
const ROOM: usize = 16;

impl Shape {
    pub(super) fn of(expr: &Expr) -> Self {
        let mut shape = Self {
            starts: Vec::with_capacity(expr.nodes.len()),
            nullable: Vec::with_capacity(expr.nodes.len()),
        };
        let mut roots = Vec::with_capacity(expr.nodes.len().min(ROOM));
        for (position, node) in expr.nodes.iter().enumerate() {
            let operands = roots.len().saturating_sub(node.arity());
            let start = roots.get(operands).map_or(position, |&first: &usize| shape.starts[first]);
            let nullable = roots[operands..].iter().any(|&root| shape.nullable[root]);
            shape.starts.push(start);
            shape.nullable.push(node.is_nullable(nullable));
            roots.truncate(operands);
            roots.push(position);
        }
        shape
    }

    /// The roots of the `N` operands of `root`.
    pub(super) fn operands<const N: usize>(&self, root: usize) -> [usize; N] {
        let (mut operands, mut end) = ([0; N], root);
        for operand in operands.iter_mut().rev() {
            *operand = end - 1;
            end = self.starts[end - 1];
        }
        operands
    }

    /// Appends the roots of the last `count` operands of `root`, in order.
    pub(super) fn last_operands(&self, root: usize, count: usize, roots: &mut Vec<usize>) {
        let (from, mut end) = (roots.len(), root);
        for _ in 0..count {
            roots.push(end - 1);
            end = self.starts[end - 1];
        }
        roots[from..].reverse();
    }

    /// The root of the first of several operands, of which `others` follow.
    pub(super) fn first_operand(&self, root: usize, others: usize) -> usize {
        let mut end = root;
        for _ in 0..others {
            end = self.starts[end - 1];
        }
        end - 1
    }
}
