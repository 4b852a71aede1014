use std::collections::BTreeSet;

use super::check::Rows;
use super::class::{mark_lossy, step};
use super::drop_table::{drop_table, dropped_tables, obstacles};
use super::full_text::obstacles_to_indexes;
use super::going::Going;
use super::problem::Problem;
use super::rebuild::rebuild;
use super::rehearse::rehearse;
use super::sides::Sides;
use super::sources::Sources;
use super::step::{Step, Strategy};
use super::work::{Work, unique_index_def};
use crate::driver::Connection;
use crate::error::{ErrorKind, Result};
use crate::migrate::consent::Consent;
use crate::migrate::diff::{Change, TableDiff, diff};
use crate::migrate::introspect::{Schema, Table, create_statements};
use crate::migrate::parse::folded;
use crate::schema::TableDef;

/// Makes plans for one database. Only reads from it.
pub(crate) struct Planner<'a> {
    pub(crate) connection: &'a Connection,
    pub(crate) definitions: &'a [TableDef],
    pub(crate) consent: &'a Consent,
    /// Opens a private database in memory, with the functions and collations that the application registers.
    pub(crate) memory: &'a dyn Fn() -> Result<Connection>,
}

/// What a plan consists of.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Draft {
    pub(crate) steps: Vec<Step>,
    /// How many of the steps come first and change no row: views and triggers that go, and renames.
    pub(crate) first: usize,
    pub(crate) notes: Vec<String>,
    pub(crate) problems: Vec<Problem>,
    /// What the history will hold: the tables as the structs want them now.
    pub(crate) snapshot: String,
    /// Kind and folded name of every object that goes.
    pub(crate) dropped: BTreeSet<(String, String)>,
    /// Folded table and column, for every column that goes.
    pub(super) dropped_columns: BTreeSet<(String, String)>,
}

impl Draft {
    /// Where versioned steps alone may change the database, what is left to do is a difference.
    fn refuse_steps(&mut self) {
        for step in std::mem::take(&mut self.steps) {
            let changes: Vec<&str> = step.changes.iter().map(|change| change.text.as_str()).collect();
            let message = format!(
                "differs from the struct ({}), and only versioned steps may change it; add one that does",
                changes.join(", ")
            );
            self.problems.push(Problem::of_table(ErrorKind::SchemaMismatch, &step.table, message));
        }
        self.first = 0;
    }
}

/// What the plan of one table is made of.
struct OneTable<'a> {
    live: &'a Schema,
    wanted: &'a Table,
    definition: &'a TableDef,
    diff: &'a TableDiff,
    sources: &'a Sources,
}

impl Planner<'_> {
    /// Reads the database and finds the way from it to the definitions.
    pub(crate) fn draft(&self) -> Result<Draft> {
        let sides = self.sides()?;
        let Sides { live, target, definitions, renames, .. } = &sides;
        let sources = Sources::of_renames(&renames.tables, &sides.original)?;
        let steps = sides.first_steps.clone();
        let mut draft = Draft { first: steps.len(), steps, ..Draft::default() };
        draft.notes.extend(renames.notes.iter().cloned());
        draft.problems.extend(renames.problems.iter().cloned());
        if !draft.problems.is_empty() {
            return Ok(draft);
        }
        draft.problems.extend(definitions.iter().filter_map(|it| not_a_table(live, it)));
        for table in diff(live, target, definitions, &sides.intent(self.consent)) {
            let notes = table.foreign.iter().map(|note| format!("{}: {note}", table.table));
            draft.notes.extend(notes);
            let definition = definitions.iter().find(|it| it.name.eq_ignore_ascii_case(&table.table));
            let (Some(definition), Some(wanted)) = (definition, target.table(&table.table)) else { continue };
            let one = OneTable { live, wanted, definition, diff: &table, sources: &sources };
            self.plan_table(&one, &mut draft)?;
        }
        self.plan_dropped(&sides, &mut draft)?;
        draft.notes.extend(self.left_behind(&sides));
        if self.consent.steps_only {
            draft.refuse_steps();
        }
        if !draft.steps.is_empty() {
            draft.snapshot = sides.snapshot();
            rehearse(self, &sides, &mut draft)?;
        }
        Ok(draft)
    }

    /// Tables that the structs had when they were applied last, and that stay.
    fn left_behind(&self, sides: &Sides) -> Vec<String> {
        let before = sides.base.iter().flat_map(|base| base.tables.values());
        let left = before.filter(|table| {
            sides.live.table(&table.name).is_some()
                && sides.target.table(&table.name).is_none()
                && !self.consent.may_drop_table(&table.name)
        });
        let note = |table: &Table| {
            let name = &table.name;
            format!(
                "table `{name}` came from a struct that is not among these; it is kept, and \
                 `.allow_drop_table(\"{name}\")` drops it"
            )
        };
        left.map(note).collect()
    }

    fn plan_dropped(&self, sides: &Sides, draft: &mut Draft) -> Result<()> {
        let dropped = dropped_tables(sides, |name| self.consent.may_drop_table(name));
        for table in &dropped {
            let obstacles = obstacles(sides, self.consent, table, &dropped);
            if obstacles.is_empty() {
                let rows = Rows::of(self.connection, table, &Sources::default()).count()?;
                let step = drop_table(sides, self.consent, table, rows, draft)?;
                draft.steps.push(step);
            }
            draft.problems.extend(obstacles);
        }
        Ok(())
    }

    fn plan_table(&self, one: &OneTable<'_>, draft: &mut Draft) -> Result<()> {
        let OneTable { live, wanted, definition, diff, sources } = *one;
        let mut names = index_names(live, wanted, diff);
        names.extend(obstacles_to_indexes(live, diff));
        let Some(have) = live.table(&diff.table) else {
            draft.problems.extend(names);
            draft.steps.push(create(definition)?);
            return Ok(());
        };
        let work = Work { connection: self.connection, live, have, wanted, definition, sources };
        let mut problems: Vec<Problem> = names;
        for change in &diff.changes {
            for problem in work.problems_of(change, &diff.changes, self.consent)? {
                // a NULL is in the way of NOT NULL and of the primary key
                if !problems.contains(&problem) {
                    problems.push(problem);
                }
            }
        }
        if !problems.is_empty() {
            draft.problems.extend(problems);
            return Ok(());
        }
        if diff.changes.is_empty() {
            return Ok(());
        }
        let mut step = if work.needs_rebuild(&diff.changes)? {
            match rebuild(&work, &diff.changes, draft)? {
                Some(step) => Some(self.cheaper(&work, &diff.changes, step)?),
                None => None,
            }
        } else {
            Some(work.in_place(&diff.changes)?)
        };
        if let Some(step) = &mut step {
            if step.strategy == Strategy::Rebuild {
                step.bytes = work.rows().bytes()?;
            }
            draft.notes.extend(work.renumbered(step));
            draft.notes.extend(work.notes_on_full_texts(step, &diff.changes));
            let has_using = |name: &str| definition.column(name).is_some_and(|column| column.using.is_some());
            let lossy = |name: &str| has_using(name) || self.consent.may_lose(&have.name, name);
            mark_lossy(step, &diff.changes, lossy);
        }
        let going = Going::of(&diff.changes);
        let columns = going.columns.iter().map(|column| (folded(&have.name), folded(column)));
        draft.dropped_columns.extend(columns);
        draft.dropped.extend(going.indexes.iter().map(|index| ("index".to_owned(), folded(index))));
        work.going_full_texts(&diff.changes).into_iter().for_each(|index| draft.drops_full_text(index));
        draft.steps.extend(step);
        Ok(())
    }
}

fn create(definition: &TableDef) -> Result<Step> {
    let mut changes = vec![Change::CreateTable];
    changes.extend(definition.indexes.iter().map(|it| Change::AddIndex(it.name_for(&definition.name))));
    changes.extend(definition.fts.iter().map(|it| Change::AddFullText(it.name_for(&definition.name))));
    Ok(step(&definition.name, Strategy::Create, &changes, create_statements(definition)?, 0))
}

fn not_a_table(live: &Schema, definition: &TableDef) -> Option<Problem> {
    let what = match (live.view(&definition.name), live.virtual_table(&definition.name)) {
        (Some(_), _) => "view",
        (None, Some(_)) => "virtual table",
        (None, None) => return None,
    };
    let message = format!("a {what} has this name in the database, and only tables are migrated");
    Some(Problem::of_table(ErrorKind::UnsupportedObject, &definition.name, message))
}

/// Names of indexes and tables share one space.
fn index_names(live: &Schema, wanted: &Table, diff: &TableDiff) -> Vec<Problem> {
    let mut problems = Vec::new();
    for change in &diff.changes {
        let name = if let Change::AddIndex(name) = change {
            name.clone()
        } else if let Change::AddUnique(unique) = change {
            unique_index_def(unique).name_for(&diff.table)
        } else {
            continue;
        };
        let taken = match (live.table_of_index(&name), live.table(&name), live.view(&name)) {
            (Some(table), _, _) => format!("an index of table `{}`", table.name),
            (None, Some(_), _) => "a table".to_owned(),
            (None, None, Some(_)) => "a view".to_owned(),
            (None, None, None) => continue,
        };
        let message =
            format!("index `{name}` cannot be made: {taken} has this name; give the index another one");
        problems.push(Problem::of_table(ErrorKind::NameInUse, &wanted.name, message));
    }
    problems
}
