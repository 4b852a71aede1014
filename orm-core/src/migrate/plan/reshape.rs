//! The shape of a rebuilt table: the live statement with the changes worked in, so that what nobody mentioned stays as it
//! was written.

use crate::error::Result;
use crate::migrate::diff::{Alteration, Change, same_reference};
use crate::migrate::introspect::{Check, ForeignKey, Table, Unique};
use crate::migrate::names::{quoted, quoted_table};
use crate::migrate::parse::{
    ColumnText, ConstraintText, CreateTable, Rule, Term, mentions, without_qualifier,
};
use crate::schema::{ColumnDef, TableDef};

/// How the statement begins that copies the rows of a table, and no other.
const COPY: &str = "INSERT OR ABORT INTO ";

/// Whether the statement of a plan copies the rows of a table.
pub(crate) fn is_copy(sql: &str) -> bool {
    sql.starts_with(COPY)
}

/// A table as it will be, and where the values of its columns come from.
pub(super) struct Reshaped {
    statement: CreateTable,
    /// Column and the expression that fills it.
    copies: Vec<(String, String)>,
    /// The name by which the copy's rowid is set, and what it is set to.
    rowid: Option<(String, String)>,
}

/// Works the changes into the live statement. `wanted` is what the struct's own DDL says.
pub(super) fn reshape(
    live: (&Table, &CreateTable),
    wanted: (&Table, &CreateTable),
    definition: &TableDef,
    changes: &[Change],
) -> Result<Reshaped> {
    let ((table, statement), (wanted_table, wanted_statement)) = (live, wanted);
    let mut new = statement.clone();
    for change in changes {
        match change {
            Change::DropColumn(column) => drop_column(&mut new, column),
            Change::AddColumn(column) => new.columns.extend(column_text(wanted_statement, column)),
            Change::AlterColumn { column, alteration } => {
                alter_column(&mut new, wanted_statement, column, alteration);
            }
            Change::AddCheck(check) => {
                let mut wanted = wanted_constraints(wanted_statement);
                let wanted = wanted.find(|it| it.check() == Some(&check.expression));
                new.constraints.extend(wanted.cloned());
            }
            Change::AddForeignKey(key) => new.constraints.extend(wanted_key(wanted, key)),
            Change::ReplaceForeignKey(key) => {
                remove_key(&mut new, live, key);
                new.constraints.extend(wanted_key(wanted, key));
            }
            Change::DropForeignKey(key) => remove_key(&mut new, live, key),
            Change::DropUnique(unique) => drop_unique(&mut new, unique),
            Change::DropCheck(check) => drop_check(&mut new, check),
            Change::PrimaryKey(_) | Change::SetAutoincrement(_) => {
                set_primary_key(&mut new, wanted_statement);
            }
            Change::SetWithoutRowid(without_rowid) => new.without_rowid = *without_rowid,
            Change::SetStrict(strict) => set_strict(&mut new, wanted_statement, *strict),
            Change::CreateTable
            | Change::AddUnique(_)
            | Change::AddIndex(_)
            | Change::ReplaceIndex(_)
            | Change::DropIndex(_)
            | Change::AddFullText(_)
            | Change::ReplaceFullText(_)
            | Change::DropFullText(_)
            | Change::Unsupported(_) => {}
        }
    }
    // a column that comes with its own foreign key
    for key in &wanted_table.foreign_keys {
        let is_new = matches!(key.columns.as_slice(), [column] if table.column(column).is_none());
        if is_new {
            new.constraints.extend(wanted_key(wanted, key));
        }
    }
    without_own_name(&mut new, &table.name);
    let copies = copies(&new, table, definition, changes)?;
    let rowid = carried_rowid(table, wanted_table, &new, &copies)?;
    Ok(Reshaped { rowid, copies, statement: new })
}

impl Reshaped {
    /// `CREATE TABLE` under a temporary name.
    pub(super) fn create_sql(&self, name: &str) -> Result<String> {
        let columns: Result<Vec<String>> =
            self.statement.columns.iter().map(|column| Ok(column.render(&quoted(&column.name)?))).collect();
        let mut parts = columns?;
        parts.extend(self.statement.constraints.iter().map(|constraint| constraint.text.clone()));
        let options: Vec<&str> =
            [(self.statement.strict, "STRICT"), (self.statement.without_rowid, "WITHOUT ROWID")]
                .into_iter()
                .filter_map(|(wanted, option)| wanted.then_some(option))
                .collect();
        let mut sql = format!("CREATE TABLE {} (\n  {}\n)", quoted_table(name)?, parts.join(",\n  "));
        if !options.is_empty() {
            sql = format!("{sql} {}", options.join(", "));
        }
        Ok(sql)
    }

    /// The copy. `OR ABORT` outranks an ON CONFLICT clause of the table, which could drop rows in silence.
    pub(super) fn copy_sql(&self, from: &str, to: &str) -> Result<String> {
        let mut targets = Vec::new();
        let mut sources = Vec::new();
        for (column, source) in &self.copies {
            targets.push(quoted(column)?);
            sources.push(source.clone());
        }
        if let Some((target, source)) = &self.rowid {
            targets.push(target.clone());
            sources.push(source.clone());
        }
        let (to, from) = (quoted_table(to)?, quoted_table(from)?);
        Ok(format!("{COPY}{to} ({}) SELECT {} FROM {from}", targets.join(", "), sources.join(", ")))
    }
}

fn is_named(column: &ColumnText, name: &str) -> bool {
    column.name.eq_ignore_ascii_case(name)
}

/// The column, and the constraints that speak of it alone. The planner has refused what speaks of others too.
fn drop_column(new: &mut CreateTable, name: &str) {
    new.columns.retain(|column| !is_named(column, name));
    let columns = &new.columns;
    let left = |column: &String| columns.iter().any(|it| is_named(it, column));
    new.constraints.retain(|constraint| {
        if let Some(terms) = constraint.unique() {
            terms.iter().any(|term| term.column.as_ref().is_some_and(left))
        } else if let Some(reference) = constraint.reference() {
            reference.columns.iter().any(left)
        } else if let Some(expression) = constraint.check() {
            !mentions(expression, name) || columns.iter().any(|it| mentions(expression, &it.name))
        } else {
            true
        }
    });
}

/// The column as the struct's DDL has it.
fn column_text(wanted: &CreateTable, name: &str) -> Option<ColumnText> {
    wanted.columns.iter().find(|column| is_named(column, name)).cloned()
}

fn alter_column(new: &mut CreateTable, wanted: &CreateTable, name: &str, alteration: &Alteration) {
    let Some(want) = wanted.columns.iter().find(|column| is_named(column, name)) else { return };
    let Some(column) = new.columns.iter_mut().find(|column| is_named(column, name)) else { return };
    let kept = &mut column.constraints;
    match alteration {
        Alteration::Type { .. } => column.type_text.clone_from(&want.type_text),
        Alteration::NotNull => {
            kept.retain(|it| !matches!(it.rule, Rule::Null));
            take_over(column, want, |rule| matches!(rule, Rule::NotNull { .. }));
        }
        Alteration::Nullable => kept.retain(|it| !matches!(it.rule, Rule::NotNull { .. })),
        Alteration::NoDefault => kept.retain(|it| it.default().is_none()),
        Alteration::NoCollation => kept.retain(|it| it.collation().is_none()),
        Alteration::Generated | Alteration::Compute => {
            kept.retain(|it| it.default().is_none());
            take_over(column, want, |rule| matches!(rule, Rule::Generated { .. }));
        }
        Alteration::Default { .. } => take_over(column, want, |rule| matches!(rule, Rule::Default { .. })),
        Alteration::Collation { .. } => take_over(column, want, |rule| matches!(rule, Rule::Collate(_))),
        Alteration::Materialise => kept.retain(|it| it.generated().is_none()),
    }
}

/// Replaces the column's constraints of one kind by the wanted ones.
fn take_over(column: &mut ColumnText, want: &ColumnText, kind: impl Fn(&Rule) -> bool) {
    column.constraints.retain(|constraint| !kind(&constraint.rule));
    column.constraints.extend(want.constraints.iter().filter(|it| kind(&it.rule)).cloned());
}

fn wanted_constraints(wanted: &CreateTable) -> impl Iterator<Item = &ConstraintText> {
    wanted.constraints.iter().chain(wanted.columns.iter().flat_map(|column| &column.constraints))
}

fn wanted_key(wanted: (&Table, &CreateTable), key: &ForeignKey) -> Option<ConstraintText> {
    let (table, statement) = wanted;
    let position = table.foreign_keys.iter().position(|it| it == key)?;
    statement.constraints.iter().filter(|it| it.reference().is_some()).nth(position).cloned()
}

/// Removes the live foreign keys that join the same columns, wherever they stand. The table has them in the order of the
/// statement; one from the same columns to others of the parent stays.
fn remove_key(new: &mut CreateTable, live: (&Table, &CreateTable), key: &ForeignKey) {
    let (table, statement) = live;
    let is_reference = |it: &&ConstraintText| it.reference().is_some();
    let on_columns = statement.columns.iter().flat_map(|column| {
        column.constraints.iter().filter(is_reference).map(move |it| (Some(column.name.as_str()), it))
    });
    let on_table = statement.constraints.iter().filter(is_reference).map(|it| (None, it));
    for ((owner, old), _) in
        on_columns.chain(on_table).zip(&table.foreign_keys).filter(|(_, it)| same_reference(it, key))
    {
        let Some(owner) = owner else {
            new.constraints.retain(|it| it != old);
            continue;
        };
        for column in new.columns.iter_mut().filter(|column| is_named(column, owner)) {
            column.constraints.retain(|it| it != old);
        }
    }
}

/// A STRICT table knows six type names only, so the columns take those that the struct's DDL has.
fn set_strict(new: &mut CreateTable, wanted: &CreateTable, strict: bool) {
    new.strict = strict;
    for column in &mut new.columns {
        if let Some(want) = wanted.columns.iter().find(|it| is_named(it, &column.name)) {
            column.type_text.clone_from(&want.type_text);
        }
    }
}

/// `CHECK (t.a > 0)` would break when the new table takes the name `t`.
fn without_own_name(new: &mut CreateTable, table: &str) {
    let on_columns = new.columns.iter_mut().flat_map(|column| &mut column.constraints);
    for constraint in on_columns.chain(&mut new.constraints) {
        if constraint.check().is_some() || constraint.generated().is_some() {
            constraint.text = without_qualifier(&constraint.text, table);
        }
    }
}

fn copies(
    new: &CreateTable,
    live: &Table,
    definition: &TableDef,
    changes: &[Change],
) -> Result<Vec<(String, String)>> {
    let mut copies = Vec::new();
    for column in &new.columns {
        if column.constraints.iter().any(|it| it.generated().is_some()) {
            continue;
        }
        let converted = changes.iter().any(|change| is_conversion(change, &column.name));
        let source = source(live, &column.name, definition.column(&column.name), converted)?;
        copies.extend(source.map(|source| (column.name.clone(), source)));
    }
    Ok(copies)
}

/// `None` leaves a new column to its default. `using` is for a change of type; in any other rebuild it is inert.
fn source(
    live: &Table,
    name: &str,
    definition: Option<&ColumnDef>,
    converted: bool,
) -> Result<Option<String>> {
    let backfill = definition.and_then(|column| column.backfill.as_deref());
    let using = definition.and_then(|column| column.using.as_deref());
    let Some(column) = live.column(name) else {
        return Ok(backfill.map(|expression| format!("({expression})")));
    };
    let own = quoted(name)?;
    let value = match using.filter(|_| converted) {
        Some(expression) => format!("({expression})"),
        None => own,
    };
    let fills_nulls = !column.not_null && definition.is_some_and(|column| !column.nullable);
    Ok(Some(match backfill.filter(|_| fills_nulls) {
        Some(expression) => format!("coalesce({value}, ({expression}))"),
        None => value,
    }))
}

fn is_conversion(change: &Change, name: &str) -> bool {
    matches!(
        change,
        Change::AlterColumn { column, alteration: Alteration::Type { .. } } if column.eq_ignore_ascii_case(name)
    )
}

fn alias_of(table: &Table) -> Option<&str> {
    table.columns.iter().find(|column| column.rowid_alias).map(|column| column.name.as_str())
}

/// The rowid as a column or as a hidden number, where the copy has it as the other or as a hidden number too. The hidden
/// number's name must not be a column's.
fn carried_rowid(
    live: &Table,
    wanted: &Table,
    new: &CreateTable,
    copies: &[(String, String)],
) -> Result<Option<(String, String)>> {
    if live.without_rowid || new.without_rowid {
        return Ok(None);
    }
    let source = match (alias_of(live), live.hidden_rowid()) {
        (Some(column), _) => quoted(column)?,
        (None, Some(name)) => name.to_owned(),
        (None, None) => return Ok(None),
    };
    if let Some(alias) = alias_of(wanted) {
        // a key that is new takes the numbers that the rows have
        let is_copied = copies.iter().any(|(column, _)| column.eq_ignore_ascii_case(alias));
        return Ok(if is_copied { None } else { Some((quoted(alias)?, source)) });
    }
    let taken = |name: &str| new.columns.iter().any(|column| is_named(column, name));
    let target = ["rowid", "_rowid_", "oid"].into_iter().find(|name| !taken(name));
    Ok(target.map(|target| (target.to_owned(), source)))
}

fn drop_unique(new: &mut CreateTable, unique: &Unique) {
    let is_it = |columns: &[String]| {
        columns.len() == unique.terms.len()
            && unique
                .terms
                .iter()
                .all(|term| columns.iter().any(|it| it.eq_ignore_ascii_case(&term.expression)))
    };
    for column in &mut new.columns {
        let name = [column.name.clone()];
        column.constraints.retain(|it| it.unique().is_none() || !is_it(&name));
    }
    new.constraints.retain(|it| {
        let names =
            |terms: &[Term]| -> Vec<String> { terms.iter().filter_map(|term| term.column.clone()).collect() };
        it.unique().is_none_or(|terms| !is_it(&names(terms)))
    });
}

fn drop_check(new: &mut CreateTable, check: &Check) {
    let stays = |it: &ConstraintText| it.check() != Some(&check.expression);
    for column in &mut new.columns {
        column.constraints.retain(stays);
    }
    new.constraints.retain(stays);
}

/// The key as the struct's DDL has it. A key that is the rowid needs the very word INTEGER, so the type comes along.
fn set_primary_key(new: &mut CreateTable, wanted: &CreateTable) {
    let is_key = |it: &ConstraintText| matches!(it.rule, Rule::PrimaryKey { .. });
    new.constraints.retain(|it| !is_key(it));
    for column in &mut new.columns {
        column.constraints.retain(|it| !is_key(it));
        let Some(want) = wanted.columns.iter().find(|it| is_named(it, &column.name)) else { continue };
        let keys: Vec<ConstraintText> = want.constraints.iter().filter(|it| is_key(it)).cloned().collect();
        if !keys.is_empty() {
            column.type_text.clone_from(&want.type_text);
            column.constraints.splice(0..0, keys);
        }
    }
    new.constraints.extend(wanted.constraints.iter().filter(|it| is_key(it)).cloned());
}
