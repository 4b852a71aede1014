//! Expressions, and the ways to other tables, as parts of a [`Structure`].

use std::sync::Arc;

use super::Expr;
use super::fragment::Fragment;
use super::node::Node;
use super::path::{Collated, Path, Related, Step};
use super::window::{Direction, Over};
use crate::dialect::TextMatch;
use crate::sql::select::Nulls;
use crate::sql::structure::{Structure, Word};
use crate::value::LogicalType;

impl Expr {
    #[inline]
    pub(in crate::sql) fn structure<'o>(&'o self, out: &mut Structure<'o>) {
        out.word(Word::List, self.nodes.len());
        let mut before = None;
        for node in self.nodes.iter() {
            node.structure(before, out);
            before = Some(node);
        }
    }
}

impl Node {
    fn structure<'o>(&'o self, before: Option<&Self>, out: &mut Structure<'o>) {
        match self {
            Self::Column { path, name, nullable } if path.steps().is_empty() => {
                out.own_column(Word::Column, usize::from(*nullable), name);
            }
            Self::Column { path, name, nullable } => {
                out.word(Word::ColumnBeyond, usize::from(*nullable));
                path.structure(out);
                out.text(name);
            }
            Self::Excluded { name, nullable } => {
                out.word(Word::Excluded, usize::from(*nullable));
                out.text(name);
            }
            Self::Value(value) => out.value(value),
            Self::Bool(value) => out.word(Word::Bool, usize::from(*value)),
            Self::Fragment(fragment) => fragment.structure(out),
            // they are errors, which are reported where the text is written
            Self::Invalid(_) | Self::FragmentBeyondItsTable => out.by_text(),
            Self::Related { path, related } => {
                out.word(Word::Related, 0);
                path.structure(out);
                related.structure(out);
            }
            Self::Not => out.word(Word::Not, 0),
            Self::All(count) => out.word(Word::All, *count),
            Self::Any(count) => out.word(Word::Any, *count),
            Self::Compare(comparison) => out.word(Word::Compare, *comparison as usize),
            Self::IsNull => out.word(Word::IsNull, 0),
            Self::In { count, null } => out.word(Word::In, *count << 1 | usize::from(*null)),
            Self::Between => out.word(Word::Between, 0),
            Self::Match(kind) => {
                out.word(Word::Match, *kind as usize);
                // what is compared depends on the text that is looked for
                let by_value = matches!(before, Some(Self::Value(_)));
                match kind {
                    TextMatch::StartsWith | TextMatch::EndsWith if by_value => out.by_text(),
                    TextMatch::StartsWith | TextMatch::EndsWith | TextMatch::Contains => {}
                }
            }
            Self::Like => out.word(Word::Like, 0),
            Self::Arithmetic(arithmetic) => out.word(Word::Arithmetic, *arithmetic as usize),
            Self::Negate => out.word(Word::Negate, 0),
            Self::Function { name, count, distinct, nullable } => {
                let flags = usize::from(*distinct) | usize::from(*nullable) << 1;
                out.word(Word::Function, *count << 2 | flags);
                out.text(name);
            }
            Self::CountAll => out.word(Word::CountAll, 0),
            // put together anew each time, and its scope may say something else
            Self::Subquery { .. } | Self::InQuery { .. } => out.by_text(),
            Self::Infix { operator, nullable } => {
                out.word(Word::Infix, usize::from(*nullable));
                out.static_text(operator);
            }
            Self::Cast(to) => out.word(Word::Cast, number_of(*to)),
            Self::Literal(text) => {
                out.word(Word::Literal, 0);
                out.text(text);
            }
            Self::Case { branches, otherwise, nullable } => {
                let flags = usize::from(*otherwise) | usize::from(*nullable) << 1;
                out.word(Word::Case, *branches << 2 | flags);
            }
            Self::JsonHas => out.word(Word::JsonHas, 0),
            Self::InOrder { function, order } => {
                out.word(Word::InOrder, 0);
                function.structure(None, out);
                out.list(order, Direction::structure);
            }
            Self::Filtered => out.word(Word::Filtered, 0),
            Self::Over(over) => {
                let Over { partition, order, rows } = &**over;
                out.word(Word::Over, *partition);
                out.list(order, Direction::structure);
                // a distance is a number in the text
                out.optional(rows.as_ref(), |rows, out| out.owned_text(&rows.to_string()));
            }
        }
    }
}

impl Direction {
    fn structure<'o>(&'o self, out: &mut Structure<'o>) {
        let Self { descending, nulls } = self;
        out.word(Word::Order, usize::from(*descending) | Nulls::flags(*nulls));
    }
}

/// A number that no other type has.
fn number_of(to: LogicalType) -> usize {
    match to {
        LogicalType::Bool => 0,
        LogicalType::Integer { bits, signed } => 1 | usize::from(signed) << 4 | usize::from(bits) << 5,
        LogicalType::Real => 2,
        LogicalType::Text => 3,
        LogicalType::Blob => 4,
        LogicalType::Timestamp => 5,
        LogicalType::Date => 6,
        LogicalType::Time => 7,
        LogicalType::Decimal => 8,
        LogicalType::Uuid => 9,
        LogicalType::Json => 10,
        LogicalType::Any => 11,
    }
}

impl Fragment {
    fn structure<'o>(&'o self, out: &mut Structure<'o>) {
        let Self { pieces, values, nullable, problem } = self;
        if problem.is_some() {
            out.by_text();
        }
        out.word(Word::Fragment, usize::from(*nullable));
        out.list(pieces, |piece, out| out.owned_text(piece));
        out.list(values, |value, out| out.value(value));
    }
}

impl Path {
    #[inline]
    pub(in crate::sql) fn structure<'o>(&'o self, out: &mut Structure<'o>) {
        let steps = self.steps();
        out.word(Word::Path, steps.len());
        steps.iter().for_each(|step| listed(step, out));
    }
}

impl Related {
    fn structure<'o>(&'o self, out: &mut Structure<'o>) {
        let Self { steps, filter, question } = self;
        out.word(Word::Related, *question as usize);
        out.list(steps, listed);
        out.optional(filter.as_ref(), Expr::structure);
    }
}

fn listed<'o>(step: &'o Arc<Step>, out: &mut Structure<'o>) {
    if !out.is_new(step) {
        return;
    }
    // the model was listed with the step
    let Step { table, model: _, here, there, collated, to_parent, optional, visible, filter } = &**step;
    if visible.is_some() {
        // a scope may say something else each time it is asked
        out.by_text();
    }
    out.text(table);
    out.list(here, |name, out| out.static_text(name));
    out.list(there, |name, out| out.static_text(name));
    out.optional(collated.as_ref(), |Collated { table, columns }, out| {
        out.columns_of(table);
        out.list(columns, |name, out| out.static_text(name));
    });
    out.word(Word::Bool, usize::from(*to_parent) | usize::from(*optional) << 1);
    out.optional(filter.as_ref(), Expr::structure);
}
