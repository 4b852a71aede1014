//! Expressions as a flat list of nodes in postfix order, so that cloning, dropping, joining and writing them are loops:
//! a filter of a hundred thousand terms costs no stack.

mod chain;
mod fragment;
mod node;
mod nodes;
mod path;
mod render;
mod report;
mod structure;
mod window;

pub(crate) use self::node::{Arithmetic, Comparison};
pub(crate) use self::path::{Collated, Path, Question, Related, Step};
pub(super) use self::render::Position;
pub(crate) use self::window::{Rows, Window};

use std::sync::Arc;

use self::fragment::Fragment;
use self::node::Node;
use self::nodes::Nodes;
use crate::dialect::{Dialect, TextMatch};
use crate::error::{ConversionError, Result};
use crate::schema::Text;
use crate::value::Value;

/// An expression without types. The typed [`Expr`](crate::Expr) is made of one.
#[derive(Debug, Clone)]
pub struct Expr {
    nodes: Nodes,
}

impl Expr {
    fn leaf(node: Node) -> Self {
        Self { nodes: Nodes::One(node) }
    }

    pub(crate) fn column(name: impl Into<Text>, nullable: bool) -> Self {
        Self::column_at(Path::default(), name, nullable)
    }

    /// The column of the table that the path leads to.
    pub(crate) fn column_at(path: Path, name: impl Into<Text>, nullable: bool) -> Self {
        Self::leaf(Node::Column { path, name: name.into(), nullable })
    }

    /// A column of the row that an upsert could not insert.
    pub(crate) fn excluded(name: impl Into<Text>, nullable: bool) -> Self {
        Self::leaf(Node::Excluded { name: name.into(), nullable })
    }

    pub(crate) fn value(value: Value) -> Self {
        Self::leaf(Node::Value(value))
    }

    pub(crate) fn bool(value: bool) -> Self {
        Self::leaf(Node::Bool(value))
    }

    pub(crate) fn invalid(error: ConversionError) -> Self {
        Self::leaf(Node::Invalid(Arc::new(error)))
    }

    /// SQL that the user wrote, with a `?` for each value.
    pub(crate) fn fragment(sql: &str, values: Vec<Value>, nullable: bool) -> Self {
        Self::leaf(Node::Fragment(Arc::new(Fragment::new(sql, values, nullable))))
    }

    /// Whether the table's own column has the value, where text is compared by that collation.
    ///
    /// # Errors
    ///
    /// A name with NUL.
    pub(crate) fn equal_by(name: &str, collation: &str, value: Value, dialect: &dyn Dialect) -> Result<Self> {
        let mut sql = String::new();
        dialect.quote(&mut sql, name)?;
        sql.push_str(" COLLATE ");
        dialect.quote(&mut sql, collation)?;
        sql.push_str(" = ?");
        Ok(Self::fragment(&sql, vec![value], false))
    }

    pub(crate) fn count_all() -> Self {
        Self::leaf(Node::CountAll)
    }

    pub(crate) fn function(
        name: impl Into<Text>,
        arguments: impl IntoIterator<Item = Self>,
        distinct: bool,
        nullable: bool,
    ) -> Self {
        let (mut out, mut count) = (Self { nodes: Nodes::none() }, 0);
        for argument in arguments {
            out.append(argument);
            count += 1;
        }
        out.push(Node::Function { name: name.into(), count, distinct, nullable })
    }

    /// A row value, `(a, b)`: <https://sqlite.org/rowvalue.html>.
    pub(crate) fn row(parts: impl IntoIterator<Item = Self>) -> Self {
        // written as a function without a name is
        Self::function("", parts, false, false)
    }

    pub(crate) fn compare(self, comparison: Comparison, other: Self) -> Self {
        self.join(other, Node::Compare(comparison))
    }

    pub(crate) fn arithmetic(self, arithmetic: Arithmetic, other: Self) -> Self {
        self.join(other, Node::Arithmetic(arithmetic))
    }

    pub(crate) fn negate(self) -> Self {
        self.push(Node::Negate)
    }

    pub(crate) fn null_test(self) -> Self {
        self.push(Node::IsNull)
    }

    pub(crate) fn between(mut self, low: Self, high: Self) -> Self {
        self.append(low);
        self.join(high, Node::Between)
    }

    pub(crate) fn text_match(self, kind: TextMatch, piece: Self) -> Self {
        self.join(piece, Node::Match(kind))
    }

    pub(crate) fn like(self, pattern: Self) -> Self {
        self.join(pattern, Node::Like)
    }

    /// Whether it equals one of the items, NULL being equal to NULL.
    pub(crate) fn one_of(self, items: impl IntoIterator<Item = Self>) -> Self {
        let (mut listed, mut equalities) = (self.clone(), Vec::new());
        let (mut count, mut null) = (0, false);
        for item in items {
            match item.nodes.back() {
                Some(Node::Value(Value::Null)) => null = true,
                // its NULL would make the whole list neither true nor false
                _ if item.is_nullable() => equalities.push(self.clone().compare(Comparison::Eq, item)),
                _ => {
                    listed.append(item);
                    count += 1;
                }
            }
        }
        let listed = listed.push(Node::In { count, null });
        if equalities.is_empty() { listed } else { Self::any(std::iter::once(listed).chain(equalities)) }
    }

    pub(crate) fn not(mut self) -> Self {
        match self.nodes.back_mut() {
            Some(Node::Not) => {
                self.nodes.pop_back();
                self
            }
            Some(Node::Bool(value)) => {
                *value = !*value;
                self
            }
            _ => self.push(Node::Not),
        }
    }

    /// All of them; none makes it true.
    pub(crate) fn all(items: impl IntoIterator<Item = Self>) -> Self {
        items.into_iter().reduce(Self::and).unwrap_or_else(|| Self::bool(true))
    }

    /// Any of them; none makes it false.
    pub(crate) fn any(items: impl IntoIterator<Item = Self>) -> Self {
        items.into_iter().reduce(Self::or).unwrap_or_else(|| Self::bool(false))
    }

    /// Whether it is the condition that excludes nothing, such as all of an empty list.
    pub(crate) fn is_true(&self) -> bool {
        matches!(self.nodes.back(), Some(Node::Bool(true)))
    }

    /// Rows that belong to a row: whether there are any, or how many.
    pub(crate) fn related(related: Related) -> Self {
        Self::leaf(Node::Related { path: Path::default(), related: Arc::new(related) })
    }

    /// The same over the row that `way` leads to, which has a step at least.
    pub(crate) fn through(mut self, way: &Path) -> Self {
        let optional = way.is_optional();
        // nodes side by side mostly have the same path
        let mut last: Option<(Path, Path)> = None;
        let mut longer = |path: &Path| match &last {
            Some((before, after)) if before.is_same(path) => after.clone(),
            Some(_) | None => {
                let after = path.behind(way);
                last = Some((path.clone(), after.clone()));
                after
            }
        };
        for node in self.nodes.iter_mut() {
            match node {
                Node::Column { path, nullable, .. } => {
                    *path = longer(path);
                    *nullable |= optional;
                }
                Node::Related { path, .. } => *path = longer(path),
                Node::Function { nullable, .. } | Node::Case { nullable, .. } => *nullable |= optional,
                Node::Fragment(_) | Node::Excluded { .. } => *node = Node::FragmentBeyondItsTable,
                Node::Value(_)
                | Node::Bool(_)
                | Node::Invalid(_)
                | Node::FragmentBeyondItsTable
                | Node::Not
                | Node::All(_)
                | Node::Any(_)
                | Node::Compare(_)
                | Node::IsNull
                | Node::In { .. }
                | Node::Between
                | Node::Match(_)
                | Node::Like
                | Node::Arithmetic(_)
                | Node::Negate
                | Node::CountAll
                | Node::Infix { .. }
                | Node::Cast(_)
                | Node::Literal(_)
                | Node::Subquery { .. }
                | Node::InQuery { .. }
                | Node::JsonHas
                | Node::InOrder { .. }
                | Node::Filtered
                | Node::Over(_) => {}
            }
        }
        self
    }

    /// The paths of what it names beyond its table.
    pub(in crate::sql) fn paths(&self) -> impl Iterator<Item = &Path> {
        let paths = self.nodes.iter().filter_map(|node| match node {
            Node::Column { path, .. } | Node::Related { path, .. } => Some(path),
            _ => None,
        });
        paths.filter(|path| !path.steps().is_empty())
    }

    /// Whether a function over a window is in it.
    pub(in crate::sql) fn has_window(&self) -> bool {
        self.nodes.iter().any(|node| matches!(node, Node::Over(_)))
    }

    /// Whether it names another table than its own.
    pub(in crate::sql) fn is_related(&self) -> bool {
        self.nodes.iter().any(|node| match node {
            Node::Column { path, .. } => !path.steps().is_empty(),
            // its own columns are named, where others of the same name are near
            Node::Related { .. } | Node::JsonHas => true,
            _ => false,
        })
    }

    fn append(&mut self, other: Self) {
        self.nodes.append(other.nodes);
    }

    fn push(mut self, node: Node) -> Self {
        self.nodes.push_back(node);
        self
    }

    fn join(mut self, other: Self, node: Node) -> Self {
        self.append(other);
        self.push(node)
    }
}
