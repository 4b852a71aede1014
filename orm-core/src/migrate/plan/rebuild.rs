//! The rebuild of one table, by the order of <https://sqlite.org/lang_altertable.html#otheralter>: new, copy, drop,
//! rename. The other order would repoint views, triggers and foreign keys to the old name.

use super::class::step;
use super::dependents::goes_with_columns;
use super::draft::Draft;
use super::going::Going;
use super::problem::Problem;
use super::reshape::reshape;
use super::step::{Step, StepChange, StepClass, Strategy};
use super::work::Work;
use crate::dialect::Sqlite;
use crate::error::{ErrorKind, Result};
use crate::migrate::diff::Change;
use crate::migrate::introspect::{Index, Schema, Table, Trigger};
use crate::migrate::names::{literal, quoted_table};
use crate::migrate::parse::{folded, in_schema};
use crate::sql::{AlterTable, Drop};

/// The step that rebuilds the table; `None` where it cannot be done safely, which becomes a problem of the draft.
pub(super) fn rebuild(work: &Work<'_>, changes: &[Change], draft: &mut Draft) -> Result<Option<Step>> {
    let (have, wanted) = (work.have, work.wanted);
    let (Some(statement), Some(wanted_statement)) = (&have.statement, &wanted.statement) else {
        let message = "the table would have to be rebuilt, but its definition has a form that this library does not read; \
                       change it by hand";
        draft.problems.push(Problem::of_table(ErrorKind::UnsupportedObject, &have.name, message));
        return Ok(None);
    };
    let new = reshape((have, statement), (wanted, wanted_statement), work.definition, changes)?;
    let name = unused_name(work.live, &have.name);
    let mut sql = work.full_texts_before(changes)?;
    sql.extend(["PRAGMA legacy_alter_table = ON".to_owned(), new.create_sql(&name)?]);
    sql.push(new.copy_sql(&have.name, &name)?);
    if have.autoincrement && !changes.contains(&Change::SetAutoincrement(false)) {
        sql.extend(carry_sequence(&have.name, &name)?);
    }
    sql.push(Drop::Table { name: &have.name, if_exists: false }.render(&Sqlite)?.sql);
    sql.push(AlterTable::RenameTable { from: &name, to: &have.name }.render(&Sqlite)?.sql);
    sql.push("PRAGMA legacy_alter_table = OFF".to_owned());
    sql.extend(restored(work, changes));
    sql.extend(work.index_sql(changes)?);
    sql.extend(work.full_texts_after(changes)?);
    sql.extend(work.refreshed_full_texts(changes)?);
    sql.extend(renewed_statistics(work, have)?);
    let mut step = step(&have.name, Strategy::Rebuild, changes, sql, work.rows().count()?);
    let going = Going::of(changes);
    let with_columns = |index: &&Index| goes_with_columns(have, index, &going.columns);
    for index in have.indexes.iter().filter(with_columns).filter(|index| !going.has_index(&index.name)) {
        let text = format!("drop index `{}`, which is about dropped columns only", index.name);
        step.changes.push(StepChange { class: StepClass::Destructive, text });
        draft.dropped.insert(("index".to_owned(), folded(&index.name)));
    }
    Ok(Some(step))
}

impl Work<'_> {
    /// A rebuild gives new hidden numbers to rows where all names for them are taken by columns.
    pub(super) fn renumbered(&self, step: &Step) -> Option<String> {
        let have = self.have;
        let has_hidden = !have.without_rowid && !have.columns.iter().any(|column| column.rowid_alias);
        let lost = step.strategy == Strategy::Rebuild && has_hidden && have.hidden_rowid().is_none();
        lost.then(|| format!("{}: rows are numbered anew, since no name of their rowid is free", have.name))
    }
}

/// A name that no object has, whatever is left over from another program.
fn unused_name(live: &Schema, table: &str) -> String {
    let taken = |name: &str| {
        live.table(name).is_some()
            || live.view(name).is_some()
            || live.virtual_table(name).is_some()
            || live.table_of_index(name).is_some()
            || live.triggers.iter().any(|trigger| folded(&trigger.name) == folded(name))
    };
    let plain = format!("_orm_new_{table}");
    let numbered = (1..u32::MAX).map(|number| format!("{plain}_{number}"));
    std::iter::once(plain.clone()).chain(numbered).find(|name| !taken(name)).unwrap_or(plain)
}

/// The copy counted from the highest key that is left; the old counter may be higher.
fn carry_sequence(from: &str, to: &str) -> Result<[String; 2]> {
    let (from, to) = (literal(from)?, literal(to)?);
    Ok([
        format!("DELETE FROM \"main\".\"sqlite_sequence\" WHERE name = {to}"),
        format!(
            "INSERT INTO \"main\".\"sqlite_sequence\" (name, seq) SELECT {to}, seq FROM \"main\".\"sqlite_sequence\" \
             WHERE name = {from}"
        ),
    ])
}

/// Indexes and triggers went with the old table. They come back as they were written, in the order they were made.
fn restored(work: &Work<'_>, changes: &[Change]) -> Vec<String> {
    let indexes = work.have.indexes.iter().filter(|index| !work.index_goes(index, changes));
    let mut sql: Vec<String> = indexes.map(|index| in_schema(&index.sql, "main")).collect();
    let going = work.going_full_texts(changes);
    let stays = |trigger: &&Trigger| !going.iter().any(|index| index.is_kept_by(trigger));
    sql.extend(work.live.triggers_of(&work.have.name).filter(stays).map(Trigger::create_sql));
    sql
}

/// DROP TABLE also drops what ANALYZE found.
fn renewed_statistics(work: &Work<'_>, table: &Table) -> Result<Option<String>> {
    let has_statistics =
        work.connection.query_text("SELECT 1 FROM \"main\".\"sqlite_schema\" WHERE name = 'sqlite_stat1'")?;
    if has_statistics.is_none() {
        return Ok(None);
    }
    let of_table = format!(
        "SELECT count(*) FROM \"main\".\"sqlite_stat1\" WHERE tbl = {} COLLATE NOCASE",
        literal(work.sources.stored_name(&table.name))?
    );
    let there = work.connection.query_text(&of_table)?.is_some_and(|count| count != "0");
    Ok(if there { Some(format!("ANALYZE {}", quoted_table(&table.name)?)) } else { None })
}
