//! Renames: said by `renamed_from`, never guessed, and never passed over in silence.

use super::dependents::virtual_tables_reading;
use super::full_text::drop_sql;
use super::going::contains;
use super::problem::Problem;
use super::step::{Step, StepChange, StepClass, Strategy};
use crate::dialect::Sqlite;
use crate::error::{ErrorKind, Result};
use crate::migrate::consent::Consent;
use crate::migrate::introspect::{FullText, Schema, Table};
use crate::migrate::names::{quoted, quoted_table};
use crate::migrate::parse::is_plain;
use crate::schema::{TableDef, Text};
use crate::sql::AlterTable;

/// What `renamed_from` comes to in one database.
#[derive(Debug, Default)]
pub(crate) struct Renames {
    pub(crate) tables: Vec<TableRename>,
    pub(crate) notes: Vec<String>,
    pub(crate) problems: Vec<Problem>,
}

/// The renames of one table and its columns; `from` and `to` are the same where only columns have new names.
#[derive(Debug)]
pub(crate) struct TableRename {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) columns: Vec<(String, String)>,
    /// Full-text indexes that spell an old name: they go before, and are made anew after.
    pub(crate) full_texts: Vec<FullText>,
}

/// What the earlier names of one object mean.
enum Meaning {
    /// Nothing: there are none, or the object has its new name already.
    Inert,
    /// The object is new, though it has earlier names.
    NoneIsThere,
    From(String),
    Ambiguous(String),
}

/// One object with its earlier names.
struct Named<'a> {
    kind: &'a str,
    name: &'a str,
    earlier: &'a [Text],
}

impl Named<'_> {
    /// `spell` gives the name in the database, where it is there; `wanted` says whether a definition has it too;
    /// `may_go`, whether it may be dropped.
    fn meaning(
        &self,
        spell: impl Fn(&str) -> Option<String>,
        wanted: impl Fn(&str) -> bool,
        may_go: impl Fn(&str) -> bool,
    ) -> Meaning {
        let Self { kind, name, .. } = self;
        let earlier = || self.earlier.iter().filter(|old| !old.eq_ignore_ascii_case(name));
        let there: Vec<String> = earlier().filter_map(|old| spell(old)).collect();
        if spell(name).is_some() {
            let surplus = there.iter().find(|old| !wanted(old) && !may_go(old));
            return surplus.map_or(Meaning::Inert, |old| {
                Meaning::Ambiguous(format!(
                    "{kind} `{name}` was renamed from `{old}`, but both are there; copy what is needed by hand and allow \
                     `{old}` to be dropped, or remove `renamed_from`"
                ))
            });
        }
        match there.as_slice() {
            [] if earlier().next().is_none() => Meaning::Inert,
            [] => Meaning::NoneIsThere,
            [old] if wanted(old) => Meaning::Ambiguous(format!(
                "{kind} `{name}` was renamed from `{old}`, but the structs have `{old}` too; rename it by hand first, or \
                 remove `renamed_from`"
            )),
            [old] => Meaning::From(old.clone()),
            several => Meaning::Ambiguous(format!(
                "{kind} `{name}` may be any of `{}`; keep the one `renamed_from` that is meant",
                several.join("`, `")
            )),
        }
    }
}

/// Finds what has another name in the database than in the structs.
pub(super) fn find_renames(live: &Schema, definitions: &[TableDef], consent: &Consent) -> Renames {
    let mut renames = Renames::default();
    for definition in definitions {
        let Some(table) = renames.table(live, definitions, definition, consent) else { continue };
        let columns = renames.columns(table, definition, consent);
        if !columns.is_empty() || !table.name.eq_ignore_ascii_case(&definition.name) {
            let indexes = FullTexts { definition, table, consent };
            for (old, _) in &columns {
                renames.refuse_virtual(live, table, Some(old), &indexes);
            }
            let to = if table.name.eq_ignore_ascii_case(&definition.name) {
                table.name.clone()
            } else {
                renames.refuse_virtual(live, table, None, &indexes);
                definition.name.to_string()
            };
            let full_texts = indexes.spelling(table.name != to, &columns);
            renames.claim(TableRename { from: table.name.clone(), to, columns, full_texts });
        }
    }
    renames
}

impl Renames {
    /// The table that the definition is about, under its name in the database.
    fn table<'s>(
        &mut self,
        live: &'s Schema,
        definitions: &[TableDef],
        definition: &TableDef,
        consent: &Consent,
    ) -> Option<&'s Table> {
        let named = Named { kind: "table", name: &definition.name, earlier: &definition.renamed_from };
        let meaning = named.meaning(
            |name| live.table(name).map(|table| table.name.clone()),
            |name| definitions.iter().any(|other| other.name.eq_ignore_ascii_case(name)),
            |name| consent.may_drop_table(name),
        );
        match meaning {
            Meaning::Inert => live.table(&definition.name),
            Meaning::NoneIsThere => {
                if !live.tables.is_empty() {
                    self.notes.push(none_is_there(&definition.name, &definition.renamed_from, "table"));
                }
                None
            }
            Meaning::From(old) => live.table(&old),
            Meaning::Ambiguous(why) => {
                self.problems.push(Problem::of_table(ErrorKind::AmbiguousRename, &definition.name, why));
                None
            }
        }
    }

    fn columns(&mut self, table: &Table, definition: &TableDef, consent: &Consent) -> Vec<(String, String)> {
        let mut found: Vec<(String, String)> = Vec::new();
        for column in definition.columns.iter() {
            let named = Named { kind: "column", name: &column.name, earlier: &column.renamed_from };
            let meaning = named.meaning(
                |name| table.column(name).map(|column| column.name.clone()),
                |name| definition.column(name).is_some(),
                |name| consent.may_drop_column(&table.name, name),
            );
            let why = match meaning {
                Meaning::Inert => continue,
                Meaning::NoneIsThere => {
                    let name = format!("{}.{}", definition.name, column.name);
                    self.notes.push(none_is_there(&name, &column.renamed_from, "column"));
                    continue;
                }
                Meaning::From(old) if found.iter().all(|(from, _)| *from != old) => {
                    found.push((old, column.name.to_string()));
                    continue;
                }
                Meaning::From(old) => {
                    format!("two columns were renamed from `{old}`; keep one `renamed_from`")
                }
                Meaning::Ambiguous(why) => why,
            };
            let kind = ErrorKind::AmbiguousRename;
            self.problems.push(Problem::of_column(kind, &definition.name, &column.name, why));
        }
        found
    }

    /// A full-text table with external content would look for the old name.
    fn refuse_virtual(
        &mut self,
        live: &Schema,
        table: &Table,
        column: Option<&str>,
        indexes: &FullTexts<'_>,
    ) {
        for what in virtual_tables_reading(live, table, column, &indexes.ours()) {
            let message = format!("renaming it would break {what}; drop that first and make it anew after");
            let kind = ErrorKind::DependentObject;
            self.problems.push(match column {
                Some(column) => Problem::of_column(kind, &table.name, column, message),
                None => Problem::of_table(kind, &table.name, message),
            });
        }
    }

    fn claim(&mut self, rename: TableRename) {
        if self.tables.iter().any(|other| other.from.eq_ignore_ascii_case(&rename.from)) {
            let message = format!("two tables were renamed from `{}`; keep one `renamed_from`", rename.from);
            self.problems.push(Problem::of_table(ErrorKind::AmbiguousRename, &rename.to, message));
        } else {
            self.tables.push(rename);
        }
    }
}

/// The full-text indexes of a table that is renamed, or has renamed columns.
struct FullTexts<'a> {
    definition: &'a TableDef,
    table: &'a Table,
    consent: &'a Consent,
}

impl FullTexts<'_> {
    /// Those that the struct has, under the name that follows from the table's old or new one, or that may go.
    fn ours(&self) -> Vec<String> {
        let is_ours = |index: &&FullText| {
            let declared = self.definition.fts.as_ref().is_some_and(|fts| {
                [&*self.table.name, &self.definition.name]
                    .iter()
                    .any(|table| fts.name_for(table).eq_ignore_ascii_case(&index.name))
            });
            declared || self.consent.may_drop_index(&index.name)
        };
        self.table.full_texts.iter().filter(is_ours).map(|index| index.name.clone()).collect()
    }

    /// Those of them that spell a name which is no more.
    fn spelling(&self, new_table: bool, columns: &[(String, String)]) -> Vec<FullText> {
        let ours = self.ours();
        let spells = |index: &&FullText| new_table || columns.iter().any(|(old, _)| index.reads(old));
        let indexes = self.table.full_texts.iter().filter(|index| contains(&ours, &index.name));
        indexes.filter(spells).cloned().collect()
    }
}

fn none_is_there(name: &str, earlier: &[Text], kind: &str) -> String {
    format!("{name}: renamed_from {}: no such {kind}", earlier.join(", "))
}

impl TableRename {
    /// What changes, a line each.
    pub(crate) fn lines(&self) -> Vec<String> {
        let table = (self.from != self.to).then(|| format!("rename table `{}` to `{}`", self.from, self.to));
        let columns = self.columns.iter().map(|(from, to)| format!("rename column `{from}` to `{to}`"));
        let indexes = self
            .full_texts
            .iter()
            .map(|index| format!("drop full-text index `{}`, which spells the old name", index.name));
        table.into_iter().chain(columns).chain(indexes).collect()
    }

    /// The statements: the table first, then its columns.
    pub(super) fn sql(&self) -> Result<Vec<String>> {
        let dropped: Result<Vec<_>> = self.full_texts.iter().map(drop_sql).collect();
        let mut sql: Vec<String> = dropped?.into_iter().flatten().collect();
        if self.from != self.to {
            sql.push(AlterTable::RenameTable { from: &self.from, to: &self.to }.render(&Sqlite)?.sql);
        }
        for (from, to) in &self.columns {
            let (table, old) = (quoted_table(&self.to)?, quoted(from)?);
            // SQLite writes the name into every index, view and trigger as it is written here
            let new = if is_plain(to) { to.clone() } else { quoted(to)? };
            sql.push(format!("ALTER TABLE {table} RENAME COLUMN {old} TO {new}"));
        }
        Ok(sql)
    }

    /// The statements that a schema needs which may have some of the new names already.
    pub(super) fn sql_for(&self, schema: &Schema) -> Result<Vec<String>> {
        let old = schema.table(&self.from);
        let Some(table) = old.or_else(|| schema.table(&self.to)) else { return Ok(Vec::new()) };
        let has_new_name = table.name.eq_ignore_ascii_case(&self.to);
        let waits =
            |(from, to): &&(String, String)| table.column(from).is_some() && table.column(to).is_none();
        let columns = self.columns.iter().filter(waits).cloned().collect();
        let from = if has_new_name { &self.to } else { &self.from };
        let full_texts = table.full_texts.iter().filter(|index| self.drops(index)).cloned().collect();
        Self { from: from.clone(), to: self.to.clone(), columns, full_texts }.sql()
    }

    fn drops(&self, index: &FullText) -> bool {
        self.full_texts.iter().any(|it| it.name.eq_ignore_ascii_case(&index.name))
    }

    /// As a step. SQLite changes the schema's text and no row.
    pub(super) fn step(&self, sql: Vec<String>) -> Step {
        let change = |text| StepChange { class: StepClass::Safe, text };
        Step {
            table: self.to.clone(),
            strategy: Strategy::InPlace,
            class: StepClass::Safe,
            changes: self.lines().into_iter().map(change).collect(),
            sql,
            rows: 0,
            bytes: None,
        }
    }
}
