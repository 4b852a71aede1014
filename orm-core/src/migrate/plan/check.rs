//! Questions to the rows that are there, before anything is changed.

use super::problem::Problem;
use super::sources::Sources;
use crate::driver::Connection;
use crate::error::{Error, ErrorKind, Result};
use crate::migrate::diff::{Alteration, Change};
use crate::migrate::introspect::{Affinity, Check, Column, ForeignKey, KeyTerm, Table, integer, text};
use crate::migrate::names::{literal, quoted};
use crate::schema::TableDef;

/// Asks about one table.
pub(super) struct Rows<'a> {
    connection: &'a Connection,
    table: &'a Table,
    sources: &'a Sources,
}

impl<'a> Rows<'a> {
    pub(super) fn of(connection: &'a Connection, table: &'a Table, sources: &'a Sources) -> Self {
        Self { connection, table, sources }
    }

    fn source(&self) -> Result<String> {
        self.sources.of(&self.table.name)
    }

    pub(super) fn count(&self) -> Result<u64> {
        self.number(&format!("SELECT count(*) FROM {}", self.source()?))
    }

    /// The pages of the table and of its indexes, as <https://sqlite.org/dbstat.html> has them.
    pub(super) fn bytes(&self) -> Result<Option<u64>> {
        let table = literal(self.sources.stored_name(&self.table.name))?;
        let sql = format!(
            "SELECT coalesce(sum(pgsize), 0) FROM dbstat('main', 1) WHERE name IN \
             (SELECT {table} UNION ALL SELECT name FROM pragma_index_list({table}, 'main'))"
        );
        match self.number(&sql) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::Sql => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(super) fn are_there(&self) -> Result<bool> {
        let sql = format!("SELECT EXISTS (SELECT 1 FROM {})", self.source()?);
        Ok(self.number(&sql)? > 0)
    }

    pub(super) fn count_where(&self, condition: &str) -> Result<u64> {
        self.number(&format!("SELECT count(*) FROM {} WHERE {condition}", self.source()?))
    }

    fn number(&self, sql: &str) -> Result<u64> {
        let rows = self.connection.query(sql, &[])?;
        Ok(rows.first().map_or(0, |row| integer(row, 0).unsigned_abs()))
    }

    /// Why the rows stand in the way of a change; `None` where they do not.
    pub(super) fn problem(
        &self,
        change: &Change,
        wanted: &Table,
        definition: &TableDef,
    ) -> Result<Option<Problem>> {
        match change {
            Change::AlterColumn { column, alteration: Alteration::NotNull } => self.nulls(column, definition),
            Change::AlterColumn { column, alteration: Alteration::Type { .. } } => {
                self.lossy(column, wanted, definition)
            }
            Change::AlterColumn { column, alteration: Alteration::Compute } => self.computed(column, wanted),
            Change::AddUnique(unique) => self.duplicates(&unique.terms, "TRUE", "UNIQUE"),
            Change::AddIndex(name) | Change::ReplaceIndex(name) => match wanted.index(name) {
                Some(index) if index.unique => {
                    self.duplicates(&index.terms, index.predicate.as_deref().unwrap_or("TRUE"), "UNIQUE")
                }
                Some(_) | None => Ok(None),
            },
            Change::AddCheck(check) => self.violations(check),
            Change::AddForeignKey(key) => self.orphans(key),
            Change::SetStrict(true) => self.misfits(wanted, definition),
            Change::SetStrict(false)
            | Change::CreateTable
            | Change::AddColumn(_)
            | Change::DropColumn(_)
            | Change::AlterColumn { .. }
            | Change::ReplaceForeignKey(_)
            | Change::DropIndex(_)
            | Change::AddFullText(_)
            | Change::ReplaceFullText(_)
            | Change::DropFullText(_)
            | Change::DropUnique(_)
            | Change::DropCheck(_)
            | Change::DropForeignKey(_)
            | Change::PrimaryKey(_)
            | Change::SetAutoincrement(_)
            | Change::SetWithoutRowid(_)
            | Change::Unsupported(_) => Ok(None),
        }
    }

    /// A default does not fill what is NULL already: it says what new rows get.
    pub(super) fn nulls(&self, column: &str, definition: &TableDef) -> Result<Option<Problem>> {
        if definition.column(column).is_some_and(|it| it.backfill.is_some()) {
            return Ok(None);
        }
        let condition = format!("{} IS NULL", quoted(column)?);
        let nulls = self.count_where(&condition)?;
        if nulls == 0 {
            return Ok(None);
        }
        let table = &self.table.name;
        let message = format!(
            "becomes NOT NULL, but `{table}.{column}` is NULL in {nulls} of {}{}; say with `backfill` what it is there",
            counted(self.count()?, "row"),
            self.examples(&condition)?
        );
        Ok(Some(Problem::of_column(ErrorKind::BackfillRequired, table, column, message)))
    }

    /// A value survives where it is the same after the way there and back.
    fn lossy(&self, column: &str, wanted: &Table, definition: &TableDef) -> Result<Option<Problem>> {
        let has_using = definition.column(column).is_some_and(|it| it.using.is_some());
        let (Some(have), Some(want)) = (self.table.column(column), wanted.column(column)) else {
            return Ok(None);
        };
        if has_using || want.affinity == Affinity::Blob {
            return Ok(None);
        }
        let condition = round_trip_fails(have, want)?;
        let lossy = self.count_where(&condition)?;
        if lossy == 0 {
            return Ok(None);
        }
        let table = &self.table.name;
        let message = format!(
            "becomes {}, which would change `{table}.{column}` in {lossy} of {}{}; say with `using` how to convert it, or \
             allow it: `.allow_lossy(\"{table}\", \"{column}\")`",
            want.affinity.type_name(),
            counted(self.count()?, "row"),
            self.examples(&condition)?
        );
        Ok(Some(Problem::of_column(ErrorKind::LossyConversion, table, column, message)))
    }

    /// What a column holds where it would be computed from then on, and is something else.
    fn computed(&self, column: &str, wanted: &Table) -> Result<Option<Problem>> {
        let Some(generated) = wanted.column(column).and_then(|column| column.generated.as_ref()) else {
            return Ok(None);
        };
        let condition = format!("{} IS NOT ({})", quoted(column)?, generated.expression);
        let lost = match self.count_where(&condition) {
            Ok(lost) => lost,
            // computed from a column that comes with the same plan
            Err(error) if error.kind() == ErrorKind::Sql => self.loss(column)?,
            Err(error) => return Err(error),
        };
        if lost == 0 {
            return Ok(None);
        }
        let table = &self.table.name;
        let message = format!(
            "becomes a generated column, which would change `{table}.{column}` in {lost} of {}; \
             `.allow_lossy(\"{table}\", \"{column}\")` allows it",
            counted(self.count()?, "row")
        );
        Ok(Some(Problem::of_column(ErrorKind::LossyConversion, table, column, message)))
    }

    /// Up to five of the rows, by their rowid, where they have one that can be named here.
    pub(super) fn examples(&self, condition: &str) -> Result<String> {
        self.examples_from(&self.source()?, condition)
    }

    fn examples_from(&self, source: &str, condition: &str) -> Result<String> {
        let alias = self.table.columns.iter().find(|column| column.rowid_alias);
        let key = match alias {
            Some(column) => quoted(&column.name)?,
            None if self.sources.is_renamed(&self.table.name) => return Ok(String::new()),
            None => match self.table.hidden_rowid() {
                Some(name) => name.to_owned(),
                None => return Ok(String::new()),
            },
        };
        let sql = format!("SELECT {key} FROM {source} WHERE {condition} ORDER BY 1 LIMIT 5");
        let found = self.connection.query(&sql, &[])?;
        let numbers: Vec<String> = found.iter().map(|row| integer(row, 0).to_string()).collect();
        Ok(format!(" (rowid {})", numbers.join(", ")))
    }

    /// One of the values is named, so that a person finds it.
    pub(super) fn duplicates(
        &self,
        terms: &[KeyTerm],
        condition: &str,
        rule: &str,
    ) -> Result<Option<Problem>> {
        if terms.iter().any(|term| term.column.as_ref().is_some_and(|name| self.table.column(name).is_none()))
        {
            // a new column: the index itself will find out
            return Ok(None);
        }
        let spelled = terms.iter().map(spell).collect::<Result<Vec<_>>>()?;
        let names: Vec<&str> = terms.iter().map(|term| term.expression.as_str()).collect();
        let not_null: Vec<String> = spelled.iter().map(|term| format!("({term}) IS NOT NULL")).collect();
        let shown: Vec<String> = spelled
            .iter()
            .zip(&names)
            .map(|(term, name)| {
                Ok(format!("{} || substr(quote({term}), 1, 60)", literal(&format!("{name}="))?))
            })
            .collect::<Result<_>>()?;
        let sql = format!(
            "SELECT count(*), coalesce(sum(n), 0), min(shown) FROM (SELECT count(*) AS n, {} AS shown FROM {} \
             WHERE ({condition}) AND {} GROUP BY {} HAVING count(*) > 1)",
            shown.join(" || ', ' || "),
            self.source()?,
            not_null.join(" AND "),
            spelled.join(", ")
        );
        let answer = self.connection.query(&sql, &[])?;
        let Some(row) = answer.first().filter(|row| integer(row, 0) > 0) else { return Ok(None) };
        let (values, involved) = (integer(row, 0), integer(row, 1).unsigned_abs());
        let message = format!(
            "{rule} ({}) does not hold: {} {} there more than once, in {}; make them different first",
            names.join(", "),
            text(row, 2),
            if values == 1 { "is".to_owned() } else { format!("and {} others are", values - 1) },
            counted(involved, "row")
        );
        Ok(Some(Problem::of_table(ErrorKind::ConstraintViolatedByData, &self.table.name, message)))
    }

    /// A CHECK that names a new column cannot be asked yet; the copy asks it.
    fn violations(&self, check: &Check) -> Result<Option<Problem>> {
        let condition = format!("NOT ({})", check.expression);
        let violations = match self.count_where(&condition) {
            Ok(violations) => violations,
            Err(error) if error.kind() == ErrorKind::Sql => return Ok(None),
            Err(error) => return Err(error),
        };
        if violations == 0 {
            return Ok(None);
        }
        let message = format!(
            "CHECK ({}) does not hold in {}{}; change them first",
            check.expression,
            counted(violations, "row"),
            self.examples(&condition)?
        );
        Ok(Some(Problem::of_table(ErrorKind::ConstraintViolatedByData, &self.table.name, message)))
    }

    fn orphans(&self, key: &ForeignKey) -> Result<Option<Problem>> {
        let mut conditions = Vec::new();
        let mut joined = Vec::new();
        for (column, parent) in key.columns.iter().zip(&key.parent_columns) {
            let (column, parent) = (quoted(column)?, quoted(parent)?);
            conditions.push(format!("c.{column} IS NOT NULL"));
            joined.push(format!("p.{parent} = c.{column}"));
        }
        let condition = format!(
            "{} AND NOT EXISTS (SELECT 1 FROM {} AS p WHERE {})",
            conditions.join(" AND "),
            self.sources.of(&key.parent)?,
            joined.join(" AND ")
        );
        let source = format!("{} AS c", self.source()?);
        let sql = format!("SELECT count(*) FROM {source} WHERE {condition}");
        let orphans = match self.number(&sql) {
            Ok(orphans) => orphans,
            // the parent or its column comes with the same plan
            Err(error) if error.kind() == ErrorKind::Sql => return Ok(None),
            Err(error) => return Err(error),
        };
        if orphans == 0 {
            return Ok(None);
        }
        let message = format!(
            "FOREIGN KEY ({}) to `{}` does not hold in {}{}; give them a parent first",
            key.columns.join(", "),
            key.parent,
            counted(orphans, "row"),
            self.examples_from(&source, &condition)?
        );
        Ok(Some(Problem::of_table(ErrorKind::ForeignKeyViolation, &self.table.name, message)))
    }

    /// What a STRICT table would refuse. Values that are converted are looked at by the copy.
    fn misfits(&self, wanted: &Table, definition: &TableDef) -> Result<Option<Problem>> {
        for column in &wanted.columns {
            let Some(accepted) = strict_classes(&column.declared_type) else { continue };
            let Some(have) = self.table.column(&column.name) else { continue };
            let has_using = definition.column(&column.name).is_some_and(|it| it.using.is_some());
            if has_using && have.affinity != column.affinity {
                continue;
            }
            let name = quoted(&column.name)?;
            let sql = format!(
                "SELECT upper(typeof({name})), count(*) FROM {} WHERE typeof({name}) NOT IN ({accepted}) GROUP BY 1",
                self.source()?
            );
            let found = self.connection.query(&sql, &[])?;
            if let Some(row) = found.first() {
                let table = &self.table.name;
                let message = format!(
                    "the table becomes STRICT, but `{table}.{}` holds {} in {}{}; convert them first",
                    column.name,
                    text(row, 0),
                    counted(integer(row, 1).unsigned_abs(), "row"),
                    self.examples(&format!("upper(typeof({name})) = '{}'", text(row, 0)))?
                );
                let kind = ErrorKind::ConstraintViolatedByData;
                return Ok(Some(Problem::of_column(kind, table, &column.name, message)));
            }
        }
        Ok(None)
    }

    /// A column that goes, with how much is lost.
    pub(super) fn loss(&self, column: &str) -> Result<u64> {
        self.count_where(&format!("{} IS NOT NULL", quoted(column)?))
    }
}

/// The storage classes that a column of a STRICT table takes.
fn strict_classes(declared: &str) -> Option<&'static str> {
    match declared.to_ascii_uppercase().as_str() {
        "INT" | "INTEGER" => Some("'null', 'integer'"),
        "REAL" => Some("'null', 'real', 'integer'"),
        "TEXT" => Some("'null', 'text'"),
        "BLOB" => Some("'null', 'blob'"),
        _ => None,
    }
}

fn round_trip_fails(have: &Column, want: &Column) -> Result<String> {
    let (column, there) = (quoted(&have.name)?, want.affinity.type_name());
    let converted = format!("CAST({column} AS {there})");
    Ok(format!(
        "{column} IS NOT NULL AND (CASE typeof({column}) WHEN 'integer' THEN CAST({converted} AS INTEGER) \
         WHEN 'real' THEN CAST({converted} AS REAL) WHEN 'text' THEN CAST({converted} AS TEXT) \
         ELSE CAST({converted} AS BLOB) END IS NOT {column} OR (typeof({column}) = 'real' AND '{there}' = 'TEXT'))"
    ))
}

fn spell(term: &KeyTerm) -> Result<String> {
    let what = match &term.column {
        Some(name) => quoted(name)?,
        None => format!("({})", term.expression),
    };
    match &term.collation {
        Some(collation) => Ok(format!("{what} COLLATE {}", quoted(collation)?)),
        None => Ok(what),
    }
}

/// `1 row`, `2 rows`.
pub(super) fn counted(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// What a constraint that SQLite found violated during the migration means.
pub(crate) fn violated(error: Error, table: &str, sql: &str) -> Error {
    // ALTER TABLE reports a row that violates a new rule as a mistake in the SQL
    let refused_rows = sql.starts_with("ALTER TABLE") && error.to_string().contains("constraint failed");
    if error.kind() != ErrorKind::Constraint && !refused_rows {
        return error;
    }
    let message = format!("rows that are there violate the new definition: {error}");
    Error::new(ErrorKind::ConstraintViolatedByData, message).with_table(table).with_source(error)
}
