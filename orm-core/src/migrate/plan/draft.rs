use super::check::{Rows, counted};
use super::consent::Consent;
use super::dependents::{dependents, goes_with_columns};
use super::problem::Problem;
use super::rebuild::rebuild;
use super::rehearse::rehearse;
use super::step::{Step, StepChange, StepClass, Strategy};
use super::validate::{parents_exist, validate};
use crate::dialect::Sqlite;
use crate::driver::Connection;
use crate::error::{ErrorKind, Result};
use crate::migrate::diff::{Alteration, Change, TableDiff, diff};
use crate::migrate::introspect::{Schema, Table, Unique, create_statements, introspect, target};
use crate::schema::{IndexColumn, IndexDef, TableDef};
use crate::sql::{AlterTable, CreateIndex, Drop, is_strict};

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
}

/// What the planner knows of one table.
pub(super) struct Work<'a> {
    pub(super) connection: &'a Connection,
    pub(super) live: &'a Schema,
    pub(super) have: &'a Table,
    pub(super) wanted: &'a Table,
    pub(super) definition: &'a TableDef,
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

impl Work<'_> {
    pub(super) fn rows(&self) -> Rows<'_> {
        Rows::of(self.connection, self.have)
    }

    fn problems_of(&self, change: &Change, all: &[Change], consent: &Consent) -> Result<Vec<Problem>> {
        let table = &self.have.name;
        match change {
            // the new name says what to do
            Change::DropColumn(column) if self.is_renamed(column) => Ok(Vec::new()),
            Change::DropColumn(column) if !consent.may_drop_column(table, column) => {
                let loss = self.rows().loss(column)?;
                let message = format!(
                    "not in the struct, and holds {}; `.allow_drop_column(\"{table}\", \"{column}\")` drops `{table}.{column}`",
                    counted(loss, "non-null value")
                );
                Ok(vec![Problem::of_column(ErrorKind::DestructiveChange, table, column, message)])
            }
            Change::DropColumn(column) => Ok(dependents(self.live, self.have, column, &dropped(all))),
            Change::AddColumn(column) => Ok(self.addition(column)?.into_iter().collect()),
            Change::Unsupported(what) => {
                let message = format!("{what}; this cannot be done yet, so do it by hand first");
                Ok(vec![Problem::of_table(ErrorKind::UnsupportedObject, table, message)])
            }
            _ => Ok(self.rows().problem(change, self.wanted, self.definition)?.into_iter().collect()),
        }
    }

    /// Whether a column of the struct that is not there yet had this name before.
    fn is_renamed(&self, old: &str) -> bool {
        self.definition.columns.iter().any(|column| {
            self.have.column(&column.name).is_none()
                && column.renamed_from.iter().any(|name| name.eq_ignore_ascii_case(old))
        })
    }

    /// A new column that no value is known for, or that is an old one under a new name.
    fn addition(&self, column: &str) -> Result<Option<Problem>> {
        let table = &self.have.name;
        let (Some(want), Some(definition)) = (self.wanted.column(column), self.definition.column(column))
        else {
            return Ok(None);
        };
        let old = definition
            .renamed_from
            .iter()
            .find(|old| self.have.column(old).is_some() && self.wanted.column(old).is_none());
        if let Some(old) = old {
            let message = format!(
                "renamed from `{old}`, which this version does not do; run \
                 `ALTER TABLE {table} RENAME COLUMN {old} TO {column}` first"
            );
            return Ok(Some(Problem::of_column(ErrorKind::UnsupportedObject, table, column, message)));
        }
        let has_value = want.default.is_some() || want.generated.is_some() || definition.backfill.is_some();
        if !want.not_null || has_value || !self.rows().are_there()? {
            return Ok(None);
        }
        let message = format!(
            "new, NOT NULL and without a default, so `{table}.{column}` has no value in {}; give it a `default`, or say \
             with `backfill` what it is there",
            counted(self.rows().count()?, "row")
        );
        Ok(Some(Problem::of_column(ErrorKind::BackfillRequired, table, column, message)))
    }

    fn needs_rebuild(&self, changes: &[Change]) -> Result<bool> {
        for change in changes {
            let rebuild = match change {
                Change::AddColumn(column) => !self.can_be_added(column)?,
                other => other.needs_rebuild(),
            };
            if rebuild {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What ALTER TABLE ADD COLUMN takes, see <https://sqlite.org/lang_altertable.html#altertabaddcol>.
    fn can_be_added(&self, column: &str) -> Result<bool> {
        let (Some(want), Some(definition)) = (self.wanted.column(column), self.definition.column(column))
        else {
            return Ok(false);
        };
        let stored = want.generated.as_ref().is_some_and(|generated| generated.stored);
        if stored || self.wanted.is_key(column) {
            return Ok(false);
        }
        let in_wider_key =
            self.wanted.foreign_keys.iter().any(|key| {
                key.columns.len() > 1 && key.columns.iter().any(|it| it.eq_ignore_ascii_case(column))
            });
        if in_wider_key {
            return Ok(false);
        }
        let constant = want.default.as_deref().is_none_or(is_constant);
        if constant && definition.backfill.is_none() && (!want.not_null || want.default.is_some()) {
            return Ok(want.generated.is_none() || !want.not_null || !self.rows().are_there()?);
        }
        Ok(!self.rows().are_there()?)
    }

    fn in_place(&self, changes: &[Change]) -> Result<Step> {
        let mut sql = Vec::new();
        for change in changes {
            if let Change::AddColumn(column) = change
                && let Some(column) = self.definition.column(column)
            {
                sql.push(AlterTable::AddColumn { table: self.definition, column }.render(&Sqlite)?.sql);
            }
        }
        sql.extend(self.index_sql(changes)?);
        Ok(step(&self.have.name, Strategy::InPlace, changes, sql, 0))
    }

    /// Indexes come last: they may be about new columns.
    pub(super) fn index_sql(&self, changes: &[Change]) -> Result<Vec<String>> {
        let mut sql = Vec::new();
        for change in changes {
            match change {
                Change::AddUnique(unique) => sql.push(unique_index(&self.have.name, unique)?),
                Change::AddIndex(name) => sql.extend(self.create_index(name)?),
                Change::ReplaceIndex(name) => {
                    sql.push(Drop::Index { name, if_exists: true }.render(&Sqlite)?.sql);
                    sql.extend(self.create_index(name)?);
                }
                _ => {}
            }
        }
        Ok(sql)
    }

    fn create_index(&self, name: &str) -> Result<Option<String>> {
        let table = &self.definition.name;
        let index = self.definition.indexes.iter().find(|it| it.name_for(table).eq_ignore_ascii_case(name));
        index.map(|index| Ok(CreateIndex::new(table, index).render(&Sqlite)?.sql)).transpose()
    }

    /// Indexes that the rebuild does not bring back: they were for dropped columns, or are made anew.
    pub(super) fn index_goes(&self, index: &crate::migrate::introspect::Index, changes: &[Change]) -> bool {
        let replaced = changes
            .iter()
            .any(|it| matches!(it, Change::ReplaceIndex(name) if name.eq_ignore_ascii_case(&index.name)));
        replaced || goes_with_columns(self.have, index, &dropped(changes))
    }
}

/// A step with its changes, the gravest class first of all.
pub(super) fn step(table: &str, strategy: Strategy, changes: &[Change], sql: Vec<String>, rows: u64) -> Step {
    let changes: Vec<StepChange> =
        changes.iter().map(|it| StepChange { class: class(it), text: it.to_string() }).collect();
    let class = changes.iter().map(|it| it.class).max().unwrap_or(StepClass::Safe);
    Step { table: table.to_owned(), strategy, class, changes, sql, rows }
}

fn class(change: &Change) -> StepClass {
    match change {
        Change::DropColumn(_) => StepClass::Destructive,
        Change::CreateTable
        | Change::AddColumn(_)
        | Change::AddIndex(_)
        | Change::ReplaceIndex(_)
        | Change::SetStrict(false)
        | Change::AlterColumn {
            alteration: Alteration::Nullable | Alteration::Default { .. } | Alteration::Materialise,
            ..
        } => StepClass::Safe,
        Change::AddUnique(_)
        | Change::AddCheck(_)
        | Change::AddForeignKey(_)
        | Change::ReplaceForeignKey(_)
        | Change::SetStrict(true)
        | Change::Unsupported(_)
        | Change::AlterColumn {
            alteration: Alteration::NotNull | Alteration::Type { .. } | Alteration::Collation { .. },
            ..
        } => StepClass::Checked,
    }
}

pub(super) fn dropped(changes: &[Change]) -> Vec<String> {
    let names = changes.iter().filter_map(|change| match change {
        Change::DropColumn(column) => Some(column.clone()),
        _ => None,
    });
    names.collect()
}

fn create(definition: &TableDef) -> Result<Step> {
    let mut changes = vec![Change::CreateTable];
    changes.extend(definition.indexes.iter().map(|it| Change::AddIndex(it.name_for(&definition.name))));
    Ok(step(&definition.name, Strategy::Create, &changes, create_statements(definition)?, 0))
}

/// A unique constraint on a table that is there: an index says the same and needs no rebuild.
fn unique_index(table: &str, unique: &Unique) -> Result<String> {
    Ok(CreateIndex::new(table, &unique_index_def(unique)).render(&Sqlite)?.sql)
}

fn unique_index_def(unique: &Unique) -> IndexDef {
    let columns: Vec<IndexColumn> =
        unique.terms.iter().map(|term| IndexColumn::column(term.expression.clone())).collect();
    IndexDef { name: None, columns: columns.into(), unique: true, predicate: None }
}

/// SQLite takes `CURRENT_TIMESTAMP` and expressions for new tables only. PRAGMAs show them without parentheses.
fn is_constant(default: &str) -> bool {
    use crate::migrate::parse::{TokenKind, significant};
    let tokens = significant(default);
    let literal = match tokens.as_slice() {
        [sign, number] if sign.is_operator("-") || sign.is_operator("+") => number.kind == TokenKind::Number,
        [word] if word.kind == TokenKind::Word => {
            ["null", "true", "false"].iter().any(|name| word.is_word(name))
        }
        [only] => matches!(only.kind, TokenKind::Number | TokenKind::Text | TokenKind::Blob),
        _ => false,
    };
    literal
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
        let name = match change {
            Change::AddIndex(name) => name.clone(),
            Change::AddUnique(unique) => unique_index_def(unique).name_for(&diff.table),
            _ => continue,
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
