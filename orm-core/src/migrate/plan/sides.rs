//! The two sides of a comparison, brought to the same names.

use super::draft::Planner;
use super::drop_code::drop_code;
use super::problem::Problem;
use super::rehearse::build;
use super::rename::{Renames, TableRename, find_renames};
use super::step::Step;
use super::validate::{numbered, parents_exist, validate};
use crate::driver::Connection;
use crate::error::{ErrorKind, Result};
use crate::migrate::consent::Consent;
use crate::migrate::diff::Intent;
use crate::migrate::history;
use crate::migrate::introspect::{Code, Schema, Trigger, broken, introspect, target, text};
use crate::migrate::names::{literal, quoted_table};
use crate::schema::TableDef;
use crate::sql::is_strict;

/// What is, and what the structs want.
pub(crate) struct Sides {
    /// The database as it is.
    pub(super) original: Schema,
    /// The same after the renames.
    pub(crate) live: Schema,
    pub(crate) target: Schema,
    pub(crate) definitions: Vec<TableDef>,
    pub(crate) renames: Renames,
    /// The tables as the structs wanted them last, under their new names.
    pub(crate) base: Option<Schema>,
    /// What comes first and changes no row: views and triggers that go, then one step for each table with renames.
    pub(super) first_steps: Vec<Step>,
}

impl Sides {
    pub(crate) fn intent<'a>(&'a self, consent: &'a Consent) -> Intent<'a> {
        Intent { base: self.base.as_ref(), consent }
    }

    /// What the history has to hold when these sides are one.
    pub(crate) fn snapshot(&self) -> String {
        history::next_snapshot(self.base.as_ref(), &self.live, &self.target)
    }
}

impl Planner<'_> {
    /// Reads both sides, and finds the renames between them.
    pub(crate) fn sides(&self) -> Result<Sides> {
        validate(self.definitions)?;
        let original = introspect(self.connection)?;
        let mut live = original.clone();
        let mut first_steps = drop_code(&mut live, self.consent)?;
        let mut renames = find_renames(&live, self.definitions, self.consent);
        if !renames.tables.is_empty() && renames.problems.is_empty() {
            let (renamed, steps) = self.renamed(&live, &mut renames)?;
            live = renamed;
            first_steps.extend(steps);
        }
        let definitions = self.settled(&live);
        let target = target(&(self.memory)()?, &definitions)?;
        numbered(&definitions, &target)?;
        if renames.problems.is_empty() {
            parents_exist(&definitions, &live, &target)?;
        }
        let base = self.base(&mut renames)?;
        Ok(Sides { original, live, target, definitions, renames, base, first_steps })
    }

    /// Where a struct does not say whether its table is STRICT, a table that is there decides.
    fn settled(&self, live: &Schema) -> Vec<TableDef> {
        let settle = |definition: &TableDef| {
            let mut settled = definition.clone();
            let strict = live.table(&definition.name).map_or_else(|| is_strict(definition), |it| it.strict);
            settled.strict.get_or_insert(strict);
            settled
        };
        self.definitions.iter().map(settle).collect()
    }

    /// The snapshot of the last migration, with the renames of this one.
    fn base(&self, renames: &mut Renames) -> Result<Option<Schema>> {
        let Some(snapshot) = history::snapshot(self.connection)? else { return Ok(None) };
        let private = (self.memory)()?;
        let loaded = history::load(&private, &snapshot).and_then(|base| {
            if renames.tables.is_empty() {
                return Ok(base);
            }
            for sql in renames.tables.iter().map(|rename| rename.sql_for(&base)) {
                sql?.iter().try_for_each(|sql| private.execute_batch(sql))?;
            }
            introspect(&private)
        });
        match loaded {
            Ok(base) => Ok(Some(base)),
            Err(error) => {
                renames.notes.push(format!(
                    "what the last migration left cannot be read, so nothing is removed that the structs do not mention: \
                     {error}"
                ));
                Ok(None)
            }
        }
    }

    /// The schema after the renames, which SQLite does itself on a copy: it follows each name into indexes, constraints,
    /// foreign keys, triggers and views.
    fn renamed(&self, original: &Schema, renames: &mut Renames) -> Result<(Schema, Vec<Step>)> {
        let hidden = self.hidden(renames)?;
        if !hidden.is_empty() {
            renames.problems.extend(hidden);
            return Ok((original.clone(), Vec::new()));
        }
        let stage = (self.memory)()?;
        stage.execute_batch("PRAGMA foreign_keys = OFF")?;
        if let Err(error) = build(&stage, original) {
            let message = format!("the schema cannot be copied to try the renames: {error}");
            let to = renames.tables.first().map_or("", |rename| rename.to.as_str());
            renames.problems.push(Problem::of_table(ErrorKind::UnsupportedObject, to, message));
            return Ok((original.clone(), Vec::new()));
        }
        let set_aside = SetAside::of(&stage, original)?;
        let before = view_columns(&stage, original)?;
        let mut steps = Vec::new();
        for rename in &renames.tables {
            let sql = set_aside.around(rename.sql()?);
            if let Some(problem) = refusal(&stage, rename, &sql) {
                renames.problems.push(problem);
                return Ok((original.clone(), Vec::new()));
            }
            steps.push(rename.step(sql));
        }
        for (view, old, new) in changed_columns(&before, &view_columns(&stage, original)?) {
            renames.notes.push(format!("view `{view}`: its column `{old}` is called `{new}` from then on"));
        }
        Ok((introspect(&stage)?, steps))
    }
}

impl Planner<'_> {
    /// SQLite reads the SQL of indexes and views anew to rename in it, and finds a temporary table before ours.
    fn hidden(&self, renames: &Renames) -> Result<Vec<Problem>> {
        let mut problems = Vec::new();
        for rename in &renames.tables {
            let names = [&rename.from, &rename.to];
            for name in names.into_iter().take(if rename.from == rename.to { 1 } else { 2 }) {
                if self.is_shadowed(name)? {
                    let message = format!(
                        "it cannot be renamed through a connection that has a temporary table `{name}`, which SQLite would \
                         take for it; drop that first"
                    );
                    problems.push(Problem::of_table(ErrorKind::UnsupportedObject, &rename.from, message));
                }
            }
        }
        Ok(problems)
    }
}

fn refusal(stage: &Connection, rename: &TableRename, sql: &[String]) -> Option<Problem> {
    let error = sql.iter().find_map(|sql| stage.execute_batch(sql).err())?;
    let message = format!(
        "{} would break something that depends on it: {error}; change or drop that first",
        rename.lines().join(", ")
    );
    Some(Problem::of_table(ErrorKind::DependentObject, &rename.from, message))
}

/// Views that are broken anyway make SQLite refuse every rename, whatever it is about. They are dropped before it and
/// made again after it, as they are written.
struct SetAside {
    drop: Vec<String>,
    create: Vec<String>,
}

impl SetAside {
    fn of(stage: &Connection, schema: &Schema) -> Result<Self> {
        let mut set_aside = Self { drop: Vec::new(), create: Vec::new() };
        for object in broken(stage, schema)? {
            let Code::View { name } = object else { continue };
            let Some(view) = schema.view(&name) else { continue };
            set_aside.drop.push(format!("DROP VIEW {}", quoted_table(&name)?));
            set_aside.create.push(view.sql.clone());
            // its INSTEAD OF triggers go with it
            set_aside.create.extend(schema.triggers_of(&name).map(Trigger::create_sql));
        }
        Ok(set_aside)
    }

    fn around(&self, sql: Vec<String>) -> Vec<String> {
        self.drop.iter().cloned().chain(sql).chain(self.create.iter().cloned()).collect()
    }
}

/// The columns of each view that compiles.
fn view_columns(stage: &Connection, schema: &Schema) -> Result<Vec<(String, Vec<String>)>> {
    let mut views = Vec::new();
    for view in &schema.views {
        let sql = format!("SELECT name FROM pragma_table_info({}, 'main')", literal(&view.name)?);
        match stage.query(&sql, &[]) {
            Ok(rows) => views.push((view.name.clone(), rows.iter().map(|row| text(row, 0)).collect())),
            Err(error) if error.kind() == ErrorKind::Sql => views.push((view.name.clone(), Vec::new())),
            Err(error) => return Err(error),
        }
    }
    Ok(views)
}

type ViewColumns = [(String, Vec<String>)];

fn changed_columns(before: &ViewColumns, after: &ViewColumns) -> Vec<(String, String, String)> {
    let pairs = before.iter().zip(after);
    pairs
        .flat_map(|((view, old), (_, new))| {
            let changed = old.iter().zip(new).filter(|(old, new)| old != new);
            changed.map(|(old, new)| (view.clone(), old.clone(), new.clone()))
        })
        .collect()
}
