use std::sync::Arc;

use super::fragment::Fragment;
use super::path::{Path, Related};
use super::window::{Direction, Over};
use crate::dialect::TextMatch;
use crate::error::ConversionError;
use crate::schema::Text;
use crate::sql::nested::{Asked, Nested};
use crate::value::{LogicalType, Value};

/// One step of an expression in postfix order: operands first, then what joins them.
#[derive(Debug, Clone)]
pub(super) enum Node {
    Column {
        path: Path,
        name: Text,
        nullable: bool,
    },
    /// A column of the row that an upsert could not insert.
    Excluded {
        name: Text,
        nullable: bool,
    },
    Value(Value),
    Bool(bool),
    Fragment(Arc<Fragment>),
    /// A value that no database can hold: reported when the statement is rendered, since operators return no errors.
    Invalid(Arc<ConversionError>),
    /// Rows that belong to the row at the end of the path.
    Related {
        path: Path,
        related: Arc<Related>,
    },
    /// SQL text names columns of the query's own table only.
    FragmentBeyondItsTable,
    Not,
    All(usize),
    Any(usize),
    Compare(Comparison),
    IsNull,
    /// The tested expression, then so many others; and whether NULL is in the list too.
    In {
        count: usize,
        null: bool,
    },
    Between,
    Match(TextMatch),
    Like,
    Arithmetic(Arithmetic),
    Negate,
    Function {
        name: Text,
        count: usize,
        distinct: bool,
        nullable: bool,
    },
    CountAll,
    /// An operator between two operands, such as `||`.
    Infix {
        operator: &'static str,
        /// Whether it can be NULL for operands that are not.
        nullable: bool,
    },
    Cast(LogicalType),
    /// Text in the statement itself.
    Literal(Text),
    /// Conditions and values in turn, then a value for the rest, where there is one.
    Case {
        branches: usize,
        otherwise: bool,
        nullable: bool,
    },
    /// A query of its own.
    Subquery {
        query: Arc<dyn Nested>,
        asked: Asked,
    },
    /// Whether the operand is among the values of a query; and whether NULL can be one.
    InQuery {
        query: Arc<dyn Nested>,
        nullable: bool,
    },
    /// A JSON text, a path, and what may be an element there.
    JsonHas,
    /// An aggregate's arguments, then the expressions of its order.
    InOrder {
        function: Arc<Node>,
        order: Vec<Direction>,
    },
    /// An aggregate and a condition.
    Filtered,
    /// A function, the expressions that part the rows, and those of their order.
    Over(Arc<Over>),
}

/// Comparison operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

/// Arithmetic operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arithmetic {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
}

impl Node {
    /// How many operands stand before it.
    pub(super) fn arity(&self) -> usize {
        match self {
            Self::Column { .. }
            | Self::Excluded { .. }
            | Self::Value(_)
            | Self::Bool(_)
            | Self::Fragment(_)
            | Self::Invalid(_)
            | Self::Related { .. }
            | Self::FragmentBeyondItsTable
            | Self::CountAll
            | Self::Literal(_)
            | Self::Subquery { .. } => 0,
            Self::Not | Self::IsNull | Self::Negate | Self::Cast(_) | Self::InQuery { .. } => 1,
            Self::Compare(_)
            | Self::Match(_)
            | Self::Like
            | Self::Arithmetic(_)
            | Self::Infix { .. }
            | Self::Filtered => 2,
            Self::Between | Self::JsonHas => 3,
            Self::Case { branches, otherwise, .. } => branches * 2 + usize::from(*otherwise),
            Self::InOrder { function, order } => function.arity() + order.len(),
            Self::Over(over) => 1 + over.partition + over.order.len(),
            Self::In { count, .. } => count + 1,
            Self::All(count) | Self::Any(count) | Self::Function { count, .. } => *count,
        }
    }

    /// Whether its value can be NULL, where `operand` says whether one of its operands can. Conditions never are: where
    /// their value is asked for, they are written so that it is true or false.
    pub(super) fn is_nullable(&self, operand: bool) -> bool {
        match self {
            Self::Column { nullable, .. }
            | Self::Excluded { nullable, .. }
            | Self::Function { nullable, .. }
            | Self::Case { nullable, .. } => *nullable,
            Self::Subquery { asked, .. } => *asked == Asked::Value,
            Self::Infix { nullable, .. } => *nullable || operand,
            Self::InOrder { function, .. } => function.is_nullable(operand),
            Self::Fragment(fragment) => fragment.nullable,
            Self::Value(value) => *value == Value::Null,
            // division by zero gives NULL
            Self::Arithmetic(Arithmetic::Div | Arithmetic::Rem) => true,
            Self::Arithmetic(Arithmetic::Add | Arithmetic::Sub | Arithmetic::Mul)
            | Self::Negate
            | Self::Cast(_)
            | Self::Filtered
            | Self::Over(_) => operand,
            Self::Bool(_)
            | Self::Invalid(_)
            | Self::Related { .. }
            | Self::FragmentBeyondItsTable
            | Self::Not
            | Self::All(_)
            | Self::Any(_)
            | Self::Compare(_)
            | Self::IsNull
            | Self::In { .. }
            | Self::Between
            | Self::Match(_)
            | Self::Like
            | Self::CountAll
            | Self::Literal(_)
            | Self::InQuery { .. }
            | Self::JsonHas => false,
        }
    }
}

impl Comparison {
    /// The operator that is true where this one is false.
    pub(super) fn negated(self) -> Self {
        match self {
            Self::Eq => Self::Ne,
            Self::Ne => Self::Eq,
            Self::Lt => Self::Ge,
            Self::Le => Self::Gt,
            Self::Gt => Self::Le,
            Self::Ge => Self::Lt,
        }
    }

    pub(super) fn sql(self) -> &'static str {
        match self {
            Self::Eq => " = ",
            Self::Ne => " <> ",
            Self::Lt => " < ",
            Self::Le => " <= ",
            Self::Gt => " > ",
            Self::Ge => " >= ",
        }
    }
}

impl Arithmetic {
    pub(super) fn sql(self) -> &'static str {
        match self {
            Self::Add => " + ",
            Self::Sub => " - ",
            Self::Mul => " * ",
            Self::Div => " / ",
            Self::Rem => " % ",
        }
    }
}
