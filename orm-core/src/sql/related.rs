//! Columns of other tables in an expression: joined where the statement joins, else as a sub-query.
//!
//! The table that a statement is about keeps its name; every other one gets an alias that occurs once in the statement, so
//! that a table can be there several times and no inner name hides an outer one.

use std::any::Any;
use std::sync::Arc;

use super::expr::{Path, Position, Question, Related, Step};
use super::structure::Word;
use super::{Expr, Structure, Writer};
use crate::error::{Error, ErrorKind, Result};

/// What the names of columns mean in a part of a statement.
#[derive(Debug, Default)]
pub(super) struct Scope {
    /// What the expressions' own table is called; `None` where it is the only one.
    own: Option<String>,
    /// The tables that are joined.
    joined: Vec<(Path, String)>,
}

/// A table that is joined.
#[derive(Debug, Clone)]
pub(crate) struct Join {
    pub(crate) path: Path,
    /// Whether rows without a partner are left out.
    pub(crate) inner: bool,
}

impl Join {
    pub(super) fn structure<'o>(&'o self, out: &mut Structure<'o>) {
        let Self { path, inner } = self;
        out.word(Word::Join, usize::from(*inner));
        path.structure(out);
    }

    /// These, and those that the expressions need, each behind the one that it begins at.
    pub(super) fn needed<'e>(joins: &[Self], exprs: impl Iterator<Item = &'e Expr>) -> Vec<Self> {
        let mut out: Vec<Self> = Vec::new();
        for join in joins {
            add(&mut out, &join.path, join.inner);
        }
        for path in exprs.flat_map(Expr::paths) {
            add(&mut out, path, false);
        }
        out
    }
}

fn add(joins: &mut Vec<Join>, path: &Path, inner: bool) {
    for length in 1..=path.steps().len() {
        let part = path.first(length);
        let inner = inner && length == path.steps().len();
        match joins.iter_mut().find(|join| join.path.is_same(&part)) {
            Some(join) => join.inner |= inner,
            None => joins.push(Join { path: part, inner }),
        }
    }
}

impl Writer<'_> {
    /// A new alias.
    fn alias(&mut self) -> String {
        loop {
            self.aliases += 1;
            let alias = format!("t{}", self.aliases);
            if !self.root.eq_ignore_ascii_case(&alias) {
                return alias;
            }
        }
    }

    /// From here on, expressions are those of a table of that name, with these joins. Gives what held before.
    pub(super) fn enter(&mut self, own: Option<String>, joins: &[Join]) -> Scope {
        let joined = joins.iter().map(|join| (join.path.clone(), self.alias())).collect();
        std::mem::replace(&mut self.scope, Scope { own, joined })
    }

    /// [`enter`](Self::enter) for the table that a whole statement is about, which is named where there are others. Inside
    /// another statement it always is: a column that the table has not would mean one of the table outside.
    pub(super) fn enter_root<'e>(
        &mut self,
        table: &str,
        joins: &[Join],
        mut exprs: impl Iterator<Item = &'e Expr>,
    ) -> Scope {
        let several = self.depth > 0 || !joins.is_empty() || exprs.any(Expr::is_related);
        table.clone_into(&mut self.root);
        self.enter(several.then(|| table.to_owned()), joins)
    }

    pub(super) fn leave(&mut self, before: Scope) {
        self.scope = before;
    }

    /// A new alias for each step.
    pub(super) fn aliases(&mut self, steps: &[Arc<Step>]) -> Vec<String> {
        steps.iter().map(|_| self.alias()).collect()
    }

    /// A column: of the own table, of one that is joined, or else as a sub-query.
    pub(super) fn column_at(&mut self, path: &Path, name: &str) -> Result<()> {
        if let Some(alias) = self.name_of(path) {
            return self.qualified(alias.as_deref(), name);
        }
        let aliases = self.aliases(path.steps());
        self.push("(SELECT ");
        self.qualified(aliases.last().map(String::as_str), name)?;
        let own = self.scope.own.clone();
        self.chain(own.as_deref(), path.steps(), &aliases, &[], None)?;
        self.push(")");
        Ok(())
    }

    /// What a joined table is called; the own one has no name where it is the only one.
    fn name_of(&self, path: &Path) -> Option<Option<String>> {
        if path.steps().is_empty() {
            return Some(self.scope.own.clone());
        }
        let joined = self.scope.joined.iter().find(|(joined, _)| joined.is_same(path));
        joined.map(|(_, alias)| Some(alias.clone()))
    }

    pub(super) fn qualified(&mut self, alias: Option<&str>, name: &str) -> Result<()> {
        if let Some(alias) = alias {
            self.name(alias)?;
            self.push(".");
        }
        self.name(name)
    }

    /// ` JOIN … ON …` for each table that [`enter`](Self::enter) gave an alias.
    pub(super) fn joins(&mut self, joins: &[Join]) -> Result<()> {
        for join in joins {
            let steps = join.path.steps();
            let Some((step, before)) = steps.split_last() else { continue };
            let from = self.name_of(&Path::new(before.to_vec())).flatten();
            let to = self.name_of(&join.path).flatten().unwrap_or_default();
            self.push(if join.inner { " JOIN " } else { " LEFT JOIN " });
            self.aliased(&step.table, &to)?;
            self.push(" ON ");
            self.partner(step, from.as_deref(), &to)?;
        }
        Ok(())
    }

    pub(super) fn aliased(&mut self, table: &str, alias: &str) -> Result<()> {
        self.table(table)?;
        self.push(" AS ");
        self.name(alias)
    }

    /// Whether there are related rows, or how many.
    pub(super) fn related(&mut self, path: &Path, related: &Related) -> Result<()> {
        self.deeper()?;
        self.push(match related.question {
            Question::Exists => "EXISTS (SELECT 1",
            Question::Count => "(SELECT count(*)",
        });
        let joins = Join::needed(&[], related.filter.iter());
        // the rows belong to one that is joined, or that only a sub-query leads to
        let (own, before) = match self.name_of(path) {
            Some(own) => (own, [].as_slice()),
            None => (self.scope.own.clone(), path.steps()),
        };
        let steps: Vec<_> = before.iter().chain(&related.steps).map(Arc::clone).collect();
        let aliases = self.aliases(&steps);
        self.chain(own.as_deref(), &steps, &aliases, &joins, related.filter.as_ref())?;
        self.depth -= 1;
        self.push(")");
        Ok(())
    }

    /// ` FROM … JOIN … WHERE …`: the tables of the steps, tied to the table outside.
    fn chain(
        &mut self,
        own: Option<&str>,
        steps: &[Arc<Step>],
        aliases: &[String],
        joins: &[Join],
        filter: Option<&Expr>,
    ) -> Result<()> {
        self.push(" FROM ");
        self.aliased(&steps[0].table, &aliases[0])?;
        for at in 1..steps.len() {
            self.push(" JOIN ");
            self.aliased(&steps[at].table, &aliases[at])?;
            self.push(" ON ");
            self.partner(&steps[at], Some(&aliases[at - 1]), &aliases[at])?;
        }
        let before = self.enter(aliases.last().cloned(), joins);
        self.joins(joins)?;
        self.push(" WHERE ");
        self.partner(&steps[0], own, &aliases[0])?;
        if let Some(filter) = filter.filter(|filter| !filter.is_true()) {
            self.push(" AND ");
            filter.write_term(self)?;
        }
        self.leave(before);
        Ok(())
    }

    /// What makes a row of `to` belong to one of `from`.
    pub(super) fn partner(&mut self, step: &Step, from: Option<&str>, to: &str) -> Result<()> {
        for (position, (here, there)) in step.on().enumerate() {
            if position > 0 {
                self.push(" AND ");
            }
            // the left column decides how text is compared, which in a foreign key is the parent's
            if step.to_parent {
                self.qualified(Some(to), there)?;
                self.push(" = ");
                self.qualified(from, here)?;
            } else {
                self.qualified(from, here)?;
                // a list of keys has no collation of its own
                self.collation(step.collated.and_then(|collated| collated.at(position)))?;
                self.push(" = ");
                self.qualified(Some(to), there)?;
            }
        }
        let visible = match step.visible {
            Some(visible) => visible(self.context)?,
            None => None,
        };
        self.deeper()?;
        let before = self.enter(Some(to.to_owned()), &[]);
        for condition in visible.iter().chain(&step.filter).filter(|condition| !condition.is_true()) {
            self.push(" AND ");
            condition.write_term(self)?;
        }
        self.depth -= 1;
        self.leave(before);
        Ok(())
    }
}

/// Sub-queries inside each other: SQLite's own limit is not far, and scopes may ask of each other without end.
const DEEPEST: usize = 50;

impl Writer<'_> {
    pub(super) fn deeper(&mut self) -> Result<()> {
        self.depth += 1;
        if self.depth <= DEEPEST {
            return Ok(());
        }
        let message =
            "queries ask of each other without end, or too deep: look at the scopes of their models";
        Err(Error::new(ErrorKind::InvalidQuery, message))
    }
}

/// Nothing: for statements that are written outside a session.
pub(super) const NO_CONTEXT: &(dyn Any + Send + Sync) = &();

impl Expr {
    /// A condition as one of several that are joined by AND.
    fn write_term(&self, out: &mut Writer<'_>) -> Result<()> {
        self.write_bound(out, Position::Filter)
    }
}
