use std::collections::VecDeque;
use std::ops::Index;
use std::slice;

use super::node::Node;

/// The nodes of an expression in postfix order. A single one, such as a column or a value, is in place.
#[derive(Debug, Clone)]
pub(super) enum Nodes {
    One(Node),
    Many(VecDeque<Node>),
}

/// Nodes that there is room for when a second one comes: two comparisons with a value, and what joins them.
const ROOM: usize = 8;

impl Nodes {
    pub(super) fn none() -> Self {
        Self::Many(VecDeque::new())
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        match self {
            Self::One(_) => 1,
            Self::Many(nodes) => nodes.len(),
        }
    }

    #[inline]
    pub(super) fn iter(&self) -> impl Iterator<Item = &Node> {
        let (front, back) = match self {
            Self::One(node) => (slice::from_ref(node), [].as_slice()),
            Self::Many(nodes) => nodes.as_slices(),
        };
        front.iter().chain(back)
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Node> {
        let (front, back) = match self {
            Self::One(node) => (slice::from_mut(node), [].as_mut_slice()),
            Self::Many(nodes) => nodes.as_mut_slices(),
        };
        front.iter_mut().chain(back)
    }

    #[inline]
    pub(super) fn back(&self) -> Option<&Node> {
        match self {
            Self::One(node) => Some(node),
            Self::Many(nodes) => nodes.back(),
        }
    }

    pub(super) fn back_mut(&mut self) -> Option<&mut Node> {
        match self {
            Self::One(node) => Some(node),
            Self::Many(nodes) => nodes.back_mut(),
        }
    }

    pub(super) fn pop_back(&mut self) {
        match self {
            Self::One(_) => *self = Self::none(),
            Self::Many(nodes) => drop(nodes.pop_back()),
        }
    }

    #[inline]
    pub(super) fn push_back(&mut self, node: Node) {
        self.many().push_back(node);
    }

    /// Appends the nodes of `other`. The longer side stays where it is, so that a long chain grows at either end for the
    /// price of what is added.
    pub(super) fn append(&mut self, other: Self) {
        let mut other = match other {
            Self::One(node) => return self.push_back(node),
            Self::Many(other) => other,
        };
        if self.len() < other.len() {
            std::mem::swap(self.many(), &mut other);
            other.drain(..).rev().for_each(|node| self.many().push_front(node));
        } else {
            self.many().append(&mut other);
        }
    }

    /// As many, with room for more.
    #[inline]
    fn many(&mut self) -> &mut VecDeque<Node> {
        if let Self::One(_) = self
            && let Self::One(node) = std::mem::replace(self, Self::Many(VecDeque::with_capacity(ROOM)))
        {
            self.many().push_back(node);
        }
        match self {
            Self::Many(nodes) => nodes,
            Self::One(_) => unreachable!("it was made many above"),
        }
    }
}

impl Index<usize> for Nodes {
    type Output = Node;

    fn index(&self, position: usize) -> &Node {
        match self {
            Self::One(node) => &slice::from_ref(node)[position],
            Self::Many(nodes) => &nodes[position],
        }
    }
}
