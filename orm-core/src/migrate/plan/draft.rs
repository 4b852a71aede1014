use super::class::step;
use super::consent::Consent;
use super::problem::Problem;
use super::rebuild::rebuild;
use super::rehearse::rehearse;
use super::step::{Step, Strategy};
use super::validate::{parents_exist, validate};
use super::work::{Work, unique_index_def};
use crate::driver::Connection;
use crate::error::{ErrorKind, Result};
use crate::migrate::diff::{Change, TableDiff, diff};
use crate::migrate::introspect::{Schema, Table, create_statements, introspect, target};
use crate::schema::TableDef;
use crate::sql::is_strict;

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
    pub(crate) notes: Vec<String>,
    pub(crate) problems: Vec<Problem>,
    /// Indexes that go with the columns they were for.
    pub(crate) dropped_indexes: Vec<String>,
}

impl Planner<'_> {
    /// Reads the database and finds the way from it to the definitions.
    pub(crate) fn draft(&self) -> Result<Draft> {
        validate(self.definitions)?;
        let live = introspect(self.connection)?;
        let definitions = self.settled(&live);
        let target = target(&(self.memory)()?, &definitions)?;
        parents_exist(&definitions, &live, &target)?;
        let mut draft = Draft::default();
        draft.problems.extend(definitions.iter().filter_map(|it| not_a_table(&live, it)));
        for table in diff(&live, &target, &definitions) {
            let notes = table.foreign.iter().map(|note| format!("{}: {note}", table.table));
            draft.notes.extend(notes);
            let definition = definitions.iter().find(|it| it.name.eq_ignore_ascii_case(&table.table));
            let (Some(definition), Some(wanted)) = (definition, target.table(&table.table)) else { continue };
            self.plan_table(&live, wanted, definition, &table, &mut draft)?;
        }
        if !draft.steps.is_empty() {
            rehearse(self, &live, &target, &definitions, &mut draft)?;
        }
        Ok(draft)
    }

    /// Where a struct does not say whether its table is STRICT, a table that is there decides.
    pub(crate) fn settled(&self, live: &Schema) -> Vec<TableDef> {
        let settle = |definition: &TableDef| {
            let mut settled = definition.clone();
            let strict = live.table(&definition.name).map_or_else(|| is_strict(definition), |it| it.strict);
            settled.strict.get_or_insert(strict);
            settled
        };
        self.definitions.iter().map(settle).collect()
    }

    fn plan_table(
        &self,
        live: &Schema,
        wanted: &Table,
        definition: &TableDef,
        diff: &TableDiff,
        draft: &mut Draft,
    ) -> Result<()> {
        let names = index_names(live, wanted, diff);
        let Some(have) = live.table(&diff.table) else {
            draft.problems.extend(names);
            draft.problems.extend(table_rename(live, definition));
            draft.steps.push(create(definition)?);
            return Ok(());
        };
        let work = Work { connection: self.connection, live, have, wanted, definition };
        let mut problems: Vec<Problem> = names;
        for change in &diff.changes {
            problems.extend(work.problems_of(change, &diff.changes, self.consent)?);
        }
        if !problems.is_empty() {
            draft.problems.extend(problems);
            return Ok(());
        }
        if diff.changes.is_empty() {
            return Ok(());
        }
        let step = if work.needs_rebuild(&diff.changes)? {
            rebuild(&work, &diff.changes, draft)?
        } else {
            Some(work.in_place(&diff.changes)?)
        };
        draft.steps.extend(step);
        Ok(())
    }
}

fn create(definition: &TableDef) -> Result<Step> {
    let mut changes = vec![Change::CreateTable];
    changes.extend(definition.indexes.iter().map(|it| Change::AddIndex(it.name_for(&definition.name))));
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

fn table_rename(live: &Schema, definition: &TableDef) -> Option<Problem> {
    let old = definition.renamed_from.iter().find(|old| live.table(old).is_some())?;
    let message = format!(
        "renamed from `{old}`, which this version does not do; run `ALTER TABLE {old} RENAME TO {}` first",
        definition.name
    );
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
