//! Writing an expression, with a list of what is still to be written in place of recursion.
//!
//! A negation is pushed down to the operators on the way (De Morgan), so none is ever wrapped around a `=` that may give
//! NULL.

mod condition;
mod plain;
mod report;
mod shape;

use super::node::Node;
use super::{Arithmetic, Expr};
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};
use crate::sql::{Rendered, Writer};
use crate::value::{Value, ValueRef};

use self::shape::Shape;

/// What an expression is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sql) enum Position {
    /// It chooses rows, where NULL is as good as false.
    Filter,
    /// Its value is used, so a condition has to be true or false.
    Value,
}

/// How tightly an operator binds; what binds less than its place asks for is put in parentheses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Any,
    And,
    Not,
    Comparison,
    Sum,
    Product,
    Negation,
    Atom,
}

/// One operand, and how it is meant.
#[derive(Debug, Clone, Copy)]
struct Operand {
    root: usize,
    position: Position,
    negated: bool,
    least: Binding,
}

#[derive(Debug)]
enum Task {
    Sql(&'static str),
    Text(String),
    Value(Value),
    /// A value in the list of an IN.
    Listed(usize),
    /// The query of a node.
    RowsOf(usize),
    /// Whether NULL is among its values.
    HasNull(usize),
    Operand(Operand),
    /// Terms `from..to` of [`Renderer::terms`], which belong to one AND (`all`) or OR.
    Chain {
        from: usize,
        to: usize,
        all: bool,
        position: Position,
        negated: bool,
    },
}

/// Terms that one AND or OR may have side by side: SQLite refuses trees deeper than 1000, so longer chains become
/// balanced ones.
const FLAT: usize = 128;

/// Terms of one AND or OR from which on the dialect has to think of their number.
const LONG: usize = 500;

/// Tasks that there is room for from the start: most filters never have more at a time.
const ROOM: usize = 16;

struct Renderer<'a, 'd> {
    expr: &'a Expr,
    shape: Shape,
    terms: Vec<usize>,
    tasks: Vec<Task>,
    out: &'a mut Writer<'d>,
}

impl Expr {
    /// Whether its value can be NULL.
    pub(crate) fn is_nullable(&self) -> bool {
        match (self.nodes.len(), self.nodes.back()) {
            (1, Some(node)) => node.is_nullable(false),
            _ => Shape::of(self).nullable.last().copied().unwrap_or(false),
        }
    }

    /// Its text alone; as a filter or as a value.
    pub(crate) fn render(&self, dialect: &dyn Dialect, filter: bool) -> Result<Rendered> {
        let mut out = Writer::new(dialect);
        self.write(&mut out, if filter { Position::Filter } else { Position::Value })?;
        Ok(out.finish())
    }

    pub(in crate::sql) fn write(&self, out: &mut Writer<'_>, position: Position) -> Result<()> {
        self.write_as(out, position, Binding::Any)
    }

    /// [`write`](Self::write) for one term of an AND.
    pub(in crate::sql) fn write_bound(&self, out: &mut Writer<'_>, position: Position) -> Result<()> {
        self.write_as(out, position, Binding::And)
    }

    fn write_as(&self, out: &mut Writer<'_>, position: Position, least: Binding) -> Result<()> {
        if let (1, Some(node)) = (self.nodes.len(), self.nodes.back()) {
            return leaf(out, node);
        }
        if position == Position::Filter && self.is_plain() {
            return self.write_plain(out);
        }
        let root = self.nodes.len() - 1;
        let operand = Operand { root, position, negated: false, least };
        let write = |out: &mut Writer<'_>| {
            let mut tasks = Vec::with_capacity(ROOM);
            tasks.push(Task::Operand(operand));
            Renderer { expr: self, shape: Shape::of(self), terms: Vec::new(), tasks, out }.run()
        };
        if self.has_long_chain() { out.with_many_values(write) } else { write(out) }
    }

    fn has_long_chain(&self) -> bool {
        let long = |node: &Node| matches!(node, Node::All(count) | Node::Any(count) if *count > LONG);
        self.nodes.len() > LONG && self.nodes.iter().any(long)
    }
}

impl Renderer<'_, '_> {
    fn run(mut self) -> Result<()> {
        while let Some(task) = self.tasks.pop() {
            let mark = self.tasks.len();
            match task {
                Task::Sql(sql) => self.out.push(sql),
                Task::Text(text) => self.out.push(&text),
                Task::Value(value) => self.out.value(&value)?,
                Task::Listed(root) => self.listed(root)?,
                Task::RowsOf(root) => self.out.rows_of(self.query(root)?)?,
                Task::HasNull(root) => self.out.has_null(self.query(root)?)?,
                Task::Operand(operand) => self.operand(operand)?,
                Task::Chain { from, to, all, position, negated } => {
                    self.chain(from, to, all, position, negated);
                }
            }
            // what was planned in order is taken from the end
            self.tasks[mark..].reverse();
        }
        Ok(())
    }

    fn sql(&mut self, sql: &'static str) {
        self.tasks.push(Task::Sql(sql));
    }

    /// Plans an operand whose value is used.
    fn value(&mut self, root: usize, least: Binding) {
        self.tasks.push(Task::Operand(Operand::value(root, least)));
    }

    /// Plans what `write` plans, in parentheses where it binds less than its place asks for.
    fn bound(&mut self, operand: Operand, binding: Binding, write: impl FnOnce(&mut Self)) {
        let parentheses = binding < operand.least;
        if parentheses {
            self.sql("(");
        }
        write(self);
        if parentheses {
            self.sql(")");
        }
    }

    fn operand(&mut self, at: Operand) -> Result<()> {
        match &self.expr.nodes[at.root] {
            Node::Not => {
                let inner = Operand { root: at.root - 1, negated: !at.negated, ..at };
                self.tasks.push(Task::Operand(inner));
            }
            Node::All(_) => self.terms(at, true),
            Node::Any(_) => self.terms(at, false),
            Node::Compare(comparison) => self.compare(at, *comparison),
            Node::IsNull => self.is_null(at, at.root - 1, at.negated),
            Node::In { count, null } => self.is_in(at, *count, *null),
            Node::Between => self.between(at),
            Node::Match(kind) => self.text_match(at, *kind),
            Node::Like => self.like(at),
            Node::InQuery { nullable, .. } => self.in_query(at, *nullable),
            Node::Bool(value) => {
                let sql = self.out.dialect.boolean(*value != at.negated);
                self.sql(sql);
            }
            Node::Column { .. }
            | Node::Excluded { .. }
            | Node::Value(_)
            | Node::Fragment(_)
            | Node::Invalid(_)
            | Node::Related { .. }
            | Node::FragmentBeyondItsTable
            | Node::CountAll
            | Node::Arithmetic(_)
            | Node::Negate
            | Node::Function { .. }
            | Node::Infix { .. }
            | Node::Cast(_)
            | Node::Literal(_)
            | Node::Case { .. }
            | Node::Subquery { .. }
            | Node::JsonHas
            | Node::InOrder { .. }
            | Node::Filtered
            | Node::Over(_)
                if at.negated =>
            {
                self.bound(at, Binding::Not, |it| {
                    it.sql("NOT ");
                    it.value(at.root, Binding::Atom);
                });
            }
            Node::Arithmetic(arithmetic) => self.arithmetic(at, *arithmetic),
            Node::Negate => self.bound(at, Binding::Negation, |it| {
                // never `--`, which would begin a comment
                it.sql("-(");
                it.value(at.root - 1, Binding::Any);
                it.sql(")");
            }),
            Node::Function { name, count, distinct, .. } => {
                self.out.push(name);
                self.function(at.root, *count, *distinct);
            }
            Node::Infix { operator, .. } => self.infix_of_atoms(at, operator),
            Node::Cast(to) => {
                self.sql("CAST(");
                self.value(at.root - 1, Binding::Any);
                self.tasks.push(Task::Text(format!(" AS {})", self.out.dialect.column_type(*to, true))));
            }
            Node::Case { branches, otherwise, .. } => self.case(at.root, *branches, *otherwise),
            Node::JsonHas => self.json_has(at.root),
            Node::InOrder { function, order } => self.in_order(at.root, function, order),
            Node::Filtered => self.filtered(at.root),
            Node::Over(over) => self.over(at.root, over),
            node @ (Node::Column { .. }
            | Node::Excluded { .. }
            | Node::Value(_)
            | Node::Fragment(_)
            | Node::Invalid(_)
            | Node::Related { .. }
            | Node::FragmentBeyondItsTable
            | Node::Literal(_)
            | Node::Subquery { .. }
            | Node::CountAll) => {
                leaf(self.out, node)?;
            }
        }
        Ok(())
    }

    /// Both sides of a sum or product. The left side may be another of the same kind: `a - b - c`.
    fn arithmetic(&mut self, at: Operand, arithmetic: Arithmetic) {
        let (binding, right) = match arithmetic {
            Arithmetic::Add | Arithmetic::Sub => (Binding::Sum, Binding::Product),
            Arithmetic::Mul | Arithmetic::Div | Arithmetic::Rem => (Binding::Product, Binding::Negation),
        };
        self.bound(at, binding, |it| {
            let [left_root, right_root] = it.shape.operands(at.root);
            it.value(left_root, binding);
            it.sql(arithmetic.sql());
            it.value(right_root, right);
        });
    }

    fn function(&mut self, root: usize, count: usize, distinct: bool) {
        self.sql(if distinct { "(DISTINCT " } else { "(" });
        self.list(root, count, |root| Task::Operand(Operand::value(root, Binding::Any)));
        self.sql(")");
    }

    /// Plans the last `count` operands of `root` with commas between them.
    fn list(&mut self, root: usize, count: usize, task: impl Fn(usize) -> Task) {
        let from = self.terms.len();
        self.shape.last_operands(root, count, &mut self.terms);
        for index in from..self.terms.len() {
            if index > from {
                self.sql(", ");
            }
            self.tasks.push(task(self.terms[index]));
        }
        self.terms.truncate(from);
    }

    fn listed(&mut self, root: usize) -> Result<()> {
        if let Node::Value(value) = &self.expr.nodes[root] {
            return self.out.plain_value(value);
        }
        self.value(root, Binding::Any);
        Ok(())
    }
}

impl Operand {
    /// An operand whose value is used.
    fn value(root: usize, least: Binding) -> Self {
        Self { root, position: Position::Value, negated: false, least }
    }
}

/// Writes a node that has no operands.
fn leaf(out: &mut Writer<'_>, node: &Node) -> Result<()> {
    match node {
        Node::Column { path, name, .. } => out.column_at(path, name),
        Node::Excluded { name, .. } => out.excluded(name),
        Node::Related { path, related } => out.related(path, related),
        Node::FragmentBeyondItsTable => Err(Error::new(
            ErrorKind::InvalidQuery,
            "an SQL fragment, or `excluded`, names columns of its own table: leave it out of what a relation leads to",
        )),
        Node::Value(value) => out.value(value),
        Node::Bool(value) => {
            out.push(out.dialect.boolean(*value));
            Ok(())
        }
        Node::CountAll => {
            out.push("count(*)");
            Ok(())
        }
        Node::Literal(text) => out.literal(ValueRef::Text(text)),
        Node::Subquery { query, asked } => out.subquery(&**query, *asked),
        Node::Fragment(fragment) => {
            fragment.check()?;
            out.push("(");
            for (position, piece) in fragment.pieces.iter().enumerate() {
                if position > 0 {
                    out.value(&fragment.values[position - 1])?;
                }
                out.push(piece);
            }
            out.push(")");
            Ok(())
        }
        Node::Invalid(error) => {
            let message = format!("a value in a query: {error}");
            Err(Error::new(ErrorKind::Conversion, message).with_source(error.clone()))
        }
        Node::Function { name, .. } => {
            out.push(name);
            out.push("()");
            Ok(())
        }
        Node::Not
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
        | Node::Infix { .. }
        | Node::Cast(_)
        | Node::Case { .. }
        | Node::InQuery { .. }
        | Node::JsonHas
        | Node::InOrder { .. }
        | Node::Filtered
        | Node::Over(_) => {
            Err(Error::new(ErrorKind::Internal, "an operator without operands: please report it"))
        }
    }
}
