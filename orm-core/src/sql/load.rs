use std::any::Any;
use std::sync::Arc;

use super::expr::{Position, Step};
use super::related::Join;
use super::{Expr, Order, Rendered, Writer};
use crate::dialect::Dialect;
use crate::error::Result;
use crate::value::Value;

/// The rows that belong to other rows, which are given by their keys: `WITH "keys" … SELECT … FROM "keys" JOIN …`. The
/// first column of the result says to which of them a row belongs.
#[derive(Debug)]
pub(crate) struct Load {
    /// Each key with the number of its row.
    pub(crate) keys: Vec<(usize, Vec<Value>)>,
    /// From the keys to the rows: one step, or two over a table that links.
    pub(crate) steps: Vec<Arc<Step>>,
    pub(crate) columns: Vec<Expr>,
    pub(crate) joins: Vec<Join>,
    pub(crate) filter: Option<Expr>,
    pub(crate) order_by: Vec<Order>,
    /// The most rows for each key.
    pub(crate) limit: Option<u64>,
}

const KEYS: &str = "keys";
const ROW: &str = "row";
const NUMBER: &str = "number";

impl Load {
    pub(crate) fn render_in(&self, dialect: &dyn Dialect, context: &dyn Any) -> Result<Rendered> {
        let mut out = Writer::within(dialect, context);
        self.keys(&mut out)?;
        match self.limit {
            Some(limit) => self.limited(&mut out, limit)?,
            None => self.rows(&mut out, Numbered::No)?,
        }
        Ok(out.finish())
    }

    fn keys(&self, out: &mut Writer<'_>) -> Result<()> {
        out.push("WITH ");
        out.name(KEYS)?;
        out.push(" (");
        let parts = (0..self.steps[0].here.len()).map(key_name);
        out.names(std::iter::once(ROW).chain(parts))?;
        out.push(") AS (VALUES ");
        out.list(&self.keys, |out, (row, key)| {
            out.push(&format!("({row}, "));
            out.list(key, Writer::value)?;
            out.push(")");
            Ok(())
        })?;
        out.push(") ");
        Ok(())
    }

    fn rows(&self, out: &mut Writer<'_>, numbered: Numbered) -> Result<()> {
        let filter = self.filter.as_ref().filter(|filter| !filter.is_true());
        let orders = self.order_by.iter().map(|order| &order.expr);
        let joins = Join::needed(&self.joins, self.columns.iter().chain(filter).chain(orders));
        let aliases = out.aliases(&self.steps);
        let before = out.enter(aliases.last().cloned(), &joins);
        out.push("SELECT ");
        out.qualified(Some(KEYS), ROW)?;
        for (position, column) in self.columns.iter().enumerate() {
            out.push(", ");
            column.write(out, Position::Value)?;
            if numbered == Numbered::Yes {
                out.push(" AS ");
                out.name(&column_name(position))?;
            }
        }
        if numbered == Numbered::Yes {
            self.number(out)?;
        }
        self.sources(out, &aliases)?;
        out.joins(&joins)?;
        out.filter(" WHERE ", filter)?;
        if numbered == Numbered::No {
            out.order_and_limit(&self.order_by, None, None)?;
        }
        out.leave(before);
        Ok(())
    }

    fn sources(&self, out: &mut Writer<'_>, aliases: &[String]) -> Result<()> {
        out.push(" FROM ");
        out.name(KEYS)?;
        for (at, step) in self.steps.iter().enumerate() {
            out.push(" JOIN ");
            out.aliased(&step.table, &aliases[at])?;
            out.push(" ON ");
            match at.checked_sub(1) {
                Some(before) => out.partner(step, Some(&aliases[before]), &aliases[at])?,
                None => out.partner(&from_keys(step), Some(KEYS), &aliases[at])?,
            }
        }
        Ok(())
    }

    fn number(&self, out: &mut Writer<'_>) -> Result<()> {
        out.push(", row_number() OVER (PARTITION BY ");
        out.qualified(Some(KEYS), ROW)?;
        out.order_and_limit(&self.order_by, None, None)?;
        out.push(") AS ");
        out.name(NUMBER)
    }

    /// The rows inside a query that keeps the first of each key.
    fn limited(&self, out: &mut Writer<'_>, limit: u64) -> Result<()> {
        out.push("SELECT ");
        let columns = (0..self.columns.len()).map(column_name);
        out.names(std::iter::once(ROW.to_owned()).chain(columns))?;
        out.push(" FROM (");
        self.rows(out, Numbered::Yes)?;
        out.push(") AS ");
        out.name("rows")?;
        out.push(" WHERE ");
        out.name(NUMBER)?;
        out.push(" <= ");
        out.value(&Value::Integer(i64::try_from(limit).unwrap_or(i64::MAX)))?;
        out.push(" ORDER BY ");
        out.name(NUMBER)
    }
}

/// Whether rows are counted for each key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Numbered {
    Yes,
    No,
}

/// The first step, from the list of keys in place of the table.
fn from_keys(step: &Step) -> Step {
    let here = (0..step.here.len()).map(key_name).collect();
    Step { here, ..step.clone() }
}

/// A foreign key of more columns than that is an error of SQLite's.
const KEY_NAMES: [&str; 9] = ["k1", "k2", "k3", "k4", "k5", "k6", "k7", "k8", "k"];

fn key_name(position: usize) -> &'static str {
    KEY_NAMES[position.min(KEY_NAMES.len() - 1)]
}

fn column_name(position: usize) -> String {
    format!("c{}", position + 1)
}
